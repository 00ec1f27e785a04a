"""Celery: rings the bell for jobs whose truth is a row in the outbox."""

import gc
import logging
from collections import Counter
from datetime import datetime
from time import monotonic
from typing import Any

from celery import Celery, Task, signals
from celery.schedules import schedstate, schedule
from flask import Flask
from kombu.pools import producers

from gifting.platform import broker, clock, outbox, periodic, workers
from gifting.platform.db import db
from gifting.platform.outbox import Queue
from gifting.platform.uow import Bell, Waker, transaction

logger = logging.getLogger(__name__)

RELAY_SECONDS = 30.0
TRANSPORT = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
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
        task_default_queue=Queue.DEFAULT.value,
        task_queues={
            queue.value: {"exchange": queue.value, "routing_key": queue.value} for queue in Queue
        },
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
        with periodic.recorded(periodic.RELAY):
            for bell in bells_missing(outbox.list_due(now=clock.now())):
                run_job.apply_async((bell.message_id,), queue=outbox.queue_of(bell.task).value)

    @celery.task(name="gifting.run_periodic", shared=False)
    def run_periodic(name: str) -> None:
        _interval, handler = outbox.PERIODIC[name]
        with periodic.recorded(name), transaction():
            handler(now=clock.now())

    celery.conf.beat_schedule = {
        periodic.RELAY: entry(relay.name, RELAY_SECONDS),
        **{
            name: entry(run_periodic.name, interval.total_seconds(), name)
            for name, (interval, _handler) in outbox.PERIODIC.items()
            if name not in outbox.RUNG_BY_WORKERS
        },
    }
    celery.steps["worker"].add(workers.Pulse)
    app.extensions["celery"] = celery
    app.extensions["wake"] = bell(celery, run_job)
    return celery


def entry(task: str, seconds: float, *args: str) -> dict[str, Any]:
    """Return a row of beat's schedule; a call nobody took before the next one is dropped."""
    options = {"queue": Queue.PERIODIC.value, "expires": seconds}
    return {"task": task, "args": args, "schedule": Interval(seconds), "options": options}


def bells_missing(due: list[Bell]) -> list[Bell]:
    """Return the oldest of the due jobs of each queue for which the broker holds no call.

    While a queue is long its jobs stay due: ringing for all of them again each half minute
    would bury it. So many calls as there are jobs are enough, for calls are answered in order.
    """
    rung = Counter({queue: broker.count_waiting(queue.value) for queue in Queue})
    wanted = Counter(outbox.queue_of(bell.task) for bell in due)
    missing = wanted - rung
    found = []
    for bell in due:
        queue = outbox.queue_of(bell.task)
        if missing[queue] > 0:
            missing[queue] -= 1
            found.append(bell)
    return found


class Interval(schedule):
    """Every so often, also after the clock was set back: a last run in the future is none."""

    def is_due(self, last_run_at: datetime) -> Any:
        if self.maybe_make_aware(last_run_at) > self.now():
            return schedstate(is_due=True, next=self.seconds)
        return super().is_due(last_run_at)


def bell(celery: Celery, run_job: Task) -> Waker:
    """Return what wakes a worker: quick to fail, and silent for a while after it did.

    Nobody waits long for a broker that hangs: the commit stands, the relay finds the job.
    """
    short = {
        "socket_timeout": broker.ANSWER_SECONDS,
        "socket_connect_timeout": broker.ANSWER_SECONDS,
        "max_retries": 1,  # of the connection; by itself it would try for seconds
        "interval_start": 0,
        "interval_step": 0,
        "connect_retries_timeout": broker.ANSWER_SECONDS,
    }
    connection = celery.connection_for_write()
    connection.transport_options = {**connection.transport_options, **short}
    silent_until = 0.0

    def ring(bell: Bell) -> None:
        nonlocal silent_until
        if monotonic() < silent_until:
            logger.info("job %s waits for the relay: the broker is away", bell.message_id)
            return
        try:
            with producers[connection].acquire() as producer:
                queue = outbox.queue_of(bell.task).value
                run_job.apply_async((bell.message_id,), queue=queue, producer=producer, retry=False)
        except Exception:
            silent_until = monotonic() + SILENCE_SECONDS
            raise

    return ring


@signals.setup_logging.connect(weak=False)
def keep_logging(**_: Any) -> None:
    """Let Celery leave the log as `logs.configure` has set it up."""


@signals.worker_process_init.connect(weak=False)
def settle_worker(**_: Any) -> None:
    """Give each worker process a quiet collector; what a job leaves is collected after it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@signals.task_postrun.connect(weak=False)
def leave_nothing(**_: Any) -> None:
    """Leave nothing of one job for the next: no session, and no memory (docs/adr/0002)."""
    try:
        db.session.remove()
    except RuntimeError:  # outside the application: nothing was opened
        logger.debug("no session to forget")
    gc.collect()
