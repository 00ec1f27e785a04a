"""Files from outside, judged by their content: name and declared type are never believed.

Pictures are drawn anew, so that what is kept holds pixels and nothing else: no EXIF, no text
chunks, nothing behind the end. PDFs are kept as they came and therefore sieved: encrypted ones
and those that run scripts or programs are refused. The sieve is no proof (a PDF has many ways to
hide), which is why foreign files only ever leave as attachments (see `documents.views`).
"""

import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

PDF, PNG, JPEG, WEBP = "application/pdf", "image/png", "image/jpeg", "image/webp"
MAX_PIXELS = 40_000_000
"""An A4 page scanned at 600 dpi has 35 million; each takes 3 or 4 bytes of memory."""
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
_FORMATS = {PNG: "PNG", JPEG: "JPEG", WEBP: "WEBP"}
_SUFFIXES = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg"}
_UNPACKED = 16 * 1024 * 1024
_FORBIDDEN_IN_PDF = (b"/JavaScript", b"/Launch", b"/RichMedia")


class Refusal(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    TOO_MANY_PIXELS = "too_many_pixels"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    """It carries scripts or programs."""


class UploadRefused(ValueError):
    """The file is not taken; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be uploaded at one place. Pictures shrink to `side` pixels."""

    name: str
    max_bytes: int
    media_types: frozenset[str]
    side: int = 0
    kept_as: str = ""
    """The one type pictures are kept in; empty: PNG stays PNG, the rest becomes JPEG."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it may be kept, with the type its content has."""

    content: bytes
    media_type: str


EVIDENCE = Kind("evidence", 8 * 1024 * 1024, frozenset({PDF, PNG, JPEG}), side=3500)
LOGO = Kind("logo", 2 * 1024 * 1024, frozenset({PNG, JPEG, WEBP}), side=600, kept_as=PNG)


def receive(stream: BinaryIO, kind: Kind) -> Upload:
    """Read a file that a browser sent, no further than may be.

    :raises UploadRefused: naming the reason
    """
    return accept(stream.read(kind.max_bytes + 1), kind)


def accept(content: bytes, kind: Kind) -> Upload:
    """Judge a file and return what may be kept of it.

    :raises UploadRefused: naming the reason
    """
    if not content:
        raise UploadRefused(Refusal.EMPTY)
    if len(content) > kind.max_bytes:
        raise UploadRefused(Refusal.TOO_LARGE)
    media_type = sniff(content)
    if media_type not in kind.media_types:
        raise UploadRefused(Refusal.WRONG_TYPE)
    if media_type == PDF:
        _sieve_pdf(content)
        return Upload(content, PDF)
    return _redraw(content, media_type, kind)


def sniff(content: bytes) -> str:
    """Return the media type that the first bytes say, or an empty text."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    return ""


def name_for(filename: str, media_type: str) -> str:
    """Return the name with the suffix of its content: «ordine.html» becomes «ordine.pdf»."""
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    return f"{stem or 'documento'}{_SUFFIXES[media_type]}"


def _redraw(content: bytes, media_type: str, kind: Kind) -> Upload:
    try:
        with _strictly(), Image.open(BytesIO(content), formats=[_FORMATS[media_type]]) as picture:
            picture.draft("RGB", (kind.side, kind.side))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((kind.side, kind.side))
            return _encode(upright, kind.kept_as or (PNG if media_type == PNG else JPEG))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UploadRefused(Refusal.TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Warning) as error:
        raise UploadRefused(Refusal.DAMAGED) from error


@contextmanager
def _strictly() -> Iterator[None]:
    """Let Pillow refuse what it only warns of, and what WeasyPrint has told it to let pass."""
    was_lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = was_lenient


def _encode(picture: Image.Image, media_type: str) -> Upload:
    """Write the pixels, and only them, into a new file."""
    mode = "RGBA" if media_type == PNG and picture.has_transparency_data else "RGB"
    pixels = picture.convert(mode)
    clean = Image.frombytes(mode, pixels.size, pixels.tobytes())
    out = BytesIO()
    if media_type == PNG:
        clean.save(out, "PNG", optimize=True)
    else:
        clean.save(out, "JPEG", quality=90)
    return Upload(out.getvalue(), media_type)


def _sieve_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise UploadRefused(Refusal.DAMAGED)
    for part in (content, *_object_streams(content)):
        plain = _plain_names(part)
        if re.search(rb"/Encrypt(?![A-Za-z])", plain):
            raise UploadRefused(Refusal.ENCRYPTED)
        if any(name in plain for name in _FORBIDDEN_IN_PDF):
            raise UploadRefused(Refusal.ACTIVE)


def _plain_names(part: bytes) -> bytes:
    """Undo `#xx`, by which any letter of a name may be hidden (ISO 32000-1, 7.3.5)."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), part)


def _object_streams(content: bytes) -> Iterator[bytes]:
    """Unpack the streams that hold objects (ISO 32000-1, 7.5.7); others hold no names."""
    left = _UNPACKED
    for found in re.finditer(rb"(?<!end)stream\r?\n", content):
        head = _plain_names(content[max(0, found.start() - 400) : found.start()])
        if b"/ObjStm" not in head.rpartition(b"obj")[2]:
            continue
        if b"/FlateDecode" not in head:
            raise UploadRefused(Refusal.DAMAGED)
        try:
            unpacked = zlib.decompressobj().decompress(content[found.end() :], left)
        except zlib.error:
            raise UploadRefused(Refusal.DAMAGED) from None
        left -= len(unpacked)
        if left <= 0:
            raise UploadRefused(Refusal.TOO_LARGE)
        yield unpacked
