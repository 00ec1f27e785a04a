"""What stands in the way of a start is said in one line."""

import sys
from typing import Any

import pytest

from gifting.web import run


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
