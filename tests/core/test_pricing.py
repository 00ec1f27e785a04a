"""Prices are compared with a second calculation, written here in fractions of a euro."""

import json
from collections import defaultdict
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifting.core.money import CENT
from gifting.core.pricing import (
    Charge,
    Component,
    ComponentKind,
    LineKind,
    PriceBreak,
    PricedDocument,
    PricedHamper,
    break_for,
    document_lines,
    margin_percent,
    next_break,
)
from gifting.core.vat import VatClass
from tests.support.shared import read_json, read_rows

VAT_4, VAT_10, VAT_22 = (VatClass(Decimal(rate)) for rate in (4, 10, 22))
Split = dict[VatClass, Fraction]

BREAKS = [
    PriceBreak(200, Decimal(6)),
    PriceBreak(50, Decimal(3)),
    PriceBreak(500, Decimal(9)),
]


def component(
    kind: str = "product",
    net: str = "10.00",
    *,
    vat: VatClass = VAT_10,
    quantity: int = 1,
    discount: str = "0",
    setup: str = "0.00",
    name: str = "Cosa",
) -> Component:
    return Component(
        kind=ComponentKind(kind),
        sku=name,
        name=name,
        quantity=quantity,
        list_net=Decimal(net),
        discount=Decimal(discount),
        vat=vat,
        setup_fee_net=Decimal(setup),
    )


# --- the second calculation ------------------------------------------------------------------


def half_up(amount: Fraction) -> Fraction:
    return Fraction(floor(amount * 100 + Fraction(1, 2)), 100)


def hamilton(amount: Fraction, weights: Split) -> Split:
    """Largest remainder, lower class first on a tie, cent by cent."""
    total = sum(weights.values())
    exact = {vat: amount * 100 * weight / total for vat, weight in sorted(weights.items())}
    cents = {vat: floor(share) for vat, share in exact.items()}
    while sum(cents.values()) < amount * 100:
        neediest = max(exact, key=lambda vat: exact[vat] - cents[vat])
        cents[neediest] += 1
    return {vat: Fraction(count, 100) for vat, count in cents.items()}


def expected_nets(document: PricedDocument) -> Split:
    nets: Split = defaultdict(Fraction)
    for hamper in document.hampers:
        goods = [c for c in hamper.components if c.kind == "product"] or list(hamper.components)
        by_list, by_price = defaultdict(Fraction), defaultdict(Fraction)
        accessories = Fraction(0)
        for c in hamper.components:
            price = half_up(Fraction(c.list_net) * (100 - Fraction(c.discount)) / 100) * c.quantity
            if c in goods:
                by_list[c.vat] += Fraction(c.list_net) * c.quantity
                by_price[c.vat] += price
            else:
                accessories += price
        if hamper.own_unit_net is None:
            follow = hamilton(accessories, by_price)
            unit = {vat: by_price[vat] + follow[vat] for vat in by_price}
        else:
            unit = hamilton(Fraction(hamper.own_unit_net), by_list)
        fees = hamilton(sum(Fraction(c.setup_fee_net) for c in hamper.components), unit)
        for vat, net in unit.items():
            nets[vat] += net * hamper.quantity + fees[vat]
    goods_nets = dict(nets)
    for charge in document.charges:
        for vat, net in hamilton(Fraction(charge.net), goods_nets).items():
            nets[vat] += net
    return {vat: net for vat, net in nets.items() if net}


# --- random baskets ------------------------------------------------------------------------

prices = st.integers(1, 12_000).map(lambda cents: cents * CENT)
fees = st.sampled_from(["0.00", "0.00", "45.00", "85.37"]).map(Decimal)
components = st.builds(
    Component,
    kind=st.sampled_from(ComponentKind),
    sku=st.sampled_from("ABCDEFG"),
    name=st.sampled_from(["Panettone", "Vino", "Scatola", "Biglietto"]),
    quantity=st.integers(1, 4),
    list_net=prices,
    discount=st.integers(0, 6000).map(lambda hundredths: hundredths * CENT),
    vat=st.sampled_from([VAT_4, VAT_10, VAT_22, VatClass(Decimal(0), "N2.2")]),
    setup_fee_net=fees,
)
hampers = st.builds(
    PricedHamper,
    name=st.sampled_from(["Cesto A", "Cesto B"]),
    quantity=st.integers(1, 1000),
    components=st.lists(components, min_size=1, max_size=7).map(tuple),
    own_unit_net=st.none() | prices,
)
charges = st.builds(Charge, st.just("Consegna"), prices.map(lambda net: net * 13))
documents = st.builds(
    PricedDocument,
    st.lists(hampers, min_size=1, max_size=3).map(tuple),
    st.lists(charges, max_size=2).map(tuple),
)


