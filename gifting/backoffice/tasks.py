"""Jobs of the backoffice slice: alarms, and putting away what is done."""

from datetime import datetime, timedelta
from typing import Any

from gifting.backoffice import service
from gifting.platform import links, mail, outbox, settings


@outbox.every(timedelta(minutes=1), "backoffice.watch", by_workers=True)
def watch(*, now: datetime) -> None:
    """Look whether somebody should be told of something."""
    service.owe_alarms(now=now)


@outbox.handles(service.MAIL_ALARM, queue=outbox.Queue.MAIL)
def mail_alarm(
    *, alarm: str, count: int, example: str, letter: str, now: datetime, **_: Any
) -> None:
    """Tell who minds the system what is to be looked at, and where."""
    current = settings.current()
    mail.send(
        "backoffice_alarm",
        to=current.alarm_to or current.seller.email,
        locale="it",
        key=letter,
        now=now,
        alarm=alarm,
        count=count,
        example=example,
        link=links.to("backoffice.system"),
    )


@outbox.every(timedelta(hours=1), "backoffice.purge_jobs")
def purge_jobs(*, now: datetime) -> None:
    """Put away jobs that were done long ago."""
    service.purge_jobs(now=now)
