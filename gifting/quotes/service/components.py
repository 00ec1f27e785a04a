"""What the catalogue knows of something that goes into a hamper, as a row of a quote."""

from decimal import Decimal

from gifting.catalogue.queries import BoxFacts, ExtraFacts, ProductFacts
from gifting.core.pricing import ComponentKind
from gifting.core.vat import ZERO
from gifting.quotes.models import QuoteComponent

Facts = ProductFacts | BoxFacts | ExtraFacts
_KINDS = {
    ProductFacts: ComponentKind.PRODUCT,
    BoxFacts: ComponentKind.BOX,
    ExtraFacts: ComponentKind.EXTRA,
}


def copy_facts(facts: Facts, *, position: int, quantity: int, discount: Decimal) -> QuoteComponent:
    """Take over names, price, cost and VAT as they are now; nobody reads them there again."""
    return QuoteComponent(
        position=position,
        kind=_KINDS[type(facts)],
        sku=facts.sku,
        name_it=facts.name_it,
        name_en=facts.name_en,
        maker=f"{facts.producer_name}, {facts.city}" if isinstance(facts, ProductFacts) else "",
        quantity=quantity,
        list_net=facts.list_net,
        discount=discount,
        cost_net=facts.cost_net,
        setup_fee_net=facts.setup_fee_net if isinstance(facts, ExtraFacts) else ZERO,
        vat_rate=facts.vat.rate,
        vat_nature=facts.vat.nature,
    )
