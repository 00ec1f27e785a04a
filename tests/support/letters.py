"""The letters that jobs send, as their readers find them."""

import re
from email import policy
from email.parser import BytesParser

import sqlalchemy as sa

from gifting.platform import mail, outbox
from gifting.platform.db import db
from gifting.platform.models import MailLogEntry
from gifting.platform.uow import transaction
from tests.conftest import NOW


def run_owed(now=NOW) -> list[tuple[str, str]]:
    """Run what is owed, and return who was written to, about what, since ever."""
    with transaction():
        due = outbox.list_due(now=now)
    for bell in due:
        outbox.run(bell.message_id, now=now)
    rows = sa.select(MailLogEntry.recipient, MailLogEntry.subject).order_by(MailLogEntry.id)
    return [tuple(row) for row in db.session.execute(rows)]


def last_text(to: str = "") -> str:
    """Return the text of the last letter that left, to this address if one is given."""
    letter_id = db.session.scalars(
        sa.select(MailLogEntry.message_id)
        .where(MailLogEntry.recipient == to if to else sa.true())
        .order_by(MailLogEntry.id.desc())
        .limit(1)
    ).one()
    letter = BytesParser(policy=policy.default).parsebytes(mail.kept_copy(letter_id).read_bytes())
    return letter.get_body(("plain",)).get_content()


def last_link(beginning: str) -> str:
    """Return the path of the link in the last letter that begins like this."""
    return re.search(rf"https?://[^/]+({re.escape(beginning)}\S*)", last_text())[1]
