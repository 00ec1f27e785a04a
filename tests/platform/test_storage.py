import errno
import hashlib
import os
from datetime import timedelta

import pytest

from gifting.platform import clock, storage
from gifting.platform.failures import StorageAway, StorageFull


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


class TestFailures:
    @pytest.mark.parametrize(
        ("number", "failure"),
        [
            (errno.ENOSPC, StorageFull),
            (errno.EDQUOT, StorageFull),
            (errno.EFBIG, StorageFull),
            (errno.EIO, StorageAway),
        ],
    )
    def test_have_a_name_and_leave_no_half_file(self, app, monkeypatch, number, failure):
        filesystem, root = storage.filesystem_of(app.config["SETTINGS"].storage_url)

        def write_half(path, content):
            with open(path, "wb") as file:  # noqa: PTH123 - as fsspec does
                file.write(content[:3])
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(filesystem, "pipe_file", write_half)
        content = f"troppo {number}".encode()

        with pytest.raises(failure):
            storage.store(content)

        name = hashlib.sha256(content).hexdigest()
        assert [path for path in filesystem.find(root) if name in path] == []


class TestSweepDrafts:
    def test_removes_what_a_dead_writer_left_and_nothing_else(self, app):
        sha256 = storage.store(b"un file intero")
        folder = app.config["SETTINGS"].instance / "files" / sha256[:2]
        draft = folder / f"{sha256}.1234.part"
        draft.write_bytes(b"mezzo")
        now = clock.now()

        assert storage.sweep_drafts(before=now - timedelta(days=1)) == 0
        assert storage.sweep_drafts(before=now + timedelta(days=1)) == 1
        assert not draft.exists()
        assert storage.load(sha256) == b"un file intero"