def read_back(snapshot: dict[str, Any]) -> PricedDocument:
    return PricedDocument(
        tuple(
            PricedHamper(
                hamper["name"],
                hamper["quantity"],
                tuple(
                    component(
                        c["kind"],
                        c["list_net"],
                        vat=VatClass(Decimal(c["vat"]["rate"]), c["vat"]["nature"]),
                        quantity=c["quantity"],
                        discount=c["discount"],
                        setup=c["setup_fee_net"],
                        name=c["name"],
                    )
                    for c in hamper["components"]
                ),
                None if hamper["own_unit_net"] is None else Decimal(hamper["own_unit_net"]),
            )
            for hamper in snapshot["hampers"]
        ),
        tuple(Charge(c["description"], Decimal(c["net"])) for c in snapshot["charges"]),
    )


class TestPricedDocument:
    @given(documents)
    def test_vat_by_class_equals_an_independent_calculation(self, document: PricedDocument) -> None:
        expected = expected_nets(document)

        rows = {row.vat: (Fraction(row.net), Fraction(row.tax)) for row in document.breakdown.rows}

        assert rows == {
            vat: (net, half_up(net * Fraction(vat.rate) / 100)) for vat, net in expected.items()
        }

    @given(documents)
    def test_invoice_lines_add_up_to_the_same_totals_by_class(
        self, document: PricedDocument
    ) -> None:
        nets = defaultdict(Decimal)
        for line in document_lines(document):
            assert line.net == line.unit_net * line.quantity
            nets[line.vat] += line.net

        assert nets == document.breakdown.nets
        assert sum(nets.values()) == document.net

    @given(documents)
    def test_what_is_shown_adds_up_to_what_is_totalled(self, document: PricedDocument) -> None:
        shown = sum(
            hamper.unit_net * hamper.quantity + hamper.setup_fees_net for hamper in document.hampers
        ) + sum(charge.net for charge in document.charges)

        assert shown == document.net
        assert document.net == document.hampers_net + document.charges_net
        assert document.gross == document.net + document.vat
        assert sum(document.charges_split.values()) == document.charges_net

    @given(documents)
    def test_a_quote_read_back_from_its_snapshot_totals_like_the_builder(
        self, document: PricedDocument
    ) -> None:
        snapshot = json.dumps(asdict(document), default=str)

        quote = read_back(json.loads(snapshot))

        assert quote.breakdown == document.breakdown
        assert document_lines(quote) == document_lines(document)

    @given(hampers)
    def test_the_split_of_one_hamper_adds_up_to_its_price(self, hamper: PricedHamper) -> None:
        assert sum(hamper.unit_split.values()) == hamper.unit_net
        assert sum(hamper.setup_split.values()) == hamper.setup_fees_net
        assert sum(hamper.net_split.values()) == hamper.net
        assert hamper.unit_gross == hamper.unit_net + hamper.unit_breakdown.tax

    def test_charges_without_hampers_follow_nothing(self) -> None:
        with pytest.raises(ValueError, match="accessory"):
            PricedDocument((), (Charge("Consegna", Decimal("10.00")),))

    def test_an_empty_document_comes_to_nothing(self) -> None:
        document = PricedDocument(())

        assert document.gross == document.charges_per_hamper == 0
        assert document_lines(document) == ()

    def test_a_reduction_is_spread_like_a_charge(self) -> None:
        hamper = PricedHamper("Cesto", 10, (component(vat=VAT_4), component(vat=VAT_22)))
        document = PricedDocument((hamper,), (Charge("Arrotondamento", Decimal("-0.10")),))

        assert document.charges_split == {VAT_4: Decimal("-0.05"), VAT_22: Decimal("-0.05")}
        assert document.net == Decimal("199.90")


