"""Jobs of the quotes slice. Run through the outbox, never called directly."""

import io
import zipfile
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from gifting.core.calendar import rome_date
from gifting.core.quote_lifecycle import QUOTE_LIFECYCLE, QuoteAction
from gifting.documents import queries as stored
from gifting.documents import service as documents
from gifting.platform import links, mail, outbox, pdf, pictures, storage
from gifting.quotes import queries, service
from gifting.quotes.documents import (
    first_drawing,
    hours_of,
    makers_of,
    offer_filename,
    offer_paper,
    priced_document,
)
from gifting.quotes.models import Quote, QuoteRevision
from gifting.quotes.queries import RENDER_TASK, Correspondent

OFFER = "offer"
REMINDERS = (5, 1)
"""Days before the last valid day on which the buyer is reminded."""


@outbox.handles(RENDER_TASK, queue=outbox.Queue.DOCUMENTS)
def render_and_send(*, record_id: int, revision_id: int, now: datetime, **_: Any) -> None:
    """Put the draft on paper, keep the file and send the offer; once, however often it runs.

    The paper is made before the quote is locked, so that nobody waits for it. A crash at any
    point leaves either nothing or a file without a row, which the next run names again.
    """
    revision = queries.get_revision(revision_id)
    if not _is_under_way(revision):
        return
    quote = queries.get_quote_by_id(record_id)
    buyer = queries.get_reader(quote)
    link = links.to("quotes.detail", reference=quote.reference)
    paper = offer_paper(quote, revision, locale=buyer.locale, link=link)
    content = pdf.render(OFFER, paper, locale=buyer.locale)
    asked_at = revision.send_requested_at
    quote = queries.lock_quote_by_id(record_id)
    revision = queries.get_revision(revision_id)
    if not _is_under_way(revision) or revision.send_requested_at != asked_at:
        return
    if QuoteAction.SEND not in QUOTE_LIFECYCLE.actions(quote.state):
        return  # withdrawn meanwhile: there is nothing left to send
    document = documents.keep(
        subject=quote.subject,
        kind=OFFER,
        revision=revision.number,
        company_id=quote.company_id,
        filename=offer_filename(quote, revision, locale=buyer.locale),
        content=content,
        media_type="application/pdf",
        now=now,
    )
    service.finish_sending(quote, revision, pdf_sha256=document.sha256, now=now)


def _is_under_way(revision: QuoteRevision) -> bool:
    return revision.send_requested_at is not None and revision.sent_at is None


@outbox.handles("quotes.mail_offer", queue=outbox.Queue.MAIL)
def mail_offer(*, record_id: int, event_id: int, now: datetime, **_: Any) -> None:
    """Mail the offer that this event sent, with its stored file."""
    quote = queries.get_quote_by_id(record_id)
    number = int(queries.get_event(event_id).data["revision"])
    revision = next(r for r in queries.list_revisions(quote.id) if r.number == number)
    document = stored.find(quote.subject, OFFER, number)
    if document is None:
        raise FileNotFoundError(f"{quote.reference} rev. {number} has no stored offer")
    buyer = queries.get_reader(quote)
    priced = priced_document(revision, locale=buyer.locale)
    drawing = first_drawing(revision, on=rome_date(document.created_at))
    _to_buyer(
        "quotes_offer",
        quote,
        key=f"quotes.mail_offer:{event_id}",
        now=now,
        attachments=(mail.Attachment(document.filename, storage.load(document.sha256)),),
        pictures={"box": pictures.filled_box(drawing)} if drawing else {},
        revision=revision,
        document=priced,
        unit_gross=priced.hampers[0].unit_gross if len(priced.hampers) == 1 else None,
        hours=hours_of(revision),
        workshops=len(makers_of(revision)),
    )


@outbox.handles("quotes.mail_receipt", queue=outbox.Queue.MAIL)
def mail_receipt(*, record_id: int, now: datetime, **_: Any) -> None:
    """Tell the buyer that the request arrived, and its number."""
    quote = queries.get_quote_by_id(record_id)
    first = queries.list_revisions(quote.id)[0]
    _to_buyer("quotes_receipt", quote, key=f"quotes.mail_receipt:{quote.id}", now=now, first=first)


@outbox.handles("quotes.mail_question", queue=outbox.Queue.MAIL)
def mail_question(*, record_id: int, event_id: int, now: datetime, **_: Any) -> None:
    """Put sales' question to the buyer."""
    quote = queries.get_quote_by_id(record_id)
    comment = str(queries.get_event(event_id).data["comment"])
    key = f"quotes.mail_question:{event_id}"
    _to_buyer("quotes_question", quote, key=key, now=now, comment=comment)


@outbox.handles("quotes.mail_message", queue=outbox.Queue.MAIL)
def mail_message(*, record_id: int, message_id: int, now: datetime, **_: Any) -> None:
    """Bring a message of sales to the buyer."""
    quote = queries.get_quote_by_id(record_id)
    message = queries.get_message(message_id)
    key = f"quotes.mail_message:{message_id}"
    _to_buyer("quotes_message", quote, key=key, now=now, body=message.body)


@outbox.handles("quotes.mail_expired", queue=outbox.Queue.MAIL)
def mail_expired(*, record_id: int, event_id: int, now: datetime, **_: Any) -> None:
    """Tell the buyer that the offer is over and how to have it again."""
    quote = queries.get_quote_by_id(record_id)
    offer = queries.find_offer(quote.id)
    key = f"quotes.mail_expired:{event_id}"
    _to_buyer("quotes_expired", quote, key=key, now=now, offer=offer)


