"""Reads across slices for the staff: owed jobs, letters, the state of the whole."""

from gifting.backoffice.queries.jobs import (
    SHOWN,
    WATCHED,
    JobPage,
    JobRow,
    JobView,
    count_jobs,
    find_failed,
    list_jobs,
)
from gifting.backoffice.queries.letters import (
    PAGE,
    Letter,
    LetterRow,
    get_letter,
    list_letters,
)
from gifting.backoffice.queries.system import (
    HOURS,
    Failure,
    Hour,
    PostState,
    get_post_state,
    list_failures,
    list_hours,
    list_schedule,
)

__all__ = [
    "HOURS",
    "PAGE",
    "SHOWN",
    "WATCHED",
    "Failure",
    "Hour",
    "JobPage",
    "JobRow",
    "JobView",
    "Letter",
    "LetterRow",
    "PostState",
    "count_jobs",
    "find_failed",
    "get_letter",
    "get_post_state",
    "list_failures",
    "list_hours",
    "list_jobs",
    "list_letters",
    "list_schedule",
]