class TestWorkedExample:
    @pytest.fixture
    def example(self) -> Any:
        return read_json("fiscal/hamper_example.json")

    @pytest.fixture
    def document(self, example: Any) -> PricedDocument:
        goods = tuple(
            component(net=net, vat=VatClass(Decimal(rate)), name=name)
            for name, rate, net in example["components_net_list_price"]
        )
        box = component("box", "2.80", vat=VAT_22, name="Scatola")
        hamper = PricedHamper(
            "Cesto A",
            example["quantity"],
            (*goods, box),
            Decimal(example["bundle_net_price_box_included"]),
        )
        return PricedDocument((hamper,), (Charge("Consegna", Decimal(example["shipping_net"])),))

    def test_unit_price_and_shipping_are_split_to_the_cent(
        self, document: PricedDocument, example: Any
    ) -> None:
        assert by_rate(document.hampers[0].unit_split) == example["unit_split_by_rate"]
        assert by_rate(document.charges_split) == example["shipping_split"]

    def test_summary_and_totals_are_reproduced(
        self, document: PricedDocument, example: Any
    ) -> None:
        assert {
            f"{row.vat.rate:.0f}": {"imponibile": str(row.net), "imposta": str(row.tax)}
            for row in document.breakdown.rows
        } == example["summary"]
        assert str(document.net) == example["total_net"]
        assert str(document.vat) == example["total_vat"]
        assert str(document.gross) == example["total_gross"]

    def test_cost_per_recipient_is_reproduced(self, document: PricedDocument, example: Any) -> None:
        cost = example["gift_cost_per_recipient"]
        hamper = document.hampers[0]

        assert str(hamper.unit_net) == cost["net_without_shipping"]
        assert str(hamper.unit_net + document.charges_per_hamper) == cost["net_with_shipping"]
        assert str(hamper.unit_gross) == cost["gross_without_shipping"]


def by_rate(split: dict[VatClass, Decimal]) -> dict[str, str]:
    return {f"{vat.rate:.0f}": str(net) for vat, net in split.items()}


class TestReadyMadeHampers:
    """Net figures only: the catalogue's gross taxes the box at its own rate, against art. 12."""

    def test_net_prices_agree_with_the_catalogue(self) -> None:
        products = {row["sku"]: row for row in read_rows("catalogue/products.csv")}
        boxes = {row["sku"]: row for row in read_rows("catalogue/boxes.csv")}
        contents = defaultdict(list)
        for row in read_rows("catalogue/hamper_items.csv"):
            product = products[row["product_sku"]]
            contents[row["hamper_sku"]].append(
                component(
                    net=product["list_price_net"],
                    vat=VatClass(Decimal(product["vat_rate"])),
                    quantity=int(row["quantity"]),
                    name=product["sku"],
                )
            )
        ready = read_rows("catalogue/hampers.csv")
        assert len(ready) == 14

        for row in ready:
            box = boxes[row["box_sku"]]
            hamper = PricedHamper(
                row["sku"],
                1,
                (
                    *contents[row["sku"]],
                    component("box", box["price_net"], vat=VatClass(Decimal(box["vat_rate"]))),
                ),
            )
            assert str(hamper.goods_net) == row["items_net"]
            assert str(hamper.accessories_net) == row["box_net"]
            assert str(hamper.unit_net) == row["price_net"]


class TestPricedHamper:
    def test_box_and_extras_follow_the_goods(self) -> None:
        hamper = PricedHamper(
            "Cesto",
            100,
            (
                component(net="30.00", vat=VAT_10),
                component(net="10.00", vat=VAT_4),
                component("box", "3.00", vat=VAT_22),
                component("extra", "1.00", vat=VAT_22, setup="60.00"),
            ),
        )

        assert hamper.unit_split == {VAT_4: Decimal("11.00"), VAT_10: Decimal("33.00")}
        assert hamper.setup_split == {VAT_4: Decimal("15.00"), VAT_10: Decimal("45.00")}
        assert hamper.net == Decimal("4460.00")

    def test_a_hamper_without_goods_uses_the_classes_of_its_parts(self) -> None:
        hamper = PricedHamper("Scatola sola", 10, (component("box", "2.80", vat=VAT_22),))

        assert hamper.unit_split == {VAT_22: Decimal("2.80")}
        assert document_lines(PricedDocument((hamper,)))[0].is_accessory is False

    def test_a_discount_lowers_prices_and_not_setup_fees(self) -> None:
        hamper = PricedHamper(
            "Cesto",
            200,
            (
                component(net="16.90", discount="6"),
                component("box", "3.40", discount="6"),
                component("extra", "0.60", discount="6", setup="45.00"),
            ),
        )

        assert hamper.unit_net == Decimal("15.89") + Decimal("3.20") + Decimal("0.56")
        assert hamper.list_unit_net == Decimal("20.90")
        assert hamper.setup_fees_net == Decimal("45.00")

    def test_accessories_of_free_goods_follow_their_list_prices(self) -> None:
        hamper = PricedHamper(
            "Omaggio",
            1,
            (
                component(net="30.00", vat=VAT_10, discount="100"),
                component(net="10.00", vat=VAT_4, discount="100"),
                component("box", "4.00", vat=VAT_22),
            ),
        )

        assert hamper.unit_split == {VAT_4: Decimal("1.00"), VAT_10: Decimal("3.00")}

    def test_goods_without_any_price_share_evenly(self) -> None:
        free = (component(net="0.00", vat=VAT_10), component(net="0.00", vat=VAT_4))
        hamper = PricedHamper("Campioni", 1, (*free, component("box", "4.00", vat=VAT_22)))

        assert hamper.unit_split == {VAT_4: Decimal("2.00"), VAT_10: Decimal("2.00")}

    @pytest.mark.parametrize("price", ["-0.01", "1.005"])
    def test_refuses_a_price_that_is_none(self, price: str) -> None:
        with pytest.raises(ValueError, match="price"):
            component(net=price)
        with pytest.raises(ValueError, match="price"):
            component(setup=price)
        with pytest.raises(ValueError, match="price"):
            PricedHamper("Cesto", 1, (component(),), Decimal(price))

    def test_refuses_quantities_discounts_and_contents_that_are_none(self) -> None:
        with pytest.raises(ValueError, match="quantity"):
            component(quantity=0)
        with pytest.raises(ValueError, match="discount"):
            component(discount="100.01")
        with pytest.raises(ValueError, match="quantity"):
            PricedHamper("Cesto", 0, (component(),))
        with pytest.raises(ValueError, match="contents"):
            PricedHamper("Cesto", 1, ())
        with pytest.raises(ValueError, match="whole cents"):
            Charge("Consegna", Decimal("1.005"))


