import re
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, session
from flask.testing import FlaskClient

from gifting.accounts.queries import find_person
from gifting.catalogue.models import ReadyHamper, ReadyHamperLine
from gifting.core.roles import Role
from gifting.hampers.models import Hamper
from gifting.hampers.views.visitor import adopt_on_sign_in
from gifting.platform import clock
from gifting.platform.db import db
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.catalogue import make_box, make_breaks, make_extra, make_product
from tests.support.hampers import VISITOR_KEY, as_visitor, make_hamper
from tests.support.queries import count_queries


@pytest.fixture
def visitor(client: FlaskClient) -> FlaskClient:
    """The browser that owns the test visitor's hampers."""
    return as_visitor(client)


def post(client: FlaskClient, hamper: Hamper, **fields: Any) -> Any:
    """Press a button of the builder and follow it back to the page."""
    return client.post(f"/cesti/{hamper.key}", data=fields, follow_redirects=True)


def pieces(hamper: Hamper) -> dict[int, int]:
    db.session.expire_all()
    found = db.session.scalars(
        sa.select(Hamper).where(Hamper.id == hamper.id).options(sa.orm.selectinload(Hamper.lines))
    ).one()
    return {line.product_id: line.quantity for line in found.lines}


def text_of(page: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))
    return re.sub(r"[\s\u00a0]+", " ", plain)


class TestThePage:
    def test_it_shows_price_vat_total_date_and_the_whole_boxs_tags(
        self, visitor: FlaskClient
    ) -> None:
        make_breaks()
        hamper = make_hamper(make_product(list_net="10.00", name_it="Taralli"), quantity=200)
        page = visitor.get(f"/cesti/{hamper.key}")
        said = text_of(page)
        assert page.status_code == 200
        assert "13,23 €" in said  # 9.40 + 2.63, all at the goods' 10 %
        assert "200 cesti, netto" in said
        assert "Da 500 cesti il prezzo scende" in said
        assert "20 ore di lavoro retribuito, stima" in said
        assert "Consegna da venerdì 6 novembre" in said
        assert "Sotto i 50 € IVA inclusa" in said
        assert "Vegetariano" in said
        assert "glutine" in said
        assert "Salvato alle 10:00" in said

    def test_a_label_nobody_declared_is_named(self, visitor: FlaskClient) -> None:
        hamper = make_hamper(make_product(allergens=None, dietary=None, name_it="Focaccia"))
        said = text_of(visitor.get(f"/cesti/{hamper.key}"))
        assert "Non dichiarato: Focaccia" in said
        assert "Vegetariano" not in said.split("La scatola intera")[1].split("Richiedi")[0]

    def test_the_price_tag_hangs_only_while_it_is_true(self, visitor: FlaskClient) -> None:
        hamper = make_hamper(make_product(list_net="43.00"))
        page = visitor.get(f"/cesti/{hamper.key}").get_data(as_text=True)
        assert 'class="cart"' not in page
        assert "oltre con l’IVA: conta se la detrai" in page

    def test_the_quote_can_be_asked_for_only_when_nothing_is_wrong(
        self, visitor: FlaskClient
    ) -> None:
        make_hamper(make_product(), key="sound")
        few = make_hamper(make_product(), extras=(make_extra(min_quantity=50),), key="few")
        assert "richiesta?cesto=sound" in visitor.get("/cesti/sound").get_data(as_text=True)
        page = visitor.get(f"/cesti/{few.key}").get_data(as_text=True)
        assert "richiesta?cesto=few" not in page
        assert "Biglietto con logo si fa da 50 cesti." in page
        assert "Porta i cesti a 50" in page

    def test_it_asks_little_of_the_database(self, visitor: FlaskClient) -> None:
        make_breaks()
        for _ in range(30):
            make_product()
        extras = (make_extra(), make_extra())
        hamper = make_hamper(*(make_product() for _ in range(7)), extras=extras)
        visitor.get(f"/cesti/{hamper.key}")
        with count_queries() as statements:
            assert visitor.get(f"/cesti/{hamper.key}").status_code == 200
        assert len(statements) <= 8, statements

    def test_another_browser_finds_nothing(self, client: FlaskClient) -> None:
        hamper = make_hamper()
        as_visitor(client, "another")
        assert client.get(f"/cesti/{hamper.key}").status_code == 404
        answer = client.post(f"/cesti/{hamper.key}", data={"set_quantity": "9"})
        assert answer.status_code == 404

    def test_another_company_finds_nothing(self, client: FlaskClient) -> None:
        hamper = make_hamper(owner=make_user(), is_shared=True)
        sign_in(client, make_user())
        assert client.get(f"/cesti/{hamper.key}").status_code == 404

    def test_a_colleague_finds_what_is_shared(self, client: FlaskClient) -> None:
        chiara = make_user()
        hamper = make_hamper(owner=chiara)
        sign_in(client, make_user(Role.APPROVER, company_id=chiara.company_id))
        assert client.get(f"/cesti/{hamper.key}").status_code == 404
        hamper.is_shared = True
        db.session.commit()
        page = client.get(f"/cesti/{hamper.key}")
        assert "Condiviso da un collega" in page.get_data(as_text=True)
        assert post(client, hamper, unshare="1").status_code == 403


