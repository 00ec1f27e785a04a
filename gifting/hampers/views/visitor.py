"""Who is composing: the signed-in person, or the browser that keeps a visitor's secret."""

from datetime import datetime

from flask import abort, flash, redirect, session, url_for
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from gifting.accounts.queries import Person
from gifting.accounts.service import on_sign_in
from gifting.accounts.views.session import is_session_over, why_sign_in
from gifting.hampers import queries, service
from gifting.hampers.models import Hamper
from gifting.hampers.queries import Owner

VISITOR = "visitor"
OPEN_HAMPER = "open_hamper"


def find_owner() -> Owner:
    """Return who is composing; a browser without a secret owns nothing."""
    visitor_key = session.get(VISITOR)
    if current_user.is_authenticated and current_user.company_id is not None:
        return Owner(current_user.company_id, current_user.id, visitor_key)
    return Owner(visitor_key=visitor_key)


def make_owner() -> Owner:
    """Return who is composing, giving a new visitor's browser its secret."""
    owner = find_owner()
    if not owner.is_company and owner.visitor_key is None:
        session.permanent = True
        session[VISITOR] = service.new_visitor_key()
        return find_owner()
    return owner


def load_hamper(key: str, *, for_update: bool = False) -> Hamper:
    """Return the hamper if it may be seen by who asks; otherwise the page is not found.

    Whose session ended meanwhile signs in again and comes back to it.
    """
    owner = find_owner()
    try:
        return queries.get_hamper(
            key,
            company_id=owner.company_id,
            user_id=owner.user_id,
            visitor_key=owner.visitor_key,
            for_update=for_update,
        )
    except NoResultFound:
        if is_session_over():
            flash(why_sign_in(), "info")
            target = url_for("hampers.builder", key=key)
            abort(redirect(url_for("accounts.sign_in", next=target)))
        raise


def adopt_on_sign_in(person: Person, now: datetime) -> None:
    """Make what the visitor composed in this browser the signed-in person's."""
    visitor_key = session.get(VISITOR)
    if visitor_key and person.company_id is not None:
        service.adopt(visitor_key, person.company_id, person.id, now)


on_sign_in.append(adopt_on_sign_in)
