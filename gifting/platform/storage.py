"""Files under the name of their own content: stored once, checked at every reading.

They lie in a folder or in S3. In a folder a file is written beside its place and moved there, and
the disk has it before anybody is told; in S3 an object appears whole or not at all, so it is
written in its place and its size asked for afterwards.
"""

import errno
import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import fsspec
from flask import current_app

from gifting.platform import tallies
from gifting.platform.failures import StorageAway, StorageFull, Told

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
DRAFT = ".part"
DAMAGED = "storage_damaged"
"""The kind of trouble that a damaged file is."""
S3_OPTIONS = {
    "use_listings_cache": False,  # another host may have written a moment ago
    "config_kwargs": {"connect_timeout": 5, "read_timeout": 20, "retries": {"max_attempts": 2}},
}
_NETWORK = ("botocore.", "aiobotocore.", "aiohttp.")
"""The client of S3 is not installed everywhere; its errors are known by where they come from."""


class StoredFileDamaged(Told):
    """The bytes are not those that were stored."""


@lru_cache(maxsize=8)
def _filesystem_of(url: str, _process: int) -> tuple[Any, str]:
    options = S3_OPTIONS if url.startswith("s3:") else {}
    filesystem, root = fsspec.core.url_to_fs(url, **options)
    return filesystem, root.rstrip("/")


def filesystem_of(url: str) -> tuple[Any, str]:
    """Return the file system of an address, and the place in it; no fork shares a connection."""
    return _filesystem_of(url, os.getpid())


@dataclass(frozen=True, slots=True)
class Store:
    """A place for files that are named by their SHA-256: `url` is a folder's or a bucket's."""

    url: str

    def put(self, content: bytes) -> str:
        """Keep the bytes and return their SHA-256 in hexadecimal; again changes nothing.

        :raises StorageFull: if there is no room; nothing is left behind
        :raises StorageAway: if the place cannot be reached, or did not keep what it was given
        """
        sha256 = hashlib.sha256(content).hexdigest()
        filesystem, path = self._place(sha256)
        draft = f"{path}.{uuid.uuid4().hex}{DRAFT}"  # a crash leaves a draft, never half a file
        with _named_failures(filesystem, draft):
            if not filesystem.exists(path):
                _write = _write_local if _is_local(filesystem) else _write_remote
                _write(filesystem, path, draft, content)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes stored under this hash.

        :raises FileNotFoundError: if there are none
        :raises StoredFileDamaged: if they no longer have that hash
        :raises StorageAway: if the place cannot be reached
        """
        filesystem, path = self._place(sha256)
        with _named_failures(filesystem):
            content: bytes = filesystem.cat_file(path)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoredFileDamaged(sha256[:16])
        return content

    def names(self) -> set[str]:
        """Return the hashes of all files there; drafts are none."""
        filesystem, root = filesystem_of(self.url)
        with _named_failures(filesystem):
            filesystem.invalidate_cache()
            found = filesystem.find(root) if filesystem.exists(root) else []
        return {path.rpartition("/")[2] for path in found if not path.endswith(DRAFT)}

    def remove(self, sha256: str) -> None:
        """Take away a file that no row names any more, or that is kept for some days only.

        :raises FileNotFoundError: if there is none
        """
        filesystem, path = self._place(sha256)
        with _named_failures(filesystem):
            filesystem.rm_file(path)

    def sweep_drafts(self, *, before: datetime) -> int:
        """Remove what writers that died left unfinished before this moment; return how many."""
        filesystem, root = filesystem_of(self.url)
        old = [
            path
            for path, facts in filesystem.find(root, detail=True).items()
            if path.endswith(DRAFT) and _changed_at(filesystem, path, facts) < before
        ]
        for path in old:
            filesystem.rm_file(path)
        return len(old)

    def _place(self, sha256: str) -> tuple[Any, str]:
        filesystem, root = filesystem_of(self.url)
        return filesystem, f"{root}/{sha256[:2]}/{sha256}"


def _here() -> Store:
    return Store(current_app.config["SETTINGS"].storage_url)


def store(content: bytes) -> str:
    """Keep the bytes where this product keeps its files; see `Store.put`."""
    return _here().put(content)


def load(sha256: str) -> bytes:
    """Return the bytes stored under this hash; see `Store.get`."""
    try:
        return _here().get(sha256)
    except StoredFileDamaged:
        tallies.note_trouble(DAMAGED, sha256[:16])
        raise


def remove(sha256: str) -> None:
    """Take away what was kept for some days; again changes nothing. See `Store.remove`."""
    with suppress(FileNotFoundError):
        _here().remove(sha256)


def sweep_drafts(*, before: datetime) -> int:
    """Remove unfinished files from before this moment; see `Store.sweep_drafts`."""
    return _here().sweep_drafts(before=before)


def probe() -> tuple[bool, dict[str, Any]]:
    """Write a small file, read it back and remove it; tell whether it is the same.

    :raises StorageFull: if there is no room
    :raises StorageAway: if the place cannot be reached
    """
    filesystem, root = filesystem_of(_here().url)
    path = f"{root}/probe.{uuid.uuid4().hex}{DRAFT}"
    content = path.encode()
    with _named_failures(filesystem, path):
        if _is_local(filesystem):
            filesystem.makedirs(root, exist_ok=True)
        filesystem.pipe_file(path, content)
        found = filesystem.cat_file(path)
        filesystem.rm_file(path)
    return found == content, {}


def _is_local(filesystem: Any) -> bool:
    return "file" in filesystem.protocol


def _write_local(filesystem: Any, path: str, draft: str, content: bytes) -> None:
    folder = path.rpartition("/")[0]
    filesystem.makedirs(folder, exist_ok=True)
    filesystem.pipe_file(draft, content)
    _sync(draft)
    filesystem.mv(draft, path)
    _sync(folder)


def _write_remote(filesystem: Any, path: str, _draft: str, content: bytes) -> None:
    filesystem.pipe_file(path, content)
    if filesystem.info(path)["size"] != len(content):
        raise OSError(errno.EIO, "the object has another size than was sent")


def _sync(path: str) -> None:
    """Wait until the disk has it: the database, too, keeps its promises through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _named_failures(filesystem: Any, draft: str = "") -> Iterator[None]:
    """Take an unfinished draft away and say what the failure means."""
    try:
        yield
    except FileNotFoundError:
        if not draft:
            raise
        raise StorageAway("FileNotFoundError") from None
    except OSError as error:
        if draft and _is_local(filesystem):
            with suppress(OSError):
                filesystem.rm_file(draft)
        kind = StorageFull if error.errno in NO_ROOM else StorageAway
        raise kind(f"{type(error).__name__} {error.errno}") from error
    except Exception as error:
        if type(error).__module__.startswith(_NETWORK):
            raise StorageAway(type(error).__name__) from error
        raise


def _changed_at(filesystem: Any, path: str, facts: dict[str, Any]) -> datetime:
    """Return when a file was last written; a local folder says it in seconds, S3 as a time."""
    seconds = facts.get("mtime")
    if seconds is not None:
        return datetime.fromtimestamp(seconds, UTC)
    moment: datetime = filesystem.modified(path)
    return moment
