"""Drawings that travel in letters."""

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from gifting.core.papers import BoxDrawing, OfferPaper
from gifting.documents.documents import load_sample
from gifting.platform import pictures


@pytest.fixture(scope="module")
def drawing() -> BoxDrawing:
    offer = load_sample("offer")
    assert isinstance(offer, OfferPaper)
    found = offer.contents.hampers[0].drawing
    assert found is not None
    return found


class TestFilledBox:
    def test_is_small_crisp_and_of_one_ground_with_the_cell_around_it(
        self, app: Flask, drawing: BoxDrawing
    ) -> None:
        picture = pictures.filled_box(drawing)

        image = Image.open(BytesIO(picture.content)).convert("RGB")
        assert len(picture.content) <= 60_000
        assert image.size == (2 * picture.width, 2 * picture.height)
        assert image.getpixel((0, 0)) == (0xCB, 0xDC, 0xE8)
        assert len(image.getcolors() or ()) > 20

    def test_is_the_same_each_time(self, app: Flask, drawing: BoxDrawing) -> None:
        assert pictures.filled_box(drawing) == pictures.filled_box(drawing)


class TestLogo:
    def test_bears_the_name_on_white(self, app: Flask) -> None:
        logo = pictures.logo()

        image = Image.open(BytesIO(logo.content)).convert("L")
        name = image.crop((60, 30, image.width - 60, 60))
        assert (logo.width, logo.height) == (176, 52)
        assert image.getpixel((0, 0)) == 255
        assert len(logo.content) <= 12_000
        assert name.getextrema()[0] < 60


class TestPictureOf:
    def test_a_drawing_without_natural_size_is_refused(self, app: Flask) -> None:
        with pytest.raises(ValueError, match="no natural size"):
            pictures.picture_of('<svg viewBox="0 0 1 1"></svg>', paper="#FFFFFF")
