"""The pages of orders, as a browser without JavaScript sees them."""

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from gifting.accounts.models import User
from gifting.catalogue.models import Product
from gifting.core.calendar import end_of_day_rome
from gifting.core.order_lifecycle import ORDER_LIFECYCLE, OrderAction
from gifting.core.quote_lifecycle import QuoteState
from gifting.core.roles import COMPANY, STAFF, Role
from gifting.documents import queries as stored
from gifting.documents import service as documents
from gifting.orders.models import Order
from gifting.orders.service import reserve_stock
from gifting.platform import clock, transitions
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.quotes import queries, service
from gifting.quotes.models import Acceptance, Quote
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.files import form_with_file, make_pdf, no_room
from tests.support.orders import make_accepted_order, make_invoice
from tests.support.quotes import VALID_UNTIL, make_offer, make_request, send

PDF = make_pdf()


@pytest.fixture
def buyer(app: Flask) -> User:
    return make_user()


@pytest.fixture
def browser(client: FlaskClient, buyer: User) -> FlaskClient:
    return sign_in(client, buyer)


def read(quote: Quote, **overrides: Any) -> dict[str, Any]:
    """Return what the form on the page of the quote's offer sends."""
    offer = queries.find_offer(quote.id)
    values = {
        "revision": offer.number,
        "pdf_sha256": offer.pdf_sha256,
        "purchase_order_number": "4500118823",
        "signed_role": "Risorse umane",
        "is_agreed": "y",
    }
    return values | overrides


def accept(browser: FlaskClient, quote: Quote, **overrides: Any) -> Any:
    return browser.post(f"/preventivi/{quote.reference}/accetta", data=read(quote, **overrides))


def the_order() -> Order:
    return db.session.scalars(sa.select(Order)).one()


def has_no_order() -> bool:
    return not db.session.scalar(sa.select(sa.func.count(Order.id)))


