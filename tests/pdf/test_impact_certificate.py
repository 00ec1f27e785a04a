"""What a company reads on the certificate of its order's hours of work."""

from dataclasses import replace
from typing import cast

import pypdfium2
import pytest
from flask import Flask

from gifting.core.papers import ImpactPaper, WorkshopHours
from gifting.core.vat import TotalsDoNotAddUp
from gifting.documents.documents import load_sample
from gifting.platform.pdf import render
from tests.support.papers import pages_of


@pytest.fixture
def paper() -> ImpactPaper:
    return cast(ImpactPaper, load_sample("impact_certificate"))


def read(paper: ImpactPaper, locale: str = "it") -> str:
    (page,) = pages_of(render("impact_certificate", paper, locale=locale))
    return page


class TestImpactCertificate:
    def test_says_how_many_hours_for_which_order_and_that_it_is_an_estimate(
        self, app: Flask, paper: ImpactPaper
    ) -> None:
        text = read(paper)

        assert "Meridiana Assicurazioni S.p.A." in text
        assert (
            "I 350 cesti dell’ordine O-2026-0297 valgono, secondo la nostra stima, 443 ore" in text
        )
        assert "in 6 laboratori delle carceri italiane" in text
        assert "nessun laboratorio li ha ancora misurati" in text
        assert "vialedeimille.example/come-contiamo-le-ore" in text

    def test_names_each_workshop_with_its_hours(self, app: Flask, paper: ImpactPaper) -> None:
        text = read(paper)

        for workshop in paper.workshops:
            assert f"{workshop.hours} h" in text
            assert workshop.name in text
            assert workshop.city in text

    def test_speaks_english(self, app: Flask, paper: ImpactPaper) -> None:
        text = read(paper, "en")

        assert "Certificate of impact" in text
        assert "443 hours of paid work" in text
        assert "laborator" not in text

    def test_many_workshops_and_a_long_name_stay_on_one_landscape_sheet(
        self, app: Flask, paper: ImpactPaper
    ) -> None:
        many = tuple(
            WorkshopHours(f"Cooperativa sociale numero {n}", "Reggio Calabria", 10)
            for n in range(45)
        )
        long = replace(
            paper,
            workshops=many,
            hours=450,
            buyer_name="Compagnia generale di assicurazioni e riassicurazioni del Mediterraneo",
        )

        pdf = render("impact_certificate", long, locale="it")

        with pypdfium2.PdfDocument(pdf) as document:
            assert len(document) == 1
            width, height = document[0].get_size()
        assert width > height
        assert "Cooperativa sociale numero 44" in pages_of(pdf)[0]

    def test_hours_that_do_not_add_up_are_refused(self, paper: ImpactPaper) -> None:
        with pytest.raises(TotalsDoNotAddUp):
            replace(paper, hours=paper.hours + 1)
