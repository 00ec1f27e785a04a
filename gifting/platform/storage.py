"""Files under the name of their own content: stored once, checked at every reading."""

import hashlib
import uuid
from functools import lru_cache
from typing import Any

import fsspec
from flask import current_app


class StoredFileDamaged(Exception):
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
    """Keep the bytes and return their SHA-256 in hexadecimal; doing it again changes nothing."""
    sha256 = hashlib.sha256(content).hexdigest()
    filesystem, folder, path = _place(sha256)
    if not filesystem.exists(path):
        filesystem.makedirs(folder, exist_ok=True)
        draft = f"{path}.{uuid.uuid4().hex}.part"  # a crash leaves a draft, never half a file
        filesystem.pipe_file(draft, content)
        filesystem.mv(draft, path)
    return sha256


def load(sha256: str) -> bytes:
    """Return the bytes stored under this hash.

    :raises FileNotFoundError: if there are none
    :raises StoredFileDamaged: if they no longer have that hash
    """
    filesystem, _folder, path = _place(sha256)
    content: bytes = filesystem.cat_file(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoredFileDamaged(sha256)
    return content
