"""What a backup holds, said by itself."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

FORMAT = 1


class UnreadableManifest(Exception):
    """The file is no manifest of a form we know."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup: its name is the moment of the snapshot, in UTC."""

    name: str
    made_at: datetime
    revision: str
    """Of the schema, by its migration."""
    postgres: int
    """The server's major version."""
    dump_sha256: str
    dump_size: int
    tables: dict[str, int]
    """Table → rows."""
    files: dict[str, int] = field(default_factory=dict)
    """SHA-256 → bytes, of every file that a row names."""
    missing: tuple[str, ...] = ()
    """What a row names but the storage did not have, or had with other bytes."""

    @property
    def size(self) -> int:
        """Bytes of the dump and its files."""
        return self.dump_size + sum(self.files.values())

    def write(self) -> bytes:
        """Return the manifest as JSON."""
        content = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(content, indent=1, sort_keys=True).encode()


def read(content: bytes) -> Manifest:
    """Read a manifest.

    :raises UnreadableManifest: if it is none of ours
    """
    try:
        found: dict[str, Any] = json.loads(content)
        if found.pop("format") != FORMAT:
            raise UnreadableManifest("it has another format")
        found["made_at"] = datetime.fromisoformat(found["made_at"])
        found["missing"] = tuple(found["missing"])
        return Manifest(**found)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableManifest(type(error).__name__) from error
