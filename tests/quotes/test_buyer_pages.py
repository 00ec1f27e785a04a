"""The buyer's pages, as a browser without JavaScript sees them."""

from decimal import Decimal
from secrets import token_urlsafe

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gifting.accounts.models import User
from gifting.catalogue.models import Product
from gifting.core.calendar import end_of_day_rome
from gifting.core.quote_lifecycle import QuoteState
from gifting.core.roles import Role
from gifting.hampers import service as hampers
from gifting.hampers.models import Hamper
from gifting.hampers.queries import Owner, get_hamper
from gifting.platform import clock
from gifting.platform.db import db
from gifting.quotes import queries, service
from gifting.quotes.models import Quote, QuoteMessage
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.catalogue import make_box, make_product
from tests.support.quotes import (
    VALID_UNTIL,
    edit,
    make_composition,
    make_offer,
    make_request,
    prepare,
)

ANSWER = {"body": "Tre sedi"}


@pytest.fixture
def buyer(app: Flask) -> User:
    return make_user()


@pytest.fixture
def browser(client: FlaskClient, buyer: User) -> FlaskClient:
    return sign_in(client, buyer)


class TestDetail:
    def test_shows_the_offer_its_total_and_the_three_moves(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        quote = make_offer(buyer)

        page = browser.get(f"/preventivi/{quote.reference}").text

        offer = queries.find_offer(quote.id)
        assert f"{offer.gross_total:.2f}".replace(".", ",") in page
        assert offer.pdf_sha256 in page
        assert "Chiedi modifiche" in page
        assert "Rifiuta l’offerta" in page

    def test_opening_the_offer_marks_it_seen_once(self, browser: FlaskClient, buyer: User) -> None:
        quote = make_offer(buyer)

        browser.get(f"/preventivi/{quote.reference}")
        browser.get(f"/preventivi/{quote.reference}")

        db.session.expire_all()
        events = queries.list_events(quote)
        assert quote.seen_at == NOW
        assert [event.action for event in events].count("seen") == 1

    def test_an_overdue_offer_shows_as_expired_and_is_expired(
        self, browser: FlaskClient, buyer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quote = make_offer(buyer)
        monkeypatch.setattr(clock, "now", lambda: end_of_day_rome(VALID_UNTIL))

        page = browser.get(f"/preventivi/{quote.reference}").text

        db.session.expire_all()
        assert "Chiedi di riaprirla" in page
        assert quote.state is QuoteState.EXPIRED

    def test_what_sales_is_preparing_is_not_shown(self, browser: FlaskClient, buyer: User) -> None:
        quote = make_request(buyer)
        draft = prepare(quote, make_user(Role.SALES))
        hamper = queries.get_revision(draft.id).hampers[0]
        edit(quote, hampers={hamper.id: {"own_unit_net": Decimal("9.99")}})
        db.session.commit()

        page = browser.get(f"/preventivi/{quote.reference}").text

        assert "9,99" not in page
        assert "Stiamo preparando l’offerta" in page

    def test_a_newer_revision_shows_what_changed_and_the_older_has_no_moves(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        quote = make_offer(buyer)
        sales = make_user(Role.SALES)
        draft = prepare(quote, sales)
        component = queries.get_revision(draft.id).hampers[0].components[0]
        edit(quote, components={component.id: {"discount": Decimal("10.00")}})
        db.session.commit()
        _send_draft(quote, sales)

        current = browser.get(f"/preventivi/{quote.reference}").text
        older = browser.get(f"/preventivi/{quote.reference}?revisione=1").text

        assert "Che cosa cambia dalla revisione 1" in current
        assert "Questa revisione è superata" in older
        assert "Chiedi modifiche" not in older

    def test_another_companys_quote_is_not_found(self, browser: FlaskClient) -> None:
        quote = make_offer()

        for path in ("", "/modifiche", "/rifiuto", "/annulla"):
            assert browser.get(f"/preventivi/{quote.reference}{path}").status_code == 404
        for path in ("/risposta", "/messaggi"):
            answer = browser.post(f"/preventivi/{quote.reference}{path}", data=ANSWER)
            assert answer.status_code == 404

    def test_a_revision_that_was_never_sent_is_not_found(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        quote = make_request(buyer)

        assert browser.get(f"/preventivi/{quote.reference}?revisione=1").status_code == 404

    def test_finance_reads_and_writes_but_does_not_decide(
        self, client: FlaskClient, buyer: User
    ) -> None:
        quote = make_offer(buyer)
        sign_in(client, make_user(Role.FINANCE, company_id=buyer.company_id))

        page = client.get(f"/preventivi/{quote.reference}").text

        assert "Accetta l’offerta" not in page
        assert client.get(f"/preventivi/{quote.reference}/rifiuto").status_code == 403

    def test_costs_never_reach_the_page(self, browser: FlaskClient, buyer: User) -> None:
        quote = make_offer(buyer)
        costs = {c.cost_net for c in queries.find_offer(quote.id).hampers[0].components}

        page = browser.get(f"/preventivi/{quote.reference}").text

        assert costs
        assert "7,00" not in page


class TestMoves:
    def test_a_change_is_asked_with_ticked_lines_and_words(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        quote = make_offer(buyer)
        product = queries.find_offer(quote.id).hampers[0].components[0]

        browser.post(
            f"/preventivi/{quote.reference}/modifiche",
            data={"lines": [product.sku], "reason": "Senza glutine", "revision": "1"},
        )

        db.session.expire_all()
        message = db.session.scalars(sa.select(QuoteMessage)).one()
        assert quote.state is QuoteState.CHANGE_REQUESTED
        assert message.body == f"Da cambiare: {product.name_it}.\nSenza glutine"

    def test_a_refusal_without_a_reason_comes_back_with_an_error(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        quote = make_offer(buyer)

        answer = browser.post(
            f"/preventivi/{quote.reference}/rifiuto", data={"reason": " ", "revision": "1"}
        )

        assert answer.status_code == 422
        assert "Scrivi due parole sul motivo." in answer.text
        assert quote.state is QuoteState.SENT

    def test_decline_cancel_and_message_work_with_words(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        declined, cancelled = make_offer(buyer), make_request(buyer)

        browser.post(
            f"/preventivi/{declined.reference}/rifiuto", data={"reason": "Caro", "revision": "1"}
        )
        browser.post(f"/preventivi/{cancelled.reference}/annulla", data={"reason": "Doppio"})
        browser.post(f"/preventivi/{declined.reference}/messaggi", data={"body": "Ciao"})

        db.session.expire_all()
        assert declined.state is QuoteState.DECLINED
        assert cancelled.state is QuoteState.WITHDRAWN
        assert queries.list_messages(declined.id)[0].body == "Ciao"

    def test_a_message_sent_again_after_a_time_out_counts_once(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        """A web server killed after the commit once left two of them in the thread."""
        quote = make_request(buyer)
        for body in ("Ci siete?", "Ci siete?", "Allora?"):
            browser.post(f"/preventivi/{quote.reference}/messaggi", data={"body": body})

        assert [m.body for m in queries.list_messages(quote.id)] == ["Ci siete?", "Allora?"]

    def test_an_answer_is_given_on_the_page(self, browser: FlaskClient, buyer: User) -> None:
        quote = make_request(buyer)
        service.ask(quote, actor_id=make_user(Role.SALES).id, comment="Quante sedi?", now=NOW)
        db.session.commit()

        page = browser.get(f"/preventivi/{quote.reference}").text
        browser.post(f"/preventivi/{quote.reference}/risposta", data=ANSWER)

        db.session.expire_all()
        assert "Quante sedi?" in page
        assert quote.state is QuoteState.REQUESTED

    @pytest.mark.parametrize("field", ["risposta", "messaggio"])
    def test_an_empty_field_is_named_by_its_label_and_led_to_by_the_summary(
        self, browser: FlaskClient, buyer: User, field: str
    ) -> None:
        quote = make_request(buyer)
        service.ask(quote, actor_id=make_user(Role.SALES).id, comment="Quante sedi?", now=NOW)
        db.session.commit()
        move = {"risposta": "risposta", "messaggio": "messaggi"}[field]

        page = browser.post(f"/preventivi/{quote.reference}/{move}", data={"body": " "}).text

        assert f'<label for="{field}">' in page
        assert f'href="#{field}"' in page
        assert page.count(f'id="{field}"') == 1

    @pytest.mark.parametrize("move", ["modifiche", "rifiuto", "annulla"])
    def test_a_move_that_is_over_is_not_asked_about(
        self, browser: FlaskClient, buyer: User, move: str
    ) -> None:
        quote = make_offer(buyer)
        assert browser.get(f"/preventivi/{quote.reference}/{move}").status_code == 200

        browser.post(f"/preventivi/{quote.reference}/annulla", data={"reason": "Doppio"})

        assert browser.get(f"/preventivi/{quote.reference}/{move}").status_code == 409

    def test_a_cancelled_request_promises_no_offer(self, browser: FlaskClient, buyer: User) -> None:
        quote = make_request(buyer)

        browser.post(f"/preventivi/{quote.reference}/annulla", data={"reason": "Doppio"})

        page = browser.get(f"/preventivi/{quote.reference}").text
        assert "È stato ritirato" in page
        assert "Stiamo preparando" not in page


class TestMine:
    def test_lists_the_companys_own_quotes_newest_first(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        first, second, foreign = make_request(buyer), make_offer(buyer), make_request()

        page = browser.get("/preventivi").text

        assert page.index(second.reference) < page.index(first.reference)
        assert foreign.reference not in page

    def test_says_what_to_do_when_there_are_none(self, browser: FlaskClient) -> None:
        assert "Ancora nessun preventivo" in browser.get("/preventivi").text

    def test_needs_a_sign_in(self, client: FlaskClient) -> None:
        assert client.get("/preventivi").status_code == 302


class TestRequest:
    def _data(self, buyer: User, **overrides: object) -> dict[str, object]:
        composition = make_composition(buyer)
        return {
            "cesto": composition.key,
            f"quantity-{composition.key}": "25",
            "submission_key": "one-submission",
            "delivery_mode": "sites",
            "delivery_note": "4: Milano, Torino, Bologna, Bari",
            "wanted_on": "11/12/2026",
            "action": "send",
            **overrides,
        }

    def test_a_signed_in_buyer_sends_it_and_sees_the_number(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        answer = browser.post("/preventivi/richiesta", data=self._data(buyer))

        quote = db.session.scalars(sa.select(Quote)).one()
        hamper = queries.get_latest_revision(quote.id).hampers[0]
        assert answer.status_code == 302
        assert quote.reference in browser.get("/preventivi/ricevuta").text
        assert (hamper.quantity, str(quote.wanted_on)) == (25, "2026-12-11")

    def test_a_double_click_makes_one_quote(self, browser: FlaskClient, buyer: User) -> None:
        data = self._data(buyer)

        browser.post("/preventivi/richiesta", data=data)
        browser.post("/preventivi/richiesta", data=data)

        assert db.session.scalar(sa.select(sa.func.count(Quote.id))) == 1

    def test_a_day_that_is_past_comes_back_with_the_first_possible_one(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        data = self._data(buyer, wanted_on="11/10/2026", notes="Nastro blu")

        answer = browser.post("/preventivi/richiesta", data=data)

        assert answer.status_code == 422
        assert "La data di consegna è già passata: scegline una dal" in answer.text
        assert "Nastro blu" in answer.text
        assert "Il primo giorno possibile è" in answer.text

    def test_what_was_typed_is_there_again_on_coming_back(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        data = self._data(buyer, notes="Nastro blu", action="save")

        browser.post("/preventivi/richiesta", data=data)

        page = browser.get(f"/preventivi/richiesta?cesto={data['cesto']}").text
        assert "Nastro blu" in page
        assert "4: Milano, Torino, Bologna, Bari" in page

    def test_everything_is_written_in_one_transaction(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        data, commits = self._data(buyer), []
        note, session = commits.append, db.session()
        sa.event.listen(session, "after_commit", note)

        browser.post("/preventivi/richiesta", data=data)

        sa.event.remove(session, "after_commit", note)
        assert db.session.scalar(sa.select(sa.func.count(Quote.id))) == 1
        assert len(commits) == 1

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_the_office_asks_for_nobody(
        self, client: FlaskClient, buyer: User, method: str
    ) -> None:
        sign_in(client, make_user(Role.SALES))

        answer = client.open("/preventivi/richiesta", method=method, data=self._data(buyer))

        assert answer.status_code == 403

    def test_without_a_hamper_it_says_where_to_begin(self, client: FlaskClient) -> None:
        assert "Prima componi un cesto" in client.get("/preventivi/richiesta").text


def _send_draft(quote: Quote, sales: User) -> None:
    draft = service.request_send(quote, actor_id=sales.id, now=NOW)
    service.finish_sending(quote, draft, pdf_sha256="1" * 64, now=NOW)
    db.session.commit()


VISITOR = {
    "company-name": "Cartiere Valsesia S.p.A.",
    "company-vat_number": "00743110157",
    "company-tax_code": "",
    "company-street": "via Roma 1",
    "company-cap": "13011",
    "company-city": "Borgosesia",
    "company-province": "VC",
    "company-invoice_by": "sdi",
    "company-sdi_code": "M5UXCR1",
    "person-name": "Paolo Zanetti",
    "person-email": "paolo@valsesia.example",
    "person-password": "una frase molto lunga",
    "has_read_privacy": "y",
}


class TestVisitor:
    """Somebody without an account: company, person and request are one transaction."""

    def _browser(self, client: FlaskClient) -> tuple[FlaskClient, str]:
        box_id, product_id = make_box().id, make_product().id
        with client.session_transaction() as session:
            session["visitor"] = "a-visitor"
        owner = Owner(visitor_key="a-visitor")
        key = hampers.create(owner=owner, box_id=box_id, name="Cesto", now=NOW).key
        hamper = get_hamper(key, company_id=None, user_id=None, visitor_key="a-visitor")
        hampers.add_product(hamper, product_id=product_id, now=NOW)
        db.session.commit()
        return client, key

    def _send(self, client: FlaskClient, key: str, **overrides: str) -> TestResponse:
        data = {"cesto": key, f"quantity-{key}": "30", "submission_key": "s", "action": "send"}
        data |= {"delivery_mode": "one_address"}
        return client.post("/preventivi/richiesta", data=data | VISITOR | overrides)

    def test_makes_account_company_and_quote_and_waits_for_the_confirmation(
        self, client: FlaskClient
    ) -> None:
        browser, key = self._browser(client)

        answer = self._send(browser, key)

        quote = db.session.scalars(sa.select(Quote)).one()
        user = db.session.scalars(sa.select(User)).one()
        hamper = db.session.scalars(sa.select(Hamper)).one()
        assert answer.status_code == 302
        assert (user.email, quote.company_id) == ("paolo@valsesia.example", user.company_id)
        assert (hamper.company_id, hamper.visitor_key) == (user.company_id, None)
        assert quote.answer_due_at is None

    def test_what_is_no_longer_on_sale_makes_no_account_and_keeps_the_number(
        self, client: FlaskClient
    ) -> None:
        browser, key = self._browser(client)
        db.session.execute(sa.update(Product).values(is_on_sale=False))
        db.session.commit()

        answer = self._send(browser, key)

        db.session.expire_all()
        hamper = db.session.scalars(sa.select(Hamper)).one()
        assert answer.status_code == 422
        assert "non è più in vendita" in answer.text
        assert db.session.scalar(sa.select(sa.func.count(User.id))) == 0
        assert (hamper.quantity, hamper.visitor_key) == (30, "a-visitor")

    def test_a_known_address_is_thanked_in_the_same_words_and_makes_nothing(
        self, client: FlaskClient
    ) -> None:
        make_user(email="paolo@valsesia.example")
        browser, key = self._browser(client)
        stranger = client.application.test_client()
        other, other_key = self._browser(stranger)

        self._send(browser, key)
        self._send(
            other,
            other_key,
            **{"person-email": "nuovo@valsesia.example", "submission_key": "t"},
        )

        known, new = (b.get("/preventivi/ricevuta").text for b in (browser, other))
        assert "Ti abbiamo scritto un’e-mail" in known
        assert _main(known) == _main(new)
        assert db.session.scalar(sa.select(sa.func.count(Quote.id))) == 1

    def test_long_notes_never_cost_the_visitor_their_session(self, client: FlaskClient) -> None:
        """Browsers drop a cookie over 4 KB, and with it the key of the visitor's hampers."""
        browser, key = self._browser(client)
        notes = token_urlsafe(1125)  # 1500 characters that no compression makes fewer
        long = {"notes": notes, "delivery_note": notes[:300], "title": notes[:80]}

        self._send(browser, key, action="save", **long, anything=token_urlsafe(1500))

        assert max(len(cookie.value) for cookie in browser._cookies.values()) < 4000
        assert "Valsesia" in browser.get(f"/preventivi/richiesta?cesto={key}").text

    def test_mistakes_come_back_with_what_was_typed_but_not_the_password(
        self, client: FlaskClient
    ) -> None:
        browser, key = self._browser(client)

        answer = self._send(browser, key, **{"company-vat_number": "012345678"})

        assert answer.status_code == 422
        assert "La partita IVA ha 9 cifre: ne servono 11." in answer.text
        assert "Cartiere Valsesia" in answer.text
        assert "una frase molto lunga" not in answer.text
        assert db.session.scalar(sa.select(sa.func.count(Quote.id))) == 0

    def test_a_hamper_of_somebody_else_is_not_asked_for(self, client: FlaskClient) -> None:
        _owner, key = self._browser(client)
        stranger = client.application.test_client()

        self._send(stranger, key)

        assert db.session.scalar(sa.select(sa.func.count(Quote.id))) == 0


def _main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]
