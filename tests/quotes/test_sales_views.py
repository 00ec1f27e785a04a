"""Sales' pages: the queue by deadline, the editor with every cell, each move of the table."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from gifting.core.quote_lifecycle import QuoteState
from gifting.core.roles import Role
from gifting.platform import clock, outbox
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.quotes import queries, service
from gifting.quotes.documents import priced_document
from gifting.quotes.models import Quote, QuoteMessage, QuoteRevision
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.catalogue import make_extra, make_product
from tests.support.queries import count_queries
from tests.support.quotes import (
    accept,
    make_composition,
    make_offer,
    make_request,
    prepare,
    send,
    submit,
)

QUEUE = "/ufficio/preventivi"


@pytest.fixture
def draft(sales) -> Quote:
    """A quote in preparation, of ten hampers of one product."""
    quote = make_request()
    prepare(quote, sales)
    return quote


def at(quote: Quote, verb: str = "") -> str:
    return f"{QUEUE}/{quote.reference}{verb}"


def text_of(response) -> str:
    """What a reader sees, with single spaces."""
    body = re.sub(r"<[^>]+>", " ", response.text)
    return " ".join(unescape(body).replace("\xa0", " ").split())


def cells_of(page: str) -> dict[str, str]:
    """What the editor's form would send if nothing was typed."""
    form = page[page.index('id="bozza"') : page.index("</form>", page.index('id="bozza"'))]
    cells = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        cells[found["name"]] = unescape(found.get("value", ""))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?([^<]*)', form):
        cells[name] = unescape(value)
    return cells


def save(office: FlaskClient, quote: Quote, **typed: str):
    """Open the editor, type into cells and save."""
    cells = cells_of(office.get(at(quote)).text)
    return office.post(at(quote), data=cells | typed)


def row_of(quote: Quote) -> QuoteRevision:
    db.session.expire_all()
    return queries.get_latest_revision(quote.id)


def state_of(quote: Quote) -> QuoteState:
    db.session.expire_all()
    return queries.get_quote_by_id(quote.id).state


class TestAccess:
    @pytest.mark.parametrize(
        "role", [Role.BUYER, Role.FINANCE, Role.OPERATIONS, Role.ACCOUNTING], ids=str
    )
    def test_others_see_neither_queue_nor_editor(self, client, draft, role):
        sign_in(client, make_user(role))

        assert client.get(QUEUE).status_code == 403
        assert client.get(at(draft)).status_code == 403

    @pytest.mark.parametrize(
        "verb",
        ["", "/prendi", "/prepara", "/chiarimento", "/scrivi", "/invia", "/ritira"],
    )
    def test_a_buyer_makes_no_move_of_sales(self, client, draft, verb):
        sign_in(client, make_user())

        assert client.post(at(draft, verb)).status_code == 403
        assert state_of(draft) is QuoteState.PREPARING

    @pytest.mark.parametrize("role", [Role.SALES_MANAGER, Role.ADMINISTRATOR], ids=str)
    def test_manager_and_administrator_work_here_too(self, client, draft, role):
        assert sign_in(client, make_user(role)).get(at(draft)).status_code == 200

    def test_an_unknown_quote_is_not_found(self, office):
        assert office.get(f"{QUEUE}/P-2026-9999").status_code == 404


