"""Companies and people for tests."""

from datetime import UTC, datetime
from itertools import count
from secrets import token_urlsafe
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from pyotp import TOTP
from stdnum import luhn

from gifting.accounts.models import Company, Invitation, SecondFactor, User, UserSession
from gifting.accounts.queries import hash_token
from gifting.accounts.service.invitations import invite
from gifting.accounts.tasks import INVITATION
from gifting.core import one_time_codes
from gifting.core.roles import COMPANY, Role
from gifting.platform import sealing, tokens
from gifting.platform.db import db
from tests.conftest import NOW

PASSWORD = "una frase da ricordare"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
VAT_NUMBER = "12345670157"
"""Right by its check digit, and nobody's in the tests until they use it."""
FOR_EVER = datetime(2100, 1, 1, tzinfo=UTC)
_serial = count(1)


def make_vat_number(serial: int) -> str:
    """Return the serial's own VAT number, right by its check digit."""
    stem = f"{serial:07d}015"
    return stem + luhn.calc_check_digit(stem)


def make_company(**overrides: Any) -> Company:
    """Add a company that may be invoiced."""
    serial = next(_serial)
    values = {
        "name": f"Meridiana {serial} S.r.l.",
        "vat_number": make_vat_number(serial),
        "tax_code": "",
        "sdi_code": "ABC1234",
        "street": "via Ripamonti 40",
        "cap": "20136",
        "city": "Milano",
        "province": "MI",
        "created_at": NOW,
    }
    company = Company(**values | overrides)
    db.session.add(company)
    db.session.commit()
    return company


def make_user(role: Role = Role.BUYER, **overrides: Any) -> User:
    """Add a confirmed person; one of a company gets a company unless told which."""
    serial = next(_serial)
    if role in COMPANY and "company_id" not in overrides:
        overrides["company_id"] = make_company().id
    values = {
        "email": f"{role}{serial}@example.com",
        "name": "Chiara Fontana" if role in COMPANY else "Elena Riva",
        "password_hash": HASH,
        "role": role,
        "email_confirmed_at": NOW,
        "created_at": NOW,
    }
    user = User(**values | overrides)
    db.session.add(user)
    db.session.commit()
    return user


def make_invitation(inviter: User, **overrides: Any) -> Invitation:
    """Add an invitation into the inviter's company, or into the staff, sent at NOW."""
    values = {
        "company_id": inviter.company_id,
        "email": f"anna.greco{next(_serial)}@example.com",
        "name": "Anna Greco",
        "role": Role.OPERATIONS if inviter.company_id is None else Role.FINANCE,
        "actor_id": inviter.id,
        "now": NOW,
    }
    invitation = invite(**values | overrides)
    db.session.commit()
    return invitation


def invitation_path(invitation: Invitation, letter_number: int | None = None) -> str:
    """Return the address that the letter of an invitation leads to."""
    number = invitation.letter_number if letter_number is None else letter_number
    return f"/invito/{tokens.sign(INVITATION, [invitation.id, number])}"


def sign_in(client: FlaskClient, user: User) -> FlaskClient:
    """Put the person into the browser's session, as signing in does; it lasts for ever."""
    token = token_urlsafe(32)
    db.session.add(
        UserSession(
            user_id=user.id,
            token_hash=hash_token(token),
            created_at=NOW,
            last_seen_at=FOR_EVER,
            expires_at=FOR_EVER,
            address="127.0.0.1",
            agent="",
        )
    )
    db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client


def make_factor(user: User) -> str:
    """Give a person a telephone; return the secret that it makes its codes from."""
    secret = one_time_codes.draw_secret()
    db.session.add(
        SecondFactor(
            user_id=user.id,
            secret=sealing.seal("second-factor", secret),
            next_secret="",
            last_step=None,
            confirmed_at=NOW,
        )
    )
    db.session.commit()
    return secret


def code_at(secret: str, moment: datetime = NOW) -> str:
    """Return what the telephone shows at a moment."""
    return TOTP(secret).at(moment)
