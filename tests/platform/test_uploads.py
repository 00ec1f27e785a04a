"""What is kept of an upload is what its content is, and nothing it carried along."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gifting.platform import uploads
from gifting.platform.uploads import EVIDENCE, JPEG, LOGO, PDF, PNG, Refusal, UploadRefused
from tests.support.files import make_pdf, make_picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def reason_of(content: bytes, kind: uploads.Kind = EVIDENCE) -> Refusal:
    with pytest.raises(UploadRefused) as refused:
        uploads.accept(content, kind)
    return refused.value.reason


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is `side` pixels wide and high."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    out = b"\x89PNG\r\n\x1a\n"
    for name, data in chunks:
        crc = struct.pack(">I", zlib.crc32(name + data))
        out += struct.pack(">I", len(data)) + name + data + crc
    return out


class TestPictures:
    @pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
    def test_become_a_png_logo_of_at_most_600_pixels(self, form):
        kept = uploads.accept(make_picture(form, (1800, 900)), LOGO)

        picture = Image.open(BytesIO(kept.content))
        assert (kept.media_type, picture.format, picture.size) == (PNG, "PNG", (600, 300))

    def test_keep_their_transparency(self):
        kept = uploads.accept(make_picture("PNG", (40, 20), mode="RGBA", colour=(9, 9, 9, 0)), LOGO)

        assert Image.open(BytesIO(kept.content)).getpixel((3, 3))[3] == 0

    def test_lose_what_was_written_into_them(self):
        notes = PngInfo()
        notes.add_text("Comment", "<script>alert(1)</script>")
        sent = make_picture("PNG", (40, 20), pnginfo=notes) + b"<?php evil ?>"
        photo = Image.Exif()
        photo[0x010F] = "a camera"
        taken = make_picture("JPEG", (40, 20), exif=photo.tobytes())

        assert b"<script>" in sent
        assert b"a camera" in taken
        assert b"script" not in uploads.accept(sent, LOGO).content
        assert b"evil" not in uploads.accept(sent, LOGO).content
        assert b"a camera" not in uploads.accept(taken, EVIDENCE).content

    def test_are_judged_by_content_so_that_a_page_is_no_picture(self):
        assert reason_of(b"<html><script>alert(1)</script>", LOGO) is Refusal.WRONG_TYPE
        assert reason_of(b"GIF89a<script>", LOGO) is Refusal.WRONG_TYPE
        assert reason_of(b"\x89PNG\r\n\x1a\n<html><script>", LOGO) is Refusal.DAMAGED
        assert reason_of(SVG, LOGO) is Refusal.WRONG_TYPE
        assert reason_of(make_pdf(), LOGO) is Refusal.WRONG_TYPE

    @pytest.mark.parametrize("side", [7_000, 20_000, 200_000])
    def test_of_too_many_pixels_are_refused_before_they_unfold(self, side):
        assert reason_of(bomb(side), LOGO) is Refusal.TOO_MANY_PIXELS

    def test_that_stop_in_the_middle_are_damaged(self):
        noise = Image.effect_noise((400, 400), 90)
        noise.save(whole := BytesIO(), "JPEG")

        assert reason_of(whole.getvalue()[:9000]) is Refusal.DAMAGED
        assert reason_of(bomb(100)) is Refusal.DAMAGED

    @pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
    def test_never_break_the_reader_however_they_are_spoilt(self, form):
        whole, chance = make_picture(form, (60, 60)), random.Random(form)  # noqa: S311 - the same every time
        for _ in range(60):
            spoilt = bytearray(whole)
            for _ in range(chance.randint(1, 8)):
                spoilt[chance.randrange(8, len(spoilt))] = chance.randrange(256)
            try:
                uploads.accept(bytes(spoilt), LOGO)
            except UploadRefused:
                continue


class TestPdfs:
    def test_are_kept_as_they_came(self):
        assert uploads.accept(make_pdf(), EVIDENCE) == uploads.Upload(make_pdf(), PDF)

    def test_with_a_password_are_refused(self):
        assert reason_of(make_pdf(trailer=b"/Encrypt 9 0 R")) is Refusal.ENCRYPTED

    @pytest.mark.parametrize(
        "action",
        [
            b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
            b"/OpenAction << /S /J#61vaScript /JS (x) >>",
            b"/AA << /O << /S /Launch /F (cmd.exe) >> >>",
            b"/Annots [<< /Subtype /RichMedia >>]",
        ],
    )
    def test_that_run_something_are_refused(self, action):
        assert reason_of(make_pdf(catalog=action)) is Refusal.ACTIVE

    def test_that_hide_a_script_in_a_packed_object_are_refused(self):
        hidden = zlib.compress(b"7 0 << /S /JavaScript /JS (x) >>")
        head = b"<< /Type /ObjStm /Filter /FlateDecode /N 1 /First 4 >>"

        assert reason_of(make_pdf(extra=(head, hidden))) is Refusal.ACTIVE

    def test_whose_packed_objects_are_a_bomb_are_refused(self):
        head = b"<< /Type /ObjStm /Filter /FlateDecode >>"
        packed = zlib.compress(b" " * 40_000_000)

        assert len(packed) < 50_000
        assert reason_of(make_pdf(extra=(head, packed))) is Refusal.TOO_LARGE

    def test_cut_short_are_damaged(self):
        assert reason_of(make_pdf()[:-8]) is Refusal.DAMAGED


class TestSizes:
    def test_are_bounded_by_the_kind(self):
        assert reason_of(b"") is Refusal.EMPTY
        assert reason_of(b"%PDF-" + b"x" * EVIDENCE.max_bytes) is Refusal.TOO_LARGE

    def test_of_a_stream_are_not_read_further(self):
        class Endless(BytesIO):
            def read(self, size=-1):
                assert 0 < size <= LOGO.max_bytes + 1
                return b"\xff\xd8\xff" + b"x" * (size - 3)

        with pytest.raises(UploadRefused) as refused:
            uploads.receive(Endless(), LOGO)
        assert refused.value.reason is Refusal.TOO_LARGE

    def test_of_evidence_pictures_are_those_of_a_page_to_read(self):
        kept = uploads.accept(make_picture("JPEG", (4000, 2000)), EVIDENCE)

        assert kept.media_type == JPEG
        assert max(Image.open(BytesIO(kept.content)).size) == EVIDENCE.side
