"""What the staff may do about jobs."""

from datetime import datetime

from gifting.platform import outbox, transitions


def retry_job(message_id: int, *, actor_id: int, now: datetime) -> bool:
    """Make an open job due at once; tell whether there was one. Who did it is logged."""
    retried = outbox.retry(message_id, now=now)
    if retried:
        transitions.log(f"job:{message_id}", "retry", actor_id=actor_id, now=now)
    return retried
