"""Requests and offers for tests, made through the services that make them in life."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import count
from typing import Any

from gifting.accounts.models import User
from gifting.accounts.queries import get_person
from gifting.catalogue.models import Product
from gifting.core.calendar import rome_date
from gifting.core.quote_lifecycle import QuoteState
from gifting.core.roles import Role
from gifting.documents.service import keep
from gifting.hampers import service as hampers
from gifting.hampers.documents import Composition, compose
from gifting.hampers.queries import Owner, get_hamper
from gifting.platform.db import db
from gifting.quotes import queries, service
from gifting.quotes.models import DeliveryMode, Quote, QuoteRevision
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.catalogue import make_box, make_product

TODAY = rome_date(NOW)
VALID_UNTIL = date(2026, 11, 17)
_serial = count(1)


def make_composition(
    user: User, products: Sequence[Product] = (), *, quantity: int = 10, **overrides: Any
) -> Composition:
    """Compose a hamper of these products, or of one, for the person's company."""
    owner = Owner(company_id=user.company_id, user_id=user.id)
    product_ids = [product.id for product in products] or [make_product().id]
    box_id = overrides.pop("box_id", None) or make_box().id
    name = overrides.pop("name", "Natale in Meridiana")
    extra_ids = overrides.pop("extra_ids", ())
    hamper = hampers.create(owner=owner, box_id=box_id, name=name, now=NOW, quantity=quantity)
    hamper = get_hamper(hamper.key, **asdict(owner))
    for product_id in product_ids:
        hampers.add_product(hamper, product_id=product_id, now=NOW)
    hampers.set_extras(hamper, extra_ids=extra_ids, now=NOW)
    db.session.commit()
    return compose(get_hamper(hamper.key, **asdict(owner)), on=TODAY, now=NOW)


def submit(user: User, compositions: Sequence[Composition], **overrides: Any) -> Quote:
    """Request these hampers, without committing."""
    values: dict[str, Any] = {
        "company_id": user.company_id,
        "user": get_person(user.id),
        "hampers": list(compositions),
        "quantities": {c.key: c.quantity for c in compositions},
        "delivery_mode": DeliveryMode.ONE_ADDRESS,
        "delivery_note": "Milano, via Larga 23",
        "wanted_on": date(2026, 12, 11),
        "purchase_order_number": "",
        "notes": "",
        "title": "",
        "submission_key": f"submission-{next(_serial)}",
        "now": NOW,
    }
    return service.submit(**values | overrides)


def make_request(user: User | None = None, **overrides: Any) -> Quote:
    """Add a requested quote of one hamper."""
    user = user or make_user()
    quote = submit(user, [make_composition(user)], **overrides)
    db.session.commit()
    return quote


def prepare(quote: Quote, sales: User, *, now: datetime = NOW) -> QuoteRevision:
    """Take the quote into preparation."""
    draft = service.revise(quote, actor_id=sales.id, now=now)
    db.session.commit()
    return draft


def edit(
    quote: Quote,
    *,
    hampers: Mapping[int, Mapping[str, Any]] | None = None,
    components: Mapping[int, Mapping[str, Any]] | None = None,
    **terms: Any,
) -> QuoteRevision:
    """Save the draft as the editor does: every cell as it is, but for those given by id or name."""
    draft = queries.get_draft(quote.id)
    values: dict[str, Any] = {
        "hampers": {
            hamper.id: service.HamperEntry(
                **_cells(hamper, service.HamperEntry) | (hampers or {}).get(hamper.id, {})
            )
            for hamper in draft.hampers
        },
        "components": {
            component.id: service.ComponentEntry(
                **_cells(component, service.ComponentEntry)
                | (components or {}).get(component.id, {})
            )
            for hamper in draft.hampers
            for component in hamper.components
        },
        "charges": [service.ChargeEntry(c.description, c.net) for c in draft.charges],
    }
    values |= {
        name: getattr(draft, name) for name in service.DraftEntry.__slots__ if name not in values
    }
    return service.save_draft(quote, entry=service.DraftEntry(**values | terms))


def _cells(row: Any, entry: type) -> dict[str, Any]:
    """Read off a row what it has of an entry's fields."""
    return {name: getattr(row, name) for name in entry.__slots__ if hasattr(row, name)}


def send(
    quote: Quote,
    sales: User,
    *,
    content: bytes = b"%PDF-1.7 offer",
    now: datetime = NOW,
    valid_until: date | None = VALID_UNTIL,
    charges: Sequence[service.ChargeEntry] = (),
) -> QuoteRevision:
    """Prepare and send the quote as sales and the worker do, with these bytes as its PDF.

    A draft that is in preparation already is sent as it is, but for its validity.
    """
    draft = queries.find_draft(quote.id) if quote.state is QuoteState.PREPARING else None
    draft = draft or prepare(quote, sales, now=now)
    if charges:
        service.set_charges(quote, charges=charges)
    draft.valid_until = valid_until
    service.request_send(quote, actor_id=sales.id, now=now)
    document = keep(
        subject=quote.subject,
        kind="offer",
        revision=draft.number,
        company_id=quote.company_id,
        filename=f"Offerta-{quote.reference}-rev{draft.number}.pdf",
        content=content + str(draft.number).encode(),
        now=now,
    )
    service.finish_sending(quote, draft, pdf_sha256=document.sha256, now=now)
    db.session.commit()
    return draft


def make_offer(user: User | None = None, sales: User | None = None, **overrides: Any) -> Quote:
    """Add a quote whose first revision was sent, valid until 17 November 2026."""
    quote = make_request(user)
    send(quote, sales or make_user(Role.SALES), **overrides)
    return quote


def signature(quote: Quote, user: User, **overrides: Any) -> service.Signature:
    """Sign the current offer of the quote as its page shows it."""
    offer = queries.find_offer(quote.id)
    assert offer is not None
    values: dict[str, Any] = {
        "revision_number": offer.number,
        "pdf_sha256": offer.pdf_sha256,
        "user_id": user.id,
        "name": user.name,
        "role": "Risorse umane",
        "ip_address": "192.0.2.7",
    }
    return service.Signature(**values | overrides)


def accept(quote: Quote, user: User, *, now: datetime = NOW, **overrides: Any) -> None:
    """Accept the current offer, without an order."""
    service.accept(quote, signature=signature(quote, user, **overrides), now=now)
    db.session.commit()
