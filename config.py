"""Every setting, read once from the environment.

The embedded default and production differ here and nowhere else.
"""

import os
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

SAMPLE_SECRET = "sample-secret-for-the-embedded-product-only"  # noqa: S105
ROOT = Path(__file__).resolve().parent


SESSION = {
    "tcp_keepalives_idle": 30,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 3,
    "idle_in_transaction_session_timeout": 200_000,
}
"""What PostgreSQL is told of each connection (seconds, seconds, times, milliseconds).

A host that vanished gives back what it had locked after a minute, a frozen process after what is
longer than any job may take (`task_time_limit`).
"""


class UnsafeSettings(Exception):
    """Production was asked to start with settings that are only fit for the sample."""


@dataclass(frozen=True, slots=True)
class Seller:
    """The consortium as its documents show it. The defaults are a sample, not its real data."""

    name: str = "Consorzio Viale dei Mille"
    vat_number: str = "01234567897"
    tax_code: str = "01234567897"
    street: str = "Viale dei Mille 1"
    cap: str = "20129"
    city: str = "Milano"
    province: str = "MI"
    register: str = "REA MI 0000000"
    email: str = "ordini@vialedeimille.example"
    phone: str = "02 0000 0000"
    bank_name: str = "Banca di esempio"
    iban: str = "IT60X0542811101000000123456"
    bic: str = ""
    is_sample: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """What the process was told. `database_url` empty means: start the embedded servers."""

    instance: Path
    is_production: bool
    secret_key: str
    port: int
    public_url: str
    database_url: str
    database_admin_url: str
    redis_url: str
    storage_url: str
    smtp_url: str
    mail_from: str
    trusted_proxies: int = 0
    """Proxies of ours in front of the web server: so many entries of X-Forwarded-For are true."""
    trusts_forwarded_host: bool = False
    """Whether those proxies also say by which name we were called (X-Forwarded-Host)."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names we answer to, beside that of `public_url` and this machine's own."""
    has_subdomains_in_https: bool = False
    """Whether every name below ours is served by HTTPS too, so that browsers may insist on it."""
    rate_factor: int = 1
    """Multiplies how often a visitor may ask: for load tests, and offices behind one address."""
    log_level: str = "INFO"
    log_format: str = "console"
    """`console` for people, `json` for machines."""
    slow_query_ms: int = 500
    metrics_token: str = ""
    metrics_networks: tuple[str, ...] = ()
    """Who may read `/metrics`: whoever shows the token, or asks from these networks (CIDR)."""
    seller: Seller = field(default_factory=Seller)
    packing_days: int = 2
    transit_days: int = 2
    offer_validity_days: int = 15
    answer_hours: int = 9
    payment_terms_days: int = 30
    default_freight_per_hamper: Decimal = Decimal("7.40")

    def refuse_unsafe(self) -> None:
        """Stop a production start that would run on sample values.

        :raises UnsafeSettings: naming every setting that has to change
        """
        if not self.is_production:
            return
        wrong = []
        if self.secret_key == SAMPLE_SECRET or len(self.secret_key) < 32:  # noqa: PLR2004
            wrong.append("SECRET_KEY must be your own, 32 characters or more")
        if not self.database_url or not self.redis_url:
            wrong.append("DATABASE_URL and REDIS_URL must name your servers")
        if not self.smtp_url:
            wrong.append("SMTP_URL must name your mail server")
        if self.seller.is_sample:
            wrong.append("SELLER_NAME, SELLER_VAT_NUMBER and SELLER_IBAN must be your own")
        if not self.public_url.startswith("https://"):
            wrong.append("PUBLIC_URL must begin with https://")
        if wrong:
            raise UnsafeSettings("; ".join(wrong))


def _seller(env: dict[str, str]) -> Seller:
    texts = [name for name in Seller.__dataclass_fields__ if name != "is_sample"]
    given = {
        name: env[f"SELLER_{name.upper()}"] for name in texts if f"SELLER_{name.upper()}" in env
    }
    return Seller(**given, is_sample=not {"name", "vat_number", "iban"} <= given.keys())


def load(environ: dict[str, str] | None = None) -> Settings:
    """Read the settings from the environment; nothing else in the product reads it."""
    env = dict(os.environ if environ is None else environ)
    port = int(env.get("PORT", "8000"))
    instance = Path(env.get("GIFTING_INSTANCE") or ROOT / "instance").resolve()
    database_url = env.get("DATABASE_URL", "")
    is_production = env.get("GIFTING_ENV", "") == "production"
    return Settings(
        instance=instance,
        is_production=is_production,
        secret_key=env.get("SECRET_KEY", SAMPLE_SECRET),
        port=port,
        public_url=env.get("PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        database_url=database_url,
        database_admin_url=env.get("DATABASE_ADMIN_URL", database_url),
        redis_url=env.get("REDIS_URL", ""),
        storage_url=env.get("STORAGE_URL", f"file://{instance}/files"),
        smtp_url=env.get("SMTP_URL", ""),
        mail_from=env.get("MAIL_FROM", "Viale dei Mille <ordini@vialedeimille.example>"),
        trusted_proxies=int(env.get("TRUSTED_PROXIES", "0")),
        trusts_forwarded_host=env.get("TRUST_FORWARDED_HOST", "") == "1",
        allowed_hosts=tuple(env.get("ALLOWED_HOSTS", "").replace(",", " ").split()),
        has_subdomains_in_https=env.get("HSTS_SUBDOMAINS", "") == "1",
        rate_factor=int(env.get("RATE_FACTOR", "1")),
        log_level=env.get("LOG_LEVEL", "INFO").upper(),
        log_format=env.get("LOG_FORMAT", "json" if is_production else "console"),
        metrics_token=env.get("METRICS_TOKEN", ""),
        metrics_networks=tuple(
            env.get("METRICS_NETWORKS", "" if is_production else "127.0.0.0/8 ::1/128")
            .replace(",", " ")
            .split()
        ),
        slow_query_ms=int(env.get("SLOW_QUERY_MS", "500")),
        seller=_seller(env),
    )


def _cookie_name(settings: Settings) -> str:
    """Return a name that no other copy on this machine has, in production one that binds browsers.

    «__Host-» makes them refuse the cookie unless it is Secure, of this host alone, for every path
    (RFC 6265bis, 4.1.3.2): no neighbouring subdomain can plant one.
    """
    return "__Host-gifting" if settings.is_production else f"gifting-{settings.port}"


def flask_config(settings: Settings) -> dict[str, object]:
    """Translate the settings into the keys Flask and its extensions read."""
    public = urlsplit(settings.public_url)
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SERVER_NAME": public.netloc,
        "PREFERRED_URL_SCHEME": public.scheme,
        "TRUSTED_HOSTS": [public.hostname, "127.0.0.1", "localhost", *settings.allowed_hosts],
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "SESSION_COOKIE_NAME": _cookie_name(settings),
        "PERMANENT_SESSION_LIFETIME": 30 * 24 * 3600,
        "WTF_CSRF_TIME_LIMIT": None,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 4,
            "max_overflow": 2,
            "pool_pre_ping": True,
            "connect_args": {
                "connect_timeout": 5,
                "options": " ".join(f"-c {name}={value}" for name, value in SESSION.items()),
            },
            "hide_parameters": True,  # errors go to the log, people's data does not
        },
        "BABEL_DEFAULT_LOCALE": "it",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Rome",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "LANGUAGES": ("it", "en"),
        "BOOTSTRAP_SERVE_LOCAL": True,
    }
