"""Commands of the whole product: database, sample data, documents."""

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import AppGroup

import config
from gifting.accounts import cli as accounts_cli
from gifting.catalogue import cli as catalogue_cli
from gifting.catalogue.models import Product
from gifting.platform.db import db
from gifting.web import backup, rights

database = AppGroup("database", help="Prepare the database.")


@database.command("prepare")
def prepare() -> None:
    """Bring the schema up to date and give the application's role its rights."""
    rights.prepare(current_app.config["DATABASE_ADMIN_URL"])
    click.echo("Database ready.")


sample = AppGroup("sample", help="Sample data of the embedded product.")


@sample.command("load")
@click.pass_context
def load_sample(context: click.Context) -> None:
    """Load the real catalogue and the sample people into an empty database; once."""
    if db.session.scalar(sa.select(sa.exists().where(Product.id.is_not(None)))):
        click.echo("There are products already: nothing loaded.")
        return
    context.invoke(
        catalogue_cli.import_folder, folder=config.ROOT / "sample/catalogue", label_confirmed=True
    )
    context.invoke(accounts_cli.load_sample)


def install(app: Flask) -> None:
    """Register the command groups that belong to no slice."""
    app.cli.add_command(backup.group)
    app.cli.add_command(database)
    app.cli.add_command(sample)
