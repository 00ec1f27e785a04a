"""A document is given to those who may read it, whole, or not at all."""

import logging
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gifting.core.roles import COMPANY, Role
from gifting.documents import service
from gifting.documents.queries import Document
from gifting.platform.uow import transaction
from tests.support.accounts import make_company, make_user, sign_in

CONTENT = b"%PDF-1.7 content"


def keep(company_id: int, now: datetime, kind: str = "offer") -> Document:
    with transaction():
        return service.keep(
            subject="quote:7",
            kind=kind,
            company_id=company_id,
            filename="Offerta P-2026-0418.pdf",
            content=CONTENT,
            now=now,
        )


@pytest.fixture
def company_id(app: Flask) -> int:
    return make_company().id


class TestDownload:
    def test_gives_a_buyer_the_documents_of_their_company(
        self, client: FlaskClient, company_id: int, at_now: datetime
    ) -> None:
        document = keep(company_id, at_now)
        sign_in(client, make_user(Role.BUYER, company_id=company_id))

        answer = client.get(f"/documenti/{document.id}")

        assert answer.data == CONTENT
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"] == (
            'attachment; filename="Offerta P-2026-0418.pdf"'
        )

    def test_may_be_shown_in_the_browser_but_never_stored_or_run(
        self, client: FlaskClient, company_id: int, at_now: datetime
    ) -> None:
        document = keep(company_id, at_now)
        sign_in(client, make_user(Role.BUYER, company_id=company_id))

        headers = client.get(f"/documenti/{document.id}?vista=1").headers

        assert headers["Content-Disposition"].startswith("inline")
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "script-src" not in headers["Content-Security-Policy"]

    def test_from_outside_is_never_shown_only_downloaded(
        self, client: FlaskClient, company_id: int, at_now: datetime
    ) -> None:
        document = keep(company_id, at_now, "purchase_order")
        sign_in(client, make_user(Role.SALES))

        headers = client.get(f"/documenti/{document.id}?vista=1").headers

        assert headers["Content-Disposition"].startswith("attachment")
        assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"

    def test_another_companys_document_does_not_exist(
        self, client: FlaskClient, company_id: int, at_now: datetime
    ) -> None:
        document = keep(company_id, at_now)
        sign_in(client, make_user(Role.BUYER))

        assert client.get(f"/documenti/{document.id}").status_code == 404

    def test_a_visitor_is_asked_to_sign_in(
        self, client: FlaskClient, company_id: int, at_now: datetime
    ) -> None:
        document = keep(company_id, at_now)

        assert client.get(f"/documenti/{document.id}").status_code == 302

    @pytest.mark.parametrize(
        ("kind", "role", "status"),
        [
            ("offer", Role.OPERATIONS, 200),
            ("invoice", Role.ACCOUNTING, 200),
            ("invoice", Role.SALES, 200),
            ("invoice", Role.OPERATIONS, 403),
            ("purchase_order", Role.OPERATIONS, 403),
            ("something_new", Role.ADMINISTRATOR, 403),
        ],
    )
    def test_staff_read_what_their_role_needs(
        self,
        *,
        client: FlaskClient,
        company_id: int,
        at_now: datetime,
        kind: str,
        role: Role,
        status: int,
    ) -> None:
        document = keep(company_id, at_now, kind)
        sign_in(client, make_user(role))

        assert client.get(f"/documenti/{document.id}").status_code == status

    @pytest.mark.parametrize("role", sorted(COMPANY))
    def test_a_companys_invoices_are_for_all_its_people(
        self, client: FlaskClient, company_id: int, at_now: datetime, role: Role
    ) -> None:
        document = keep(company_id, at_now, "invoice")
        sign_in(client, make_user(role, company_id=company_id))

        assert client.get(f"/documenti/{document.id}").status_code == 200

    @pytest.mark.parametrize("damage", ["changed", "lost"])
    def test_a_file_that_is_no_longer_itself_is_not_given(
        self,
        client: FlaskClient,
        company_id: int,
        at_now: datetime,
        damage: str,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        document = keep(company_id, at_now)
        path = file_of(client.application, document)
        path.unlink()
        if damage == "changed":
            path.write_bytes(CONTENT + b" and more")
        sign_in(client, make_user(Role.BUYER, company_id=company_id))

        with caplog.at_level(logging.ERROR):
            answer = client.get(f"/documenti/{document.id}")
        path.unlink(missing_ok=True)

        assert answer.status_code == 500
        assert "Questo file non è integro" in answer.text
        assert CONTENT not in answer.data
        assert f"document {document.id} is lost or damaged" in caplog.text


def file_of(app: Flask, document: Document) -> Path:
    root = Path(app.config["SETTINGS"].storage_url.removeprefix("file://"))
    return root / document.sha256[:2] / document.sha256
