"""What sales changes in a draft, and how the change is told."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from gifting.catalogue.queries import get_extras, get_products
from gifting.core.roles import Role
from gifting.platform.db import db
from gifting.quotes import queries, service
from gifting.quotes.documents import ChangeKind, compare, get_editor, get_queue, priced_document
from gifting.quotes.models import Quote, QuoteRevision
from gifting.quotes.queries import QueueFilter, QueueView
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.catalogue import make_extra, make_product
from tests.support.quotes import (
    TODAY,
    edit,
    make_composition,
    make_offer,
    make_request,
    prepare,
    submit,
)


@pytest.fixture
def quote(app: Flask) -> Quote:
    """A quote in preparation: 10 hampers of two products of 10 € and 20 € net."""
    user = make_user()
    products = [make_product(list_net="10.00"), make_product(list_net="20.00", on_hand=5)]
    quote = submit(user, [make_composition(user, products)])
    db.session.commit()
    prepare(quote, make_user(Role.SALES))
    return quote


def _draft(quote: Quote) -> QuoteRevision:
    draft = queries.find_draft(quote.id)
    assert draft is not None
    return draft


def _agrees(draft: QuoteRevision) -> bool:
    document = priced_document(draft)
    stored = (draft.net_total, draft.vat_total, draft.gross_total)
    return stored == (document.net, document.vat, document.gross)


class TestDraft:
    def test_a_discount_lowers_the_unit_price_and_the_totals(self, quote: Quote) -> None:
        before = _draft(quote).net_total
        component = _draft(quote).hampers[0].components[0]

        draft = edit(quote, components={component.id: {"discount": Decimal(10)}})

        assert before - draft.net_total == Decimal("10.00")
        assert _agrees(draft)

    def test_an_own_price_decides_and_goes_again(self, quote: Quote) -> None:
        before, hamper = _draft(quote).net_total, _draft(quote).hampers[0]

        net = edit(quote, hampers={hamper.id: {"own_unit_net": Decimal("30.00")}}).net_total
        again = edit(quote, hampers={hamper.id: {"own_unit_net": None}})

        assert net == Decimal("300.00")
        assert again.net_total == before

    def test_more_copies_keep_their_discount(self, quote: Quote) -> None:
        hamper = _draft(quote).hampers[0]

        draft = edit(quote, hampers={hamper.id: {"quantity": 200}})

        assert {component.discount for component in hamper.components} == {Decimal(0)}
        assert draft.net_total == hamper.quantity * Decimal("32.80")
        assert _agrees(draft)

    def test_charges_are_replaced_as_a_whole(self, quote: Quote) -> None:
        entries = [service.ChargeEntry("Consegna", Decimal(n)) for n in (5, 7)]

        service.set_charges(quote, charges=entries)
        draft = service.set_charges(quote, charges=entries[1:])

        assert [charge.net for charge in draft.charges] == [Decimal(7)]
        assert _agrees(draft)

    def test_products_and_extras_come_at_todays_price_and_go(self, quote: Quote) -> None:
        product, extra = make_product(list_net="5.00"), make_extra()
        hamper_id = _draft(quote).hampers[0].id
        before = _draft(quote).net_total
        facts = get_products([product.id], on=TODAY)[product.id]

        service.add_component(quote, hamper_id=hamper_id, facts=facts, quantity=2)
        with_extra = service.add_component(
            quote, hamper_id=hamper_id, facts=get_extras([extra.id])[extra.id]
        )
        assert with_extra.net_total - before == Decimal("100.00") + Decimal("13.00") + 45
        for component in with_extra.hampers[0].components[-2:]:
            service.remove_component(quote, component_id=component.id)

        assert _draft(quote).net_total == before

    def test_the_last_product_stays(self, quote: Quote) -> None:
        first, second, *_box = _draft(quote).hampers[0].components
        service.remove_component(quote, component_id=first.id)

        with pytest.raises(service.HamperWouldBeEmpty):
            service.remove_component(quote, component_id=second.id)

    @pytest.mark.parametrize("discount", ["-1", "100.01", "3.333"])
    def test_an_impossible_discount_is_refused(self, quote: Quote, discount: str) -> None:
        component = _draft(quote).hampers[0].components[0]

        with pytest.raises(service.PriceOutOfRange):
            edit(quote, components={component.id: {"discount": Decimal(discount)}})

    def test_every_change_makes_a_colleagues_page_old(self, quote: Quote) -> None:
        version = quote.version

        service.set_charges(quote, charges=[])

        assert quote.version == version + 1

    def test_only_a_draft_in_preparation_changes(self, app: Flask) -> None:
        for quote in (make_request(), make_offer()):
            with pytest.raises(service.NotEditable):
                service.set_charges(quote, charges=[])


class TestCompare:
    def test_nothing_changed_is_nothing_to_tell(self, app: Flask) -> None:
        quote = make_offer()
        sent = queries.find_offer(quote.id)
        prepare(quote, make_user(Role.SALES))
        draft = _draft(quote)
        draft.valid_until = sent.valid_until

        assert compare(sent, draft) == ()

    def test_tells_what_came_went_and_costs(self, app: Flask) -> None:
        quote = make_offer()
        sent = queries.find_offer(quote.id)
        prepare(quote, make_user(Role.SALES))
        hamper = _draft(quote).hampers[0]
        beer = make_product(list_net="3.60", name_it="Birra chiara")
        facts = get_products([beer.id], on=TODAY)[beer.id]
        service.add_component(quote, hamper_id=hamper.id, facts=facts)
        service.remove_component(quote, component_id=hamper.components[0].id)
        edit(
            quote,
            hampers={hamper.id: {"quantity": 12}},
            valid_until=sent.valid_until,
            payment_terms_days=60,
            delivery_on=date(2026, 12, 1),
        )

        changes = {change.kind: change for change in compare(sent, _draft(quote))}

        assert (changes[ChangeKind.ADDED].name, changes[ChangeKind.ADDED].amount) == (
            "Birra chiara",
            Decimal("3.60"),
        )
        assert changes[ChangeKind.REMOVED].amount == Decimal("-10.00")
        assert (changes[ChangeKind.COPIES].before, changes[ChangeKind.COPIES].after) == (10, 12)
        assert changes[ChangeKind.PAYMENT_TERMS].after == 60
        assert changes[ChangeKind.DELIVERY].after == date(2026, 12, 1)
        total = changes[ChangeKind.TOTAL]
        assert total.amount == _draft(quote).gross_total - sent.gross_total

    def test_a_discount_on_everything_is_told_once(self, app: Flask) -> None:
        quote = make_offer()
        sent = queries.find_offer(quote.id)
        prepare(quote, make_user(Role.SALES))
        hamper = _draft(quote).hampers[0]
        edit(quote, components={c.id: {"discount": Decimal(6)} for c in hamper.components})

        told = [c for c in compare(sent, _draft(quote)) if c.kind is ChangeKind.DISCOUNT]

        assert [(c.name, c.before, c.after) for c in told] == [("", 0, 6)]


class TestOffice:
    def test_the_editor_knows_cost_margin_and_what_is_short(self, quote: Quote) -> None:
        editor = get_editor(quote.reference, role=Role.SALES, locale="it", now=NOW)

        first, second = editor.hampers[0].lines[:2]
        assert editor.is_editable
        assert editor.cost == Decimal(140)
        assert editor.margin_percent == Decimal("53.33")
        assert (second.needed, second.available, second.short) == (10, 5, 5)
        assert first.short == 0
        assert [line.view.sku for line in editor.shortages] == [second.view.sku]

    def test_an_unknown_cost_has_no_margin(self, quote: Quote) -> None:
        _draft(quote).hampers[0].components[0].cost_net = None
        db.session.commit()

        editor = get_editor(quote.reference, role=Role.SALES, locale="it", now=NOW)

        assert (editor.cost, editor.margin_percent) == (None, None)

    def test_the_queue_puts_the_nearest_deadline_first_and_pages(self, app: Flask) -> None:
        person = make_user(Role.SALES)
        late = make_request()
        unconfirmed = make_request(make_user(email_confirmed_at=None))
        soon = make_request(now=NOW)
        soon.answer_due_at = NOW
        db.session.commit()

        first = get_queue(QueueFilter(), person_id=person.id, now=NOW, limit=2)
        second = get_queue(
            QueueFilter(), person_id=person.id, now=NOW, limit=2, after=first.next_after
        )

        assert [row.reference for row in first.rows] == [soon.reference, late.reference]
        assert [row.reference for row in second.rows] == [unconfirmed.reference]
        assert not second.rows[0].is_email_confirmed
        assert second.next_after is None

    def test_the_views_are_counted_together(self, app: Flask) -> None:
        person = make_user(Role.SALES)
        mine = make_request()
        service.assign(mine, owner_id=person.id, actor_id=person.id, now=NOW)
        make_request()
        make_offer(sales=person)

        counted = queries.count_queue(person_id=person.id)

        assert counted[QueueView.TO_ANSWER] == 2
        assert counted[QueueView.UNASSIGNED] == 1
        assert counted[QueueView.MINE] == 2
        assert counted[QueueView.WAITING] == 1
