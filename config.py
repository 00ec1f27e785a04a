"""Every setting, read once from the environment.

The embedded default and production differ here and nowhere else.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

SAMPLE_SECRET = "sample-secret-for-the-embedded-product-only"  # noqa: S105
ROOT = Path(__file__).resolve().parent
SECRETS = frozenset(
    {
        *("SECRET_KEY", "SECRET_KEY_FALLBACKS"),
        *("DATABASE_URL", "DATABASE_ADMIN_URL", "REDIS_URL", "SMTP_URL"),
        "METRICS_TOKEN",
    }
)
"""Each may lie in a file that only the process can read, named by `SECRET_KEY_FILE` and so on."""


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
    """The product was asked to start with settings that are not fit for it: which, and why."""


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
    secret_key_fallbacks: tuple[str, ...] = ()
    """Earlier secrets, read and never written: what they signed or sealed still counts."""
    trusted_proxies: int = 0
    """Proxies of ours in front of the web server: so many entries of X-Forwarded-For are true."""
    trusts_forwarded_host: bool = False
    """Whether those proxies also say by which name we were called (X-Forwarded-Host)."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names we answer to, beside that of `public_url` and this machine's own."""
    has_subdomains_in_https: bool = False
    """Whether every name below ours is served by HTTPS too, so that browsers may insist on it."""
    staff_second_factor: bool = False
    """Whether the staff signs in with a second factor only: who has none begins with one."""
    rate_factor: int = 1
    """Multiplies how often a visitor may ask: for load tests, and offices behind one address."""
    log_level: str = "INFO"
    log_format: str = "console"
    """`console` for people, `json` for machines."""
    slow_query_ms: int = 500
    metrics_token: str = ""
    metrics_networks: tuple[str, ...] = ()
    """Who may read `/metrics`: whoever shows the token, or asks from these networks (CIDR)."""
    alarm_to: str = ""
    """Who gets a letter when something is to be looked at; empty: the seller's address."""
    jobs_keep_days: int = 90
    """How long jobs that were done stay in the table."""
    web_bind: str = ""
    web_workers: int = 2
    web_timeout_seconds: int = 60
    web_grace_seconds: int = 30
    """How long a request may go on after the web server was told to stop."""
    web_max_requests: int = 0
    """After so many requests, and up to a tenth more, a web process is replaced; 0: never."""
    database_connections: int = 6
    """How many connections one process opens at most."""
    database_processes: int = 0
    """How many processes of all hosts share the database; 0: nobody counted them."""
    postgres_bin: str = ""
    """Where pg_dump and pg_restore are; empty: those of the embedded PostgreSQL."""
    backup_url: str = ""
    backup_keep: int = 14
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
        if not _is_own(self.secret_key):
            wrong.append("SECRET_KEY must be your own, 32 characters or more")
        if not all(map(_is_own, self.secret_key_fallbacks)):
            wrong.append("SECRET_KEY_FALLBACKS must each be your own, 32 characters or more")
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


def _is_own(secret: str) -> bool:
    return secret != SAMPLE_SECRET and len(secret) >= 32  # noqa: PLR2004


