"""What no page can use stops at the door: numbers no row has, text no column takes."""

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, ValidationError

from gifting.platform.addresses import read_id

NUL = "\x00"
"""PostgreSQL keeps every character but this one; no keyboard sends it."""


class RowIdConverter(IntegerConverter):
    """`<int:…>` in an address is the number of a row: a larger one is no page."""

    def to_python(self, value: str) -> int:
        try:
            return read_id(value)
        except ValueError as error:
            raise ValidationError from error


def install(app: Flask) -> None:
    """Read the numbers of addresses within bounds, and refuse NUL before any page sees it."""
    app.url_map.converters["int"] = RowIdConverter
    app.before_request(refuse_nul)


def refuse_nul() -> None:
    """Refuse a request that carries NUL in its address or its fields."""
    sent = (request.args, request.form)
    if NUL in request.path or any(
        NUL in name or NUL in value for values in sent for name, value in values.items(multi=True)
    ):
        abort(400)
