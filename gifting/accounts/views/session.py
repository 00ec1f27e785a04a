"""The signed-in person, as pages and policies see them."""

from dataclasses import dataclass

from flask_login import UserMixin

from gifting.accounts import queries
from gifting.accounts.queries import Person


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """What `current_user` is: a frozen copy of the row, with nothing to lazy-load."""

    person: Person

    def __getattr__(self, name: str) -> object:
        return getattr(self.person, name)

    def get_id(self) -> str:
        return str(self.person.id)


def load_signed_in(user_id: str) -> SignedIn | None:
    """Return the active person with this id, or None, which signs the browser out."""
    person = queries.find_person(int(user_id)) if user_id.isdigit() else None
    return SignedIn(person) if person and person.is_active else None


def local_path(target: str | None) -> str | None:
    """Return the target if it is a path of this site, so that a link cannot lead elsewhere.

    Browsers read a backslash as a slash and drop control characters: neither is let through.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    is_plain = "\\" not in target and all(character > " " for character in target)
    return target if is_plain else None
