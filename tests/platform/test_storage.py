import hashlib

import pytest

from gifting.platform import storage


class TestStore:
    def test_names_a_file_by_its_content_and_keeps_it_once(self, app):
        content = b"l'offerta"

        first, second = storage.store(content), storage.store(content)

        assert first == second == hashlib.sha256(content).hexdigest()
        assert storage.load(first) == content

    def test_leaves_no_draft_behind(self, app):
        sha256 = storage.store(b"un'altra offerta")

        names = {path.name for path in (app.config["SETTINGS"].instance / "files").rglob("*.part")}
        assert names == set()
        assert storage.load(sha256)


class TestLoad:
    def test_notices_a_flipped_byte(self, app):
        sha256 = storage.store(b"offerta da rovinare")
        path = app.config["SETTINGS"].instance / "files" / sha256[:2] / sha256
        path.write_bytes(b"offerta da ravinare")

        with pytest.raises(storage.StoredFileDamaged):
            storage.load(sha256)

    def test_says_when_there_is_nothing(self, app):
        with pytest.raises(FileNotFoundError):
            storage.load("0" * 64)
