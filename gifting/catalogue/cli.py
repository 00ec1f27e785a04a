"""Commands of the catalogue slice."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from gifting.catalogue import service
from gifting.platform import clock
from gifting.platform.uow import transaction

group = AppGroup("catalogue", help="Products, boxes, extras, prices and stock.")

_NAMES = {
    "producers.csv": "produttori",
    "products.csv": "prodotti",
    "boxes.csv": "scatole",
    "extras.csv": "extra",
    "stores.csv": "negozi",
    "hampers.csv": "cesti pronti",
    "quantity_breaks.csv": "sconti quantità",
}


@group.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--label-confirmed",
    is_flag=True,
    help="Allergens and diets in the files were checked on the labels: food goes on sale.",
)
def import_folder(folder: Path, *, label_confirmed: bool) -> None:
    """Import the catalogue's CSV files from FOLDER, all or nothing.

    Every problem of every file is printed with file, row and column, and then nothing is written.
    Running it twice changes nothing. Changed prices and VAT rates count from today; the history
    stays. The column «stock» is used only for products that are new: later counts are made on the
    page «Prodotti e scorte». Nothing is deleted. Without --label-confirmed new food is not on sale
    until staff confirm its label, and labels already confirmed are left as they are.
    """
    try:
        sheets = service.read_sheets(folder)
    except service.CatalogueRefused as refused:
        for problem in refused.problems:
            click.echo(str(problem), err=True)
        click.echo(f"Problemi: {len(refused.problems)}. Non è stato importato nulla.", err=True)
        sys.exit(1)
    with transaction():
        tallies = service.import_catalogue(
            sheets, label_confirmed=label_confirmed, actor_id=None, now=clock.now()
        )
    for file, name in _NAMES.items():
        tally = tallies[file]
        click.echo(f"{tally.total} {name}: {tally.new} nuovi, {tally.changed} cambiati")