class TestQueue:
    def test_the_answer_due_first_comes_first(self, office):
        later, sooner = make_request(), make_request()
        sooner.answer_due_at = NOW + timedelta(hours=1)
        db.session.commit()

        page = office.get(QUEUE).text

        assert page.index(sooner.reference) < page.index(later.reference)

    def test_a_late_answer_is_marked_and_says_by_how_much(self, office):
        make_request(now=NOW - timedelta(days=3, hours=1))  # Friday 9:00 in Rome; due at 18:00

        response = office.get(QUEUE)

        assert 'class="late"' in response.text
        assert "Una risposta in ritardo" in text_of(response)
        assert "Nessuno l’ha preso" in text_of(response)

    def test_near_deadlines_are_told_in_hours_and_minutes(self, office):
        quote = make_request()
        quote.answer_due_at = NOW + timedelta(hours=1, minutes=10)
        db.session.commit()

        response = office.get(QUEUE)

        assert "fra 1 h 10" in text_of(response)
        assert 'class="hot"' in response.text

    def test_the_clock_of_an_unconfirmed_buyer_has_not_started(self, office):
        make_request(make_user(email_confirmed_at=None))

        assert "e-mail da confermare" in text_of(office.get(QUEUE))

    def test_a_question_pauses_the_clock(self, office, sales):
        quote = make_request()
        service.ask(quote, actor_id=sales.id, comment="Quante sedi?", now=NOW)
        db.session.commit()

        assert "in pausa" in text_of(office.get(f"{QUEUE}?vista=waiting"))

    def test_views_follow_whose_move_it_is(self, office, sales, draft):
        requested, offered = make_request(), make_offer(sales=sales)
        declined = make_offer(sales=sales)
        buyer = declined.requested_by_id
        service.decline(declined, revision_number=1, actor_id=buyer, reason="Troppo caro", now=NOW)
        accepted = make_offer(sales=sales)
        accept(accepted, make_user(company_id=accepted.company_id))

        shown = {
            view: {
                quote.reference
                for quote in (requested, draft, offered, declined, accepted)
                if quote.reference in office.get(f"{QUEUE}?vista={view}").text
            }
            for view in ("to_answer", "preparing", "waiting", "accepted", "closed", "all")
        }

        assert shown == {
            "to_answer": {requested.reference},
            "preparing": {draft.reference},
            "waiting": {offered.reference},
            "accepted": {accepted.reference},
            "closed": {declined.reference},
            "all": {q.reference for q in (requested, draft, offered, declined, accepted)},
        }

    def test_take_makes_it_mine(self, office, sales):
        quote = make_request()

        response = office.post(at(quote, "/prendi"), data={"coda": "sì"}, follow_redirects=True)

        assert response.request.path == QUEUE
        assert queries.get_quote_by_id(quote.id).owner_id == sales.id

    def test_finds_by_company_and_by_number(self, office):
        one = make_request()
        other = make_request()
        company = queries.get_company(one.company_id).name

        by_company = office.get(QUEUE, query_string={"cerca": company.lower()}).text
        by_number = office.get(QUEUE, query_string={"cerca": other.reference}).text

        assert one.reference in by_company
        assert other.reference not in by_company
        assert other.reference in by_number
        assert one.reference not in by_number

    def test_says_when_nothing_waits_and_when_nothing_is_found(self, office):
        assert "Tutto risposto" in text_of(office.get(QUEUE))
        nothing = office.get(QUEUE, query_string={"cerca": "Rossi"})
        assert "Nessun preventivo per «Rossi»" in text_of(nothing)

    def test_pages_follow_each_other_without_losing_a_quote(self, office):
        moments = [NOW - timedelta(minutes=30 - n) for n in range(queries.PAGE_SIZE + 1)]
        references = {make_request(now=moment).reference for moment in moments}
        first = office.get(QUEUE)
        following = re.search(r'href="([^"]+)" rel="next"', first.text)
        assert following

        second = office.get(unescape(following[1]))

        pages = [set(re.findall(r"P-2026-\d+", page.text)) for page in (first, second)]
        assert [len(page) for page in pages] == [queries.PAGE_SIZE, 1]
        assert pages[0] | pages[1] == references

    def test_asks_the_database_as_often_for_many_quotes_as_for_one(self, office):
        make_request()
        with count_queries() as one:
            office.get(QUEUE)
        for _ in range(4):
            make_request()
        with count_queries() as many:
            office.get(QUEUE)

        assert len(many) == len(one)