class _Environment:
    """The environment, and what is wrong with it; an empty variable is one that is not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.wrong: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """Return the variable, or what the file holds that `NAME_FILE` names."""
        file = self._environ.get(f"{name}_FILE", "") if name in SECRETS else ""
        if not file:
            return self._environ.get(name, "") or default
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.wrong.append(f"{name}_FILE cannot be read: {type(error).__name__}")
            return default

    def number(self, name: str, default: int, *, least: int = 0, most: int = 1_000_000) -> int:
        """Return a whole number within bounds."""
        written = self.text(name, str(default))
        if written.isascii() and written.isdecimal() and least <= int(written) <= most:
            return int(written)
        self.wrong.append(f"{name} must be a whole number from {least} to {most}")
        return default

    def url(self, name: str, default: str, *schemes: str) -> str:
        """Return an address that begins with one of the schemes; it may hold a password."""
        written = self.text(name, default)
        if written and urlsplit(written).scheme not in schemes:
            self.wrong.append(f"{name} must begin with {' or '.join(f'{s}://' for s in schemes)}")
        return written

    def choice(self, name: str, default: str, *choices: str) -> str:
        """Return one of the choices, however it was spelt."""
        written = self.text(name, default)
        for choice in choices:
            if choice.lower() == written.lower():
                return choice
        self.wrong.append(f"{name} must be {', '.join(choices[:-1])} or {choices[-1]}")
        return default

    def flag(self, name: str, word: str) -> bool:
        """Tell whether the variable is this word; any other word is a mistake, not a no."""
        written = self.text(name)
        if written not in ("", word):
            self.wrong.append(f"{name} must be {word}, or be left out")
        return written == word


def _seller(env: _Environment) -> Seller:
    texts = [name for name in Seller.__dataclass_fields__ if name != "is_sample"]
    given = {name: text for name in texts if (text := env.text(f"SELLER_{name.upper()}"))}
    return Seller(**given, is_sample=not {"name", "vat_number", "iban"} <= given.keys())


POSTGRES = "postgresql+psycopg"
DATABASE_OVERFLOW = 2


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment; nothing else in the product reads it.

    :raises UnsafeSettings: in one line, naming every variable that cannot be read
    """
    env = _Environment(os.environ if environ is None else environ)
    port = env.number("PORT", 8000, least=1, most=65535)
    instance = Path(env.text("GIFTING_INSTANCE") or ROOT / "instance").resolve()
    database_url = env.url("DATABASE_URL", "", POSTGRES)
    is_production = env.flag("GIFTING_ENV", "production")
    settings = Settings(
        instance=instance,
        is_production=is_production,
        secret_key=env.text("SECRET_KEY", SAMPLE_SECRET),
        secret_key_fallbacks=tuple(env.text("SECRET_KEY_FALLBACKS").split()),
        port=port,
        public_url=env.url("PUBLIC_URL", f"http://127.0.0.1:{port}", "https", "http").rstrip("/"),
        database_url=database_url,
        database_admin_url=env.url("DATABASE_ADMIN_URL", database_url, POSTGRES),
        redis_url=env.url("REDIS_URL", "", "redis", "rediss"),
        storage_url=env.url("STORAGE_URL", f"file://{instance}/files", "file", "s3"),
        smtp_url=env.url("SMTP_URL", "", "smtp", "smtps", "smtp+starttls"),
        mail_from=env.text("MAIL_FROM", "Viale dei Mille <ordini@vialedeimille.example>"),
        trusted_proxies=env.number("TRUSTED_PROXIES", 0, most=10),
        trusts_forwarded_host=env.flag("TRUST_FORWARDED_HOST", "1"),
        allowed_hosts=tuple(env.text("ALLOWED_HOSTS").replace(",", " ").split()),
        has_subdomains_in_https=env.flag("HSTS_SUBDOMAINS", "1"),
        staff_second_factor=env.choice(
            "STAFF_SECOND_FACTOR", "on" if is_production else "off", "on", "off"
        )
        == "on",
        rate_factor=env.number("RATE_FACTOR", 1, least=1, most=10_000),
        log_level=env.choice("LOG_LEVEL", "INFO", "DEBUG", "INFO", "WARNING", "ERROR"),
        log_format=env.choice(
            "LOG_FORMAT", "json" if is_production else "console", "json", "console"
        ),
        metrics_token=env.text("METRICS_TOKEN"),
        metrics_networks=tuple(
            env.text("METRICS_NETWORKS", "" if is_production else "127.0.0.0/8 ::1/128")
            .replace(",", " ")
            .split()
        ),
        slow_query_ms=env.number("SLOW_QUERY_MS", 500, least=1),
        alarm_to=env.text("ALARM_TO"),
        jobs_keep_days=env.number("JOBS_KEEP_DAYS", 90, least=2, most=3650),
        web_bind=env.text("WEB_BIND", f"127.0.0.1:{port}"),
        web_workers=env.number("WEB_WORKERS", 2, least=1, most=256),
        web_timeout_seconds=env.number("WEB_TIMEOUT_SECONDS", 60, least=5, most=600),
        web_grace_seconds=env.number("WEB_GRACE_SECONDS", 30, least=1, most=600),
        web_max_requests=env.number("WEB_MAX_REQUESTS", 0),
        database_connections=env.number("DATABASE_CONNECTIONS", 6, least=3, most=100),
        database_processes=env.number("DATABASE_PROCESSES", 0, most=10_000),
        postgres_bin=env.text("POSTGRES_BIN"),
        backup_url=env.url("BACKUP_URL", f"file://{instance}/backups", "file", "s3"),
        backup_keep=env.number("BACKUP_KEEP", 14, least=1, most=1000),
        seller=_seller(env),
    )
    if env.wrong:
        raise UnsafeSettings("; ".join(env.wrong))
    return settings


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
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
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
            "pool_size": settings.database_connections - DATABASE_OVERFLOW,
            "max_overflow": DATABASE_OVERFLOW,
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
