"""How the promise to answer stands, in the hours the office works."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gifting.core.calendar import business_hours_between
from gifting.core.quote_lifecycle import QuoteState
from gifting.platform import settings
from gifting.quotes.queries import OUR_MOVE

SOON_MINUTES = 240
"""From so few working minutes on, the deadline is shown as near."""


class DeadlineKind(StrEnum):
    RUNNING = "running"
    SOON = "soon"
    LATE = "late"
    PAUSED = "paused"
    """Sales asked something; the clock waits for the buyer."""
    UNCONFIRMED = "unconfirmed"
    """The clock starts when the buyer confirms the e-mail address."""
    NONE = "none"
    """Nothing was promised: the move is the buyer's, or the quote is over."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an answer is due. `share`: of the promised hours, how much is used, 0 to 1.

    `minutes`: working minutes left, or gone by since.
    """

    kind: DeadlineKind
    due_at: datetime | None = None
    share: float = 0
    minutes: int = 0


def deadline_of(
    state: QuoteState, due_at: datetime | None, *, is_email_confirmed: bool, now: datetime
) -> Deadline:
    """Tell how much time there is to answer a quote."""
    if state is QuoteState.INFO_NEEDED:
        return Deadline(DeadlineKind.PAUSED)
    if due_at is None or state not in OUR_MOVE:
        is_waiting = state is QuoteState.REQUESTED and not is_email_confirmed
        return Deadline(DeadlineKind.UNCONFIRMED if is_waiting else DeadlineKind.NONE)
    if due_at <= now:
        late = round(business_hours_between(due_at, now) * 60)
        return Deadline(DeadlineKind.LATE, due_at, 1, late)
    left = business_hours_between(now, due_at)
    minutes = round(left * 60)
    kind = DeadlineKind.SOON if minutes <= SOON_MINUTES else DeadlineKind.RUNNING
    used = 1 - left / settings.current().answer_hours
    return Deadline(kind, due_at, min(max(used, 0), 1), minutes)
