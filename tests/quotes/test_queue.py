"""The queue narrowed, in every order, kept under a name, and what came in since."""

import re
import zipfile
from datetime import date, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from gifting.core.roles import Role
from gifting.platform import storage
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.quotes import queries, service
from gifting.quotes.documents import get_queue
from gifting.quotes.models import OfferPack, Quote, SavedFilter
from gifting.quotes.queries import QueueFilter, QueueOrder, QueueView
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.letters import last_text, run_owed
from tests.support.quotes import make_offer, make_request, send

QUEUE = "/ufficio/preventivi"


def give(quote: Quote, owner_id: int) -> None:
    service.assign(quote, owner_id=owner_id, actor_id=owner_id, now=NOW)
    db.session.commit()


def offered_to(quote: Quote) -> str:
    """The address of who asked for the quote."""
    return queries.get_correspondent(quote.requested_by_id).email


def references(response) -> list[str]:
    """The quotes of a page, in its order."""
    found = re.findall(r'class="k" href="/ufficio/preventivi/(P-[^"]+)"', response.text)
    assert response.status_code == 200
    return found


class TestFilters:
    def test_only_mine_and_only_nobodys(self, office, sales):
        mine, nobodys = make_request(), make_request()
        give(mine, sales.id)

        assert references(office.get(f"{QUEUE}?miei=sì")) == [mine.reference]
        assert references(office.get(f"{QUEUE}?referente={sales.id}")) == [mine.reference]
        assert references(office.get(f"{QUEUE}?referente=nessuno")) == [nobodys.reference]

    def test_a_state_of_the_view(self, office):
        asked, offered = make_request(), make_offer()

        assert references(office.get(f"{QUEUE}?vista=all&stato=sent")) == [offered.reference]
        assert references(office.get(f"{QUEUE}?stato=requested")) == [asked.reference]
        assert references(office.get(f"{QUEUE}?stato=sent")) == []

    def test_delivery_within_days(self, office):
        soon = make_request(wanted_on=date(2026, 11, 9))
        make_request(wanted_on=date(2026, 11, 10)), make_request(wanted_on=None)

        assert references(office.get(f"{QUEUE}?consegna=7")) == [soon.reference]

    def test_filters_and_search_go_together(self, office, sales):
        mine, other = make_request(), make_request()
        give(mine, sales.id)

        found = office.get(f"{QUEUE}?miei=sì&cerca={mine.reference}&ordine=cliente")

        assert references(found) == [mine.reference]
        assert references(office.get(f"{QUEUE}?miei=sì&cerca={other.reference}")) == []

    @pytest.mark.parametrize(
        "asked",
        ["referente=x", "referente=99999999999", "stato=mai", "consegna=x", "ordine=x", "ordine=-"],
    )
    def test_what_nobody_knows_asks_for_nothing(self, office, asked):
        quote = make_request()

        assert references(office.get(f"{QUEUE}?{asked}")) == [quote.reference]

    def test_nothing_found_leads_to_the_view_without_filters(self, office):
        page = office.get(f"{QUEUE}?vista=waiting&miei=sì").text

        assert "Nessun preventivo così" in page
        assert f'href="{QUEUE}?vista=waiting"' in page


class TestOrder:
    @pytest.mark.parametrize("order", QueueOrder, ids=str)
    @pytest.mark.parametrize("is_descending", [False, True], ids=["up", "down"])
    def test_pages_of_every_order_hold_each_quote_once(self, app, sales, order, is_descending):
        people = [make_user(Role.SALES, name=name) for name in ("Zoe", "Ada")]
        for number in range(5):
            quote = make_request(wanted_on=date(2026, 12, 1 + number % 2) if number else None)
            if number:
                give(quote, people[number % 2].id)
        wanted = QueueFilter(order=order, is_descending=is_descending)

        whole = get_queue(wanted, person_id=sales.id, now=NOW).rows
        paged, after = [], None
        for _page in range(5):
            page = get_queue(wanted, person_id=sales.id, now=NOW, after=after, limit=1)
            paged += page.rows
            after = page.next_after

        assert len({row.id for row in whole}) == 5
        assert [row.id for row in paged] == [row.id for row in whole]
        assert after is None

    def test_the_heads_say_and_turn_the_order(self, office):
        small, large = make_request(), make_request()
        db.session.execute(
            Quote.__table__.update().where(Quote.id == large.id).values(wanted_on=date(2026, 12, 1))
        )
        db.session.commit()

        page = office.get(f"{QUEUE}?ordine=consegna")

        assert references(page) == [large.reference, small.reference]
        assert 'aria-sort="ascending"><a href="/ufficio/preventivi?ordine=-consegna"' in page.text
        turned = office.get(f"{QUEUE}?ordine=-consegna")
        assert references(turned) == [small.reference, large.reference]
        assert page.text.count("aria-sort") == turned.text.count('aria-sort="descending"') == 1

    @pytest.mark.parametrize("order", QueueOrder, ids=str)
    @pytest.mark.parametrize("after", ["x~1", "~", "NaN~1", "1e9999~1", "1~x", "9999999999999~1"])
    def test_a_place_that_is_none_is_not_found(self, office, order, after):
        make_request()

        status = office.get(f"{QUEUE}?ordine={order}&dopo={after}").status_code

        assert status in ({200, 404} if order in {"cliente", "chi"} else {404})


