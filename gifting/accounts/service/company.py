"""What a company's own people may change about it. Nothing here commits."""

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from gifting.accounts.models import Company
from gifting.platform import storage, transitions
from gifting.platform.db import db


@dataclass(frozen=True, slots=True)
class InvoicingDetails:
    """Where a company's invoices go; identifiers already checked and compact.

    Its name and its identifiers are not among them: who changes those is another customer.
    """

    sdi_code: str
    pec: str
    street: str
    cap: str
    city: str
    province: str


def change_invoicing(
    company_id: int, *, details: InvoicingDetails, version: int, actor_id: int, now: datetime
) -> bool:
    """Write new details down; False if nothing is new. Issued invoices keep what they say.

    :raises StaleDataError: if a colleague changed the company since the page was drawn
    """
    company = _lock(company_id)
    if company.version != version:
        raise StaleDataError(f"{company.subject} is at version {company.version}, not {version}")
    changed = {
        name: [getattr(company, name), value]
        for name, value in asdict(details).items()
        if getattr(company, name) != value
    }
    for name, (_before, after) in changed.items():
        setattr(company, name, after)
    if changed:
        db.session.flush()
        transitions.log(
            company.subject, "change_invoicing", actor_id=actor_id, now=now, data=changed
        )
    return bool(changed)


def change_logo(company_id: int, *, content: bytes, actor_id: int, now: datetime) -> bool:
    """Keep a logo, a PNG that was drawn anew, for the one before; False if it is the same."""
    return _set_logo(company_id, storage.store(content), actor_id=actor_id, now=now)


def remove_logo(company_id: int, *, actor_id: int, now: datetime) -> bool:
    """Let the company have no logo; False if it has none. The file stays where files stay."""
    return _set_logo(company_id, None, actor_id=actor_id, now=now)


def _set_logo(company_id: int, sha256: str | None, *, actor_id: int, now: datetime) -> bool:
    company = _lock(company_id)
    if company.logo_sha256 == sha256:
        return False
    company.logo_sha256 = sha256
    db.session.flush()
    action = "change_logo" if sha256 else "remove_logo"
    transitions.log(company.subject, action, actor_id=actor_id, now=now)
    return True


def _lock(company_id: int) -> Company:
    return db.session.scalars(
        sa.select(Company)
        .where(Company.id == company_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
