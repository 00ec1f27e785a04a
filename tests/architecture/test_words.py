"""Every sentence has its words in both languages."""

import re

import pytest

from gifting.web import words


@pytest.fixture(scope="module")
def collected():
    return words.collect()


class TestCatalogues:
    @pytest.mark.parametrize("locale", words.LOCALES)
    def test_has_every_sentence_of_the_product(self, locale, collected):
        known = {(m.id, m.context) for m in words.sentences(words.read(locale))}
        used = {(m.id, m.context) for m in words.sentences(collected)}

        assert used - known == set(), "run make translations"
        assert known - used == set(), "run make translations"

    @pytest.mark.parametrize("locale", words.LOCALES)
    def test_has_words_for_every_sentence(self, locale):
        assert words.untranslated(words.read(locale)) == []

    def test_keeps_the_placeholders(self):
        placeholder = re.compile(r"%\(\w+\)[sd]")
        for message in words.sentences(words.read("en")):
            sources = message.id if isinstance(message.id, tuple) else (message.id,)
            targets = message.string if isinstance(message.string, tuple) else (message.string,)
            for source, target in zip(sources, targets, strict=True):
                assert set(placeholder.findall(source)) == set(placeholder.findall(target)), source

    def test_english_is_not_italian_left_as_it_was(self):
        """Names and loan words may be equal; a sentence of four words may not."""
        left = [
            message.id
            for message in words.sentences(words.read("en"))
            if message.id == message.string and len(str(message.id).split()) > 3
        ]

        assert left == []