class TestDocumentLines:
    def test_one_line_per_hamper_and_class_then_setup_then_charges(self) -> None:
        hamper = PricedHamper(
            "Cesto A",
            350,
            (
                component(name="Panettone", net="18.00", vat=VAT_10),
                component(name="Taralli", net="4.00", vat=VAT_10, quantity=2),
                component(name="Vino", net="10.00", vat=VAT_22),
                component("extra", "1.30", vat=VAT_22, name="Biglietto", setup="45.00"),
            ),
        )
        document = PricedDocument((hamper,), (Charge("Consegna", Decimal("1260.00")),))

        lines = document_lines(document)

        assert [(line.kind, line.vat, line.quantity, line.is_accessory) for line in lines] == [
            (LineKind.HAMPER, VAT_10, 350, False),
            (LineKind.HAMPER, VAT_22, 350, False),
            (LineKind.SETUP, VAT_10, 1, True),
            (LineKind.SETUP, VAT_22, 1, True),
            (LineKind.CHARGE, VAT_10, 1, True),
            (LineKind.CHARGE, VAT_22, 1, True),
        ]
        assert [line.components for line in lines[:3]] == [
            ("Panettone", "2 × Taralli"),
            ("Vino",),
            ("Biglietto",),
        ]
        assert lines[0].accessories == ("Biglietto",)
        assert [line.hamper_index for line in lines] == [0, 0, 0, 0, None, None]
        assert lines[4].description == "Consegna"

    def test_goods_given_free_are_named_on_the_first_line(self) -> None:
        hamper = PricedHamper(
            "Cesto",
            1,
            (
                component(name="Miele", vat=VAT_4, discount="100"),
                component(name="Panettone", vat=VAT_10),
            ),
        )

        (line,) = document_lines(PricedDocument((hamper,)))

        assert (line.vat, line.components) == (VAT_10, ("Miele", "Panettone"))

    @given(documents)
    def test_every_product_is_named_exactly_once(self, document: PricedDocument) -> None:
        for index, hamper in enumerate(document.hampers):
            lines = [
                line
                for line in document_lines(document)
                if line.hamper_index == index and line.kind is LineKind.HAMPER
            ]
            assert sum(len(line.components) for line in lines) == len(hamper.goods)


class TestPriceBreaks:
    @pytest.mark.parametrize(
        ("quantity", "now", "ahead"),
        [(1, None, 50), (49, None, 50), (50, 50, 200), (499, 200, 500), (500, 500, None)],
    )
    def test_the_highest_reached_counts_and_the_next_is_known(
        self, quantity: int, now: int | None, ahead: int | None
    ) -> None:
        current, following = break_for(BREAKS, quantity), next_break(BREAKS, quantity)

        assert (current and current.min_quantity) == now
        assert (following and following.min_quantity) == ahead


class TestMarginPercent:
    def test_is_on_the_selling_price(self) -> None:
        assert margin_percent(Decimal("40.00"), Decimal("28.00")) == Decimal("30.00")
        assert margin_percent(Decimal("10.00"), Decimal("12.00")) == Decimal("-20.00")

    def test_is_unknown_when_nothing_is_charged(self) -> None:
        assert margin_percent(Decimal(0), Decimal("3.00")) is None
