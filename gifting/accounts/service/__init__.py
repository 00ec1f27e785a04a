"""The verbs of accounts: open, confirm, sign in, change. Nothing here commits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy.exc import IntegrityError

from gifting.accounts import queries
from gifting.accounts.models import Company, User
from gifting.accounts.queries import Person
from gifting.accounts.service import factors
from gifting.accounts.service.hashing import hash_password, is_outdated, is_password
from gifting.accounts.service.links import EmailKnown, void_links
from gifting.accounts.service.sessions import end_sessions
from gifting.core.roles import COMPANY, Role
from gifting.platform import outbox, transitions
from gifting.platform.db import db

MAIL_CONFIRMATION = "accounts.mail_confirmation"
MAIL_ALREADY = "accounts.mail_already"
MAIL_TO_VERIFY = "accounts.mail_to_verify"
MAIL_OFFICE = "accounts.mail_office"
MAIL_PASSWORD_CHANGED = "accounts.mail_password_changed"  # noqa: S105 - a job
RESEND_AFTER = timedelta(minutes=2)

Hook = Callable[[Person, datetime], None]
on_sign_in: list[Hook] = []
"""Called with who signs in and when, inside the sign-in's transaction, the visitor's session
and cookies still in place: what was the visitor's can become the person's."""
on_confirmed: list[Hook] = []
"""Called with whose address is now confirmed and when, inside the confirmation's transaction."""


class CompanyKnown(Exception):
    """A company with this VAT number or tax code is there already."""


@dataclass(frozen=True, slots=True)
class CompanyDetails:
    """What a new company's invoices need; identifiers already checked and compact."""

    name: str
    street: str
    cap: str
    city: str
    province: str
    vat_number: str | None = None
    tax_code: str = ""
    sdi_code: str = ""
    pec: str = ""


@dataclass(frozen=True, slots=True)
class PersonDetails:
    name: str
    email: str
    phone: str = ""


def welcome(person: Person, *, now: datetime) -> None:
    """Give the person what was the visitor's, when their session begins and not a step before."""
    for hook in on_sign_in:
        hook(person, now)


def check_password(email: str, password: str) -> Person | None:
    """Return the active person with this address and password, or None.

    An unknown address costs the same time as a wrong password. A hash made with
    older parameters is made again.
    """
    user = queries.find_user_by_email(email)
    if not is_password(password, user.password_hash if user else None) or user is None:
        return None
    if not user.is_active:
        return None
    if is_outdated(user.password_hash):
        user.password_hash = hash_password(password)
        db.session.flush()
    return queries.find_person(user.id)


def open_account(
    *, company: CompanyDetails, person: PersonDetails, password: str, locale: str, now: datetime
) -> User:
    """Add a company with its first buyer, who manages it, and owe the letter that confirms.

    :raises EmailKnown: if the address has an account
    :raises CompanyKnown: if the company is there: nobody joins it by knowing its VAT number
    """
    password_hash = hash_password(password)  # before the look-ups: known or not, the same time
    if queries.find_person_by_email(person.email):
        raise EmailKnown(person.email)
    if queries.has_company(vat_number=company.vat_number, tax_code=company.tax_code):
        raise CompanyKnown(company.vat_number or company.tax_code)
    user = User(
        email=queries.normalise_email(person.email),
        name=person.name,
        phone=person.phone,
        password_hash=password_hash,
        role=Role.BUYER,
        is_company_admin=True,
        locale=locale,
        created_at=now,
        company=_new_company(company, now=now),
    )
    add(user)
    transitions.log(user.subject, "open_account", actor_id=user.id, now=now)
    _owe_confirmation(user.id, now=now)
    return user


def open_account_or_explain(
    *, company: CompanyDetails, person: PersonDetails, password: str, locale: str, now: datetime
) -> User | None:
    """Open an account; where address or company is known, owe a letter that explains, open none.

    The page must say the same in both cases: it would tell strangers who is a customer.
    docs/adr/0003-known-company.md says who gets which letter.
    """
    try:
        return open_account(
            company=company, person=person, password=password, locale=locale, now=now
        )
    except EmailKnown:
        known = queries.find_person_by_email(person.email)
        if known is not None and known.is_active:
            owe_letter(MAIL_ALREADY, str(known.id), now=now, record_id=known.id)
            return None
    except CompanyKnown:
        pass
    _owe_verification(company, person, locale=locale, now=now)
    return None


def add_person(
    *,
    details: PersonDetails,
    password: str,
    role: Role,
    company_id: int | None = None,
    is_company_admin: bool = False,
    now: datetime,
    is_sample: bool = False,
) -> User:
    """Add somebody whose address the consortium vouches for: it counts as confirmed.

    :raises EmailKnown: if the address has an account
    """
    if (company_id is not None) != (role in COMPANY):
        raise ValueError(f"a {role} {'needs a' if role in COMPANY else 'has no'} company")
    user = User(
        email=queries.normalise_email(details.email),
        name=details.name,
        phone=details.phone,
        password_hash=hash_password(password),
        role=role,
        company_id=company_id,
        is_company_admin=is_company_admin,
        is_sample=is_sample,
        email_confirmed_at=now,
        created_at=now,
    )
    add(user)
    subject = queries.subject_of(company_id)
    transitions.log(subject, "add_person", actor_id=None, now=now, data={"user_id": user.id})
    return user


