"""The application factory: settings, machinery, then every slice from the ground up."""

from pathlib import Path

from flask import Flask
from flask_babel import Babel, get_locale
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from gifting.accounts.queries import has_sample_users
from gifting.platform import connections, embedded, limits, logs, statements
from gifting.platform.celery import init_celery
from gifting.platform.db import db
from gifting.platform.formats import FILTERS
from gifting.web import (
    access,
    commands,
    door,
    errors,
    headers,
    languages,
    navigation,
    registry,
    trace,
)
from gifting.web.assets import install_assets

ROOT = Path(__file__).resolve().parents[2]


def create_app(settings: config.Settings | None = None) -> Flask:
    """Build the application for these settings, by default those of the environment.

    :raises config.UnsafeSettings: in production, if a sample value is still there
    """
    settings = settings or config.load()
    settings.refuse_unsafe()
    logs.configure(settings)
    statements.watch(slow_ms=settings.slow_query_ms)
    app = Flask(
        "gifting",
        root_path=str(ROOT / "gifting"),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
    )
    app.config.from_mapping(config.flask_config(settings))
    _connect(app, settings)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(get_locale=get_locale)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    trace.install(app)
    door.install(app)
    CSRFProtect(app)
    Babel(app, locale_selector=languages.select_locale)
    login = LoginManager(app)
    access.install(app, login)
    registry.register(app)
    navigation.install(app)
    errors.install(app)
    headers.install(app)
    commands.install(app)
    install_assets(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app,
            x_for=count,
            x_proto=count,
            x_host=count if settings.trusts_forwarded_host else 0,
        )
    limits.install(app)
    door.install_rates(app)
    init_celery(app)
    if settings.is_production:
        _look_at_database(app)
    return app


def _look_at_database(app: Flask) -> None:
    """Stop a production start over people with printed passwords; warn of few connections."""
    with app.app_context():
        has_sample = has_sample_users()
        connections.warn_of_shortage(db.engine, app.config["SETTINGS"])
        db.session.remove()
        db.engine.dispose()
    if has_sample:
        raise config.UnsafeSettings("DATABASE_URL names a database with the sample's people in it")


def _connect(app: Flask, settings: config.Settings) -> None:
    """Name the servers: those of the environment, or the embedded ones, started or joined."""
    servers = embedded.start(
        settings.instance,
        with_database=not settings.database_url,
        with_broker=not settings.redis_url,
    )
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url or servers.database_url
    app.config["DATABASE_ADMIN_URL"] = settings.database_admin_url or servers.database_admin_url
    app.config["REDIS_URL"] = settings.redis_url or servers.redis_url
