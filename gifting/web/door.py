"""What no page can use stops at the door, before a form is read or a row is looked for.

Every request is bounded in its address, its fields and its body; text is UTF-8 without control
characters; forms are forms. `BODIES` and `RATES` are the two tables to add a route to: one that
takes a file, and one that costs more than a look-up.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any, NamedTuple
from urllib.parse import unquote_to_bytes

from flask import Flask, Request, abort, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import (
    RequestEntityTooLarge,
    RequestURITooLarge,
    SecurityError,
    UnsupportedMediaType,
)
from werkzeug.routing import IntegerConverter, ValidationError

from gifting.catalogue.service import COUNT_LIMITS
from gifting.platform import limits, uploads
from gifting.platform.addresses import read_id

MAX_PATH = 1_000
MAX_QUERY = 4_000
MAX_QUERY_FIELDS = 60
MAX_FORM_FIELDS = 2_000
"""The longest form is an offer of twenty hampers with a dozen lines each."""
MAX_BODY = 256 * 1024
_AROUND_A_FILE = 64 * 1024


class Body(NamedTuple):
    """What a route takes beside text: a file in this field, and so many bytes in all."""

    file: str
    most: int


BODIES: Mapping[str, Body] = {
    "accounts.change_logo": Body("logo", 4 * uploads.LOGO.max_bytes),  # its field tells a heavy one
    "catalogue.preview_count": Body("sheet", COUNT_LIMITS.bytes + _AROUND_A_FILE),
    "orders.accept_on_behalf": Body("evidence", uploads.EVIDENCE.max_bytes + _AROUND_A_FILE),
}
"""Endpoint → its body, for routes that take a file."""
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_OF_OFFERS = "30 per minute, POST; 300 per hour, POST"
"""More than anybody writes in December, less than a script."""
RATES: Mapping[str, str] = {
    "catalogue.products": "120 per minute",
    "catalogue.staff_products": "120 per minute",
    "catalogue.preview_count": "20 per minute",
    "catalogue.apply_count": "20 per minute",
    "catalogue.export_stock": "10 per minute",
    "hampers.create": "30 per minute; 200 per hour",
    "hampers.start_from_ready": "30 per minute; 200 per hour",
    "hampers.add_product": "120 per minute",
    "hampers.update": "240 per minute",
    "hampers.copy_shared": "30 per minute; 200 per hour",
    "quotes.request_form": "60 per minute; 20 per hour, POST",
    "quotes.change_many": _OF_OFFERS,
    "quotes.post_message": "20 per minute; 100 per hour",
    **dict.fromkeys(
        [
            *("quotes.answer", "quotes.ask_change", "quotes.cancel", "quotes.decline"),
            *("quotes.ask", "quotes.revise", "quotes.request_send", "quotes.retry_send"),
            *("quotes.withdraw", "quotes.write_to_buyer", "orders.accept", "billing.issue"),
        ],
        _OF_OFFERS,
    ),
    "quotes.queue": "120 per minute",
    "quotes.export_queue": "10 per minute",
    "orders.export": "10 per minute",
    "billing.export": "10 per minute",
    "billing.export_mine": "10 per minute",
    "orders.accept_on_behalf": "20 per minute",
    "backoffice.retry_job": "60 per minute",
    "accounts.confirm_email": "30 per minute",
    "accounts.invitation": "30 per minute",
    "accounts.ask_invitation_again": "10 per hour",
    "accounts.invite": "30 per hour, POST; 100 per day, POST",
    "accounts.resend_invitation": "30 per hour; 100 per day",
    "accounts.resend_confirmation": "5 per minute; 20 per hour",
    "accounts.ask_for_link": "5 per minute, POST; 20 per hour, POST",
    "accounts.follow_link": "30 per minute",
    "accounts.try_password": "30 per minute",
    "accounts.change_logo": "10 per minute; 60 per hour",
    "accounts.change_email": "5 per minute; 20 per hour",
    "accounts.change_password": "10 per minute; 40 per hour",
    "accounts.second_step": "30 per minute",
    "accounts.mail_code": "5 per minute; 20 per hour",
    "accounts.recovery_code": "20 per minute; 100 per hour",
    "accounts.enrol": "30 per minute",
    "accounts.set_up_factor": "30 per minute",
    "accounts.renew_recovery_codes": "5 per minute; 20 per hour",
    "accounts.end_second_factor": "5 per minute; 20 per hour",
    "accounts.prepare_second_factor": "5 per minute; 20 per hour",
}
"""Endpoint → how often one visitor may ask; each `;` begins another rate, a method narrows it.
What strangers post, what writes letters and what tries secrets has a row, or a test fails."""

_WHITE = "\t\r\n"
_REPLACED = "\ufffd"


class BoundedRequest(Request):
    """A request whose files stay in memory, for the door bounds them: a full disk stops no form."""

    def _get_file_stream(self, *_about: Any, **_named: Any) -> IO[bytes]:
        return BytesIO()


class RowIdConverter(IntegerConverter):
    """`<int:…>` in an address is the number of a row: a larger one is no page."""

    def to_python(self, value: str) -> int:
        try:
            return read_id(value)
        except ValueError as error:
            raise ValidationError from error


def install(app: Flask) -> None:
    """Stand before every view and every other hook: CSRF's already reads the form."""
    app.request_class = BoundedRequest
    app.url_map.converters["int"] = RowIdConverter
    app.before_request(check_address)
    app.before_request(check_body)