class TestTheShelf:
    def test_it_shows_24_and_then_more(self, visitor: FlaskClient) -> None:
        for _ in range(30):
            make_product()
        hamper = make_hamper()
        page = visitor.get(f"/cesti/{hamper.key}").get_data(as_text=True)
        assert page.count('name="add"') == 24
        assert "Mostra altri 6 prodotti" in page
        page = visitor.get(f"/cesti/{hamper.key}?mostra=48").get_data(as_text=True)
        assert page.count('name="add"') == 30

    def test_a_category_and_a_word_narrow_it(self, visitor: FlaskClient) -> None:
        make_product(name_it="Amarone", category="vino")
        make_product(name_it="Birra chiara", category="birra")
        make_product(name_it="Saponetta", category="cosmetica")
        hamper = make_hamper()
        said = text_of(visitor.get(f"/cesti/{hamper.key}?scaffale=bevande"))
        assert "Amarone" in said
        assert "Birra chiara" in said
        assert "Saponetta" not in said

    def test_nonsense_in_the_address_is_the_usual_shelf(self, visitor: FlaskClient) -> None:
        make_product(name_it="Amarone", category="vino")
        hamper = make_hamper()
        page = visitor.get(f"/cesti/{hamper.key}?scaffale=xyz&mostra=-3&prima=boh")
        assert "Amarone" in page.get_data(as_text=True)

    def test_what_does_not_fit_cannot_be_added_and_says_why(self, visitor: FlaskClient) -> None:
        make_product(name_it="Portaombrelli", length_mm=900)
        hamper = make_hamper()
        page = visitor.get(f"/cesti/{hamper.key}").get_data(as_text=True)
        assert "Non entra nella scatola" in page
        assert 'aria-disabled="true" aria-label="Aggiungi: Portaombrelli"' in page

    def test_a_row_says_to_its_button_what_is_inside_and_what_is_short(
        self, visitor: FlaskClient
    ) -> None:
        inside, short = make_product(on_hand=500), make_product(on_hand=10)
        hamper = make_hamper(inside, quantity=60)
        page = visitor.get(f"/cesti/{hamper.key}").get_data(as_text=True)

        def reasons(sku: str) -> str:
            return re.search(rf'id="add-{sku}"[^>]* aria-describedby="([^"]+)"', page)[1]

        assert reasons(inside.sku) == f"in-{inside.sku}"
        assert reasons(short.sku) == f"short-{short.sku}"
        assert 'id="in-' in page
        assert "Pronti 10 su 60" in page


