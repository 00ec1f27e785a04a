"""production.env.example names every setting, and no setting that nobody reads."""

import re
from collections.abc import Iterator, Mapping

import config
from tests.support.running import ROOT

EXAMPLE = (ROOT / "deploy/production.env.example").read_text(encoding="utf-8")
NAMED = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))
S3 = {"AWS_ENDPOINT_URL_S3", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
"""Read by the client of S3, never by the product."""


class Asked(Mapping[str, str]):
    """An empty environment that remembers what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def read_by_the_product():
    asked = Asked()
    config.load(asked)
    return {name for name in asked.names if name.removesuffix("_FILE") not in config.SECRETS} | (
        config.SECRETS
    )


class TestExample:
    def test_names_every_setting(self):
        assert read_by_the_product() - NAMED == set()

    def test_names_nothing_that_nobody_reads(self):
        assert NAMED - read_by_the_product() == S3

    def test_is_accepted_once_secrets_and_seller_are_filled_in(self, tmp_path):
        given = dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", EXAMPLE, re.MULTILINE))
        secret = {
            "SECRET_KEY": "k" * 48,
            "DATABASE_URL": "postgresql+psycopg://gifting_app:x@postgres/gifting",
            "REDIS_URL": "redis://valkey:6379/0",
            "SMTP_URL": "smtps://u:p@mail.example:465",
        }
        for name, value in secret.items():
            (tmp_path / name).write_text(value)
            given[f"{name}_FILE"] = str(tmp_path / name)
        given |= {f"SELLER_{name}": "own" for name in ("NAME", "VAT_NUMBER", "IBAN")}

        settings = config.load(given)

        settings.refuse_unsafe()
        assert settings.is_production

    def test_shows_the_defaults_as_they_are(self):
        shown = dict(re.findall(r"^#([A-Z0-9_]+)=(.+)$", EXAMPLE, re.MULTILINE))
        known = {name: value for name, value in shown.items() if name not in S3}
        del known["POSTGRES_BIN"]  # an example of a folder; it is empty by default
        production = config.load({"GIFTING_ENV": "production"})

        assert config.load({"GIFTING_ENV": "production"} | known) == production