class TestMoves:
    def test_preparing_opens_the_request_for_editing(self, office):
        quote = make_request()

        page = office.post(at(quote, "/prepara"), follow_redirects=True)

        assert state_of(quote) is QuoteState.PREPARING
        assert 'id="bozza"' in page.text

    def test_an_overdue_offer_is_expired_and_revised_in_one_step(self, office, sales, monkeypatch):
        quote = make_offer(sales=sales)
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=16))
        assert "L’offerta è scaduta il 17 novembre 2026." in text_of(office.get(at(quote)))

        office.post(at(quote, "/prepara"))

        assert state_of(quote) is QuoteState.PREPARING
        assert row_of(quote).number == 2

    def test_a_new_revision_never_shortens_what_was_promised(self, office, sales):
        promised = NOW.date() + timedelta(days=60)
        quote = make_offer(sales=sales, valid_until=promised)

        office.post(at(quote, "/prepara"))

        assert row_of(quote).valid_until == promised

    def test_a_question_needs_words(self, office):
        quote = make_request()

        refused = office.post(at(quote, "/chiarimento"), data={"comment": " "})
        asked = office.post(at(quote, "/chiarimento"), data={"comment": "Quante sedi?"})

        assert refused.status_code == 422
        assert "Scrivi la domanda" in text_of(refused)
        assert asked.status_code == 302
        assert state_of(quote) is QuoteState.INFO_NEEDED
        assert "«Quante sedi?»" in text_of(office.get(at(quote)))

    def test_withdrawing_asks_for_the_reason_first(self, office, draft):
        question = office.get(at(draft, "/ritira"))
        refused = office.post(at(draft, "/ritira"), data={"reason": ""})
        done = office.post(at(draft, "/ritira"), data={"reason": "Prodotto esaurito"})

        assert "Ritiri il preventivo" in text_of(question)
        assert refused.status_code == 422
        assert done.status_code == 302
        assert state_of(draft) is QuoteState.WITHDRAWN
        assert "«Prodotto esaurito»" in text_of(office.get(at(draft)))

    def test_a_message_reaches_thread_and_buyer(self, office, draft, sales):
        refused = office.post(at(draft, "/scrivi"), data={"body": ""})
        office.post(at(draft, "/scrivi"), data={"body": "Arriva domani."})

        assert refused.status_code == 422
        message = db.session.scalars(sa.select(QuoteMessage)).one()
        assert (message.body, message.author_id) == ("Arriva domani.", sales.id)
        assert "Arriva domani." in office.get(at(draft)).text
        tasks = db.session.scalars(sa.select(OutboxMessage.task)).all()
        assert "quotes.mail_message" in tasks

    @pytest.mark.parametrize("verb", ["/prepara", "/chiarimento", "/invia", "/ritira"])
    def test_a_move_the_state_does_not_have_is_refused_clearly(self, office, sales, verb):
        quote = make_offer(sales=sales)
        accept(quote, make_user(company_id=quote.company_id))
        words = {"comment": "Ancora?", "reason": "Ancora?", "version": "1"}

        response = office.post(at(quote, verb), data=words)

        assert response.status_code == 409
        assert "Nel frattempo è cambiato qualcosa" in text_of(response)
        assert state_of(quote) is QuoteState.ACCEPTED

    def test_an_accepted_quote_leads_to_its_order(self, office, sales):
        quote = make_offer(sales=sales)
        accept(quote, make_user(company_id=quote.company_id))

        page = office.get(at(quote))

        assert "Offerta accettata il" in text_of(page)
        assert f"q={quote.reference}" in page.text
        assert 'id="bozza"' not in page.text

    def test_a_sent_offer_says_whether_it_was_read_and_what_changed(self, office, sales):
        quote = make_offer(sales=sales)
        assert "Non ha ancora aperto l’offerta" in text_of(office.get(at(quote)))
        service.mark_seen(quote, actor_id=quote.requested_by_id, now=NOW)
        db.session.commit()
        assert "Ha aperto l’offerta il 2 novembre 2026" in text_of(office.get(at(quote)))
        prepare(quote, sales)
        component = row_of(quote).hampers[0].components[0]
        save(office, quote, **{f"discount_{component.id}": "12"})

        page = text_of(office.get(at(quote)))

        assert "Che cosa cambia dalla revisione 1" in page
        assert "Sconto" in page
        assert "Elena Riva ha aperto la revisione 2." in page


