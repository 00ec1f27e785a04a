"""How gunicorn serves the product: sync workers that no idle connection can hold.

Browsers open connections ahead of need and send nothing on them for a while; a sync worker
that accepts one waits for it and serves nobody else. With TCP_DEFER_ACCEPT the kernel hands a
connection over when its first bytes are there.
"""

import shutil
import socket
import tempfile
from typing import Any

from config import UnsafeSettings, load  # by name: gunicorn reads `config` as a setting of its own
from gifting.platform import clock, deaths

try:
    settings = load()
except UnsafeSettings as reason:
    raise SystemExit(str(reason)) from None
bind = settings.web_bind
worker_class = "sync"
workers = settings.web_workers
timeout = settings.web_timeout_seconds
graceful_timeout = settings.web_grace_seconds
max_requests = settings.web_max_requests
max_requests_jitter = settings.web_max_requests // 10
loglevel = "warning"
logger_class = "gifting.web.gunicorn_logger.Logger"
control_socket_disable = True
limit_request_line = 6_000  # bytes: method, path and query; the door lets 1,000 and 4,000 in
limit_request_fields = 60  # headers; a browser behind two proxies sends about thirty
limit_request_field_size = 8_190  # bytes of one header; a session's cookie has under 4,096

DEFER_SECONDS = 30
METRICS_FOLDER = tempfile.mkdtemp(prefix="gifting-metrics-")
"""Where the workers of this master keep their counts and marks, from one start to the stop."""
raw_env = [f"PROMETHEUS_MULTIPROC_DIR={METRICS_FOLDER}"]
deaths.note_in(METRICS_FOLDER)


def post_fork(_server: Any, worker: Any) -> None:
    """Note that a worker is there."""
    deaths.begin(worker.pid)


def worker_exit(_server: Any, worker: Any) -> None:
    """Note that it ends by itself."""
    deaths.end(worker.pid)


def child_exit(_server: Any, worker: Any) -> None:
    """Note how it went: who was killed could not say anything."""
    deaths.bury(worker.pid, now=clock.now())


def on_exit(_server: Any) -> None:
    """Leave no counts behind."""
    shutil.rmtree(METRICS_FOLDER, ignore_errors=True)


def when_ready(server: Any) -> None:
    """Defer on the listening sockets, which all workers share."""
    if not hasattr(socket, "TCP_DEFER_ACCEPT"):  # Linux has it
        return
    for listener in server.LISTENERS:
        if listener.sock.family in (socket.AF_INET, socket.AF_INET6):
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, DEFER_SECONDS)
