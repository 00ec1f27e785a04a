"""From composed hampers to a request: the content is copied, and never read again."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from gifting.accounts.queries import Person
from gifting.core.calendar import add_business_hours, rome_date
from gifting.core.pricing import break_for
from gifting.core.quote_lifecycle import QUOTE_LIFECYCLE, QuoteAction
from gifting.core.references import quote_reference
from gifting.hampers.documents import Composition
from gifting.platform import numbering, outbox, settings, transitions
from gifting.platform.db import db
from gifting.quotes import queries
from gifting.quotes.documents import priced_document
from gifting.quotes.models import (
    DeliveryMode,
    Quote,
    QuoteHamper,
    QuoteRevision,
)
from gifting.quotes.service.components import Facts, copy_facts

SERIES = "P"
_NO_DISCOUNT = Decimal(0)


class NothingRequested(Exception):
    """A request without hampers."""


class NotOnSale(Exception):
    """Products of a hamper that can no longer be bought, or have no price or VAT rate today."""

    def __init__(self, hamper: str, names: tuple[str, ...]) -> None:
        super().__init__(f"{hamper}: {', '.join(names)}")
        self.hamper = hamper
        self.names = names


class DoesNotFit(Exception):
    """A hamper whose contents do not go into its box."""

    def __init__(self, hamper: str) -> None:
        super().__init__(hamper)
        self.hamper = hamper


class TooFewForExtra(Exception):
    """An extra is not made in so few copies."""

    def __init__(self, hamper: str, extra: str, min_quantity: int) -> None:
        super().__init__(f"{hamper}: {extra} from {min_quantity}")
        self.hamper = hamper
        self.extra = extra
        self.min_quantity = min_quantity


def claim_submission(submission_key: str) -> Quote | None:
    """Hold this submission until commit and return the quote it has made already, if it has.

    A double click or a retry after a time-out waits here for the first, then finds its quote.
    """
    db.session.execute(
        sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(submission_key, 0)))
    )
    return queries.find_submitted(submission_key)


def submit(
    *,
    company_id: int,
    user: Person,
    hampers: Sequence[Composition],
    quantities: dict[str, int],
    delivery_mode: DeliveryMode,
    delivery_note: str,
    wanted_on: date | None,
    purchase_order_number: str,
    notes: str,
    title: str,
    submission_key: str,
    now: datetime,
) -> Quote:
    """Make a request of these hampers, in the quantities given by their keys.

    Safe to repeat: the same submission key gives back the quote it made. The clock of the
    answer starts now, or when the person's e-mail is confirmed.

    :raises: what `check_hampers` raises
    """
    existing = claim_submission(submission_key)
    if existing is not None:
        return existing
    check_hampers(hampers, quantities)
    rows = [
        _copy_hamper(hamper, quantities[hamper.key], position)
        for position, hamper in enumerate(hampers)
    ]
    quote = Quote(
        title=title or hampers[0].name,
        submission_key=submission_key,
        company_id=company_id,
        requested_by_id=user.id,
        delivery_mode=delivery_mode,
        delivery_note=delivery_note,
        wanted_on=wanted_on,
        purchase_order_number=purchase_order_number,
        notes=notes,
        requested_at=now,
        answer_due_at=answer_due(now) if user.is_confirmed else None,
    )
    today = rome_date(now)
    quote.reference = quote_reference(today.year, numbering.allot(SERIES, on=today))
    transitions.create(
        quote,
        QUOTE_LIFECYCLE,
        QuoteAction.SUBMIT,
        actor_id=user.id,
        now=now,
        data={"hampers": sum(quantities[hamper.key] for hamper in hampers)},
    )
    _add_first_revision(quote, rows, user_id=user.id, now=now)
    key = f"quotes.mail_receipt:{quote.id}"
    outbox.owe("quotes.mail_receipt", key=key, now=now, record_id=quote.id)
    return quote


def check_hampers(hampers: Sequence[Composition], quantities: dict[str, int]) -> None:
    """Refuse what cannot be asked for, in the quantities given by the hampers' keys.

    :raises NothingRequested: if there are no hampers
    :raises NotOnSale: naming what cannot be bought
    :raises DoesNotFit: naming the hamper
    :raises TooFewForExtra: naming the extra and its smallest number
    """
    if not hampers:
        raise NothingRequested
    for hamper in hampers:
        contents: list[Facts] = [f for f, _, _ in hamper.lines]
        contents += [hamper.box, *hamper.extras]
        gone = tuple(facts.name_it for facts in contents if not facts.is_on_sale)
        if gone:
            raise NotOnSale(hamper.name, gone)
        if not hamper.lines or not hamper.fit.fits:
            raise DoesNotFit(hamper.name)
        for extra in hamper.extras:
            if quantities[hamper.key] < extra.min_quantity:
                raise TooFewForExtra(hamper.name, extra.name_it, extra.min_quantity)


def start_clock(*, user_id: int, now: datetime) -> None:
    """Start the answer clock of what a person asked for before their e-mail was confirmed."""
    for quote in queries.list_waiting_for_confirmation(user_id):
        quote.answer_due_at = answer_due(now)
        transitions.log(quote.subject, "email_confirmed", actor_id=user_id, now=now)
    db.session.flush()


def answer_due(now: datetime) -> datetime:
    """Return by when a request that arrives now is answered."""
    return add_business_hours(now, settings.current().answer_hours)


def _copy_hamper(hamper: Composition, quantity: int, position: int) -> QuoteHamper:
    """Take over a composition at the discount its number of copies earns."""
    earned = break_for(hamper.breaks, quantity)
    discount = earned.discount if earned else _NO_DISCOUNT
    contents: list[tuple[Facts, int]] = [(f, pieces) for f, pieces, _ in hamper.lines]
    contents += [(hamper.box, 1), *((extra, 1) for extra in hamper.extras)]
    return QuoteHamper(
        position=position,
        name=hamper.name,
        quantity=quantity,
        own_unit_net=None,
        work_minutes=hamper.work_minutes,
        box_sku=hamper.box.sku,
        components=[
            copy_facts(facts, position=place, quantity=pieces, discount=discount)
            for place, (facts, pieces) in enumerate(contents)
        ],
    )


def _add_first_revision(
    quote: Quote, hampers: list[QuoteHamper], *, user_id: int, now: datetime
) -> None:
    revision = QuoteRevision(
        quote_id=quote.id,
        number=1,
        created_at=now,
        created_by_id=user_id,
        payment_terms_days=settings.current().payment_terms_days,
        delivery_on=quote.wanted_on,
        hampers=hampers,
        charges=[],
    )
    totals = priced_document(revision).breakdown
    revision.net_total = totals.net
    revision.vat_total = totals.tax
    revision.gross_total = totals.gross
    db.session.add(revision)
    db.session.flush()
