"""What the staff may do about jobs, and what tells them of trouble."""

from datetime import datetime, timedelta

from gifting.backoffice.queries import alarms
from gifting.platform import outbox, settings, tallies, transitions

MAIL_ALARM = "backoffice.mail_alarm"
ALARM_EVERY = timedelta(hours=1)
PURGED_AT_ONCE = 5000
"""More wait for the next run: no deletion holds anything up for long."""


def retry_job(message_id: int, *, actor_id: int, now: datetime) -> bool:
    """Make an open job due at once; tell whether there was one. Who did it is logged."""
    retried = outbox.retry(message_id, now=now)
    if retried:
        transitions.log(f"job:{message_id}", "retry", actor_id=actor_id, now=now)
    return retried


def archive_job(message_id: int, *, reason: str, actor_id: int, now: datetime) -> bool:
    """Put a given-up job aside; tell whether there was one. Who did it and why is logged."""
    archived = outbox.archive(message_id, now=now)
    if archived:
        data = {"reason": reason}
        transitions.log(f"job:{message_id}", "archive", actor_id=actor_id, now=now, data=data)
    return archived


def owe_alarms(*, now: datetime) -> None:
    """Owe a letter for each kind of trouble there is, one an hour at most, with the count."""
    for matter in alarms.list_matters(now):
        told_at = alarms.find_told_at(matter.alarm, now)
        if told_at and now - told_at < ALARM_EVERY:
            continue
        key = alarms.key_of(matter.alarm, now)
        outbox.owe(
            MAIL_ALARM,
            key=key,
            now=now,
            letter=key,
            alarm=matter.alarm.value,
            count=matter.count,
            example=matter.example,
        )
        if matter.alarm in alarms.COUNTED_BY_BROKER:
            tallies.settle_trouble(tallies.Trouble(matter.alarm.value, matter.count, ""))


def purge_jobs(*, now: datetime) -> int:
    """Delete jobs that were done long ago; return how many."""
    before = now - timedelta(days=settings.current().jobs_keep_days)
    return outbox.purge(before=before, limit=PURGED_AT_ONCE)
