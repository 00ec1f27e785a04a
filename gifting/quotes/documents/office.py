"""A quote as sales sees it: whose move it is, what it earns, what is short."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from gifting.accounts.models import Company
from gifting.catalogue.queries import ProductFacts
from gifting.core.calendar import rome_date
from gifting.core.fit import FitReport, check_fit
from gifting.core.pricing import ComponentKind, PricedDocument, margin_percent
from gifting.core.quote_lifecycle import QuoteAction, QuoteState
from gifting.core.roles import Role
from gifting.documents import queries as stored
from gifting.documents.queries import Document
from gifting.quotes import policy, queries
from gifting.quotes.documents.comparison import Change, compare
from gifting.quotes.documents.content import (
    HamperView,
    LineView,
    Pictured,
    cost_of,
    goods_net,
    hamper_views,
    margin_of,
    pictured,
    priced_document,
)
from gifting.quotes.documents.facts import QuoteFacts, facts_of
from gifting.quotes.models import Acceptance, Quote, QuoteHamper, QuoteRevision
from gifting.quotes.queries import (
    PAGE_SIZE,
    Correspondent,
    Event,
    Message,
    QueueFilter,
    QueuePage,
    QueueRow,
    SendJob,
)


def get_queue(
    wanted: QueueFilter,
    *,
    person_id: int,
    now: datetime,
    after: str | None = None,
    limit: int = PAGE_SIZE,
) -> QueuePage:
    """Return a page of the sales queue, as it is asked for.

    :raises NoResultFound: if `after` is no cursor of this order
    """
    found = queries.list_queue(wanted, person_id=person_id, after=after, limit=limit)
    sending = [revision for _, revision, *_ in found[:limit] if _is_sending(revision)]
    failing = queries.list_failing_sends(sending)
    rows = tuple(
        QueueRow(
            id=quote.id,
            reference=quote.reference,
            title=quote.title,
            state=queries.shown_state(quote.state, revision.valid_until, now=now),
            version=quote.version,
            company_name=company_name,
            buyer_name=buyer_name,
            is_email_confirmed=is_confirmed,
            owner_id=quote.owner_id,
            owner_name=owner_name,
            requested_at=quote.requested_at,
            answer_due_at=quote.answer_due_at,
            wanted_on=quote.wanted_on,
            valid_until=revision.valid_until,
            seen_at=quote.seen_at,
            revision=revision.number,
            hampers_count=sum(hamper.quantity for hamper in revision.hampers),
            net=revision.net_total,
            gross=revision.gross_total,
            margin_percent=margin_of(revision),
            is_sending=_is_sending(revision),
            is_failing=revision.id in failing,
        )
        for quote, revision, company_name, buyer_name, is_confirmed, owner_name, _key in found[
            :limit
        ]
    )
    return QueuePage(rows, queries.cursor_of(found[limit - 1]) if len(found) > limit else None)


def _is_sending(revision: QuoteRevision) -> bool:
    return revision.send_requested_at is not None and revision.sent_at is None


@dataclass(frozen=True)
class EditorLine:
    """A component in the editor: what it costs, what it earns, what is in stock.

    `cost` None: not known. `available` None: no stock is kept of it; `needed` is for all hampers.
    """

    view: LineView
    cost: Decimal | None
    margin_percent: Decimal | None
    available: int | None
    lead_time_days: int | None

    @property
    def needed(self) -> int:
        return self.view.pieces

    @property
    def short(self) -> int:
        """Pieces that are missing."""
        return 0 if self.available is None else max(self.needed - self.available, 0)


@dataclass(frozen=True)
class EditorHamper:
    """A hamper in the editor. `cost` and margin are of its products, without box and extras.

    `fit` None: the catalogue no longer knows all of its contents.
    """

    view: HamperView
    own_unit_net: Decimal | None
    lines: tuple[EditorLine, ...]
    cost: Decimal | None
    margin_percent: Decimal | None
    fit: FitReport | None


@dataclass(frozen=True)
class EditorCharge:
    """Freight or a service on the whole document."""

    id: int
    description: str
    net: Decimal


@dataclass(frozen=True)
class OfficeRevision:
    """A revision in the list, the newest first. `changes` are against the one before it."""

    number: int
    created_at: datetime
    sent_at: datetime | None
    gross: Decimal
    pdf: Document | None
    compared_with: int | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class Editor(QuoteFacts):
    """Everything the office's page shows of a quote's latest revision.

    `cost` and margin are of all products, without box, extras and charges.
    `is_editable`: the revision is a draft in preparation and is not being sent.
    `send_job`: the sending under way, with its last error; None when nothing is.
    `actions` are the moves this person may make now.
    """

    state: QuoteState
    company: Company
    buyer: Correspondent
    is_email_confirmed: bool
    owner: Correspondent | None
    revision_id: int
    revision_number: int
    sent_at: datetime | None
    valid_until: date | None
    payment_terms_days: int
    delivery_on: date | None
    message: str
    internal_note: str
    pdf_sha256: str
    pdfs: tuple[Document, ...]
    document: PricedDocument
    hampers: tuple[EditorHamper, ...]
    charges: tuple[EditorCharge, ...]
    cost: Decimal | None
    margin_percent: Decimal | None
    revisions: tuple[OfficeRevision, ...]
    thread: tuple[Message, ...]
    history: tuple[Event, ...]
    acceptance: Acceptance | None
    is_editable: bool
    send_job: SendJob | None
    actions: frozenset[QuoteAction]

    @property
    def shortages(self) -> tuple[EditorLine, ...]:
        """Lines with more needed than is in stock."""
        return tuple(line for hamper in self.hampers for line in hamper.lines if line.short)


def get_editor(reference: str, *, role: Role, locale: str, now: datetime) -> Editor:
    """Return a quote for the office's page.

    :raises NoResultFound: if there is none
    """
    quote = queries.get_quote(reference, company_id=None)
    revisions = queries.list_revisions(quote.id)
    latest = revisions[-1]
    pdfs = tuple(d for d in stored.list_for([quote.subject]) if d.kind == "offer")
    document = priced_document(latest, locale=locale)
    pictures = pictured([latest], on=rome_date(now))
    views = hamper_views(latest, document, pictures, locale=locale)
    needed = _needed(views)
    hampers = tuple(
        _editor_hamper(row, view, pictures, needed)
        for row, view in zip(latest.hampers, views, strict=True)
    )
    state = queries.shown_state(quote.state, latest.valid_until, now=now)
    buyer = queries.get_correspondent(quote.requested_by_id)
    return Editor(
        **facts_of(quote),
        state=state,
        company=queries.get_company(quote.company_id),
        buyer=buyer,
        is_email_confirmed=buyer.is_confirmed,
        owner=queries.get_correspondent(quote.owner_id) if quote.owner_id else None,
        revision_id=latest.id,
        revision_number=latest.number,
        sent_at=latest.sent_at,
        valid_until=latest.valid_until,
        payment_terms_days=latest.payment_terms_days,
        delivery_on=latest.delivery_on,
        message=latest.message,
        internal_note=latest.internal_note,
        pdf_sha256=latest.pdf_sha256 or "",
        pdfs=pdfs,
        document=document,
        hampers=hampers,
        charges=tuple(EditorCharge(c.id, c.description, c.net) for c in latest.charges),
        cost=_total_cost(latest),
        margin_percent=margin_of(latest),
        revisions=_revisions(revisions, pdfs, locale=locale),
        thread=tuple(queries.list_messages(quote.id)),
        history=tuple(queries.list_events(quote)),
        acceptance=queries.find_acceptance(quote.id),
        is_editable=is_editable(quote, latest),
        send_job=queries.find_send_job(latest),
        actions=policy.VERBS.actions_for(state, role),
    )


def _revisions(
    rows: list[QuoteRevision], pdfs: tuple[Document, ...], *, locale: str
) -> tuple[OfficeRevision, ...]:
    by_number = {pdf.revision: pdf for pdf in pdfs}
    entries = [
        OfficeRevision(
            number=row.number,
            created_at=row.created_at,
            sent_at=row.sent_at,
            gross=row.gross_total,
            pdf=by_number.get(row.number),
            compared_with=before.number if before else None,
            changes=compare(before, row, locale=locale) if before else (),
        )
        for before, row in zip([None, *rows[:-1]], rows, strict=True)
    ]
    return tuple(reversed(entries))


def is_editable(quote: Quote, revision: QuoteRevision) -> bool:
    """Whether sales may change the revision: in preparation, not sent, not being sent."""
    return (
        quote.state is QuoteState.PREPARING
        and revision.sent_at is None
        and revision.send_requested_at is None
    )


def _needed(hampers: tuple[HamperView, ...]) -> dict[str, int]:
    """Pieces of each product in all hampers of the revision together."""
    needed: dict[str, int] = {}
    for hamper in hampers:
        for line in hamper.products:
            needed[line.sku] = needed.get(line.sku, 0) + line.pieces
    return needed


def _editor_hamper(
    row: QuoteHamper, view: HamperView, pictures: Pictured, needed: dict[str, int]
) -> EditorHamper:
    cost = cost_of(row)
    costs = {component.id: component.cost_net for component in row.components}
    return EditorHamper(
        view=view,
        own_unit_net=row.own_unit_net,
        lines=tuple(_editor_line(line, costs[line.id], needed) for line in view.lines),
        cost=cost,
        margin_percent=None if cost is None else margin_percent(goods_net(view.priced), cost),
        fit=_fit(row, pictures),
    )


def _editor_line(line: LineView, cost: Decimal | None, needed: dict[str, int]) -> EditorLine:
    product = line.product
    return EditorLine(
        view=line,
        cost=cost,
        margin_percent=None if cost is None else margin_percent(line.unit_net, cost),
        available=_available(line, product, needed),
        lead_time_days=product.lead_time_days if product else None,
    )


def _available(line: LineView, product: ProductFacts | None, needed: dict[str, int]) -> int | None:
    """Free pieces for this line, after what the other hampers of the revision need."""
    if product is None or line.kind is not ComponentKind.PRODUCT:
        return None
    return max(product.available - (needed[line.sku] - line.pieces), 0)


def _fit(row: QuoteHamper, pictures: Pictured) -> FitReport | None:
    box = pictures.boxes.get(row.box_sku)
    products = [c for c in row.components if c.kind is ComponentKind.PRODUCT]
    if box is None or any(c.sku not in pictures.products for c in products):
        return None
    return check_fit(box.size, [pictures.products[c.sku].packable(c.quantity) for c in products])


def _total_cost(revision: QuoteRevision) -> Decimal | None:
    total = Decimal(0)
    for hamper in revision.hampers:
        cost = cost_of(hamper)
        if cost is None:
            return None
        total += cost * hamper.quantity
    return total