class TestChangesWithoutScript:
    def test_adding_saves_and_comes_back_to_the_same_shelf(self, visitor: FlaskClient) -> None:
        product = make_product()
        hamper = make_hamper()
        answer = visitor.post(
            f"/cesti/{hamper.key}", data={"add": product.sku, "scaffale": "dolci", "q": "bisc"}
        )
        assert answer.status_code == 303
        assert answer.location == f"/cesti/{hamper.key}?q=bisc&scaffale=dolci#shelf"
        assert pieces(hamper) == {product.id: 1}

    def test_steppers_set_the_pieces_of_one_product(self, visitor: FlaskClient) -> None:
        product = make_product()
        hamper = make_hamper(product)
        post(visitor, hamper, set=f"{product.sku}:3", **{f"pieces-{product.sku}": "1"})
        assert pieces(hamper) == {product.id: 3}

    def test_typed_numbers_are_saved_together(self, visitor: FlaskClient) -> None:
        one, two = make_product(), make_product()
        hamper = make_hamper(one, two)
        fields = {f"pieces-{one.sku}": "4", f"pieces-{two.sku}": "0"}
        page = post(visitor, hamper, lines="1", **fields)
        assert pieces(hamper) == {one.id: 4}
        assert "tolto dal cesto" in page.get_data(as_text=True)

    def test_a_typed_number_alone_is_saved(self, visitor: FlaskClient) -> None:
        """What a script sends when somebody types and presses nothing."""
        product = make_product()
        hamper = make_hamper(product)
        post(visitor, hamper, lines="1", **{f"pieces-{product.sku}": "2"})
        assert pieces(hamper) == {product.id: 2}

    def test_the_form_of_the_lines_needs_no_button(self, visitor: FlaskClient) -> None:
        """A script sends it when somebody types: what says «lines» is a field, not a button."""
        hamper = make_hamper(make_product())
        page = visitor.get(f"/cesti/{hamper.key}").get_data(as_text=True)
        form = re.search(r'<form[^>]* id="lines-form".*?</form>', page, re.DOTALL)[0]
        assert '<input type="hidden" name="lines" value="1">' in form

    def test_emptying_is_not_taken_for_typed_numbers(self, visitor: FlaskClient) -> None:
        product = make_product()
        hamper = make_hamper(product)
        post(visitor, hamper, empty="1", lines="1", **{f"pieces-{product.sku}": "1"})
        assert pieces(hamper) == {}

    def test_a_number_left_empty_changes_nothing(self, visitor: FlaskClient) -> None:
        product = make_product()
        hamper = make_hamper((product, 3), quantity=7)
        for fields in ({"lines": "1", f"pieces-{product.sku}": ""}, {"quantity": " "}):
            assert post(visitor, hamper, **fields).status_code == 200
        db.session.refresh(hamper)
        assert pieces(hamper) == {product.id: 3}
        assert hamper.quantity == 7

    def test_one_piece_too_many_is_refused_with_a_word(self, visitor: FlaskClient) -> None:
        product = make_product()
        hamper = make_hamper((product, 99))
        page = post(visitor, hamper, add=product.sku)
        assert pieces(hamper) == {product.id: 99}
        assert "99 pezzi di ciascuno" in text_of(page)

    def test_a_removal_can_be_undone(self, visitor: FlaskClient) -> None:
        product = make_product()
        hamper = make_hamper((product, 2))
        page = post(visitor, hamper, set=f"{product.sku}:0").get_data(as_text=True)
        assert pieces(hamper) == {}
        assert f'name="put" value="{product.sku}:2"' in page
        post(visitor, hamper, undo="1", put=f"{product.sku}:2")
        assert pieces(hamper) == {product.id: 2}

    def test_an_addition_can_be_undone(self, visitor: FlaskClient) -> None:
        product = make_product(name_it="Torrone")
        hamper = make_hamper((product, 2))
        page = post(visitor, hamper, add=product.sku).get_data(as_text=True)
        assert "Torrone: aggiunto al cesto." in page
        assert f'name="put" value="{product.sku}:2"' in page
        post(visitor, hamper, undo="1", put=f"{product.sku}:2")
        assert pieces(hamper) == {product.id: 2}

    def test_other_pieces_are_undone_without_a_word(self, visitor: FlaskClient) -> None:
        product = make_product()
        hamper = make_hamper((product, 2))
        page = post(visitor, hamper, set=f"{product.sku}:3").get_data(as_text=True)
        assert f'name="put" value="{product.sku}:2"' in page
        assert re.search(r'<div class="toasts" hidden>', page)
        page = post(visitor, hamper, lines="1", **{f"pieces-{product.sku}": "3"})
        assert 'name="put"' not in page.get_data(as_text=True), "nothing has changed"

    def test_the_message_is_said_once(self, visitor: FlaskClient) -> None:
        product = make_product()
        hamper = make_hamper(product)
        post(visitor, hamper, set=f"{product.sku}:0")
        assert "tolto dal cesto" not in text_of(visitor.get(f"/cesti/{hamper.key}"))

    def test_a_smaller_box_keeps_the_contents_and_says_what_does_not_fit(
        self, visitor: FlaskClient
    ) -> None:
        product = make_product(name_it="Taralli")
        small = make_box(sku="TINY", length_mm=70, width_mm=70, height_mm=40)
        hamper = make_hamper(product)
        page = post(visitor, hamper, box=small.sku)
        said = text_of(page)
        assert pieces(hamper) == {product.id: 1}
        assert "Taralli è più grande della scatola." in said
        assert "Passa a Scatola media" in said
        assert "Lascia fuori: Taralli" in said

    @pytest.mark.parametrize("typed", ["350", " 350 ", "set_quantity"])
    def test_the_number_of_hampers_is_typed_or_pressed(
        self, visitor: FlaskClient, typed: str
    ) -> None:
        hamper = make_hamper(make_product())
        pressed = typed == "set_quantity"
        fields = {"quantity": "7", "set_quantity": "350"} if pressed else {"quantity": typed}
        page = post(visitor, hamper, **fields)
        db.session.refresh(hamper)
        assert hamper.quantity == 350
        assert "350 cesti, netto" in text_of(page)

    @pytest.mark.parametrize("field", ["quantity", "set", "box", "add", "swap"])
    def test_what_no_button_sends_is_refused(self, visitor: FlaskClient, field: str) -> None:
        hamper = make_hamper(make_product())
        answer = visitor.post(f"/cesti/{hamper.key}", data={field: "nonsense"})
        assert answer.status_code == 400

    def test_extras_are_ticked_and_unticked(self, visitor: FlaskClient) -> None:
        card = make_extra(name_it="Biglietto d’auguri")
        hamper = make_hamper(make_product(), quantity=10)
        said = text_of(post(visitor, hamper, extras="1", extra=card.sku))
        assert "Impianti, una volta sola 45,00 €" in said
        said = text_of(post(visitor, hamper, extras="1"))
        assert "Impianti" not in said

    def test_renaming_and_duplicating(self, visitor: FlaskClient) -> None:
        hamper = make_hamper(make_product())
        page = post(visitor, hamper, rename="1", name="  Natale   2026 ")
        assert "<h1>Natale 2026</h1>" in page.get_data(as_text=True)
        page = post(visitor, hamper, duplicate="1")
        assert "<h1>Natale 2026, copia</h1>" in page.get_data(as_text=True)
        assert page.request.path != f"/cesti/{hamper.key}"

    def test_the_older_window_is_told_and_its_change_is_kept(self, visitor: FlaskClient) -> None:
        hamper = make_hamper(make_product())
        drawn = hamper.version
        page = post(visitor, hamper, version=str(drawn), quantity="5")
        assert "Nel frattempo" not in page.get_data(as_text=True)
        page = post(visitor, hamper, version=str(drawn), quantity="9")
        assert "Nel frattempo" in page.get_data(as_text=True)
        db.session.refresh(hamper)
        assert hamper.quantity == 9

    def test_a_swap_takes_the_others_place_and_can_be_undone(self, visitor: FlaskClient) -> None:
        old, new = make_product(), make_product()
        hamper = make_hamper(old)
        page = post(visitor, hamper, swap=f"{old.sku}:{new.sku}")
        assert pieces(hamper) == {new.id: 1}
        assert f'name="put" value="{old.sku}:1"' in page.get_data(as_text=True)


