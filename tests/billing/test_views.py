"""The pages of invoices, as a browser without JavaScript sees them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from gifting.accounts.models import User
from gifting.billing.models import Invoice, Payment
from gifting.billing.tasks import keep_pdf
from gifting.core.order_lifecycle import ORDER_LIFECYCLE, OrderAction
from gifting.core.roles import COMPANY, STAFF, Role
from gifting.platform import clock, transitions
from gifting.platform.db import db
from gifting.platform.formats import date_long
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.orders import TODAY, make_accepted_order, make_invoice, pay

KEY = "a-key-of-one-submission"


@pytest.fixture
def buyer(app: Flask) -> User:
    return make_user()


@pytest.fixture
def browser(client: FlaskClient, buyer: User) -> FlaskClient:
    return sign_in(client, buyer)


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    return sign_in(client, make_user(Role.ACCOUNTING))


def amount(value: Decimal) -> str:
    return f"{value:.2f}".replace(".", ",")


def payments() -> list[Payment]:
    return list(db.session.scalars(sa.select(Payment)))


class TestMine:
    def test_lists_the_companys_invoices_and_no_others(
        self, browser: FlaskClient, buyer: User
    ) -> None:
        mine, other = make_invoice(buyer), make_invoice()

        page = browser.get("/fatture").text

        assert f"/fatture/{mine.reference}" in page
        assert f"/fatture/{other.reference}" not in page

    def test_each_figure_leads_to_the_invoices_it_adds_up(
        self, browser: FlaskClient, buyer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        late = make_invoice(buyer)
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=40))
        monkeypatch.setattr(clock, "today", lambda: TODAY + timedelta(days=40))
        paid = make_invoice(buyer, order=make_accepted_order(buyer))
        pay(paid)

        overdue = browser.get("/fatture?stato=overdue").text
        settled = browser.get("/fatture?stato=paid").text

        assert f"/fatture/{late.reference}" in overdue
        assert f"/fatture/{paid.reference}" not in overdue
        assert f"/fatture/{paid.reference}" in settled
        assert f"/fatture/{late.reference}" not in settled
        assert "scaduti, una fattura" in overdue

    def test_what_is_partly_paid_is_still_to_pay(self, browser: FlaskClient, buyer: User) -> None:
        invoice = make_invoice(buyer)
        pay(invoice, Decimal("1.00"))

        page = browser.get("/fatture?stato=da-pagare").text

        assert f"/fatture/{invoice.reference}" in page
        assert f"mancano {amount(invoice.gross_total - 1)}" in page

    @pytest.mark.parametrize("query", ["stato=nonsense", "anno=x", "dopo=ieri", "dopo=2026-11-02."])
    def test_an_address_cut_short_shows_the_list(
        self, browser: FlaskClient, buyer: User, query: str
    ) -> None:
        invoice = make_invoice(buyer)

        assert f"/fatture/{invoice.reference}" in browser.get(f"/fatture?{query}").text

    def test_pages_go_on_after_the_last_row_seen(
        self, browser: FlaskClient, buyer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = make_invoice(buyer), make_invoice(buyer)
        cursor = f"{second.issued_on}.{second.id}"

        page = browser.get(f"/fatture?dopo={cursor}").text

        assert f"/fatture/{first.reference}" in page
        assert f"/fatture/{second.reference}" not in page

    def test_without_invoices_it_says_when_the_first_comes(self, browser: FlaskClient) -> None:
        assert "Ancora nessuna fattura" in browser.get("/fatture").text

    @pytest.mark.parametrize("role", sorted(COMPANY))
    def test_everybody_in_the_company_reads_them(self, client: FlaskClient, role: Role) -> None:
        user = make_user(role)
        invoice = make_invoice(make_user(company_id=user.company_id))
        sign_in(client, user)

        assert client.get(f"/fatture/{invoice.reference}").status_code == 200


class TestDetail:
    def test_shows_how_to_pay(self, browser: FlaskClient, buyer: User) -> None:
        invoice = make_invoice(buyer)

        page = browser.get(f"/fatture/{invoice.reference}").text

        assert "IT60\xa0X054" in page
        assert f"Fattura {invoice.reference}, {invoice.order_reference}" in page
        assert amount(invoice.gross_total) in page

    def test_a_paid_invoice_asks_for_no_money(self, browser: FlaskClient, buyer: User) -> None:
        invoice = make_invoice(buyer)
        pay(invoice)

        page = browser.get(f"/fatture/{invoice.reference}").text

        assert "Da pagare" not in page
        assert "Pagata" in page

    def test_shows_the_pdf_once_it_is_kept(self, browser: FlaskClient, buyer: User) -> None:
        invoice = make_invoice(buyer)
        before = browser.get(f"/fatture/{invoice.reference}").text
        keep_pdf(db.session.get_one(Invoice, invoice.id), now=NOW)
        db.session.commit()

        after = browser.get(f"/fatture/{invoice.reference}").text

        assert "Il PDF è in preparazione" in before
        assert "<object" in after

    def test_another_companys_invoice_is_not_found(self, browser: FlaskClient) -> None:
        assert browser.get(f"/fatture/{make_invoice().reference}").status_code == 404


class TestStaffList:
    def test_an_order_is_to_be_invoiced_until_it_is(self, office: FlaskClient) -> None:
        order = make_accepted_order()
        issue = f"/ufficio/ordini/{order.reference}/fattura"

        before = office.get("/ufficio/fatture").text
        make_invoice(order=order)
        after = office.get("/ufficio/fatture").text

        assert issue in before
        assert issue not in after

    def test_a_sales_manager_reads_and_issues_nothing(self, client: FlaskClient) -> None:
        order, invoice = make_accepted_order(), make_invoice()
        sign_in(client, make_user(Role.SALES_MANAGER))

        listed = client.get("/ufficio/fatture").text

        assert "Emetti fattura" not in listed
        assert client.get(f"/ufficio/fatture/{invoice.reference}").status_code == 200
        assert client.get(f"/ufficio/ordini/{order.reference}/fattura").status_code == 403
        assert client.post(f"/ufficio/pagamenti/{invoice.reference}").status_code == 403

    @pytest.mark.parametrize(
        "role", sorted(COMPANY | STAFF - {Role.ACCOUNTING, Role.ADMINISTRATOR, Role.SALES_MANAGER})
    )
    def test_is_for_nobody_else(self, client: FlaskClient, role: Role) -> None:
        invoice = make_invoice()
        sign_in(client, make_user(role))

        assert client.get("/ufficio/fatture").status_code == 403
        assert client.get(f"/ufficio/fatture/{invoice.reference}").status_code == 403


class TestIssue:
    def post(self, office: FlaskClient, reference: str, day: str = TODAY.isoformat()) -> Any:
        return office.post(f"/ufficio/ordini/{reference}/fattura", data={"issued_on": day})

    def test_asks_before_it_issues(self, office: FlaskClient) -> None:
        order = make_accepted_order()

        page = office.get(f"/ufficio/ordini/{order.reference}/fattura").text

        assert "Da qui non si torna indietro." in page
        assert f'value="{TODAY.isoformat()}"' in page
        assert not db.session.scalar(sa.select(sa.func.count(Invoice.id)))

    def test_issues_and_opens_the_invoice(self, office: FlaskClient) -> None:
        order = make_accepted_order()

        answer = self.post(office, order.reference)

        invoice = db.session.scalars(sa.select(Invoice)).one()
        assert answer.location == f"/ufficio/fatture/{invoice.reference}"
        assert invoice.gross_total == order.gross_total

    def test_issuing_twice_leads_to_the_same_invoice(self, office: FlaskClient) -> None:
        order = make_accepted_order()
        first = self.post(office, order.reference)

        second = self.post(office, order.reference)
        asked = office.get(f"/ufficio/ordini/{order.reference}/fattura")

        assert first.location == second.location == asked.location
        assert db.session.scalar(sa.select(sa.func.count(Invoice.id))) == 1

    @pytest.mark.parametrize(
        ("day", "reason"),
        [
            ((TODAY + timedelta(days=1)).isoformat(), "non può portare una data futura"),
            ((TODAY - timedelta(days=1)).isoformat(), "L’ordine è del 2 novembre 2026"),
            ("0001-01-01", "L’ordine è del 2 novembre 2026"),
            ("", "Scegli la data della fattura."),
            ("31/02/2026", "Scrivi una data che esiste."),
        ],
    )
    def test_refuses_a_date_that_cannot_be(
        self, office: FlaskClient, day: str, reason: str
    ) -> None:
        order = make_accepted_order()

        answer = self.post(office, order.reference, day)

        assert answer.status_code == 422
        assert reason in answer.text
        assert 'id="issued_on-error"' in answer.text

    def test_refuses_a_date_before_the_last_invoice(self, office: FlaskClient) -> None:
        order = make_accepted_order(now=NOW - timedelta(days=1))
        make_invoice()

        answer = self.post(office, order.reference, (TODAY - timedelta(days=1)).isoformat())

        assert answer.status_code == 422
        assert f"L’ultima fattura è del {date_long(TODAY)}" in answer.text
        assert db.session.scalar(sa.select(sa.func.count(Invoice.id))) == 1

    def test_a_cancelled_order_is_not_invoiced(self, office: FlaskClient) -> None:
        order = make_accepted_order()
        transitions.apply(order, ORDER_LIFECYCLE, OrderAction.CANCEL, actor_id=None, now=NOW)
        db.session.commit()

        answer = self.post(office, order.reference)

        assert answer.status_code == 409
        assert "Questo ordine è annullato: non si prepara e non si fattura." in answer.text
        assert not db.session.scalar(sa.select(sa.func.count(Invoice.id)))


class TestRegisterPayment:
    def post(self, office: FlaskClient, invoice: Invoice, **overrides: Any) -> Any:
        data = {
            "amount": "1.234,56",
            "received_on": TODAY.isoformat(),
            "method": "transfer",
            "note": "CRO 0123",
            "submission_key": KEY,
        }
        return office.post(f"/ufficio/pagamenti/{invoice.reference}", data=data | overrides)

    def test_proposes_what_is_owed(self, office: FlaskClient) -> None:
        invoice = make_invoice()
        pay(invoice, Decimal("1.00"))

        page = office.get(f"/ufficio/fatture/{invoice.reference}").text

        assert f'value="{amount(invoice.gross_total - 1)}"' in page

    def test_reads_the_amount_as_italians_write_it(self, office: FlaskClient) -> None:
        invoice = make_invoice()

        answer = self.post(office, invoice)

        assert answer.location == f"/ufficio/fatture/{invoice.reference}"
        (payment,) = payments()
        assert (payment.amount, payment.note) == (Decimal("1234.56"), "CRO 0123")
        assert payment.received_on == TODAY

    def test_a_double_click_registers_once(self, office: FlaskClient) -> None:
        invoice = make_invoice()

        self.post(office, invoice)
        self.post(office, invoice)

        assert len(payments()) == 1

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"amount": ""}, "Scrivi quanto è arrivato."),
            ({"amount": "dieci"}, "Scrivi un numero, per esempio 12,50."),
            ({"amount": "0"}, "Scrivi un importo maggiore di zero."),
            ({"amount": "-5"}, "Scrivi un importo maggiore di zero."),
            ({"amount": "1,005"}, "Bastano due decimali"),
            ({"received_on": "2026-13-01"}, "Scrivi una data che esiste."),
            ({"received_on": date(2027, 1, 1).isoformat()}, "non può essere nel futuro"),
            ({"note": "x" * 121}, "Bastano 120 caratteri."),
        ],
    )
    def test_says_at_the_field_what_is_wrong(
        self, office: FlaskClient, wrong: dict[str, str], reason: str
    ) -> None:
        answer = self.post(office, make_invoice(), **wrong)

        (name,) = wrong
        assert answer.status_code == 422
        assert reason in answer.text
        assert f'id="{name}-error"' in answer.text
        assert payments() == []

    def test_cash_is_no_way_to_pay(self, office: FlaskClient) -> None:
        assert self.post(office, make_invoice(), method="cash").status_code == 422
        assert payments() == []

    def test_is_in_the_history_in_plain_words(self, office: FlaskClient) -> None:
        invoice = make_invoice()
        self.post(office, invoice)

        page = office.get(f"/ufficio/fatture/{invoice.reference}").text

        assert "Incassati 1.234,56\xa0€ il 2 novembre 2026" in page
