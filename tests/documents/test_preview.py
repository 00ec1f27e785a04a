"""Samples stand for real documents, and the command line shows them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from gifting.core.papers import Delivery, OfferPaper
from gifting.core.vat import VatClass
from gifting.documents.documents import PAPERS, load_sample, read_value
from gifting.platform.pdf import PDF_TEMPLATES


class TestSamples:
    def test_every_document_has_a_template_and_a_sample(self) -> None:
        folders = {path.name for path in PDF_TEMPLATES.iterdir() if path.name != "base"}

        assert folders == set(PAPERS)
        for name in PAPERS:
            assert load_sample(name).seller.is_sample

    def test_amounts_dates_and_choices_are_read_as_what_they_are(self) -> None:
        offer = load_sample("offer")

        assert isinstance(offer, OfferPaper)
        assert offer.valid_until == date(2026, 11, 24)
        assert offer.delivery is Delivery.SITES
        assert offer.contents.hampers[0].components[0].vat == VatClass(Decimal(10))
        assert isinstance(offer.contents.totals.net, Decimal)

    def test_a_field_that_no_view_model_has_is_refused(self) -> None:
        with pytest.raises(ValueError, match="VatClass has no rato"):
            read_value(VatClass, {"rato": "10"})


class TestPreview:
    @pytest.mark.parametrize("name", sorted(PAPERS))
    def test_writes_the_sample_into_the_instance(self, app: Flask, name: str) -> None:
        result = app.test_cli_runner().invoke(args=["pdf", "preview", name])

        path = app.config["SETTINGS"].instance / "previews" / f"{name}.pdf"
        assert result.exit_code == 0
        assert result.output.strip() == str(path)
        assert path.read_bytes().startswith(b"%PDF-")

    def test_writes_where_it_is_told_in_the_language_it_is_told(
        self, app: Flask, tmp_path: Path
    ) -> None:
        path = tmp_path / "new" / "invoice.pdf"

        result = app.test_cli_runner().invoke(
            args=["pdf", "preview", "invoice", "--out", str(path), "--locale", "en"]
        )

        assert result.exit_code == 0
        assert path.read_bytes().startswith(b"%PDF-")

    def test_an_unknown_name_lists_the_known_ones(self, app: Flask) -> None:
        result = app.test_cli_runner().invoke(args=["pdf", "preview", "letter"])

        assert result.exit_code == 2
        assert "order_confirmation" in result.output