def install_rates(app: Flask) -> None:
    """Put the rates on the views, which have to be there."""
    limits.limit_views(app, RATES, key=visitor)


def visitor() -> str:
    """Name who asks: the person, else the address."""
    if current_user.is_authenticated:
        return f"user:{current_user.id}"
    return f"address:{request.remote_addr}"


def check_address() -> None:
    """Refuse an address that is not ours, is too long, has too many fields, or is no text."""
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception  # first: under a strange name no other page can be drawn
    if len(request.path) > MAX_PATH or len(request.query_string) > MAX_QUERY:
        raise RequestURITooLarge
    path = request.environ.get("PATH_INFO", "").encode("latin-1", "replace")  # PEP 3333's detour
    if not _is_text(path) or any(white in path for white in (b"\t", b"\r", b"\n")):
        abort(400)
    if request.query_string.count(b"&") >= MAX_QUERY_FIELDS:
        abort(400)
    if not _is_text(unquote_to_bytes(request.query_string)):
        abort(400)


def check_body() -> None:
    """Refuse a body that is too large, of a type no form has, or no text; bound what is read.

    A file comes in the field that takes one: elsewhere a form would meet it where it reads text.
    """
    file, most = BODIES.get(request.endpoint or "", Body("", MAX_BODY))
    request.max_content_length = request.max_form_memory_size = most
    request.max_form_parts = MAX_FORM_FIELDS
    has_body = bool(request.content_length) or "Transfer-Encoding" in request.headers
    if request.method in {"GET", "HEAD", "OPTIONS"} or not has_body:
        return
    if request.mimetype not in FORMS:
        raise UnsupportedMediaType
    if request.mimetype == "application/x-www-form-urlencoded":
        raw = request.get_data(cache=True)
        if len(raw) >= most:  # one without a length is cut there, not refused
            raise RequestEntityTooLarge
        if raw.count(b"&") >= MAX_FORM_FIELDS or not _is_text(unquote_to_bytes(raw)):
            abort(400)
    elif not _is_clean(request.form) or not set(request.files) <= {file}:
        abort(400)


def _is_text(raw: bytes) -> bool:
    """Tell whether bytes are UTF-8 without control characters; tabs and line ends are none."""
    try:
        return _has_no_controls(raw.decode())
    except UnicodeDecodeError:  # lone surrogates and overlong forms are no UTF-8 either
        return False


def _has_no_controls(text: str) -> bool:
    return not any((c < " " and c not in _WHITE) or "\x7f" <= c < "\xa0" for c in text)


def _is_clean(fields: MultiDict[str, str]) -> bool:
    """Tell it of fields that were decoded already: what was no UTF-8 shows as U+FFFD.

    A part of a body may come without the name of its field, which is then None.
    """
    return all(
        text is not None and _has_no_controls(text) and _REPLACED not in text
        for field in fields.items(multi=True)
        for text in field
    )
