"""The whole product as `make run` starts it: servers, web, worker and beat, on ports of its own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from gifting.platform.embedded import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 90
STOP_SECONDS = 30


@dataclass(frozen=True)
class Product:
    """A running product: where it answers, where its data is, which process is its supervisor."""

    address: str
    instance: Path
    process: subprocess.Popen[str]
    log: Path

    def ask(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Ask its database, as the owner."""
        with psycopg.connect(self.database_uri) as connection:
            return connection.execute(sql, values).fetchall()

    @property
    def database_uri(self) -> str:
        """Where its PostgreSQL listens, taken from the lock file that PostgreSQL keeps."""
        lines = (self.instance / "postgres" / "postmaster.pid").read_text().splitlines()
        return f"postgresql://postgres@/gifting?host={lines[4]}"

    def children(self, name: str) -> list[psutil.Process]:
        """Return its processes whose command line has this word, oldest first."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        found = [process for process in family if name in " ".join(_command(process))]
        return sorted(found, key=lambda process: process.create_time())

    def wait_for(self, sql: str, *values: object, seconds: float = 60) -> list[tuple[object, ...]]:
        """Ask until there is an answer.

        :raises TimeoutError: if there is none in time
        """
        for _ in range(int(seconds * 5)):
            if rows := self.ask(sql, *values):
                return rows
            time.sleep(0.2)
        raise TimeoutError(f"{sql}\n{self.log.read_text()[-3000:]}")

    def stop(self) -> int:
        """Press Ctrl-C and wait; return the exit code."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(STOP_SECONDS)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@contextmanager
def running(instance: Path, **environment: str) -> Iterator[Product]:
    """Start the product over this instance folder and stop it at the end."""
    product = start(instance, **environment)
    try:
        yield product
    finally:
        product.stop()


def start(instance: Path, **environment: str) -> Product:
    """Start the product and return when it has printed its address.

    :raises RuntimeError: if it ends or stays silent, with what it printed
    """
    port = free_port()
    log = instance.with_suffix(".log")
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    with log.open("a") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gifting.web.run"],
            cwd=ROOT,
            env={**clean, "GIFTING_INSTANCE": str(instance), "PORT": str(port), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    product = Product(f"http://127.0.0.1:{port}", instance, process, log)
    for _ in range(START_SECONDS * 5):
        if f"running at {product.address}" in log.read_text():
            return product
        if process.poll() is not None:
            break
        time.sleep(0.2)
    process.kill()
    raise RuntimeError(f"the product did not start:\n{log.read_text()}")


def is_healthy(product: Product) -> bool:
    """Whether its health page answers."""
    try:
        with urllib.request.urlopen(f"{product.address}/health/ready", timeout=5) as response:
            return bool(json.load(response)["parts"]["database"] == "ok")
    except (urllib.error.URLError, OSError):
        return False