def add_company(details: CompanyDetails, *, now: datetime) -> Company:
    """Add a company without people.

    :raises CompanyKnown: if its VAT number is there already
    """
    company = _new_company(details, now=now)
    add(company)
    return company


def confirm_email(user_id: int, *, now: datetime) -> bool:
    """Note that the address is the person's; False if that was known. Hooks run once.

    :raises NoResultFound: if there is no such person
    """
    user = queries.get_user(user_id, for_update=True)
    if user.email_confirmed_at is not None:
        return False
    user.email_confirmed_at = now
    transitions.log(user.subject, "confirm_email", actor_id=user.id, now=now)
    db.session.flush()
    person = queries.get_person(user.id)
    for hook in on_confirmed:
        hook(person, now)
    return True


def resend_confirmation(user_id: int, *, now: datetime) -> bool:
    """Owe the confirming letter again; False if the address is confirmed.

    Who asks again within two minutes gets the letter that is on its way.
    """
    user = queries.get_user(user_id, for_update=True)
    if user.email_confirmed_at is not None:
        return False
    if not queries.has_job_since(f"{MAIL_CONFIRMATION}:{user.id}:", now - RESEND_AFTER):
        _owe_confirmation(user.id, now=now)
    return True


def update_profile(user_id: int, *, name: str, phone: str, locale: str) -> None:
    """Change what people may change about themselves."""
    user = queries.get_user(user_id)
    user.name, user.phone, user.locale = name, phone, locale


def change_password(
    user_id: int, *, old: str, new: str, session_id: int | None = None, now: datetime
) -> bool:
    """Put a new password in place of the old one; False if the old one does not match.

    Only the session it is done in goes on.
    """
    user = queries.get_user(user_id)
    if not is_password(old, user.password_hash):
        return False
    set_password(user, new, actor_id=user.id, except_session_id=session_id, now=now)
    return True


def set_password(
    user: User,
    password: str,
    *,
    actor_id: int | None,
    except_session_id: int | None = None,
    now: datetime,
) -> None:
    """Give a person a new password, end their sessions, void their links, and tell them."""
    user.password_hash = hash_password(password)
    end_sessions(user.id, except_id=except_session_id, now=now)
    void_links(user.id, now=now)
    factors.close_half_open(user.id)
    transitions.log(user.subject, "change_password", actor_id=actor_id, now=now)
    owe_letter(MAIL_PASSWORD_CHANGED, str(user.id), now=now, record_id=user.id)


def is_own_password(user_id: int, password: str) -> bool:
    """Tell whether this is the person's password."""
    return is_password(password, queries.get_user(user_id).password_hash)


def _new_company(details: CompanyDetails, *, now: datetime) -> Company:
    return Company(
        name=details.name,
        vat_number=details.vat_number,
        tax_code=details.tax_code,
        sdi_code=details.sdi_code,
        pec=details.pec,
        street=details.street,
        cap=details.cap,
        city=details.city,
        province=details.province,
        created_at=now,
    )


def add(record: User | Company) -> None:
    """Add in a savepoint, so that the loser of a race is told what an earlier look would have."""
    try:
        with db.session.begin_nested():
            db.session.add(record)
    except IntegrityError as error:
        message = str(error.orig)
        if "uq_user_account_email" in message:
            raise EmailKnown from error
        if "uq_company_vat_number" in message:
            raise CompanyKnown from error
        raise


def _owe_confirmation(user_id: int, *, now: datetime) -> None:
    owe_letter(MAIL_CONFIRMATION, str(user_id), now=now, record_id=user_id)


def _owe_verification(
    company: CompanyDetails, person: PersonDetails, *, locale: str, now: datetime
) -> None:
    """Owe a letter to who asks, and one to the office, which looks into it."""
    asked: dict[str, str] = {
        "email": queries.normalise_email(person.email),
        "name": person.name,
        "phone": person.phone,
        "company_name": company.name,
        "identifier": company.vat_number or company.tax_code,
    }
    about = sha256(asked["email"].encode()).hexdigest()[:16]
    owe_letter(MAIL_TO_VERIFY, about, now=now, locale=locale, **asked)
    owe_letter(MAIL_OFFICE, about, now=now, **asked)


def owe_letter(task: str, about: str, *, now: datetime, **payload: Any) -> None:
    """Owe a letter whose own key is the job's, so that a repeated job sends the same letter."""
    key = f"{task}:{about}:{now.isoformat()}"
    outbox.owe(task, key=key, now=now, letter=key, **payload)
