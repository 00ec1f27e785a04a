"""What stands in the way of a start is said in one line."""

import sys
from contextvars import Context
from typing import Any

import pytest
from flask import Flask

import config
from gifting.platform.db import db
from gifting.web import app as factory
from gifting.web import run
from tests.support.catalogue import make_product


class Missing:
    """A finder for which a system library is not on the machine."""

    def find_spec(self, name: str, *_rest: Any) -> None:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")


class TestMain:
    def test_a_missing_system_library_gets_one_line_with_its_remedy(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
    ) -> None:
        monkeypatch.setenv("GIFTING_INSTANCE", str(tmp_path))
        monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
        monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])

        with pytest.raises(SystemExit) as end:
            run.main()

        assert str(end.value).count("\n") == 0
        assert "libpango-1.0-0" in str(end.value)
        assert "apt install" in str(end.value)


class TestPrepare:
    def test_keeps_no_connection_for_as_long_as_the_product_runs(
        self, app: Flask, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[Flask] = []
        create_app = factory.create_app
        monkeypatch.setattr(factory, "create_app", lambda s: made.append(create_app(s)) or made[-1])
        make_product()  # so that no sample is loaded

        environment = run._environment(settings, run._servers(settings))
        Context().run(run._prepare, settings, environment)  # outside the application of this test

        with made[0].app_context():
            assert db.engine.pool.checkedin() == 0