@outbox.handles("quotes.mail_withdrawn", queue=outbox.Queue.MAIL)
def mail_withdrawn(*, record_id: int, event_id: int, now: datetime, **_: Any) -> None:
    """Tell the buyer that sales took the quote back, and why."""
    quote = queries.get_quote_by_id(record_id)
    reason = str(queries.get_event(event_id).data["reason"])
    key = f"quotes.mail_withdrawn:{event_id}"
    _to_buyer("quotes_withdrawn", quote, key=key, now=now, reason=reason)


def _notify(event: str) -> outbox.Handler:
    """Make the handler that tells sales of one kind of event."""

    def notify(*, record_id: int, event_id: int, now: datetime, **_: Any) -> None:
        quote = queries.get_quote_by_id(record_id)
        entry = queries.get_event(event_id)
        _to_sales(quote, event, key=f"quotes.{event}:{event_id}", now=now, data=entry.data)

    return notify


for _event in ("request", "answer", "change", "acceptance", "decline", "cancel"):
    outbox.handles(f"quotes.notify_sales_of_{_event}", queue=outbox.Queue.MAIL)(_notify(_event))


@outbox.handles("quotes.notify_sales_of_message", queue=outbox.Queue.MAIL)
def notify_sales_of_message(*, record_id: int, message_id: int, now: datetime, **_: Any) -> None:
    """Bring a message of the buyer to sales."""
    quote = queries.get_quote_by_id(record_id)
    body = queries.get_message(message_id).body
    _to_sales(quote, "message", key=f"quotes.message:{message_id}", now=now, data={"body": body})


@outbox.every(timedelta(hours=1), "quotes.expire_due")
def expire_due(*, now: datetime) -> None:
    """Expire what is over, and owe the reminders of what soon will be."""
    service.expire_due(now=now)
    for days in REMINDERS:
        service.owe_reminders(valid_until=rome_date(now) + timedelta(days=days), now=now)


@outbox.handles("quotes.mail_reminder", queue=outbox.Queue.MAIL)
def mail_reminder(*, record_id: int, revision_id: int, now: datetime, **_: Any) -> None:
    """Remind the buyer of an offer that is still open."""
    quote = queries.get_quote_by_id(record_id)
    offer = queries.find_offer(quote.id)
    is_open = quote.state in queries.OFFERED and offer is not None and offer.id == revision_id
    if not is_open or offer is None:
        return
    key = f"quotes.mail_reminder:{revision_id}:{rome_date(now)}"
    _to_buyer("quotes_reminder", quote, key=key, now=now, offer=offer)


@outbox.handles(queries.PACK_TASK, queue=outbox.Queue.DOCUMENTS)
def pack_offers(*, pack_id: int, now: datetime, **_: Any) -> None:
    """Put the newest offer of each quote into one file; made once, however often it runs."""
    pack = queries.find_pack(pack_id)
    if pack is None or pack.made_at is not None:
        return
    subjects = queries.list_subjects(pack.quotes)
    kept = stored.list_for([subject for _reference, subject in subjects])
    offers = sorted((one for one in kept if one.kind == OFFER), key=lambda one: one.revision)
    newest = {offer.subject: offer for offer in offers}
    content, packed = io.BytesIO(), []
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as folder:  # PDFs are packed already
        for reference, subject in subjects:
            if offer := newest.get(subject):
                folder.writestr(offer.filename, storage.load(offer.sha256))
                packed.append(reference)
    service.finish_pack(pack, content=content.getvalue(), packed=packed, now=now)


@outbox.every(timedelta(hours=6), "quotes.drop_packs")
def drop_packs(*, now: datetime) -> None:
    """Let go of the files with many offers that were kept long enough."""
    service.drop_packs(now=now)


def _to_buyer(
    template: str,
    quote: Quote,
    *,
    key: str,
    now: datetime,
    **context: Any,
) -> None:
    """Write to the buyer; what they answer by e-mail goes to who handles the quote."""
    buyer = queries.get_reader(quote)
    owner = queries.get_correspondent(quote.owner_id) if quote.owner_id else None
    mail.send(
        template,
        to=buyer.email,
        locale=buyer.locale,
        key=key,
        now=now,
        reply_to=owner.email if owner else "",
        quote=quote,
        buyer=buyer,
        owner=owner,
        link=links.to("quotes.detail", reference=quote.reference),
        **context,
    )


def _to_sales(quote: Quote, event: str, *, key: str, now: datetime, data: dict[str, Any]) -> None:
    """Write to the quote's owner, or to all of sales while it has none; one letter each."""
    company = queries.get_company(quote.company_id)
    buyer = queries.get_correspondent(quote.requested_by_id)
    hampers = sum(h.quantity for h in queries.get_latest_revision(quote.id).hampers)
    mail.send_each(
        partial(
            mail.send,
            "quotes_sales",
            to=person.email,
            locale=person.locale,
            key=f"{key}:{person.id}",
            now=now,
            event=event,
            data=data,
            quote=quote,
            company=company,
            buyer=buyer,
            hampers=hampers,
            person=_first_name(person),
            link=links.to("quotes.editor", reference=quote.reference),
        )
        for person in queries.list_sales_for(quote)
    )


def _first_name(person: Correspondent) -> str:
    return person.name.split()[0] if person.name else ""
