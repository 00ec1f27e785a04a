"""Letters and jobs for tests."""

from email.message import EmailMessage
from itertools import count

from gifting.platform import mail
from gifting.platform.db import db
from gifting.platform.models import MailLogEntry
from tests.conftest import NOW

_serial = count(1)


def make_letter(
    *, has_copy: bool = True, subject: str = "La tua offerta è pronta", area: str = "orders"
) -> int:
    """Add a letter of a slice that left, with its copy in the mail folder, and return its id."""
    key = f"{area}.letter:{next(_serial)}"
    letter_id = mail.message_id(key, "ordini@vialedeimille.example")
    if has_copy:
        letter = EmailMessage()
        letter["Subject"] = subject
        letter.set_content("Ciao Chiara, in testo.")
        letter.add_alternative(
            '<p>Ciao <b>Chiara</b></p><img src="cid:box@pictures">', subtype="html"
        )
        html = letter.get_body(("html",))
        assert html is not None
        html.add_related(b"\x89PNG", "image", "png", cid="<box@pictures>", filename="box.png")
        letter.add_attachment(b"%PDF-1.7", "application", "pdf", filename="Offerta.pdf")
        mail.kept_copy(letter_id).write_bytes(bytes(letter))
    entry = MailLogEntry(
        key=key,
        message_id=letter_id,
        recipient="chiara@example.com",
        subject=subject,
        sent_at=NOW,
    )
    db.session.add(entry)
    db.session.commit()
    return entry.id
