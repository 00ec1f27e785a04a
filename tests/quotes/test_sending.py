"""An offer is sent once, frozen for good, and accepted only as it was read."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from gifting.core.calendar import end_of_day_rome
from gifting.core.quote_lifecycle import QuoteState
from gifting.core.roles import Role
from gifting.documents.models import StoredDocument
from gifting.platform import outbox, pdf, storage
from gifting.platform.db import db
from gifting.platform.models import MailLogEntry, OutboxMessage
from gifting.quotes import queries, service, tasks
from gifting.quotes.models import Acceptance, Quote, QuoteComponent, QuoteHamper, QuoteRevision
from gifting.quotes.queries import SendState
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.quotes import (
    VALID_UNTIL,
    accept,
    edit,
    make_offer,
    make_request,
    prepare,
    send,
    signature,
)


@pytest.fixture
def fast_pdf(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Papers made of a few bytes, the same for the same content; tells what was rendered."""
    rendered: list[str] = []

    def render(document: str, view, *, locale: str) -> bytes:
        rendered.append(view.reference)
        return f"%PDF {document} {view.reference} {view.revision} {view.contents.totals}".encode()

    monkeypatch.setattr(pdf, "render", render)
    return rendered


def _job(task: str) -> int:
    query = sa.select(OutboxMessage.id).where(OutboxMessage.task == task)
    return db.session.scalars(query.order_by(OutboxMessage.id.desc())).first()


def _request_send(quote) -> QuoteRevision:
    sales = make_user(Role.SALES)
    prepare(quote, sales)
    draft = service.request_send(quote, actor_id=sales.id, now=NOW)
    db.session.commit()
    return draft