class TestCells:
    def test_saves_prices_discounts_and_quantities(self, office, draft):
        hamper = row_of(draft).hampers[0]
        product, box = hamper.components

        response = save(
            office,
            draft,
            **{
                f"quantity_{hamper.id}": "1.200",
                f"pieces_{product.id}": "2",
                f"list_{product.id}": "12,5",
                f"discount_{product.id}": "7,5",
                f"list_{box.id}": "3.10",
            },
        )

        assert response.status_code == 302
        hamper = row_of(draft).hampers[0]
        product, box = hamper.components
        assert hamper.quantity == 1200
        assert (product.quantity, product.list_net, product.discount) == (
            2,
            Decimal("12.50"),
            Decimal("7.50"),
        )
        assert box.list_net == Decimal("3.10")

    def test_the_totals_are_the_cores(self, office, draft):
        hamper = row_of(draft).hampers[0]
        save(
            office,
            draft,
            **{f"own_{hamper.id}": "33,33", "charge_text_0": "Bancali", "charge_net_0": "640"},
        )

        revision = row_of(draft)
        priced = priced_document(revision)
        assert (revision.net_total, revision.vat_total, revision.gross_total) == (
            priced.net,
            priced.vat,
            priced.gross,
        )
        assert priced.net == Decimal("33.33") * 10 + 640
        page = text_of(office.get(at(draft)))
        assert "973,30 €" in page
        assert f"{priced.gross:.2f}".replace(".", ",").removeprefix("1") in page.replace(".", "")

    def test_more_pieces_are_more_estimated_work(self, office, draft):
        hamper = row_of(draft).hampers[0]
        before = hamper.work_minutes

        save(office, draft, **{f"pieces_{hamper.components[0].id}": "3"})

        assert row_of(draft).hampers[0].work_minutes == before * 3

    def test_a_discount_for_the_whole_hamper_goes_to_every_line(self, office, draft):
        hamper = row_of(draft).hampers[0]

        save(office, draft, **{f"all_{hamper.id}": "8"})

        assert {c.discount for c in row_of(draft).hampers[0].components} == {Decimal(8)}

    def test_blank_lets_the_contents_decide_the_price_again(self, office, draft):
        hamper = row_of(draft).hampers[0]
        save(office, draft, **{f"own_{hamper.id}": "30"})
        save(office, draft, **{f"own_{hamper.id}": ""})

        assert row_of(draft).hampers[0].own_unit_net is None

    def test_saves_the_terms(self, office, draft):
        save(
            office,
            draft,
            valid_until="2026-11-20",
            payment_terms_days="60",
            delivery_on="2026-12-09",
            message="Buongiorno Chiara",
            internal_note="Cliente dal 2024",
        )

        revision = row_of(draft)
        assert revision.valid_until == date(2026, 11, 20)
        assert revision.payment_terms_days == 60
        assert revision.delivery_on == date(2026, 12, 9)
        assert (revision.message, revision.internal_note) == (
            "Buongiorno Chiara",
            "Cliente dal 2024",
        )

    def test_saving_what_is_there_changes_nothing(self, office, draft):
        version = draft.version

        save(office, draft)

        db.session.expire_all()
        assert queries.get_quote_by_id(draft.id).version == version

    def test_errors_stand_at_the_cell_and_nothing_typed_is_lost(self, office, draft):
        hamper = row_of(draft).hampers[0]
        product = hamper.components[0]

        response = save(
            office,
            draft,
            **{
                f"discount_{product.id}": "dieci",
                f"list_{product.id}": "12,505",
                f"quantity_{hamper.id}": "0",
                "message": "Da non perdere",
            },
        )

        assert response.status_code == 422
        page = text_of(response)
        assert "Ci sono 3 cose da sistemare" in page
        assert "Scrivi un numero, per esempio 12,50." in page
        assert "arrotonda al centesimo" in page
        assert "I cesti vanno da 1 a 100.000" in page
        for kept in ('value="dieci"', 'value="12,505"', "Da non perdere"):
            assert kept in response.text
        assert f'href="#discount_{product.id}"' in response.text
        assert row_of(draft).message == ""

    def test_a_charge_needs_words_and_amount(self, office, draft):
        response = save(office, draft, charge_text_0="Montaggio", charge_net_0="")
        unnamed = save(office, draft, charge_text_0="", charge_net_0="12")

        assert "Scrivi l’importo, oppure togli la riga." in text_of(response)
        assert "Scrivi a che cosa si riferisce l’importo." in text_of(unnamed)
        assert row_of(draft).charges == []

    def test_shipping_is_proposed_and_counts_once_it_has_an_amount(self, office, draft):
        assert cells_of(office.get(at(draft)).text)["charge_text_0"] == "Spedizione"
        save(office, draft)
        assert row_of(draft).charges == []

        save(office, draft, charge_net_0="90,00")
        save(office, draft, charge_text_1="Fascetta", charge_net_1="48")

        assert [(c.description, c.net) for c in row_of(draft).charges] == [
            ("Spedizione", Decimal(90)),
            ("Fascetta", Decimal(48)),
        ]

    def test_shipping_is_proposed_in_the_language_of_the_offer(self, office, sales):
        quote = make_request(make_user(locale="en"))
        prepare(quote, sales)

        assert cells_of(office.get(at(quote)).text)["charge_text_0"] == "Shipping"
        assert save(office, quote).status_code == 302

    def test_a_charge_is_dropped_by_its_button(self, office, draft):
        save(office, draft, charge_net_0="90,00")
        save(office, draft, do="drop:0")

        assert row_of(draft).charges == []

    def test_a_colleagues_change_is_not_overwritten_unseen(self, office, draft):
        hamper = row_of(draft).hampers[0]
        product = hamper.components[0]
        mine = cells_of(office.get(at(draft)).text)
        save(office, draft, **{f"discount_{product.id}": "4"})

        refused = office.post(at(draft), data=mine | {f"discount_{product.id}": "9"})

        assert refused.status_code == 409
        assert "Un collega ha cambiato questo preventivo." in text_of(refused)
        assert "ora: 4" in text_of(refused)
        assert cells_of(refused.text)[f"discount_{product.id}"] == "9"
        assert row_of(draft).hampers[0].components[0].discount == 4
        again = office.post(at(draft), data=cells_of(refused.text))
        assert again.status_code == 302
        assert row_of(draft).hampers[0].components[0].discount == 9

    def test_what_is_not_in_preparation_is_not_written(self, office, sales, draft):
        cells = cells_of(office.get(at(draft)).text)
        service.withdraw(draft, actor_id=sales.id, reason="Esaurito", now=NOW)
        db.session.commit()

        response = office.post(at(draft), data=cells | {"message": "Troppo tardi"})

        assert response.status_code == 409
        assert "non è più in preparazione" in text_of(response)
        assert row_of(draft).message == ""

    def test_shows_what_is_short_and_what_it_earns(self, office, sales):
        user = make_user()
        product = make_product(name_it="Mandorle", list_net="10.00", cost_net="8.00", on_hand=6)
        quote = submit(user, [make_composition(user, [product])])
        db.session.commit()
        prepare(quote, sales)

        page = text_of(office.get(at(quote)))

        assert "mancano 4" in page
        assert "20%" in page
        assert "Sotto la soglia del 28%." in page


