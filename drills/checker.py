"""What must be true after every fault: nothing lost, nothing twice, nothing half."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from drills.stage import Stage
from gifting.platform import clock, storage
from gifting.platform.db import db

SINGLE = {
    "request": """SELECT title FROM quote WHERE title LIKE 'Prova%%'
        GROUP BY title HAVING count(*) > 1""",
    "message": "SELECT body FROM quote_message GROUP BY body HAVING count(*) > 1",
    "order": 'SELECT quote_id FROM "order" GROUP BY quote_id HAVING count(*) > 1',
    "acceptance": "SELECT quote_id FROM acceptance GROUP BY quote_id HAVING count(*) > 1",
    "invoice": "SELECT order_id FROM invoice GROUP BY order_id HAVING count(*) > 1",
    "payment": "SELECT invoice_id FROM payment GROUP BY invoice_id HAVING count(*) > 1",
    "sending": """SELECT subject, data->>'revision' FROM event_log WHERE action = 'send'
        GROUP BY 1, 2 HAVING count(*) > 1""",
    "reservation": """SELECT order_id, product_id FROM reservation
        GROUP BY 1, 2 HAVING count(*) > 1""",
}
"""Each asks for what exists twice and may exist once."""
PRESENT = {
    "paper of a sent offer": """SELECT r.id FROM quote_revision r JOIN quote q ON q.id = r.quote_id
        WHERE r.sent_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM stored_document d WHERE d.subject = 'quote:' || q.id
            AND d.kind = 'offer' AND d.revision = r.number AND d.sha256 = r.pdf_sha256)""",
    "letter of a sent offer": """SELECT e.id FROM event_log e WHERE e.action = 'send'
        AND NOT EXISTS (SELECT 1 FROM mail_log m WHERE m.key = 'quotes.mail_offer:' || e.id)
        AND NOT EXISTS (SELECT 1 FROM outbox_message o
            WHERE o.key = 'quotes.mail_offer:' || e.id AND o.gave_up_at IS NOT NULL)""",
    "order of an acceptance": """SELECT a.id FROM acceptance a
        LEFT JOIN "order" o USING (quote_id) WHERE o.id IS NULL""",
    "paper of an invoice": """SELECT i.id FROM invoice i WHERE i.number IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM stored_document d
            WHERE d.subject = 'invoice:' || i.id AND d.kind = 'invoice')""",
    "number in the row of invoices": """SELECT year, max(number), count(*) FROM invoice
        WHERE number IS NOT NULL GROUP BY series, year HAVING max(number) <> count(*)""",
    "number in the row of requests": """SELECT max(right(reference, 4)::int) FROM quote
        HAVING max(right(reference, 4)::int) <> count(*)""",
    "payment in what an invoice says is owed": """SELECT id FROM invoice
        WHERE owed_total <> gross_total - (
            SELECT coalesce(sum(amount), 0) FROM payment WHERE invoice_id = invoice.id)""",
    "job": """SELECT id FROM outbox_message WHERE done_at IS NULL AND gave_up_at IS NULL
        AND created_at < now() - interval '5 seconds'""",
}
"""Each asks for what should be there and is not; the newest jobs came after the wait for all."""


@dataclass
class Finding:
    """What is wrong, each in a few words; empty lists mean that all is well."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    drafts_swept: int = 0


def check(stage: Stage, *, asked: list[str] | None = None) -> Finding:
    """Look at everything there is. `asked` are the references people were given."""
    finding = Finding()
    for name, sql in SINGLE.items():
        finding.doubled += [f"{name} {row}" for row in stage.ask(sql)]
    for name, sql in PRESENT.items():
        finding.lost += [f"{name} {row}" for row in stage.ask(sql)]
    known = {str(row[0]) for row in stage.ask("SELECT reference FROM quote")}
    finding.lost += [f"request {reference}" for reference in asked or () if reference not in known]
    finding.lost += _letters_that_never_came(stage)
    finding.drafts_swept = storage.sweep_drafts(before=clock.now() + timedelta(days=1))
    finding.lost += _damaged_files(stage)
    db.session.rollback()  # what is left open is cut off while the next drill goes on
    return finding


def _letters_that_never_came(stage: Stage) -> list[str]:
    logged = {str(row[0]) for row in stage.ask("SELECT message_id FROM mail_log")}
    return [f"letter {name}" for name in sorted(logged - set(stage.post.received))]


def _damaged_files(stage: Stage) -> Iterator[str]:
    for (sha256,) in stage.ask("SELECT DISTINCT sha256 FROM stored_document"):
        try:
            storage.load(str(sha256))
        except (OSError, storage.StoredFileDamaged) as error:
            yield f"file {sha256}: {type(error).__name__}"
