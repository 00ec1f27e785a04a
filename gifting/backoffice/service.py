"""What the staff may do about jobs."""

from datetime import datetime

from gifting.platform import outbox, transitions


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
