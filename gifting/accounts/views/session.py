"""The signed-in person, as pages and policies see them, and how a browser becomes theirs."""

from dataclasses import dataclass

from flask import g, request, session
from flask_babel import gettext as _
from flask_login import UserMixin, current_user, login_user

from gifting.accounts import service
from gifting.accounts.queries import Person
from gifting.accounts.queries.sessions import OpenSession, find_signed_in
from gifting.accounts.service import second_step, sessions
from gifting.platform import clock
from gifting.platform.uow import transaction

_KEPT = ("language", "visitor", "open_hamper")
"""What a browser's session keeps when its person changes."""
_TOKEN_MAX = 100


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """What `current_user` is: a frozen copy of the row, with nothing to lazy-load."""

    person: Person
    token: str
    session: OpenSession | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self.person, name)

    def get_id(self) -> str:
        """Return what the cookie carries: the token of the session, no person's number."""
        return self.token


def load_signed_in(token: str) -> SignedIn | None:
    """Return who is signed in by this token, or None, which signs the browser out.

    A session without the second step that its person may not do without is nobody's: they sign
    in again, and the password comes before a telephone is set up.
    """
    if len(token) > _TOKEN_MAX:
        return None
    found = find_signed_in(token, now=clock.now())
    if found is None:
        return None
    person, where = found
    g.lacks_second_step = second_step.is_required(person) and not where.has_second_step
    return None if g.lacks_second_step else SignedIn(person, token, where)


def lacks_second_step() -> bool:
    """Tell whether this browser has a session that would count, had it passed a second step."""
    return bool(g.get("lacks_second_step"))


def is_session_over() -> bool:
    """Tell whether this browser had a session that counts no more."""
    return "_user_id" in session and not current_user.is_authenticated


def why_sign_in() -> str:
    """Say to whoever has a session why it is not enough, or no longer."""
    if lacks_second_step():
        return str(
            _(
                "Adesso per entrare in ufficio serve anche un secondo passaggio: accedi di nuovo, "
                "ti guidiamo noi e poi ti riportiamo qui."
            )
        )
    if "_user_id" in session:
        return str(_("La tua sessione è finita. Accedi di nuovo: ti riportiamo qui."))
    return str(_("Accedi per continuare: ti riportiamo qui."))


def note_seen(signed_in: SignedIn) -> None:
    """Note now and then that the session is in use; most requests write nothing."""
    now = clock.now()
    where = signed_in.session
    if where is not None and where.last_seen_at < now - sessions.NOTED_EVERY:
        with transaction():
            sessions.note_seen(signed_in.person.id, where.id, now=now)


def begin_session(person: Person, *, is_remembered: bool, has_second_step: bool) -> None:
    """Make this browser the person's, under a new token and a session that nobody else filled."""
    now = clock.now()
    visit = sessions.Visit(request.remote_addr or "", request.headers.get("User-Agent", ""))
    with transaction():
        token = sessions.begin_session(
            person.id,
            visit,
            is_remembered=is_remembered,
            has_second_step=has_second_step,
            now=now,
        )
        service.welcome(person, now=now)
    renew_session()
    session.permanent = is_remembered
    login_user(SignedIn(person, token))


def renew_session() -> None:
    """Leave behind whatever somebody else may have put into this browser's session."""
    kept = {name: session[name] for name in _KEPT if name in session}
    session.clear()
    session.update(kept)


def local_path(target: str | None) -> str | None:
    """Return the target if it is a path of this site, so that a link cannot lead elsewhere.

    Browsers read a backslash as a slash and drop control characters: neither is let through.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    is_plain = "\\" not in target and all(character > " " for character in target)
    return target if is_plain else None
