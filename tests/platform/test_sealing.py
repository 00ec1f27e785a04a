"""What is sealed is read again here, for its purpose, and nowhere else."""

from dataclasses import replace

import pytest

from gifting.platform import sealing


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
