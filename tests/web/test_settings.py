import pytest

import config

OWN = {
    "GIFTING_ENV": "production",
    "SECRET_KEY": "k" * 40,
    "DATABASE_URL": "postgresql+psycopg://app@db/gifting",
    "REDIS_URL": "redis://broker/0",
    "SMTP_URL": "smtps://mail.example:465",
    "PUBLIC_URL": "https://gifting.example",
    "SELLER_NAME": "Consorzio",
    "SELLER_VAT_NUMBER": "00743110157",
    "SELLER_IBAN": "IT60X0542811101000000123456",
}


class TestProduction:
    def test_starts_on_settings_of_its_own(self):
        config.load(OWN).refuse_unsafe()

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("SECRET_KEY", config.SAMPLE_SECRET, "SECRET_KEY"),
            ("SECRET_KEY", "short", "SECRET_KEY"),
            ("DATABASE_URL", "", "DATABASE_URL"),
            ("REDIS_URL", "", "REDIS_URL"),
            ("SMTP_URL", "", "SMTP_URL"),
            ("PUBLIC_URL", "http://gifting.example", "PUBLIC_URL"),
            ("SELLER_IBAN", None, "SELLER_IBAN"),
        ],
    )
    def test_refuses_a_sample_or_missing_value_and_names_it(self, name, value, said):
        environment = {k: v for k, v in (OWN | {name: value}).items() if v is not None}

        with pytest.raises(config.UnsafeSettings, match=said):
            config.load(environment).refuse_unsafe()

    def test_the_embedded_product_starts_on_the_sample(self):
        config.load({}).refuse_unsafe()


class TestLoad:
    def test_reads_port_and_instance(self, tmp_path):
        settings = config.load({"PORT": "8123", "GIFTING_INSTANCE": str(tmp_path)})

        assert settings.port == 8123
        assert settings.instance == tmp_path
        assert settings.public_url == "http://127.0.0.1:8123"

    def test_session_cookies_of_two_copies_do_not_meet(self):
        names = {
            config.flask_config(config.load({"PORT": port}))["SESSION_COOKIE_NAME"]
            for port in ("8000", "8001")
        }

        assert len(names) == 2
