"""`make run`: embedded servers, sample data, then web, worker and beat under one supervisor."""

import fcntl
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import IO

from flask import Flask
from honcho.manager import Manager

import config
from gifting.platform import embedded
from gifting.platform.db import db

BIN = Path(sys.executable).parent
GUNICORN_CONF = Path(__file__).with_name("gunicorn_conf.py")
READY_SECONDS = 60
WATCH_SECONDS = 2
NICENESS = 5
"""Of the worker: a page that somebody waits for goes before what nobody looks at."""


class CannotStart(Exception):
    """One line for the person at the keyboard: what is in the way and what to do."""


def main() -> None:
    """Start everything, wait for Ctrl-C, leave nothing running."""
    signal.signal(signal.SIGTERM, _leave)  # before the supervisor has handlers of its own
    signal.signal(signal.SIGINT, _leave)
    try:
        settings = config.load()
        settings.refuse_unsafe()
        _check_libraries()
        lock = _lock_instance(settings.instance)
        _check_port(settings.port)
        servers = _servers(settings)
        environment = _environment(settings, servers)
        _prepare(settings, environment)
    except (CannotStart, config.UnsafeSettings) as reason:
        sys.exit(str(reason))
    manager = Manager()
    for name, command in _commands(settings).items():
        manager.add_process(name, command, env=environment)
    threading.Thread(target=_announce, args=(settings, manager), daemon=True).start()
    leaving = threading.Event()
    watch = threading.Thread(target=_watch, args=(settings.instance, servers, leaving), daemon=True)
    watch.start()
    manager.loop()
    leaving.set()
    watch.join()
    lock.close()
    sys.exit(manager.returncode if manager.returncode and manager.returncode > 0 else 0)


def _leave(number: int, _frame: object) -> None:
    """Leave by the exit hooks, which stop the embedded servers."""
    sys.exit(128 + number)


def _check_libraries() -> None:
    try:
        import weasyprint  # noqa: F401, PLC0415 - it loads Pango when imported
    except OSError as error:
        raise CannotStart(
            f"A system library is missing ({error}). Install: "
            "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from error


def _lock_instance(instance: Path) -> IO[str]:
    instance.mkdir(parents=True, exist_ok=True)
    lock = (instance / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CannotStart(
            f"This copy is already running on {instance}. Stop it, or set GIFTING_INSTANCE."
        ) from error
    return lock


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} is taken by another program. Start with: PORT={port + 1} make run"
            ) from error


def _servers(settings: config.Settings) -> embedded.Servers:
    """Start the embedded servers in the place of those that are not named."""
    return embedded.start(
        settings.instance,
        with_database=not settings.database_url,
        with_broker=not settings.redis_url,
    )


def _environment(settings: config.Settings, servers: embedded.Servers) -> dict[str, str]:
    """Return the environment of the children: that of this process and where the servers are."""
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url or servers.database_url,
        "DATABASE_ADMIN_URL": settings.database_admin_url or servers.database_admin_url,
        "REDIS_URL": settings.redis_url or servers.redis_url,
        "GIFTING_INSTANCE": str(settings.instance),
        "PORT": str(settings.port),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore::UserWarning",  # Celery speaks of root at every start
    }


def _prepare(settings: config.Settings, environment: dict[str, str]) -> None:
    """Migrate, and load the sample once."""
    print("Preparing database, typefaces and sample data…", flush=True)  # noqa: T201
    from gifting.web.app import create_app  # noqa: PLC0415 - only after the libraries are checked

    app = create_app(
        replace(
            settings,
            database_url=environment["DATABASE_URL"],
            database_admin_url=environment["DATABASE_ADMIN_URL"],
            redis_url=environment["REDIS_URL"],
        )
    )
    steps = [["database", "prepare"]]
    if not settings.is_production:
        steps.append(["sample", "load"])
    try:
        for step in steps:
            _invoke(app, step)
    finally:
        with app.app_context():
            db.engine.dispose()  # nobody here needs the database any more


def _invoke(app: Flask, step: list[str]) -> None:
    result = app.test_cli_runner().invoke(args=step)
    if result.exit_code:
        raise CannotStart(f"flask {' '.join(step)} failed:\n{result.output}{result.exception!r}")


def _commands(settings: config.Settings) -> dict[str, str]:
    celery = f"{_quoted('celery')} --quiet -A wsgi:celery_app"
    quiet, alone = "--loglevel WARNING", "--without-gossip --without-mingle"
    schedule = quote(str(settings.instance / "celerybeat-schedule"))
    gunicorn = f"{_quoted('gunicorn')} -c {quote(str(GUNICORN_CONF))}"
    return {
        "web": f"exec {gunicorn} -b 127.0.0.1:{settings.port} wsgi:app",
        "worker": f"exec nice -n {NICENESS} {celery} worker -c 2 {quiet} {alone}",
        "beat": f"exec {celery} beat {quiet} -s {schedule} --pidfile=",
    }


def _watch(instance: Path, servers: embedded.Servers, leaving: threading.Event) -> None:
    """Start an embedded server again that has died; what it was to do waits in the tables."""
    while not leaving.wait(WATCH_SECONDS):
        try:
            for name in embedded.revive(instance, servers):
                print(f"{name} had stopped and runs again: nothing is lost.", flush=True)  # noqa: T201
        except Exception as error:  # noqa: BLE001 - it may need a moment longer: look again
            print(f"A server has stopped and does not start again: {error!r}", flush=True)  # noqa: T201


def _quoted(program: str) -> str:
    return quote(str(BIN / program))


def _announce(settings: config.Settings, manager: Manager) -> None:
    """Print address and sample logins once the web process answers."""
    address = f"http://127.0.0.1:{settings.port}"
    for _ in range(READY_SECONDS * 4):
        try:
            urllib.request.urlopen(f"{address}/health/ready", timeout=2).close()  # noqa: S310
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
        else:
            print(_banner(settings, address), flush=True)  # noqa: T201
            return
    print(f"Nothing answers at {address} after {READY_SECONDS} s.", flush=True)  # noqa: T201
    manager.terminate()


def _banner(settings: config.Settings, address: str) -> str:
    from gifting.accounts.queries import sample_logins  # noqa: PLC0415 - as above

    lines = ["", f"  Gifting is running at {address}", ""]
    if not settings.is_production:
        lines.append("  Sample logins:")
        lines += [
            f"    {login.role:14} {login.email:34} {login.password}" for login in sample_logins()
        ]
    lines += ["", "  Ctrl-C stops everything.", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