class TestSavedFilters:
    def save(self, office: FlaskClient, name: str, **asked: str):
        return office.post(f"{QUEUE}/viste", data={"nome": name, **asked})

    def test_a_name_makes_of_the_address_a_tab_and_it_can_go_again(self, office, sales):
        led = self.save(office, "  I miei,  subito ", vista="waiting", miei="sì", x="y")

        assert led.location == f"{QUEUE}?vista=waiting&miei=s%C3%AC"
        page = office.get(led.location).text
        assert re.search(r'aria-current="page">I miei, subito', page)
        assert "Elimina la vista «I miei, subito»" in page
        kept = queries.list_filters(sales.id)
        assert [(one.name, one.asked) for one in kept] == [
            ("I miei, subito", "vista=waiting&miei=s%C3%AC")
        ]
        office.post(f"{QUEUE}/viste/{kept[0].id}/elimina")
        assert queries.list_filters(sales.id) == []

    def test_the_same_name_is_written_over(self, office, sales):
        self.save(office, "Mia", miei="sì"), self.save(office, "Mia", stato="sent")

        assert [one.asked for one in queries.list_filters(sales.id)] == ["stato=sent"]

    def test_there_is_an_end_to_them_and_a_name_is_needed(self, office, sales):
        self.save(office, "  ", miei="sì")
        for number in range(service.MAX_FILTERS + 1):
            self.save(office, f"Vista {number}", miei="sì")

        assert len(queries.list_filters(sales.id)) == service.MAX_FILTERS
        assert "Hai già 12 viste" in office.get(QUEUE).text

    def test_another_person_neither_sees_nor_drops_them(self, office, sales):
        colleague = make_user(Role.SALES)
        theirs = SavedFilter(user_id=colleague.id, name="Di Ada", asked="miei=s%C3%AC")
        db.session.add(theirs)
        db.session.commit()

        office.post(f"{QUEUE}/viste/{theirs.id}/elimina")

        assert "Di Ada" not in office.get(QUEUE).text
        assert len(queries.list_filters(colleague.id)) == 1


class TestNews:
    def test_tells_what_came_into_the_part_and_nothing_else(self, office):
        make_request()
        address = re.search(r'data-news="([^"]+)"', office.get(QUEUE).text)[1]
        address = address.replace("&amp;", "&")
        assert office.get(address).text.strip() == ""

        make_request(), make_request(), make_offer()

        told = office.get(address).text
        assert "2 nuovi preventivi, mostra" in told
        assert f'href="{QUEUE}"' in told
        assert "3 nuovi" in office.get(f"{address}&vista=all").text

    def test_without_a_beginning_there_is_no_news(self, office):
        make_request()

        assert office.get(f"{QUEUE}/novita?da=x").text.strip() == ""


class TestNavigation:
    def test_counts_the_open_quotes(self, office, sales):
        make_request(), make_offer(sales=sales)

        assert "<span>Preventivi</span><em>2</em>" in office.get("/ufficio/ordini").text

    def test_a_queue_of_nothing_has_no_count(self, office):
        assert "<em>" not in office.get("/ufficio/ordini").text


