"""The product as `make run` starts it, each part in a process that a drill can end."""

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
import psycopg
import redis
from flask import Flask

import config
from drills.campaign import People
from drills.post import PostOffice, post_office
from drills.visitor import Visitor
from gifting.platform import embedded
from gifting.platform.db import db
from gifting.web import run
from gifting.web.app import create_app

ROOT = Path(__file__).parents[1]
PARTS = ("web", "worker", "beat")
START_SECONDS = 60
STOP_SECONDS = 15


@dataclass
class Stage:
    """Servers, the three parts of the product, a mail server, and people who use it all."""

    settings: config.Settings
    servers: embedded.Servers
    environment: dict[str, str]
    post: PostOffice
    app: Flask
    is_full: bool = False
    people: People = field(init=False)
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def instance(self) -> Path:
        return self.settings.instance

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    # --- the parts ---

    def start(self, part: str, *, root: Path = ROOT, entry: str = "wsgi", **extra: str) -> None:
        """Start web, worker or beat with the product's own command, from this tree or another."""
        command = run._commands(self.settings)[part.rsplit(maxsplit=1)[-1]].removeprefix("exec ")
        arguments = [
            word.replace("wsgi:", f"{entry}:").replace(f"{ROOT}/gifting", f"{root}/gifting")
            for word in shlex.split(command)
        ]
        with self.log(part).open("ab") as output:
            self.parts[part] = subprocess.Popen(
                arguments,
                cwd=root,
                env=self.environment | extra | {"PYTHONPATH": str(root)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if part == "web":
            self.wait_until(self.is_healthy, what="the web server to answer")

    def stop(self, part: str, number: signal.Signals = signal.SIGTERM) -> None:
        """End a part and its children: politely, or with SIGKILL all at once."""
        process = self.parts.pop(part, None)
        if process is None:
            return
        with suppress(ProcessLookupError):
            if number is signal.SIGKILL:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def restart(self, part: str, *, root: Path = ROOT, entry: str = "wsgi", **extra: str) -> None:
        """Stop a part and start it, as `start` does."""
        self.stop(part)
        self.start(part, root=root, entry=entry, **extra)

    def children(self, part: str) -> list[psutil.Process]:
        """Return the processes that do a part's work."""
        return list(psutil.Process(self.parts[part].pid).children())

    def log(self, part: str) -> Path:
        return self.instance / f"{part}.log"

    # --- the servers ---

    def broker(self) -> redis.Redis:
        return redis.Redis.from_url(self.servers.redis_url, socket_timeout=5)

    def broker_process(self) -> psutil.Process:
        return psutil.Process(self.broker().info("server")["process_id"])

    def postmaster(self) -> psutil.Process:
        lines = (self.instance / "postgres" / "postmaster.pid").read_text().splitlines()
        return psutil.Process(int(lines[0]))

    def revive(self) -> None:
        """Start again what has died, as the supervisor of `make run` does."""

        def is_revived() -> bool:
            try:
                embedded.revive(self.instance, self.servers)
            except Exception:
                return False
            return True

        self.wait_until(is_revived, what="the servers to start again")

    def recover(self) -> None:
        """Bring everything back after a drill that fell over."""
        self.post.temper = "kind"
        self.revive()
        for part in PARTS:
            self.stop(part, signal.SIGKILL)
            self.start(part)

    # --- looking ---

    def ask(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Ask the database, as the owner."""
        with psycopg.connect(self.owner_uri) as connection:
            return connection.execute(sql, values).fetchall()

    @property
    def owner_uri(self) -> str:
        return self.servers.database_admin_url.replace("postgresql+psycopg:", "postgresql:")

    def is_healthy(self) -> bool:
        return Visitor(self.address).get("/health").status == 200

    def wait_until(
        self,
        is_so: Callable[[], object],
        *,
        what: str,
        seconds: float = START_SECONDS,
        pause: float = 0.1,
    ) -> float:
        """Look until it is so; return the seconds it took.

        :raises TimeoutError: if it does not come to be so
        """
        start = time.monotonic()
        while not is_so():
            if time.monotonic() - start > seconds:
                raise TimeoutError(f"waited {seconds:.0f} s for {what}")
            time.sleep(pause)
        return time.monotonic() - start

    def count_open(self) -> int:
        """How many jobs are owed, not done and not given up to a person."""
        sql = "SELECT count(*) FROM outbox_message WHERE done_at IS NULL AND gave_up_at IS NULL"
        return int(str(self.ask(sql)[0][0]))


@contextmanager
def stage(instance: Path, *, port: int, is_full: bool = False) -> Iterator[Stage]:
    """Set everything up over this folder, and leave nothing running."""
    with post_office() as post:
        clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        told = {
            **clean,
            "GIFTING_INSTANCE": str(instance),
            "PORT": str(port),
            "SMTP_URL": post.url,
            "RATE_FACTOR": "100",  # one company asks for all that a drill needs
        }
        settings = config.load(told)
        instance.mkdir(parents=True, exist_ok=True)
        servers = run._servers(settings)
        environment = run._environment(settings, servers) | told
        run._prepare(settings, environment)
        app = create_app(
            replace(
                settings,
                log_level="WARNING",  # the table is what is to be read
                database_url=servers.database_url,
                database_admin_url=servers.database_admin_url,
                redis_url=servers.redis_url,
            )
        )
        scene = Stage(settings, servers, environment, post, app, is_full)
        try:
            for part in PARTS:
                scene.start(part)
            scene.people = People(scene.address)
            with app.app_context():
                yield scene
                db.session.remove()
                db.engine.dispose()
        finally:
            for part in list(scene.parts):
                scene.stop(part)
