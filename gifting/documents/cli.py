"""Commands about printed documents."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from gifting.documents.documents import PAPERS, load_sample
from gifting.platform.pdf import render

group = AppGroup("pdf", help="Printed documents.")


@group.command("preview")
@click.argument("name", type=click.Choice(sorted(PAPERS)))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@click.option("--locale", type=click.Choice(("it", "en")), default="it", show_default=True)
def preview(name: str, out: Path | None, locale: str) -> None:
    """Render the document NAME from its sample, by default into instance/previews/."""
    path = out or current_app.config["SETTINGS"].instance / "previews" / f"{name}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(render(name, load_sample(name), locale=locale))
    click.echo(path)
