"""Files are kept once, under what they really are."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from gifting.documents import queries, service
from gifting.documents.models import StoredDocument
from gifting.platform import storage
from gifting.platform.db import db
from gifting.platform.uow import transaction
from tests.support.accounts import make_company

OFFER = b"%PDF-1.7 offer"


@pytest.fixture
def company_id(app: Flask) -> int:
    return make_company().id


def keep(company_id: int, now: datetime, content: bytes = OFFER, revision: int = 1) -> int:
    with transaction():
        return service.keep(
            subject="quote:7",
            kind="offer",
            revision=revision,
            company_id=company_id,
            filename="Offerta.pdf",
            content=content,
            now=now,
        ).id


class TestKeep:
    def test_files_the_bytes_under_their_hash(self, company_id: int, at_now: datetime) -> None:
        keep(company_id, at_now)

        document = queries.find("quote:7", "offer", 1)

        assert document is not None
        assert storage.load(document.sha256) == OFFER
        assert (document.size, document.media_type) == (len(OFFER), "application/pdf")

    def test_the_same_bytes_again_are_the_same_document(
        self, company_id: int, at_now: datetime
    ) -> None:
        assert keep(company_id, at_now) == keep(company_id, at_now)
        assert db.session.scalar(sa.select(sa.func.count(StoredDocument.id))) == 1

    def test_other_bytes_never_take_the_place_of_a_kept_document(
        self, company_id: int, at_now: datetime
    ) -> None:
        keep(company_id, at_now)

        with pytest.raises(service.DocumentAlreadyKept):
            keep(company_id, at_now, content=b"%PDF-1.7 other")

        kept = queries.find("quote:7", "offer", 1)
        assert kept is not None
        assert storage.load(kept.sha256) == OFFER

    def test_another_company_cannot_claim_a_kept_document(
        self, company_id: int, at_now: datetime
    ) -> None:
        keep(company_id, at_now)

        with pytest.raises(service.DocumentAlreadyKept):
            keep(make_company().id, at_now)

    def test_each_revision_is_kept_beside_the_others(
        self, company_id: int, at_now: datetime
    ) -> None:
        keep(company_id, at_now, revision=1)
        keep(company_id, at_now, revision=2, content=b"%PDF-1.7 second")

        latest = queries.find("quote:7", "offer")

        assert latest is not None
        assert latest.revision == 2
        assert [d.revision for d in queries.list_for(["quote:7", "quote:8"])] == [1, 2]
        assert queries.find("quote:7", "offer", 3) is None


class TestKeepOnce:
    def test_renders_the_first_time_and_then_gives_what_was_kept(
        self, company_id: int, at_now: datetime
    ) -> None:
        renderings = iter([b"%PDF-1.7 first", b"%PDF-1.7 after an upgrade"])

        def once() -> bytes:
            with transaction():
                return service.keep_once(
                    subject="invoice:3",
                    kind="invoice",
                    company_id=company_id,
                    filename="Fattura.pdf",
                    render=lambda: next(renderings),
                    now=at_now,
                )

        assert [once(), once()] == [b"%PDF-1.7 first", b"%PDF-1.7 first"]


class TestTidyFilename:
    @pytest.mark.parametrize(
        ("given", "tidy"),
        [
            ("Ordine 12.pdf", "Ordine 12.pdf"),
            ("..\\..\\windows\\ordine.pdf", "ordine.pdf"),
            ("/etc/passwd", "passwd"),
            ("ordine\r\nX-Evil: 1.pdf", "ordineX-Evil: 1.pdf"),
            ("", "documento"),
            ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ],
    )
    def test_keeps_a_name_that_is_only_a_name(self, given: str, tidy: str) -> None:
        assert service.tidy_filename(given) == tidy
