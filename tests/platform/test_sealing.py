"""What is sealed is read again here, for its purpose, and nowhere else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gifting.platform import sealing, tokens


def test_reads_what_it_sealed(app):
    sealed = sealing.seal("one", "segreto")

    assert "segreto" not in sealed
    assert sealing.unseal("one", sealed) == "segreto"


def test_reads_nothing_that_was_sealed_for_something_else(app):
    with pytest.raises(sealing.SealBroken):
        sealing.unseal("two", sealing.seal("one", "segreto"))


def test_reads_nothing_under_another_secret(app, monkeypatch):
    sealed, mark = sealing.seal("one", "segreto"), sealing.mark("one", "123456")
    other = replace(app.config["SETTINGS"], secret_key="another" * 8)
    monkeypatch.setitem(app.config, "SETTINGS", other)

    assert sealing.mark("one", "123456") != mark
    with pytest.raises(sealing.SealBroken):
        sealing.unseal("one", sealed)


def test_a_mark_is_always_the_same_and_each_purpose_has_its_own(app):
    assert sealing.mark("one", "123456") == sealing.mark("one", "123456")
    assert sealing.mark("one", "123456") != sealing.mark("two", "123456")


class TestAnotherSecret:
    """The application's secret was changed, and the one before is still known."""

    @pytest.fixture
    def change(self, app, monkeypatch):
        before = app.config["SETTINGS"]
        after = replace(
            before, secret_key="another" * 8, secret_key_fallbacks=("older" * 8, before.secret_key)
        )
        return lambda: monkeypatch.setitem(app.config, "SETTINGS", after)

    def test_reads_what_was_sealed_before(self, change):
        sealed = sealing.seal("one", "segreto")
        change()

        assert sealing.unseal("one", sealed) == "segreto"

    def test_seals_under_the_new_one(self, app, change, monkeypatch):
        change()
        sealed = sealing.seal("one", "segreto")
        alone = replace(app.config["SETTINGS"], secret_key_fallbacks=())
        monkeypatch.setitem(app.config, "SETTINGS", alone)

        assert sealing.unseal("one", sealed) == "segreto"

    def test_knows_the_marks_of_before(self, change):
        before = sealing.mark("one", "123456")
        change()

        assert before in sealing.marks("one", "123456")
        assert sealing.marks("one", "123456")[0] == sealing.mark("one", "123456") != before

    def test_reads_the_tokens_of_before_and_signs_new_ones(self, at_now, change):
        before = tokens.sign("one", [1])
        change()

        assert tokens.read("one", before, max_age=timedelta(1)) == [1]
        assert tokens.sign("one", [1]) != before
