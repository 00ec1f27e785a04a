"""Where backups lie: a folder or S3."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gifting.platform.backup.manifest import Manifest, read
from gifting.platform.storage import Store, filesystem_of

CHUNK = 1024 * 1024
MANIFEST, DUMP = "manifest.json", "database.dump"


@dataclass(frozen=True, slots=True)
class Place:
    """All backups at one address."""

    url: str

    @property
    def files(self) -> Store:
        """The files of all backups, each once."""
        return Store(f"{self.url.rstrip('/')}/files")

    def names(self) -> list[str]:
        """Return the names of the backups that ended, oldest first."""
        filesystem, root = self._open()
        if not filesystem.exists(root):
            return []
        found = filesystem.find(root, maxdepth=2)
        return sorted(path.split("/")[-2] for path in found if path.endswith(f"/{MANIFEST}"))

    def manifest(self, name: str) -> Manifest:
        """Return what a backup says of itself.

        :raises FileNotFoundError: if there is no such backup
        :raises UnreadableManifest: if it cannot be read
        """
        filesystem, root = self._open()
        return read(filesystem.cat_file(f"{root}/{name}/{MANIFEST}"))

    def add_dump(self, name: str, dump: Path) -> None:
        """Put a database's dump into a new backup's folder."""
        filesystem, root = self._open()
        filesystem.makedirs(f"{root}/{name}", exist_ok=True)
        filesystem.put_file(str(dump), f"{root}/{name}/{DUMP}")

    def finish(self, manifest: Manifest) -> None:
        """Make the folder a backup: its manifest is the last thing written."""
        filesystem, root = self._open()
        filesystem.pipe_file(f"{root}/{manifest.name}/{MANIFEST}", manifest.write())

    def fetch_dump(self, name: str, target: Path) -> None:
        """Copy a dump to a local file, for the programs of PostgreSQL."""
        filesystem, root = self._open()
        filesystem.get_file(f"{root}/{name}/{DUMP}", str(target))

    def hash_dump(self, name: str) -> str:
        """Return the SHA-256 of a dump as it lies there now."""
        filesystem, root = self._open()
        with filesystem.open(f"{root}/{name}/{DUMP}", "rb") as file:
            return _hash(file)

    def remove(self, name: str) -> None:
        """Take a backup away; the manifest goes first, and with it the backup ends to be one."""
        filesystem, root = self._open()
        for part in (MANIFEST, DUMP):
            filesystem.rm_file(f"{root}/{name}/{part}")

    def _open(self) -> tuple[Any, str]:
        return filesystem_of(self.url)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a local file."""
    with path.open("rb") as file:
        return _hash(file)


def _hash(file: Any) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
