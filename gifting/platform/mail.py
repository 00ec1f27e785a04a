"""Letters: rendered from templates/mail, sent once by their key, by SMTP or into a folder."""

import hashlib
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from flask import current_app, render_template
from flask_babel import force_locale

from gifting.platform import tallies
from gifting.platform.db import db
from gifting.platform.failures import (
    MailDeferred,
    MailLoginRefused,
    MailRefused,
    MailServerAway,
    Outage,
)
from gifting.platform.models import MailLogEntry
from gifting.platform.pictures import Picture, logo

SMTP_TIMEOUT_SECONDS = 20  # for each answer; a server that trickles meets the job's own limit
PERMANENT = 500
"""SMTP replies from here on will not change (RFC 5321 4.2.1)."""


@dataclass(frozen=True, slots=True)
class Attachment:
    filename: str
    content: bytes
    media_type: str = "application/pdf"


def send(
    template: str,
    *,
    to: str,
    locale: str,
    key: str,
    now: datetime,
    attachments: tuple[Attachment, ...] = (),
    pictures: Mapping[str, Picture] = MappingProxyType({}),
    reply_to: str = "",
    **context: Any,
) -> None:
    """Send `templates/mail/<template>.{subject.txt,txt,html}` in the reader's language, once.

    The pictures travel inside the letter; the HTML finds each by its name in `pictures`, the
    `logo` always.

    The key names the letter for good: a second call with it does nothing. The Message-ID is
    made from it, so that a letter repeated after a crash is the same letter to its reader.
    """
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(key, 0))))
    if db.session.scalar(sa.select(MailLogEntry.id).where(MailLogEntry.key == key)):
        return  # of two senders, the second waited above and finds the letter gone
    settings = current_app.config["SETTINGS"]
    pictures = {"logo": logo(), **pictures}
    with force_locale(locale):
        subject = " ".join(render_template(f"mail/{template}.subject.txt", **context).split())
        text = render_template(f"mail/{template}.txt", **context)
        html = render_template(
            f"mail/{template}.html", subject=subject, pictures=pictures, **context
        )
    letter = EmailMessage()
    letter["Subject"] = subject
    letter["From"] = settings.mail_from
    letter["To"] = to
    if reply_to:
        letter["Reply-To"] = reply_to
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = message_id(key, settings.mail_from)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    letter.add_alternative(html, subtype="html")
    _add_pictures(letter, pictures)
    for attachment in attachments:
        maintype, _, subtype = attachment.media_type.partition("/")
        letter.add_attachment(
            attachment.content, maintype=maintype, subtype=subtype, filename=attachment.filename
        )
    letter["Content-Language"] = locale  # last: setting contents clears their headers
    _deliver_logged(letter, key=key, now=now)


def _add_pictures(letter: EmailMessage, pictures: Mapping[str, Picture]) -> None:
    """Put the pictures beside the HTML part, each under its content's name."""
    html = letter.get_body(("html",))
    if html is None:
        raise LookupError("a letter without HTML part has no place for pictures")
    for name, picture in pictures.items():
        html.add_related(
            picture.content,
            maintype="image",
            subtype="png",
            cid=f"<{picture.cid}>",
            disposition="inline",
            filename=f"{name}.png",
        )


def send_each(letters: Iterable[Callable[[], None]]) -> None:
    """Send several letters: one that is refused keeps none of the others from its reader.

    :raises MailRefused: at the end, the first there was
    """
    refused: list[MailRefused] = []
    for send_one in letters:
        try:
            send_one()
        except MailRefused as refusal:
            refused.append(refusal)
    if refused:
        raise refused[0]


def _deliver_logged(letter: EmailMessage, *, key: str, now: datetime) -> None:
    """Deliver the letter and write that down for good: what fails later cannot call it back.

    SMTP has no way to ask whether a letter arrived, so a crash after the server took it and
    before we know leaves the choice between twice and never. Everything that can fail on our
    side is done before the delivery and only a COMMIT after it; a second delivery bears the
    same Message-ID, by which mail programs show it once.
    """
    with db.engine.begin() as connection:
        connection.execute(
            sa.insert(MailLogEntry).values(
                key=key,
                message_id=letter["Message-ID"],
                recipient=letter["To"],
                subject=letter["Subject"],
                sent_at=now,
            )
        )
        with tallies.timed("letter"):
            _deliver(letter)


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID that this key always has."""
    domain = parseaddr(sender)[1].partition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def mail_folder() -> Path:
    """Return the folder that takes the letters when no SMTP server is named."""
    folder: Path = current_app.config["SETTINGS"].instance / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept_copy(letter_id: str) -> Path:
    """Return where the copy of the letter with this Message-ID is, if one was kept."""
    return mail_folder() / f"{letter_id.strip('<>').partition('@')[0]}.eml"


def _deliver(letter: EmailMessage) -> None:
    smtp_url = current_app.config["SETTINGS"].smtp_url
    if not smtp_url:
        path = kept_copy(letter["Message-ID"])
        draft = path.with_suffix(".part")
        draft.write_bytes(bytes(letter))
        draft.replace(path)
        return
    with _named_failures():
        _deliver_by_smtp(letter, smtp_url)


def _deliver_by_smtp(letter: EmailMessage, smtp_url: str) -> None:
    url = urlsplit(smtp_url)  # smtp://user:password@host:port or smtps://…
    host, port = url.hostname or "localhost", url.port or (465 if url.scheme == "smtps" else 25)
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=SMTP_TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, port, timeout=SMTP_TIMEOUT_SECONDS)
    try:
        if url.scheme == "smtp+starttls":
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(letter)
    finally:
        with suppress(smtplib.SMTPException, OSError):  # the letter has left, or has not, by now
            server.putcmd("QUIT")
        server.close()


@contextmanager
def _named_failures() -> Iterator[None]:
    """Turn what smtplib and the network raise into what it means for the letter."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise MailLoginRefused(_quote(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _refusal(code, text) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except OSError as error:  # unreachable, timed out, hung up; smtplib's own are OSErrors too
        raise MailServerAway(f"{type(error).__name__} {error}") from error


def _quote(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"


def _refusal(code: int, text: bytes | str) -> MailRefused | Outage:
    kind = MailRefused if code >= PERMANENT else MailDeferred
    return kind(_quote(code, text))