class TestFit:
    def test_says_nothing_of_the_box_while_everything_goes_in(self, office, draft):
        assert "Non sta nella scatola" not in text_of(office.get(at(draft)))

    def test_warns_once_the_contents_no_longer_go_in(self, office, draft):
        line = next(c for h in row_of(draft).hampers for c in h.components if c.kind == "product")
        cells = cells_of(office.get(at(draft)).get_data(as_text=True))

        office.post(at(draft), data=cells | {f"pieces_{line.id}": "99"})

        assert "Non sta nella scatola" in text_of(office.get(at(draft)))


class TestContents:
    def test_search_saves_first_and_offers_what_is_on_sale(self, office, draft):
        make_product(sku="OLI-001", name_it="Olio di Gorgona")
        make_product(sku="OLI-002", name_it="Olio di ieri", is_on_sale=False)
        make_extra(sku="XTR-OLI", name_it="Etichetta per olio")
        hamper = row_of(draft).hampers[0]

        response = save(
            office, draft, **{f"search_{hamper.id}": "olio", "message": "Intanto salvo"}
        )
        found = text_of(office.get(response.location))

        assert row_of(draft).message == "Intanto salvo"
        assert "Olio di Gorgona" in found
        assert "Etichetta per olio" in found
        assert "Olio di ieri" not in found

    def test_nothing_found_says_so(self, office, draft):
        hamper = row_of(draft).hampers[0]

        page = office.get(f"{at(draft)}?aggiungi=tartufo&cesto={hamper.id}")

        assert "Niente in vendita per «tartufo»" in text_of(page)

    def test_adds_at_todays_price_with_the_hampers_discount(self, office, draft):
        make_product(sku="OLI-001", list_net="10.80")
        hamper = row_of(draft).hampers[0]
        save(office, draft, **{f"all_{hamper.id}": "6"})

        save(office, draft, do=f"add:{hamper.id}:OLI-001")

        added = row_of(draft).hampers[0].components[-1]
        assert (added.sku, added.list_net, added.discount) == (
            "OLI-001",
            Decimal("10.80"),
            Decimal(6),
        )

    def test_takes_a_product_out_with_its_work_but_never_the_last(self, office, sales):
        user = make_user()
        products = [make_product(work_minutes=5), make_product(work_minutes=7)]
        quote = submit(user, [make_composition(user, products)])
        db.session.commit()
        prepare(quote, sales)
        first, second, _box = row_of(quote).hampers[0].components
        first_id, second_id = first.id, second.id

        save(office, quote, do=f"remove:{first_id}")
        assert f"Tolto dal cesto: {products[0].name_it}." in text_of(office.get(at(quote)))
        refused = save(office, quote, do=f"remove:{second_id}", message="Resta")

        hamper = row_of(quote).hampers[0]
        assert first_id not in {c.id for c in hamper.components}
        assert hamper.work_minutes == 7
        assert refused.status_code == 422
        assert "È l’ultimo prodotto del cesto" in text_of(refused)
        assert "Resta" in refused.text


