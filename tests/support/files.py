"""Small real files to upload."""

from io import BytesIO
from typing import Any

from PIL import Image


def make_picture(
    form: str = "PNG",
    size: tuple[int, int] = (40, 20),
    *,
    mode: str = "RGB",
    colour: tuple[int, ...] = (120, 30, 30),
    **saved: Any,
) -> bytes:
    """Draw a picture of one colour."""
    out = BytesIO()
    Image.new(mode, size, colour).save(out, form, **saved)
    return out.getvalue()


def make_pdf(
    *, catalog: bytes = b"", trailer: bytes = b"", extra: tuple[bytes, bytes] | None = None
) -> bytes:
    """Write the smallest PDF, with what is given in its catalogue, its trailer, or a stream."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>",
    ]
    if extra:
        objects.append(extra[0] + b"\nstream\n" + extra[1] + b"\nendstream")
    out = b"%PDF-1.7\n"
    for number, body in enumerate(objects, 1):
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    return out + b"trailer << /Root 1 0 R " + trailer + b" >>\nstartxref\n0\n%%EOF\n"
