"""Small real files to upload."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart


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


def form_with_file(data: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a POST of fields and (stream, name); no file is put aside on disk."""
    sent = {
        name: FileStorage(value[0], filename=value[1]) if isinstance(value, tuple) else value
        for name, value in data.items()
    }
    boundary, body = encode_multipart(sent)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


@contextmanager
def no_room(app: Flask) -> Iterator[None]:
    """Let no file grow while the application answers, as on a full disk; its database goes on."""
    answer = app.wsgi_app

    def squeezed(*request: Any) -> Any:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            return answer(*request)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    app.wsgi_app = squeezed  # type: ignore[method-assign]
    try:
        yield
    finally:
        app.wsgi_app = answer  # type: ignore[method-assign]