class TestSending:
    def test_saves_then_asks_to_confirm_what_goes_to_whom(self, office, draft):
        response = save(office, draft, do="send", message="Ecco la proposta")
        buyer = queries.get_correspondent(draft.requested_by_id)

        page = text_of(office.get(response.location))

        assert response.location.endswith("/invia")
        assert "Da qui non si torna indietro" in page
        assert buyer.email in page
        assert "Ecco la proposta" in page
        assert state_of(draft) is QuoteState.PREPARING

    def test_confirming_owes_the_job_and_the_page_waits_for_it(self, office, draft):
        response = office.post(at(draft, "/invia"), data={"version": draft.version})
        page = office.get(response.location)

        tasks = db.session.scalars(sa.select(OutboxMessage.task)).all()
        assert tasks.count("quotes.render_and_send") == 1
        assert "Invio in corso" in text_of(page)
        assert '<meta http-equiv="refresh" content="3">' in page.text
        assert 'id="bozza"' not in page.text

    def test_a_double_click_sends_once(self, office, draft):
        version = draft.version
        office.post(at(draft, "/invia"), data={"version": version})
        again = office.post(at(draft, "/invia"), data={"version": version})

        assert again.status_code == 302
        tasks = db.session.scalars(sa.select(OutboxMessage.task)).all()
        assert tasks.count("quotes.render_and_send") == 1

    def test_names_what_is_missing_and_offers_no_button(self, office, draft):
        save(office, draft, valid_until="")

        page = office.get(at(draft, "/invia"))
        refused = office.post(at(draft, "/invia"), data={"version": _version(draft)})

        assert "Manca la data fino a cui vale l’offerta." in text_of(page)
        assert 'name="version"' not in page.text
        assert refused.status_code == 422
        assert state_of(draft) is QuoteState.PREPARING

    def test_what_was_confirmed_is_what_was_shown(self, office, draft):
        shown = draft.version
        save(office, draft, message="Cambiato nel frattempo")

        response = office.post(at(draft, "/invia"), data={"version": shown})

        assert response.status_code == 409
        assert "Un collega ha cambiato questo preventivo" in text_of(response)

    def test_a_failed_sending_shows_its_error_and_both_ways_on(self, office, draft):
        office.post(at(draft, "/invia"), data={"version": draft.version})
        _fail("quotes.render_and_send")

        page = office.get(at(draft))

        assert "L’offerta non è partita." in text_of(page)
        assert "OSError: disco pieno" in text_of(page)
        assert "http-equiv" not in page.text
        assert "Riprova" in page.text

    def test_the_queue_tells_a_failed_sending_from_one_under_way(self, office, draft):
        office.post(at(draft, "/invia"), data={"version": draft.version})
        view = f"{QUEUE}?vista=preparing"
        assert "Invio in corso" in text_of(office.get(view))

        _fail("quotes.render_and_send")

        assert "Invio non riuscito" in text_of(office.get(view))

    def test_retry_makes_the_job_due_again(self, office, draft):
        office.post(at(draft, "/invia"), data={"version": draft.version})
        _fail("quotes.render_and_send")

        office.post(at(draft, "/invia/riprova"))

        db.session.expire_all()
        job = db.session.scalars(
            sa.select(OutboxMessage).where(OutboxMessage.task == "quotes.render_and_send")
        ).one()
        assert job.gave_up_at is None
        assert job.id in {bell.message_id for bell in outbox.list_due(now=NOW)}

    def test_stopping_opens_the_draft_again(self, office, draft):
        office.post(at(draft, "/invia"), data={"version": draft.version})

        office.post(at(draft, "/invia/ferma"))

        assert 'id="bozza"' in office.get(at(draft)).text
        assert row_of(draft).send_requested_at is None