class TestMany:
    def change(self, office: FlaskClient, what: str, *quotes: Quote, **more: str):
        ticked = [quote.reference for quote in quotes]
        return office.post(f"{QUEUE}/scelti", data={"fai": what, "scelti": ticked, **more})

    def told(self, office: FlaskClient, response) -> str:
        page = office.get(response.location).text
        return re.sub(r"<[^>]+>|\s+", " ", page)

    def test_assigning_says_how_many_and_why_not_the_rest(self, office, sales):
        ada = make_user(Role.SALES, name="Ada Bassi")
        first, second, theirs, over = [make_request() for _ in range(4)]
        give(theirs, ada.id)
        service.withdraw(over, actor_id=sales.id, reason="Doppio", now=NOW)
        db.session.commit()

        led = self.change(
            office, "assegna", second, first, theirs, over, a=str(ada.id), ordine="-totale"
        )

        assert led.location == f"{QUEUE}?ordine=-totale"
        told = self.told(office, led)
        assert "2 preventivi assegnati a Ada Bassi." in told
        assert f"Saltati, li segue già: {theirs.reference}." in told
        assert f"Saltati, sono chiusi: {over.reference}." in told
        db.session.expire_all()
        owners = [quote.owner_id for quote in (first, second, theirs, over)]
        assert owners == [ada.id, ada.id, ada.id, over.owner_id]

    @pytest.mark.parametrize("to", ["", "x", "buyer"])
    def test_only_sales_can_be_given_a_quote(self, office, to):
        quote = make_request()
        to = str(quote.requested_by_id) if to == "buyer" else to

        told = self.told(office, self.change(office, "assegna", quote, a=to))

        assert "Scegli a chi assegnarli." in told
        db.session.expire_all()
        assert quote.owner_id is None

    def test_a_reminder_goes_once_a_day_about_an_open_offer(self, office):
        offered, asked = make_offer(), make_request()
        before = len(run_owed())

        told = self.told(office, self.change(office, "promemoria", offered, asked))
        again = self.told(office, self.change(office, "promemoria", offered))

        assert "Un promemoria in partenza." in told
        assert f"il cliente non ha un’offerta aperta: {asked.reference}." in told
        assert f"il promemoria è già partito oggi: {offered.reference}." in again
        assert len(run_owed()) == before + 1
        assert f"/preventivi/{offered.reference}" in last_text(offered_to(offered))

    @pytest.mark.parametrize("what", ["assegna", "promemoria", "pdf"])
    def test_nothing_ticked_changes_nothing(self, office, what):
        assert "Scegli prima" in self.told(office, self.change(office, what))

    def test_an_unknown_button_is_refused(self, office):
        assert self.change(office, "tutto", make_request()).status_code == 400


class TestPack:
    def ask(self, office: FlaskClient, *quotes: Quote) -> str:
        ticked = [quote.reference for quote in quotes]
        return office.post(f"{QUEUE}/scelti", data={"fai": "pdf", "scelti": ticked}).location

    def test_a_worker_makes_it_of_the_newest_offers(self, office, sales):
        offered, revised, asked = make_offer(), make_offer(), make_request()
        send(revised, sales)
        page = self.ask(office, offered, revised, asked)
        waiting = office.get(page).text
        assert 'http-equiv="refresh"' in waiting
        assert "Ci sono 3 preventivi" in waiting

        run_owed()

        made = office.get(page).text
        assert 'http-equiv="refresh"' not in made
        assert "Il file è pronto: 2 offerte." in made
        assert "9 novembre 2026" in made
        assert asked.reference in made
        answer = office.get(f"{page}/offerte.zip")
        assert answer.mimetype == "application/zip"
        with zipfile.ZipFile(BytesIO(answer.data)) as folder:
            assert folder.namelist() == [
                f"Offerta-{offered.reference}-rev1.pdf",
                f"Offerta-{revised.reference}-rev2.pdf",
            ]
            assert folder.read(folder.namelist()[1]) == b"%PDF-1.7 offer2"

    def test_nothing_to_put_in_makes_no_file(self, office):
        page = self.ask(office, make_request())
        run_owed()

        assert "Nessuno di questi preventivi" in office.get(page).text
        assert office.get(f"{page}/offerte.zip").status_code == 404

    def test_is_for_sales_and_for_nobody_else(self, office, client):
        page = self.ask(office, make_offer())
        run_owed()

        sign_in(client, make_user(Role.ACCOUNTING))

        assert client.get(page).status_code == 403
        assert client.get(f"{page}/offerte.zip").status_code == 403

    def test_stays_some_days_and_goes_with_its_file(self, office):
        page = self.ask(office, make_offer())
        run_owed()
        (sha256,) = db.session.scalars(sa.select(OfferPack.sha256))

        service.drop_packs(now=NOW + service.KEPT)
        db.session.commit()
        assert office.get(f"{page}/offerte.zip").status_code == 200
        service.drop_packs(now=NOW + service.KEPT + timedelta(seconds=1))
        db.session.commit()

        assert office.get(page).status_code == 404
        with pytest.raises(FileNotFoundError):
            storage.load(sha256)

    def test_says_when_it_was_given_up(self, office):
        page = self.ask(office, make_offer())
        job = db.session.scalars(
            sa.select(OutboxMessage).where(OutboxMessage.task == queries.PACK_TASK)
        ).one()
        job.gave_up_at = NOW
        db.session.commit()

        assert "Il file non è riuscito." in office.get(page).text


def test_only_the_most_recent_are_ordered_by_what_no_index_has(app, sales, monkeypatch):
    _old, new = make_request(), make_request()
    new.answer_due_at = NOW + timedelta(days=9)
    db.session.commit()
    monkeypatch.setattr("gifting.quotes.queries.queue.SEARCHED", 1)
    wanted = QueueFilter(QueueView.ALL, wanted_by=date(2031, 1, 1), order=QueueOrder.GROSS)

    rows = get_queue(wanted, person_id=sales.id, now=NOW).rows

    assert [row.reference for row in rows] == [new.reference]
