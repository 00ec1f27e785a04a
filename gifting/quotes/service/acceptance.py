"""Acceptance: the one record that binds a company to exactly one PDF."""

from dataclasses import dataclass
from datetime import datetime

from gifting.core.lifecycle import MoveRefused
from gifting.core.quote_lifecycle import QUOTE_LIFECYCLE, QuoteAction, QuoteState
from gifting.documents import queries as stored
from gifting.platform import storage, transitions
from gifting.platform.db import db
from gifting.quotes import queries
from gifting.quotes.models import Acceptance, Quote, QuoteRevision
from gifting.quotes.service.negotiation import expect_offer


class AlreadyAccepted(Exception):
    """Somebody accepted before; the order exists."""

    def __init__(self, quote: Quote) -> None:
        super().__init__(quote.reference)
        self.quote = quote


class OfferChanged(MoveRefused):
    """The hash that was shown, the revision's and the stored file's are not one and the same."""


class AddressNotConfirmed(Exception):
    """Who accepts has not shown that the e-mail address of their account is theirs."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who accepts what: the revision and the hash of the PDF are those their page showed."""

    revision_number: int
    pdf_sha256: str
    user_id: int
    name: str
    role: str
    ip_address: str
    purchase_order_number: str = ""
    is_on_behalf: bool = False
    evidence_document_id: int | None = None


def accept(quote: Quote, *, signature: Signature, now: datetime) -> Acceptance:
    """Accept the offer that was read. The quote stays locked until commit, so one of two wins.

    The order is made by the caller in the same transaction.

    :raises AlreadyAccepted: if the quote is accepted; its order exists
    :raises AddressNotConfirmed: if a buyer accepts whose address nobody has confirmed
    :raises QuoteExpired, TransitionNotAllowed, NewerOfferExists: if it does not wait for an answer
    :raises OfferChanged: if what was read is not what is stored
    """
    quote = queries.lock_quote_by_id(quote.id)
    if quote.state is QuoteState.ACCEPTED:
        raise AlreadyAccepted(quote)
    if not (signature.is_on_behalf or queries.get_correspondent(signature.user_id).is_confirmed):
        raise AddressNotConfirmed(quote.reference)
    offer = expect_offer(
        quote, QuoteAction.ACCEPT, revision_number=signature.revision_number, now=now
    )
    if not _is_what_was_read(quote, offer, signature.pdf_sha256):
        raise OfferChanged(quote.reference)
    quote.purchase_order_number = signature.purchase_order_number or quote.purchase_order_number
    acceptance = Acceptance(
        quote_id=quote.id,
        revision_id=offer.id,
        user_id=signature.user_id,
        signed_name=signature.name,
        signed_role=signature.role,
        ip_address=signature.ip_address,
        accepted_at=now,
        pdf_sha256=signature.pdf_sha256,
        purchase_order_number=quote.purchase_order_number,
        is_on_behalf=signature.is_on_behalf,
        evidence_document_id=signature.evidence_document_id,
    )
    db.session.add(acceptance)
    transitions.apply(
        quote,
        QUOTE_LIFECYCLE,
        QuoteAction.ACCEPT,
        actor_id=signature.user_id,
        now=now,
        data={
            "revision": offer.number,
            "pdf_sha256": signature.pdf_sha256,
            "on_behalf": signature.is_on_behalf,
        },
    )
    return acceptance


def _is_what_was_read(quote: Quote, offer: QuoteRevision, shown: str) -> bool:
    """Compare the hash shown with the revision's, the document's and the file's own."""
    document = stored.find(quote.subject, "offer", offer.number)
    if document is None or not shown == offer.pdf_sha256 == document.sha256:
        return False
    try:
        storage.load(shown)
    except (FileNotFoundError, storage.StoredFileDamaged):
        return False
    return True