class TestSecrets:
    def test_costs_and_margins_are_never_on_the_buyers_pages(self, client, sales):
        buyer = make_user()
        product = make_product(list_net="91.00", cost_net="61.37")
        quote = submit(buyer, [make_composition(buyer, [product])])
        db.session.commit()
        margin = "32,5"
        office_page = text_of(sign_in(client, sales).get(at(quote)))
        assert "61,37" in office_page
        assert margin in office_page
        send(quote, sales)

        sign_in(client, buyer)
        pages = [client.get(f"/preventivi/{quote.reference}"), client.get("/preventivi")]

        for page in pages:
            assert page.status_code == 200
            for secret in ("61,37", "61.37", margin, "Margine", "Costo"):
                assert secret not in page.text

    def test_the_internal_note_stays_in_the_office(self, client, sales, draft):
        save(sign_in(client, sales), draft, internal_note="Paga sempre tardi")
        service.request_send(draft, actor_id=sales.id, now=NOW)
        db.session.commit()

        sign_in(client, make_user(company_id=draft.company_id))

        assert "Paga sempre tardi" not in client.get(f"/preventivi/{draft.reference}").text


class TestQueries:
    def test_the_editor_asks_as_often_for_many_products_as_for_one(self, office, sales):
        def open_with(products: int) -> int:
            user = make_user()
            contents = [make_product() for _ in range(products)]
            quote = submit(user, [make_composition(user, contents)])
            db.session.commit()
            prepare(quote, sales)
            with count_queries() as asked:
                assert office.get(at(quote)).status_code == 200
            return len(asked)

        assert open_with(1) == open_with(6)


def _version(quote: Quote) -> int:
    db.session.expire_all()
    return queries.get_quote_by_id(quote.id).version


def _fail(task: str) -> None:
    """Leave the job as its last attempt would."""
    db.session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.task == task)
        .values(attempts=8, gave_up_at=NOW, last_error="OSError: disco pieno")
    )
    db.session.commit()
