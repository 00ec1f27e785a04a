"""A misspelt word finds the one of the catalogue it meant."""

import pytest

from gifting.catalogue.queries.spelling import count_words, find_closest, words_of
from tests.support.shared import read_rows


@pytest.fixture(scope="module")
def vocabulary() -> dict[str, int]:
    rows = read_rows("catalogue/products.csv")
    return count_words(f"{row['name_it']} {row['description_it']}" for row in rows)


class TestClosestWord:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("panetone", "panettone"),
            ("panettonne", "panettone"),
            ("tarali", "taralli"),
            ("ciocolato", "cioccolato"),
            ("mandrole", "mandorle"),
            ("bisscotti", "biscotti"),
            ("torone", "torrone"),
            ("pistachio", "pistacchio"),
        ],
    )
    def test_is_the_one_meant(self, vocabulary: dict[str, int], written: str, meant: str) -> None:
        assert find_closest(written, vocabulary) == meant

    @pytest.mark.parametrize("word", ["xyzzy", "automobile", "kkkkkkk"])
    def test_is_none_for_a_word_like_no_other(self, vocabulary: dict[str, int], word: str) -> None:
        assert find_closest(word, vocabulary) is None

    def test_is_none_for_a_short_word(self, vocabulary: dict[str, int]) -> None:
        assert find_closest("caf", vocabulary) is None

    def test_is_the_more_frequent_one_on_a_tie(self) -> None:
        assert find_closest("torta", {"torti": 1, "torte": 3}) == "torte"


class TestWords:
    def test_lose_accents_capitals_and_signs(self) -> None:
        assert words_of("Caffè «d’orzo», 250 g") == ["caffe", "d", "orzo", "250", "g"]