class TestChangesWithScript:
    def test_the_answer_holds_every_part_that_is_swapped(self, visitor: FlaskClient) -> None:
        product = make_product()
        hamper = make_hamper()
        page = visitor.post(
            f"/cesti/{hamper.key}",
            data={"add": product.sku},
            headers={"X-Requested-With": "fetch"},
            follow_redirects=True,
        ).get_data(as_text=True)
        areas = re.search(r'data-swap="(bhead[^"]+)"', page)
        assert areas is not None
        for part in areas[1].split():
            assert page.count(f'id="{part}"') == 1
        assert 'data-announce="Un cesto ' in page

    def test_no_id_stands_twice(self, visitor: FlaskClient) -> None:
        hamper = make_hamper(make_product(), extras=(make_extra(),))
        page = visitor.get(f"/cesti/{hamper.key}").get_data(as_text=True)
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))

    def test_no_style_or_script_stands_in_the_page(self, visitor: FlaskClient) -> None:
        page = visitor.get(f"/cesti/{make_hamper(make_product()).key}").get_data(as_text=True)
        assert not re.search(r"\sstyle=|<script>|\son\w+=", page)


class TestTheList:
    def test_an_empty_list_offers_to_begin(self, client: FlaskClient) -> None:
        said = text_of(client.get("/cesti"))
        assert "Il primo cesto è da comporre" in said

    def test_it_shows_ones_own_and_what_colleagues_share(self, client: FlaskClient) -> None:
        chiara = make_user()
        colleague = make_user(company_id=chiara.company_id)
        make_hamper(make_product(), owner=chiara, name="Mio", key="a")
        make_hamper(make_product(), owner=colleague, name="Suo", is_shared=True, key="b")
        make_hamper(make_product(), owner=colleague, name="Segreto", key="c")
        said = text_of(sign_in(client, chiara).get("/cesti"))
        assert "Mio" in said
        assert "Suo" in said
        assert "Segreto" not in said

    def test_more_hampers_cost_no_more_queries(self, visitor: FlaskClient) -> None:
        counted = []
        make_hamper(make_product(), key="first")
        for _ in range(2):
            visitor.get("/cesti")
            with count_queries() as statements:
                visitor.get("/cesti")
            counted.append(len(statements))
            for n in range(5):
                make_hamper(make_product(), name=f"Altro {n}")
        assert counted[0] == counted[1] <= 8

    def test_unsharing_from_the_list_comes_back_to_the_list(self, client: FlaskClient) -> None:
        chiara = make_user()
        hamper = make_hamper(owner=chiara, is_shared=True)
        answer = sign_in(client, chiara).post(
            f"/cesti/{hamper.key}", data={"unshare": "1", "from_list": "1"}
        )
        assert answer.location == "/cesti"
        db.session.refresh(hamper)
        assert not hamper.is_shared

    def test_deleting_asks_first_and_can_be_undone(self, visitor: FlaskClient) -> None:
        hamper = make_hamper(name="Pasqua")
        assert "Elimini" in text_of(visitor.get(f"/cesti/{hamper.key}/elimina"))
        said = text_of(post(visitor, hamper, delete="1"))
        assert "«Pasqua» è eliminato." in said
        assert visitor.get(f"/cesti/{hamper.key}").status_code == 404
        said = text_of(post(visitor, hamper, restore="1"))
        assert "di nuovo tra i tuoi cesti" in said
        assert visitor.get(f"/cesti/{hamper.key}").status_code == 200

    def test_a_colleague_may_not_delete(self, client: FlaskClient) -> None:
        chiara = make_user()
        hamper = make_hamper(owner=chiara, is_shared=True)
        sign_in(client, make_user(company_id=chiara.company_id))
        assert post(client, hamper, delete="1").status_code == 403