class TestAccept:
    def test_makes_the_order_and_opens_it(self, browser: FlaskClient, buyer: User) -> None:
        answer = accept(browser, make_offer(buyer))

        order = the_order()
        assert answer.location == f"/ordini/{order.reference}"
        page = browser.get(answer.location).text
        assert f"ordine {order.reference} confermato" in page
        assert "4500118823" in page

    def test_signs_with_who_where_and_which_file(self, browser: FlaskClient, buyer: User) -> None:
        quote = make_offer(buyer)

        accept(browser, quote)

        acceptance = db.session.scalars(sa.select(Acceptance)).one()
        assert acceptance.user_id == buyer.id
        assert acceptance.signed_name == buyer.name
        assert acceptance.signed_role == "Risorse umane"
        assert acceptance.ip_address == "127.0.0.1"
        assert acceptance.pdf_sha256 == queries.get_revision(acceptance.revision_id).pdf_sha256
        assert not acceptance.is_on_behalf

    def test_the_second_to_click_sees_the_same_order_and_no_news(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        quote = make_offer(buyer)
        first = accept(browser, quote)
        browser.get(first.location)

        second = accept(browser, quote)

        assert second.location == first.location
        assert "Offerta accettata: ordine" not in browser.get(second.location).text
        tasks = db.session.scalars(sa.select(OutboxMessage.task)).all()
        assert tasks.count("orders.mail_confirmation") == 1

    def test_without_the_tick_the_page_comes_back_with_what_was_typed(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        answer = accept(browser, make_offer(buyer), is_agreed="")

        assert answer.status_code == 422
        assert "Per accettare spunta la casella" in answer.text
        assert 'value="4500118823"' in answer.text
        assert has_no_order()

    @pytest.mark.parametrize("number", ["1" * 21, "ordine è 5"])
    def test_a_number_no_invoice_can_carry_is_refused_at_its_field(
        self, browser: FlaskClient, buyer: User, number: str
    ) -> None:
        answer = accept(browser, make_offer(buyer), purchase_order_number=number)

        assert answer.status_code == 422
        assert 'id="purchase_order_number-error"' in answer.text
        assert has_no_order()

    def test_an_expired_offer_is_not_accepted(
        self, browser: FlaskClient, buyer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quote = make_offer(buyer)
        monkeypatch.setattr(clock, "now", lambda: end_of_day_rome(VALID_UNTIL))

        answer = accept(browser, quote)

        assert answer.status_code == 409
        assert "L’offerta è scaduta" in answer.text
        assert has_no_order()

    def test_an_older_revision_leads_to_the_newer_one(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        quote = make_offer(buyer)
        older = read(quote)
        send(quote, make_user(Role.SALES))

        answer = browser.post(f"/preventivi/{quote.reference}/accetta", data=older)

        assert answer.status_code == 409
        assert "C’è un’offerta più nuova, la revisione 2" in answer.text
        assert has_no_order()

    def test_another_file_than_the_one_stored_is_not_accepted(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        answer = accept(browser, make_offer(buyer), pdf_sha256="0" * 64)

        assert answer.status_code == 409
        assert "non è quello che hai letto" in answer.text
        assert has_no_order()

    def test_whoever_has_not_confirmed_their_address_is_asked_to_first(
        self, client: FlaskClient
    ) -> None:
        stranger = make_user(email_confirmed_at=None)
        browser = sign_in(client, stranger)

        answer = accept(browser, make_offer(stranger))

        page = browser.get(answer.location).text
        assert "Conferma il tuo indirizzo con il link che ti abbiamo mandato." in page
        assert has_no_order()

    def test_a_declined_offer_is_not_accepted(self, browser: FlaskClient, buyer: User) -> None:
        quote = make_offer(buyer)
        signed = read(quote)
        service.decline(quote, revision_number=1, actor_id=buyer.id, now=NOW, reason="Troppo caro")
        db.session.commit()

        answer = browser.post(f"/preventivi/{quote.reference}/accetta", data=signed)

        assert answer.status_code == 409
        assert "Questo preventivo è stato rifiutato." in answer.text
        assert has_no_order()

    def test_a_form_without_the_file_it_showed_is_forged(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        assert accept(browser, make_offer(buyer), pdf_sha256="").status_code == 400

    def test_another_companys_offer_is_not_found(self, browser: FlaskClient) -> None:
        quote = make_offer()

        assert accept(browser, quote).status_code == 404
        assert has_no_order()

    def test_finance_may_not_accept(self, client: FlaskClient, buyer: User) -> None:
        quote = make_offer(buyer)
        sign_in(client, make_user(Role.FINANCE, company_id=buyer.company_id))

        assert accept(client, quote).status_code == 403
        assert has_no_order()


class TestAcceptOnBehalf:
    def send(
        self, client: FlaskClient, quote: Quote, content: bytes = PDF, **overrides: Any
    ) -> Any:
        data = read(quote, signed_name="Marta Villa", **overrides)
        data["evidence"] = (BytesIO(content), "../Ordine 4500.html")
        at = f"/ufficio/preventivi/{quote.reference}/accetta"
        return client.post(at, **form_with_file(data))

    @pytest.fixture
    def office(self, client: FlaskClient) -> FlaskClient:
        return sign_in(client, make_user(Role.SALES))

    def test_shows_what_is_accepted(self, office: FlaskClient) -> None:
        quote = make_offer()

        page = office.get(f"/ufficio/preventivi/{quote.reference}/accetta").text

        assert queries.find_offer(quote.id).pdf_sha256 in page
        assert 'type="file"' in page

    def test_keeps_the_buyers_order_beside_the_offer(self, office: FlaskClient) -> None:
        quote = make_offer()

        answer = self.send(office, quote)

        evidence = stored.find(quote.subject, "purchase_order")
        acceptance = db.session.scalars(sa.select(Acceptance)).one()
        assert answer.location == f"/ufficio/ordini/{the_order().reference}"
        assert (evidence.filename, evidence.company_id) == ("Ordine 4500.pdf", quote.company_id)
        assert acceptance.evidence_document_id == evidence.id
        assert acceptance.is_on_behalf
        assert acceptance.signed_name == "Marta Villa"

    def test_a_file_is_judged_by_its_content(self, office: FlaskClient) -> None:
        quote = make_offer()

        answer = self.send(office, quote, content=b"<html>not a PDF</html>")

        assert answer.status_code == 422
        assert "Il contenuto del file non è fra quelli che leggiamo: PDF, PNG, JPEG." in answer.text
        assert stored.find(quote.subject, "purchase_order") is None
        assert has_no_order()

    @pytest.mark.parametrize("size", [len(PDF), 1_000_000])
    def test_no_room_for_the_evidence_is_said_at_its_field_and_what_was_typed_stays(
        self, app: Flask, office: FlaskClient, size: int
    ) -> None:
        quote = make_offer()
        evidence = PDF.replace(b"\n", b"\n%" + b" " * (size - len(PDF)) + b"\n", 1)

        with no_room(app):
            answer = self.send(office, quote, content=evidence, purchase_order_number="4500 A")

        assert answer.status_code == 503
        assert "non riusciamo a conservare file" in answer.text
        assert 'value="Marta Villa"' in answer.text
        assert 'value="4500 A"' in answer.text
        assert stored.find(quote.subject, "purchase_order") is None
        assert has_no_order()
        assert self.send(office, quote, content=evidence).status_code == 302

    def test_no_evidence_no_acceptance(self, office: FlaskClient) -> None:
        quote = make_offer()

        answer = office.post(
            f"/ufficio/preventivi/{quote.reference}/accetta",
            data=read(quote, signed_name="Marta Villa"),
        )

        assert answer.status_code == 422
        assert "Allega l’ordine dell’azienda" in answer.text
        assert has_no_order()

    def test_a_refused_acceptance_keeps_no_evidence(self, office: FlaskClient) -> None:
        quote = make_offer()

        self.send(office, quote, pdf_sha256="0" * 64)

        assert stored.find(quote.subject, "purchase_order") is None
        assert has_no_order()

    def test_without_an_offer_there_is_nothing_to_accept(self, office: FlaskClient) -> None:
        quote = make_request()

        answer = office.get(f"/ufficio/preventivi/{quote.reference}/accetta")

        assert answer.status_code == 409
        assert "l’offerta non c’è" in answer.text

    @pytest.mark.parametrize("role", [Role.ACCOUNTING, Role.OPERATIONS, Role.BUYER])
    def test_is_for_sales_alone(self, client: FlaskClient, role: Role) -> None:
        quote = make_offer()
        sign_in(client, make_user(role))

        assert self.send(client, quote).status_code == 403
        assert quote.state is QuoteState.SENT


class TestMine:
    def test_lists_the_companys_orders_and_no_others(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        mine, other = make_accepted_order(buyer), make_accepted_order()

        page = browser.get("/ordini").text

        assert mine.reference in page
        assert other.reference not in page

    def test_without_orders_it_says_how_one_begins(self, browser: FlaskClient) -> None:
        assert "Ancora nessun ordine" in browser.get("/ordini").text


class TestDetail:
    def test_tells_what_happened_what_is_in_it_and_what_it_costs(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        order = make_accepted_order(buyer)

        page = browser.get(f"/ordini/{order.reference}").text

        assert "Offerta accettata, ordine confermato." in page
        assert "Natale in Meridiana" in page
        assert "Pasticceria Giotto" in page
        assert f"{order.gross_total:.2f}".replace(".", ",") in page
        assert "messi da parte tutti i 10 pezzi" in page

    def test_says_what_is_still_to_be_made(self, browser: FlaskClient, buyer: User) -> None:
        order = make_accepted_order(buyer, is_reserved=False)
        db.session.execute(sa.update(Product).values(on_hand=4))
        reserve_stock(order, now=NOW)
        db.session.commit()

        page = browser.get(f"/ordini/{order.reference}").text

        assert "messi da parte 4 pezzi su 10, gli altri sono da produrre" in page
        assert "6 pezzi sono da produrre" in page

    def test_before_the_stock_is_set_aside_it_claims_nothing(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        order = make_accepted_order(buyer, is_reserved=False)

        assert "stiamo mettendo da parte" in browser.get(f"/ordini/{order.reference}").text

    def test_leads_to_the_invoice_once_it_is_issued(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        order = make_accepted_order(buyer)
        invoice = make_invoice(order=order)

        page = browser.get(f"/ordini/{order.reference}").text

        assert f"/fatture/{invoice.reference}" in page

    def test_the_offer_that_was_accepted_is_among_the_documents(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        order = make_accepted_order(buyer)
        offer = db.session.scalars(sa.text("SELECT id FROM stored_document")).one()

        assert f"/documenti/{offer}" in browser.get(f"/ordini/{order.reference}").text

    @pytest.mark.parametrize("is_cancelled", [False, True])
    def test_the_certificate_is_among_them_unless_the_hampers_are_never_made(
        self, browser: FlaskClient, buyer: User, *, is_cancelled: bool
    ) -> None:
        order = make_accepted_order(buyer)
        kept = documents.keep(
            subject=order.subject,
            kind="impact_certificate",
            company_id=order.company_id,
            filename="Attestato.pdf",
            content=PDF,
            now=NOW,
        )
        if is_cancelled:
            transitions.apply(order, ORDER_LIFECYCLE, OrderAction.CANCEL, actor_id=None, now=NOW)
        db.session.commit()

        page = browser.get(f"/ordini/{order.reference}").text

        assert (f"/documenti/{kept.id}" in page) is not is_cancelled
        assert ("Attestato d’impatto" in page) is not is_cancelled
        assert browser.get(f"/documenti/{kept.id}").status_code == 200

    def test_another_companys_order_is_not_found(self, browser: FlaskClient) -> None:
        assert browser.get(f"/ordini/{make_accepted_order().reference}").status_code == 404


class TestOffice:
    @pytest.mark.parametrize("role", sorted(STAFF))
    def test_every_staff_user_reads_orders(self, client: FlaskClient, role: Role) -> None:
        order = make_accepted_order()
        sign_in(client, make_user(role))

        assert order.reference in client.get("/ufficio/ordini").text
        page = client.get(f"/ufficio/ordini/{order.reference}")
        assert page.status_code == 200
        assert ("Emetti fattura" in page.text) == (role in {Role.ACCOUNTING, Role.ADMINISTRATOR})

    @pytest.mark.parametrize("role", sorted(COMPANY))
    def test_no_buyer_does(self, client: FlaskClient, role: Role) -> None:
        user = make_user(role)
        order = make_accepted_order(make_user(company_id=user.company_id))
        sign_in(client, user)

        assert client.get("/ufficio/ordini").status_code == 403
        assert client.get(f"/ufficio/ordini/{order.reference}").status_code == 403

    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ("", True),
            ("stato=confirmed", True),
            ("stato=cancelled", False),
            ("stato=nonsense", True),
            ("q=meridiana", True),
            ("q=100%25", False),
            ("q={quote}", True),
            ("q={order}&stato=fulfilled", False),
        ],
    )
    def test_searches_by_state_and_text(
        self, client: FlaskClient, query: str, *, is_found: bool
    ) -> None:
        order = make_accepted_order()
        quote = db.session.get_one(Quote, order.quote_id)
        sign_in(client, make_user(Role.OPERATIONS))
        asked = query.format(order=order.reference, quote=quote.reference)

        page = client.get(f"/ufficio/ordini?{asked}").text

        assert (f"/ufficio/ordini/{order.reference}" in page) == is_found

    def test_shows_the_missing_pieces(self, client: FlaskClient) -> None:
        order = make_accepted_order(is_reserved=False)
        sign_in(client, make_user(Role.OPERATIONS))

        page = client.get(f"/ufficio/ordini/{order.reference}").text

        assert "Li mette da parte un lavoro in coda" in page
