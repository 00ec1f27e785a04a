"""Celery: rings the bell for jobs whose truth is a row in the outbox."""

import gc
import logging
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any

from celery import Celery, Task, signals
from celery.schedules import schedstate, schedule
from flask import Flask
from kombu.pools import producers

from gifting.platform import clock, outbox
from gifting.platform.db import db
from gifting.platform.uow import transaction

logger = logging.getLogger(__name__)

RELAY_SECONDS = 30.0
QUEUE = "gifting"
TRANSPORT = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
BELL_SECONDS = 1
"""Nobody waits longer for a broker that hangs: the commit stands, the relay finds the job."""
SILENCE_SECONDS = 10
"""So long nobody rings after a bell that failed, or each request would wait for it."""


def init_celery(app: Flask) -> Celery:
    """Make the Celery app of this Flask app: a bell, its relay and the periodic jobs.

    The tasks are this app's alone: shared ones would run in whichever app was made first.
    """
    settings = app.config["SETTINGS"]

    class ContextTask(Task):
        """A task that runs inside the Flask application."""

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with app.app_context():
                return super().__call__(*args, **kwargs)

    celery = Celery("gifting", task_cls=ContextTask, broker=app.config["REDIS_URL"])
    celery.conf.update(
        task_default_queue=QUEUE,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_soft_time_limit=120,
        task_time_limit=150,
        worker_max_tasks_per_child=200,
        worker_max_memory_per_child=400_000,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options=TRANSPORT,
        beat_schedule_filename=str(settings.instance / "celerybeat-schedule"),
        timezone="Europe/Rome",
    )

    @celery.task(name="gifting.run_job", shared=False)
    def run_job(message_id: int) -> None:
        outbox.run(message_id, now=clock.now())

    @celery.task(name="gifting.relay", shared=False)
    def relay() -> None:
        for message_id in outbox.list_due(now=clock.now()):
            run_job.apply_async((message_id,))

    @celery.task(name="gifting.run_periodic", shared=False)
    def run_periodic(name: str) -> None:
        _interval, handler = outbox.PERIODIC[name]
        with transaction():
            handler(now=clock.now())

    celery.conf.beat_schedule = {
        "relay": {"task": relay.name, "schedule": Interval(RELAY_SECONDS)},
        **{
            name: {"task": run_periodic.name, "args": (name,), "schedule": Interval(interval)}
            for name, (interval, _handler) in outbox.PERIODIC.items()
        },
    }
    app.extensions["celery"] = celery
    app.extensions["wake"] = bell(celery, run_job)
    return celery


class Interval(schedule):
    """Every so often, also after the clock was set back: a last run in the future is none."""

    def is_due(self, last_run_at: datetime) -> Any:
        if self.maybe_make_aware(last_run_at) > self.now():
            return schedstate(is_due=True, next=self.seconds)
        return super().is_due(last_run_at)


def bell(celery: Celery, run_job: Task) -> Callable[[int], None]:
    """Return what wakes a worker: quick to fail, and silent for a while after it did."""
    short = {"socket_timeout": BELL_SECONDS, "socket_connect_timeout": BELL_SECONDS}
    connection = celery.connection_for_write()
    connection.transport_options = {**connection.transport_options, **short}
    silent_until = 0.0

    def ring(message_id: int) -> None:
        nonlocal silent_until
        if monotonic() < silent_until:
            logger.info("no worker woken for outbox message %s: the broker is away", message_id)
            return
        try:
            with producers[connection].acquire() as producer:
                run_job.apply_async((message_id,), producer=producer, retry=False)
        except Exception:
            silent_until = monotonic() + SILENCE_SECONDS
            raise

    return ring


@signals.worker_process_init.connect(weak=False)
def settle_worker(**_: Any) -> None:
    """Give each worker process its own connections and a quiet collector (see docs/adr)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@signals.task_postrun.connect(weak=False)
def forget_session(**_: Any) -> None:
    """Leave nothing of one job in the session of the next."""
    try:
        db.session.remove()
    except RuntimeError:  # outside the application: nothing was opened
        logger.debug("no session to forget")