class TestRenderAndSend:
    def test_stores_the_pdf_sends_the_offer_and_mails_the_file(
        self, app: Flask, fast_pdf: list[str]
    ) -> None:
        quote = make_request()
        _request_send(quote)

        outbox.run(_job(queries.RENDER_TASK), now=NOW)
        outbox.run(_job("quotes.mail_offer"), now=NOW)

        db.session.expire_all()
        offer = queries.find_offer(quote.id)
        document = db.session.scalars(sa.select(StoredDocument)).one()
        assert quote.state is QuoteState.SENT
        assert offer.pdf_sha256 == document.sha256
        assert storage.load(offer.pdf_sha256).startswith(b"%PDF offer")
        letter = db.session.scalars(sa.select(MailLogEntry)).one()
        assert letter.subject.startswith("La tua offerta è pronta")

    def test_the_real_paper_is_a_pdf_and_the_same_bytes_twice(self, app: Flask) -> None:
        quote = make_request()
        draft = _request_send(quote)
        paper = tasks.offer_paper(quote, queries.get_revision(draft.id), locale="it", link="x")

        one = pdf.render("offer", paper, locale="it")

        assert one.startswith(b"%PDF")
        assert pdf.render("offer", paper, locale="it") == one

    def test_run_twice_leaves_one_pdf_and_one_letter(self, app: Flask, fast_pdf: list[str]) -> None:
        quote = make_request()
        draft = _request_send(quote)

        for _ in range(2):
            tasks.render_and_send(record_id=quote.id, revision_id=draft.id, now=NOW)
            db.session.commit()
        for _ in range(2):
            message = db.session.get(OutboxMessage, _job("quotes.mail_offer"))
            tasks.mail_offer(**message.payload, now=NOW)
            db.session.commit()

        count = sa.func.count
        assert db.session.scalar(sa.select(count(StoredDocument.id))) == 1
        assert db.session.scalar(sa.select(count(MailLogEntry.id))) == 1

    def test_killed_between_file_and_commit_it_finishes_later_with_one_of_each(
        self, app: Flask, fast_pdf: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quote = make_request()
        _request_send(quote)
        job = _job(queries.RENDER_TASK)

        def die(*_args: object, **_kwargs: object) -> None:
            raise ConnectionError("gone")

        with monkeypatch.context() as patch:
            patch.setattr(service, "finish_sending", die)
            with pytest.raises(ConnectionError):
                outbox.run(job, now=NOW)
        left = db.session.scalar(sa.select(sa.func.count(StoredDocument.id)))
        failing = queries.find_send_job(queries.find_draft(quote.id))
        later = NOW + timedelta(minutes=5)
        outbox.run(job, now=later)
        outbox.run(_job("quotes.mail_offer"), now=later)

        assert left == 0
        assert failing.state is SendState.FAILING
        assert failing.error.startswith("ConnectionError")
        assert db.session.scalar(sa.select(sa.func.count(StoredDocument.id))) == 1
        assert db.session.scalar(sa.select(sa.func.count(MailLogEntry.id))) == 1

    def test_a_quote_withdrawn_meanwhile_is_not_sent(self, app: Flask, fast_pdf: list[str]) -> None:
        quote = make_request()
        _request_send(quote)
        service.withdraw(quote, actor_id=make_user(Role.SALES).id, reason="Doppio", now=NOW)
        db.session.commit()

        outbox.run(_job(queries.RENDER_TASK), now=NOW)

        db.session.expire_all()
        assert quote.state is QuoteState.WITHDRAWN
        assert db.session.scalar(sa.select(sa.func.count(StoredDocument.id))) == 0


class TestRequestSend:
    def test_twice_owes_one_job(self, app: Flask) -> None:
        quote = make_request()
        _request_send(quote)

        service.request_send(quote, actor_id=make_user(Role.SALES).id, now=NOW)

        assert len(_jobs(queries.RENDER_TASK)) == 1

    def test_closes_the_draft_until_it_is_taken_back(self, app: Flask) -> None:
        quote = make_request()
        draft = _request_send(quote)
        hamper = queries.get_revision(draft.id).hampers[0]

        with pytest.raises(service.NotEditable):
            edit(quote, hampers={hamper.id: {"quantity": 11}})
        service.resume_editing(quote, actor_id=make_user(Role.SALES).id, now=NOW)
        edit(quote, hampers={hamper.id: {"quantity": 11}})

        assert queries.find_draft(quote.id).hampers[0].quantity == 11

    @pytest.mark.parametrize(
        ("valid_until", "problem"),
        [
            (None, service.SendProblem.NO_VALIDITY),
            (date(2026, 11, 1), service.SendProblem.VALIDITY_PAST),
        ],
    )
    def test_needs_a_validity_that_is_not_past(
        self, app: Flask, valid_until: date | None, problem: service.SendProblem
    ) -> None:
        quote = make_request()
        prepare(quote, make_user(Role.SALES))
        queries.find_draft(quote.id).valid_until = valid_until

        with pytest.raises(service.OfferNotReady) as refusal:
            service.request_send(quote, actor_id=make_user(Role.SALES).id, now=NOW)

        assert refusal.value.problems == ((problem, ""),)


def _jobs(task: str) -> list[int]:
    return list(db.session.scalars(sa.select(OutboxMessage.id).where(OutboxMessage.task == task)))


class TestFrozenRevision:
    @pytest.mark.parametrize(
        "change",
        [
            sa.update(QuoteRevision).values(net_total=1, vat_total=0, gross_total=1),
            sa.update(QuoteRevision).values(pdf_sha256="f" * 64),
            sa.update(QuoteHamper).values(quantity=1),
            sa.update(QuoteComponent).values(list_net=1),
            sa.delete(QuoteComponent),
            sa.delete(QuoteRevision),
        ],
        ids=["totals", "hash", "copies", "price", "contents", "all"],
    )
    def test_cannot_change_even_by_sql(self, app: Flask, change) -> None:
        make_offer()

        with pytest.raises(IntegrityError):
            db.session.execute(change)

    def test_the_next_revision_puts_it_behind_and_leaves_it_readable(self, app: Flask) -> None:
        quote, sales = make_offer(), make_user(Role.SALES)
        first = queries.find_offer(quote.id)

        second = send(quote, sales)

        assert (first.superseded_at, second.number) == (NOW, 2)
        assert queries.find_offer(quote.id).id == second.id
        assert [r.gross_total for r in queries.list_revisions(quote.id)] == [
            first.gross_total,
            first.gross_total,
        ]

    def test_a_new_offer_is_unseen_again(self, app: Flask) -> None:
        quote = make_offer()
        service.mark_seen(quote, actor_id=quote.requested_by_id, now=NOW)

        send(quote, make_user(Role.SALES))

        assert quote.seen_at is None


class TestAccept:
    def test_binds_the_company_to_the_file_that_was_read(self, app: Flask) -> None:
        quote = make_offer()
        person = make_user(company_id=quote.company_id)

        accept(quote, person, purchase_order_number="4500118823")

        acceptance = db.session.scalars(sa.select(Acceptance)).one()
        offer = queries.find_offer(quote.id)
        assert quote.state is QuoteState.ACCEPTED
        assert acceptance.revision_id == offer.id
        assert acceptance.pdf_sha256 == offer.pdf_sha256
        assert (acceptance.ip_address, acceptance.accepted_at) == ("192.0.2.7", NOW)
        assert acceptance.purchase_order_number == "4500118823"

    def test_the_second_finds_it_accepted(self, app: Flask) -> None:
        quote = make_offer()
        person = make_user(company_id=quote.company_id)
        signed = signature(quote, person)
        accept(quote, person)

        with pytest.raises(service.AlreadyAccepted):
            service.accept(quote, signature=signed, now=NOW)

    def test_an_older_revision_is_refused_and_the_newer_named(self, app: Flask) -> None:
        quote = make_offer()
        person = make_user(company_id=quote.company_id)
        read = signature(quote, person)
        send(quote, make_user(Role.SALES))

        with pytest.raises(service.NewerOfferExists) as refusal:
            service.accept(quote, signature=read, now=NOW)

        assert refusal.value.current == 2

    def test_another_hash_is_refused(self, app: Flask) -> None:
        quote = make_offer()
        person = make_user(company_id=quote.company_id)

        with pytest.raises(service.OfferChanged):
            service.accept(quote, signature=signature(quote, person, pdf_sha256="0" * 64), now=NOW)

    def test_a_damaged_file_is_refused(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        quote = make_offer()
        person = make_user(company_id=quote.company_id)

        def damaged(sha256: str) -> bytes:
            raise storage.StoredFileDamaged(sha256)

        monkeypatch.setattr(storage, "load", damaged)

        with pytest.raises(service.OfferChanged):
            service.accept(quote, signature=signature(quote, person), now=NOW)


class TestExpiry:
    @pytest.mark.parametrize(
        ("valid_until", "midnight"),
        [
            (date(2026, 11, 17), datetime(2026, 11, 17, 23, 0, tzinfo=UTC)),
            (date(2026, 10, 24), datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),  # summer's last night
            (date(2026, 10, 25), datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
            (date(2027, 3, 28), datetime(2027, 3, 28, 22, 0, tzinfo=UTC)),  # summer's first night
        ],
    )
    def test_the_last_day_ends_at_midnight_in_rome(
        self, app: Flask, valid_until: date, midnight: datetime
    ) -> None:
        quote = make_offer(now=datetime(2026, 10, 20, 9, tzinfo=UTC), valid_until=valid_until)
        instant = timedelta(microseconds=1)
        person = make_user(company_id=quote.company_id)

        assert service.expire_due(now=midnight - instant) == 0
        with pytest.raises(service.QuoteExpired):
            service.accept(quote, signature=signature(quote, person), now=midnight)
        assert service.expire_due(now=midnight) == 1
        assert quote.state is QuoteState.EXPIRED

    @pytest.mark.parametrize("move", [service.decline, service.ask_change])
    def test_no_other_answer_is_taken_after_it(self, app: Flask, move: Callable[..., None]) -> None:
        quote, midnight = make_offer(), end_of_day_rome(VALID_UNTIL)

        with pytest.raises(service.QuoteExpired):
            move(quote, revision_number=1, actor_id=1, reason="No", now=midnight)

    def test_it_ends_for_an_offer_that_waits_for_an_approval_in_the_company_too(
        self, app: Flask
    ) -> None:
        quote = make_offer()
        db.session.execute(sa.update(Quote).values(state=QuoteState.BUYER_REVIEW))
        person = make_user(company_id=quote.company_id)
        midnight = end_of_day_rome(VALID_UNTIL)

        with pytest.raises(service.QuoteExpired):
            service.accept(quote, signature=signature(quote, person), now=midnight)
        with pytest.raises(service.QuoteExpired):
            service.decline(quote, revision_number=1, actor_id=person.id, reason="No", now=midnight)
        assert queries.shown_state(quote.state, VALID_UNTIL, now=midnight) is QuoteState.EXPIRED
        assert service.expire_due(now=midnight) == 1
        assert quote.state is QuoteState.EXPIRED

    def test_is_accepted_in_the_last_instant(self, app: Flask) -> None:
        quote = make_offer()
        person = make_user(company_id=quote.company_id)

        accept(quote, person, now=datetime(2026, 11, 17, 22, 59, 59, tzinfo=UTC))

        assert quote.state is QuoteState.ACCEPTED

    def test_the_same_content_is_renewed_at_the_same_price(self, app: Flask) -> None:
        quote = make_offer()
        was = queries.find_offer(quote.id).gross_total
        later = NOW + timedelta(days=20)
        service.expire_due(now=later)

        renewed = send(quote, make_user(Role.SALES), now=later, valid_until=date(2026, 12, 1))

        assert (renewed.number, renewed.gross_total) == (2, was)

    def test_reminders_are_owed_once_five_and_one_days_before(self, app: Flask) -> None:
        make_offer()
        for days in (5, 4, 1, 1):
            tasks.expire_due(now=NOW.replace(day=VALID_UNTIL.day) - timedelta(days=days))
            db.session.commit()

        assert len(_jobs(queries.REMINDER_TASK)) == 2