class TestBeginning:
    def test_an_empty_box_is_kept_for_the_browser(self, client: FlaskClient) -> None:
        make_box(sku="BOX-M")
        page = client.post("/cesti", data={"box": "BOX-M"}, follow_redirects=True)
        assert "Nuovo cesto" in page.get_data(as_text=True)
        assert "La scatola è vuota" in page.get_data(as_text=True)
        hamper = db.session.scalars(sa.select(Hamper)).one()
        with client.session_transaction() as session:
            assert hamper.visitor_key == session["visitor"]

    def test_a_person_begins_for_their_company(self, client: FlaskClient) -> None:
        make_box()
        chiara = make_user()
        sign_in(client, chiara).post("/cesti")
        hamper = db.session.scalars(sa.select(Hamper)).one()
        assert (hamper.company_id, hamper.owner_id) == (chiara.company_id, chiara.id)

    def test_the_first_product_opens_a_hamper_and_the_next_joins_it(
        self, client: FlaskClient
    ) -> None:
        make_box()
        one, two = make_product(name_it="Taralli"), make_product(name_it="Caffè <nero>")
        client.post("/cesti/aggiungi", data={"sku": one.sku})
        answer = client.post(
            "/cesti/aggiungi", data={"sku": two.sku, "next": "/cesti"}, follow_redirects=True
        )
        assert "Caffè &lt;nero&gt;: aggiunto a «<a href=" in answer.get_data(as_text=True)
        hamper = db.session.scalars(sa.select(Hamper)).one()
        assert pieces(hamper) == {one.id: 1, two.id: 1}

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil"])
    def test_it_never_leads_to_another_site(self, client: FlaskClient, target: str) -> None:
        make_box()
        answer = client.post("/cesti/aggiungi", data={"sku": make_product().sku, "next": target})
        assert answer.location == "/cesti"

    def test_a_ready_hamper_is_a_start_to_change(self, client: FlaskClient) -> None:
        one, two = make_product(), make_product()
        ready = ReadyHamper(
            sku="HAM-1",
            name_it="Il Pensiero",
            name_en="The Thought",
            box_id=make_box().id,
            lines=[
                ReadyHamperLine(product_id=one.id, quantity=2, position=0),
                ReadyHamperLine(product_id=two.id, quantity=1, position=1),
            ],
        )
        db.session.add(ready)
        db.session.commit()
        page = client.post(
            "/cesti-pronti/HAM-1/inizia", data={"quantity": "60"}, follow_redirects=True
        )
        assert "<h1>Il Pensiero</h1>" in page.get_data(as_text=True)
        hamper = db.session.scalars(sa.select(Hamper)).one()
        assert pieces(hamper) == {one.id: 2, two.id: 1}
        assert hamper.quantity == 60

    def test_an_unknown_ready_hamper_is_not_found(self, client: FlaskClient) -> None:
        assert client.post("/cesti-pronti/NONE/inizia").status_code == 404

    def test_an_unknown_product_is_not_found(self, client: FlaskClient) -> None:
        assert client.post("/cesti/aggiungi", data={"sku": "NONE"}).status_code == 404

    def test_somebody_elses_hamper_is_not_added_to(self, client: FlaskClient) -> None:
        hamper = make_hamper(owner=make_user())
        product = make_product()
        answer = client.post("/cesti/aggiungi", data={"sku": product.sku, "key": hamper.key})
        assert answer.status_code == 404
        assert pieces(hamper) == {}


def test_the_visitors_hampers_follow_them_through_sign_in(
    app: Flask, client: FlaskClient, at_now: datetime
) -> None:
    hamper = make_hamper()
    person = find_person(make_user().id)
    assert person is not None
    with app.test_request_context():
        session["visitor"] = VISITOR_KEY
        adopt_on_sign_in(person, clock.now())
    assert (hamper.company_id, hamper.owner_id) == (person.company_id, person.id)
    assert hamper.updated_at == NOW
