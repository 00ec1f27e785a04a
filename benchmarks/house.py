"""A product of its own for one run: embedded servers, sample data, and the processes asked for."""

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from http.cookiejar import CookieJar
from pathlib import Path

import psutil
import psycopg
from flask import Flask

import config
from benchmarks.clients import AGENT
from gifting.platform import embedded
from gifting.web.app import create_app
from gifting.web.run import GUNICORN_CONF, NICENESS

BIN = Path(sys.executable).parent
START_SECONDS = 60
BUYER = ("chiara@meridiana.example", "panettone e taralli")
SALES = ("elena@vialedeimille.example", "nastro e carta velina")
STAFF = ("luca@vialedeimille.example", "nastro e carta velina")
ENDLESS = ("--max-tasks-per-child", "1000000", "--max-memory-per-child", "100000000")
"""A worker process that is never replaced: what it keeps can be seen."""


class DidNotStart(RuntimeError):
    """A process of the product ended or stayed silent; with its log."""


@dataclass(frozen=True)
class House:
    """Where everything of this run is."""

    settings: config.Settings

    @cached_property
    def app(self) -> Flask:
        """The application inside this process: to fill tables, and to count queries."""
        return create_app(self.settings)

    @property
    def port(self) -> int:
        return self.settings.port

    def connect(self) -> psycopg.Connection:
        """Connect as the owner of the tables, past the triggers and the foreign keys."""
        uri = self.settings.database_admin_url.replace("+psycopg", "")
        connection = psycopg.connect(uri, autocommit=True)
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        return connection

    @contextmanager
    def web(
        self,
        application: str = "wsgi:app",
        *,
        port: int | None = None,
        workers: int = 2,
        **env: str,
    ) -> Iterator[psutil.Process]:
        """Serve with gunicorn as production does, and yield its master."""
        port = port or self.port
        command = [BIN / "gunicorn", "-c", GUNICORN_CONF, "-b", f"127.0.0.1:{port}"]
        with self._process([*command, "-w", str(workers), application], **env) as master:
            _wait_for(port, master, self._log)
            yield master

    @contextmanager
    def worker(self, *, processes: int = 2) -> Iterator[psutil.Process]:
        """Run the worker as `make run` does, with the jobs of `handlers`; yield its parent."""
        celery = ["nice", "-n", NICENESS, BIN / "celery", "--quiet"]
        command = [*celery, "-A", "benchmarks.handlers:celery_app", "worker"]
        rest = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle", *ENDLESS]
        with self._process([*command, "-c", str(processes), *rest]) as parent:
            yield parent

    @property
    def _log(self) -> Path:
        return self.settings.instance / "benchmark.log"

    @contextmanager
    def _process(self, command: list[object], **env: str) -> Iterator[psutil.Process]:
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [str(word) for word in command],
                cwd=config.ROOT,
                env=self._environment() | env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self.settings.database_url,
            "DATABASE_ADMIN_URL": self.settings.database_admin_url,
            "REDIS_URL": self.settings.redis_url,
            "GIFTING_INSTANCE": str(self.settings.instance),
            "PORT": str(self.port),
            "RATE_FACTOR": str(self.settings.rate_factor),
            "PYTHONWARNINGS": "ignore::UserWarning",
        }


@contextmanager
def house() -> Iterator[House]:
    """Start the servers under a folder of their own, with the sample data; leave nothing."""
    instance = own_folder() / "instance"
    servers = embedded.start(instance)
    port = str(embedded.free_port())
    base = config.load({"GIFTING_INSTANCE": str(instance), "PORT": port, "RATE_FACTOR": "10000"})
    made = House(
        replace(
            base,
            database_url=servers.database_url,
            database_admin_url=servers.database_admin_url,
            redis_url=servers.redis_url,
            log_level="ERROR",
        )
    )
    for step in (["database", "prepare"], ["sample", "load"]):
        result = made.app.test_cli_runner().invoke(args=step)
        if result.exit_code:
            raise DidNotStart(f"{step}: {result.output}{result.exception!r}")
    yield made


def own_folder() -> Path:
    """Make a folder that goes when the process ends, after the servers in it have stopped."""
    folder = tempfile.mkdtemp(prefix="gifting-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


class Browser:
    """Somebody who keeps cookies and fills in forms."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}"
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        self._opener.addheaders = [("User-Agent", AGENT)]

    def open(self, path: str, **form: str) -> tuple[str, str]:
        """Get a page or post a form; return the path it led to, and the page."""
        body = urllib.parse.urlencode(form).encode() if form else None
        with self._opener.open(self._address + path, body, timeout=30) as answer:
            return answer.url.removeprefix(self._address), answer.read().decode()

    @property
    def cookie(self) -> str:
        """The Cookie header of its next request."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._jar)


def sign_in(port: int, who: tuple[str, str]) -> str:
    """Sign in as a person does; return the Cookie header that this left."""
    browser = Browser(port)
    _path, page = browser.open("/accedi")
    browser.open("/accedi", csrf_token=read_token(page), email=who[0], password=who[1])
    return browser.cookie


def read_token(page: str) -> str:
    """Return the page's CSRF token.

    :raises ValueError: if it has none
    """
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise ValueError("no csrf_token on the page")
    return found[1]


def _wait_for(port: int, process: psutil.Process, log: Path) -> None:
    address = f"http://127.0.0.1:{port}/health/live"
    for _ in range(START_SECONDS * 5):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                break
            time.sleep(0.2)
        else:
            return
    raise DidNotStart(log.read_text()[-3000:])
