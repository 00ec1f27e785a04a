"""What an order owes is done once, however often its jobs run."""

from collections import Counter

import pytest
import sqlalchemy as sa
from flask import Flask

from gifting.catalogue.models import Product
from gifting.core.order_lifecycle import ORDER_LIFECYCLE, OrderAction
from gifting.core.pricing import ComponentKind
from gifting.documents.models import StoredDocument
from gifting.orders import queries, service
from gifting.orders.documents import confirmation, impact
from gifting.orders.models import Order, Reservation
from gifting.platform import mail, outbox, pdf, transitions
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry, MailLogEntry, OutboxMessage
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.catalogue import make_product
from tests.support.orders import make_accepted_order
from tests.support.quotes import make_composition, send, signature, submit

CERTIFY, CONFIRM, RESERVE = (
    "orders.keep_certificate",
    "orders.mail_confirmation",
    "orders.reserve_stock",
)


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Papers of a few bytes; tells which were rendered."""
    rendered: list[str] = []

    def render(document: str, view: object, *, locale: str) -> bytes:
        rendered.append(f"{document} {locale}")
        return f"%PDF {document} {len(rendered)}".encode()

    monkeypatch.setattr(pdf, "render", render)
    return rendered


def owed(order: Order) -> list[OutboxMessage]:
    query = sa.select(OutboxMessage).where(OutboxMessage.task.like("orders.%"))
    return list(db.session.scalars(query.order_by(OutboxMessage.task)))


def the_owed(order: Order, task: str) -> OutboxMessage:
    return next(message for message in owed(order) if message.task == task)


def repeat(message: OutboxMessage) -> None:
    """Run the job's handler twice, as after a crash between its commit and its mark."""
    for _ in range(2):
        outbox.HANDLERS[message.task](**message.payload, now=NOW)
        db.session.commit()


class TestAcceptance:
    def test_owes_one_certificate_one_confirmation_and_one_reservation(self, app: Flask) -> None:
        order = make_accepted_order(is_reserved=False)

        assert [message.task for message in owed(order)] == [CERTIFY, CONFIRM, RESERVE]
        assert {message.payload["record_id"] for message in owed(order)} == {order.id}


class TestConfirmation:
    def test_is_one_pdf_and_one_letter_with_it(self, app: Flask, papers: list[str]) -> None:
        order = make_accepted_order(is_reserved=False)

        repeat(the_owed(order, CONFIRM))

        letter = db.session.scalars(sa.select(MailLogEntry)).one()
        document = db.session.scalars(
            sa.select(StoredDocument).where(StoredDocument.subject == order.subject)
        ).one()
        assert document.kind == "order_confirmation"
        assert papers == ["order_confirmation it"]
        assert order.reference in letter.subject
        assert b"application/pdf" in mail.kept_copy(letter.message_id).read_bytes()

    def test_speaks_the_language_of_who_asked(self, app: Flask, papers: list[str]) -> None:
        order = make_accepted_order(make_user(locale="en"), is_reserved=False)

        repeat(the_owed(order, CONFIRM))

        letter = db.session.scalars(sa.select(MailLogEntry)).one()
        copy = mail.kept_copy(letter.message_id).read_bytes()
        assert papers == ["order_confirmation en"]
        assert b"Content-Language: en" in copy
        assert "Conferma" not in letter.subject


class TestCertificate:
    def test_is_one_pdf_in_the_language_of_who_asked_and_no_letter(
        self, app: Flask, papers: list[str]
    ) -> None:
        order = make_accepted_order(make_user(locale="en"), is_reserved=False)

        repeat(the_owed(order, CERTIFY))

        document = db.session.scalars(
            sa.select(StoredDocument).where(StoredDocument.kind == "impact_certificate")
        ).one()
        assert document.subject == order.subject
        assert document.filename == f"Certificate-{order.reference}.pdf"
        assert papers == ["impact_certificate en"]
        assert db.session.scalars(sa.select(MailLogEntry)).all() == []

    def test_shares_the_offers_hours_among_the_workshops(self, app: Flask) -> None:
        order = make_accepted_order(is_reserved=False)
        head = queries.get_head(order.reference, company_id=None)

        paper = impact(head, method_link="https://example.com/metodo")

        assert paper is not None
        offer = confirmation(head, locale="it", link="")
        assert paper.hours == offer.hours_estimate
        assert paper.hampers_count == offer.contents.hampers_count
        assert sum(workshop.hours for workshop in paper.workshops) == paper.hours
        assert {f"{w.name}, {w.city}" for w in paper.workshops} == {
            component.maker
            for hamper in offer.contents.hampers
            for component in hamper.components
            if component.kind is ComponentKind.PRODUCT
        }

    def test_hours_of_no_known_workshop_are_not_certified(
        self, app: Flask, papers: list[str]
    ) -> None:
        order = make_accepted_order(is_reserved=False)
        db.session.execute(sa.update(Product).values(work_minutes=0))

        repeat(the_owed(order, CERTIFY))

        assert papers == []


class TestReservation:
    def order_of(self, product: Product, *, hampers: int) -> Order:
        buyer = make_user()
        quote = submit(buyer, [make_composition(buyer, [product, product], quantity=hampers)])
        db.session.commit()
        send(quote, make_user())
        order = service.accept_offer(quote, signature=signature(quote, buyer), now=NOW).order
        db.session.commit()
        return order

    def test_takes_the_pieces_of_all_hampers_once(self, app: Flask) -> None:
        product = make_product(on_hand=1000)
        order = self.order_of(product, hampers=10)

        repeat(the_owed(order, RESERVE))

        reservation = db.session.scalars(sa.select(Reservation)).one()
        assert (reservation.needed, reservation.reserved) == (20, 20)
        assert db.session.get_one(Product, product.id, populate_existing=True).reserved == 20

    def test_says_what_is_short_instead_of_taking_what_is_not_there(self, app: Flask) -> None:
        product = make_product(on_hand=13)
        order = self.order_of(product, hampers=10)

        repeat(the_owed(order, RESERVE))

        reservation = db.session.scalars(sa.select(Reservation)).one()
        entry = db.session.scalars(
            sa.select(EventLogEntry).where(EventLogEntry.action == "stock_reserved")
        ).one()
        assert (reservation.needed, reservation.reserved) == (20, 13)
        assert entry.data == {"pieces_short": 7}

    def test_is_given_back_once_when_the_order_is_cancelled(self, app: Flask) -> None:
        product = make_product(on_hand=100)
        order = self.order_of(product, hampers=10)
        repeat(the_owed(order, RESERVE))
        transitions.apply(order, ORDER_LIFECYCLE, OrderAction.CANCEL, actor_id=None, now=NOW)
        db.session.commit()

        repeat(the_owed(order, "orders.release_stock"))
        repeat(the_owed(order, RESERVE))

        logged = Counter(db.session.scalars(sa.select(EventLogEntry.action)))
        assert db.session.get_one(Product, product.id, populate_existing=True).reserved == 0
        assert logged["stock_released"] == 1
