"""Files under the name of their own content: stored once, checked at every reading."""

import errno
import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import fsspec
from flask import current_app

from gifting.platform.failures import StorageAway, StorageFull, Told

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
DRAFT = ".part"


class StoredFileDamaged(Told):
    """The bytes are not those that were stored."""


@lru_cache(maxsize=8)
def _filesystem(url: str) -> tuple[Any, str]:
    filesystem, root = fsspec.core.url_to_fs(url)
    return filesystem, root.rstrip("/")


def _place(sha256: str) -> tuple[Any, str, str]:
    filesystem, root = _filesystem(current_app.config["SETTINGS"].storage_url)
    folder = f"{root}/{sha256[:2]}"
    return filesystem, folder, f"{folder}/{sha256}"


def store(content: bytes) -> str:
    """Keep the bytes and return their SHA-256 in hexadecimal; doing it again changes nothing.

    :raises StorageFull: if there is no room; nothing is left behind
    :raises StorageAway: if the place cannot be reached
    """
    sha256 = hashlib.sha256(content).hexdigest()
    filesystem, folder, path = _place(sha256)
    draft = f"{path}.{uuid.uuid4().hex}{DRAFT}"  # a crash leaves a draft, never half a file
    with _named_failures(filesystem, draft):
        if not filesystem.exists(path):
            filesystem.makedirs(folder, exist_ok=True)
            filesystem.pipe_file(draft, content)
            filesystem.mv(draft, path)
    return sha256


@contextmanager
def _named_failures(filesystem: Any, draft: str) -> Iterator[None]:
    """Take an unfinished draft away and say what the failure means."""
    try:
        yield
    except OSError as error:
        with suppress(OSError):
            filesystem.rm_file(draft)
        kind = StorageFull if error.errno in NO_ROOM else StorageAway
        raise kind(f"{type(error).__name__} {error.errno}") from error


def sweep_drafts(*, before: datetime) -> int:
    """Remove what writers that died left unfinished before this moment; return how many."""
    filesystem, root = _filesystem(current_app.config["SETTINGS"].storage_url)
    old = [
        path
        for path, facts in filesystem.find(root, detail=True).items()
        if path.endswith(DRAFT) and _changed_at(filesystem, path, facts) < before
    ]
    for path in old:
        filesystem.rm_file(path)
    return len(old)


def _changed_at(filesystem: Any, path: str, facts: dict[str, Any]) -> datetime:
    """Return when a file was last written; a local folder says it in seconds, S3 as a time."""
    seconds = facts.get("mtime")
    if seconds is not None:
        return datetime.fromtimestamp(seconds, UTC)
    moment: datetime = filesystem.modified(path)
    return moment


def load(sha256: str) -> bytes:
    """Return the bytes stored under this hash.

    :raises FileNotFoundError: if there are none
    :raises StoredFileDamaged: if they no longer have that hash
    """
    filesystem, _folder, path = _place(sha256)
    content: bytes = filesystem.cat_file(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoredFileDamaged(sha256[:16])
    return content


def probe() -> tuple[bool, dict[str, Any]]:
    """Write a small file, read it back and remove it; tell whether it is the same.

    :raises StorageFull: if there is no room
    :raises StorageAway: if the place cannot be reached
    """
    filesystem, root = _filesystem(current_app.config["SETTINGS"].storage_url)
    path = f"{root}/probe.{uuid.uuid4().hex}{DRAFT}"
    content = path.encode()
    with _named_failures(filesystem, path):
        filesystem.makedirs(root, exist_ok=True)
        filesystem.pipe_file(path, content)
        found = filesystem.cat_file(path)
        filesystem.rm_file(path)
    return found == content, {}
