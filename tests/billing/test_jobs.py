"""An issued invoice gets one PDF and one letter for each of its readers."""

import hashlib

import pytest
import sqlalchemy as sa
from flask import Flask

from gifting.accounts.models import User
from gifting.billing.models import Invoice
from gifting.core.roles import Role
from gifting.documents.models import StoredDocument
from gifting.platform import mail, outbox, pdf, storage
from gifting.platform.db import db
from gifting.platform.models import MailLogEntry, OutboxMessage
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.orders import make_invoice


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Papers of a few bytes, different each time; tells in which language each was rendered."""
    rendered: list[str] = []

    def render(document: str, view: object, *, locale: str) -> bytes:
        rendered.append(locale)
        return f"%PDF {document} {len(rendered)}".encode()

    monkeypatch.setattr(pdf, "render", render)
    return rendered


@pytest.fixture
def buyer(app: Flask) -> User:
    return make_user(locale="en")


@pytest.fixture
def invoice(buyer: User) -> Invoice:
    return make_invoice(buyer)


def run(task: str, *, times: int = 1) -> None:
    """Run the handler of a job of billing, more than once as after a crash."""
    message = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.task == task)).one()
    for _ in range(times):
        outbox.HANDLERS[task](**message.payload, now=NOW)
        db.session.commit()


def the_document(invoice: Invoice) -> StoredDocument:
    return db.session.scalars(
        sa.select(StoredDocument).where(StoredDocument.subject == invoice.subject)
    ).one()


class TestIssuing:
    def test_owes_one_pdf_and_one_mailing(self, invoice: Invoice) -> None:
        tasks = db.session.scalars(
            sa.select(OutboxMessage.task).where(OutboxMessage.task.like("billing.%"))
        ).all()

        assert sorted(tasks) == ["billing.mail_invoice", "billing.render_invoice"]


class TestPdf:
    @pytest.mark.parametrize(
        "order",
        [
            ("billing.render_invoice", "billing.mail_invoice"),
            ("billing.mail_invoice", "billing.render_invoice"),
        ],
    )
    def test_is_rendered_once_in_italian_whichever_job_comes_first(
        self, invoice: Invoice, papers: list[str], order: tuple[str, str]
    ) -> None:
        for task in order:
            run(task, times=2)

        document = the_document(invoice)
        content = storage.load(document.sha256)
        assert papers == ["it"]
        assert hashlib.sha256(content).hexdigest() == document.sha256
        assert document.filename == f"Fattura-{invoice.reference.replace('/', '-')}.pdf"


class TestLetters:
    def test_go_once_to_who_asked_and_to_the_companys_finance_people_in_their_language(
        self, invoice: Invoice, buyer: User, papers: list[str]
    ) -> None:
        finance = make_user(Role.FINANCE, company_id=buyer.company_id)
        make_user(Role.FINANCE, company_id=buyer.company_id, is_active=False)
        make_user(Role.FINANCE)
        make_user(company_id=buyer.company_id)

        run("billing.mail_invoice", times=2)

        letters = db.session.scalars(sa.select(MailLogEntry).order_by(MailLogEntry.id)).all()
        copies = [mail.kept_copy(letter.message_id).read_bytes() for letter in letters]
        assert [letter.recipient for letter in letters] == [buyer.email, finance.email]
        assert [b"Content-Language: en" in copy for copy in copies] == [True, False]
        assert all(b"application/pdf" in copy for copy in copies)
