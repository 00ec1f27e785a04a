"""Rows in bulk: a season of a thousand records with open work, and history behind it.

History is closed, paid and older: what grows is what lies behind, not what is to be done. Its
numbers go down from where the season's begin, so that it is behind in every order.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

SEASON = 1_000
FIRST_ID = 10_000_000
COMPANIES = 500
TABLES = (
    *("company", "quote", "quote_revision", "quote_hamper", "quote_component", "order"),
    *("invoice", "payment", "mail_log", "outbox_message", "event_log"),
)

# `n` counts from 1; the season's rows are the first; every tenth is of the sample's company.
_ROWS = """
CREATE TEMP TABLE benchmark_row AS
SELECT n, n <= %(season)s AS is_season,
  %(first)s + CASE WHEN n <= %(season)s THEN n ELSE -n END AS id,
  CASE WHEN n %% 10 = 0 THEN (SELECT company_id FROM user_account WHERE email LIKE 'chiara@%%')
       ELSE %(first)s + n %% %(companies)s END AS company_id,
  (SELECT id FROM user_account WHERE email LIKE 'chiara@%%') AS buyer_id,
  (SELECT id FROM user_account WHERE email LIKE 'elena@%%') AS sales_id,
  CASE WHEN n <= %(season)s THEN now() - (%(season)s - n) * interval '1 hour'
       ELSE date_trunc('year', now()) - interval '60 days' - n * interval '4 minutes'
  END AS at
FROM generate_series(%(start)s::int, %(end)s::int) AS n
"""

_COMPANIES = """
INSERT INTO company (id, version, name, vat_number, tax_code, sdi_code, pec, street, cap, city,
  province, country, deducts_vat, created_at)
SELECT %(first)s + n, 1, 'Azienda ' || n, lpad(n::text, 11, '0'), '', '', '', 'Via Prova 1',
  '20100', 'Milano', 'MI', 'IT', true, now()
FROM generate_series(0, %(companies)s - 1) AS n ON CONFLICT DO NOTHING
"""

_STATEMENTS = (
    """
INSERT INTO quote (id, version, reference, title, submission_key, company_id, requested_by_id,
  owner_id, state, delivery_mode, delivery_note, wanted_on, purchase_order_number, notes,
  requested_at, answer_due_at)
SELECT id, 1, 'P-' || id, 'Natale ' || n, 'benchmark-' || n, company_id, buyer_id,
  CASE WHEN n % 3 = 0 THEN sales_id END,
  CASE WHEN NOT is_season THEN CASE n % 4 WHEN 0 THEN 'expired' ELSE 'accepted' END
       ELSE (ARRAY['requested','preparing','sent','accepted','declined'])[1 + n % 5] END,
  'one_address', '', (at + interval '40 days')::date, '', '', at, at + interval '9 hours'
FROM benchmark_row
""",
    """
INSERT INTO quote_revision (id, quote_id, number, created_at, valid_until, payment_terms_days,
  message, internal_note, net_total, vat_total, gross_total, sent_at, pdf_sha256)
SELECT id, id, 1, at, (at + interval '15 days')::date, 30, '', '', 1000, 100, 1100,
  CASE WHEN is_season AND n % 5 < 2 THEN NULL ELSE at END, repeat('0', 64)
FROM benchmark_row
""",
    """
INSERT INTO quote_hamper (id, revision_id, position, name, quantity, work_minutes, box_sku)
SELECT id, id, 1, 'Cesto', 50, 0, 'BOX-M' FROM benchmark_row
""",
    """
INSERT INTO quote_component (id, hamper_id, position, kind, sku, name_it, name_en, maker, quantity,
  list_net, discount, cost_net, setup_fee_net, vat_rate, vat_nature)
SELECT id, id, 1, 'product', 'SKU', 'Panettone', 'Panettone', 'Laboratorio', 1, 20, 0, 10, 0, 10, ''
FROM benchmark_row
""",
    """
INSERT INTO "order" (id, version, reference, quote_id, revision_id, company_id, state, title,
  purchase_order_number, wanted_on, placed_at, net_total, vat_total, gross_total)
SELECT id, 1, 'O-' || id, id, id, company_id,
  CASE WHEN is_season THEN 'confirmed' ELSE 'closed' END, 'Natale ' || n, '',
  (at + interval '40 days')::date, at, 1000, 100, 1100
FROM benchmark_row
""",
    """
INSERT INTO invoice (id, version, order_id, company_id, state, series, year, number, reference,
  issued_on, issued_at, issued_by_id, due_on, payment_terms_days, purchase_order_number,
  order_reference, seller, buyer, hampers, net_total, vat_total, gross_total, owed_total)
SELECT id, 1, id, company_id, 'issued', '', extract(year FROM at)::int, n, n || '/B',
  at::date, at, sales_id, at::date + 30, 30, '', 'O-' || id, '{}', '{}', '[]', 1000, 100, 1100,
  CASE WHEN is_season AND n % 5 = 0 THEN 1100 ELSE 0 END
FROM benchmark_row
""",
    """
INSERT INTO payment (id, invoice_id, received_on, amount, method, note, submission_key,
  registered_by_id, registered_at)
SELECT id, id, at::date + 20, 1100, 'transfer', '', 'benchmark-' || n, sales_id, at
FROM benchmark_row WHERE NOT is_season OR n % 5 > 0
""",
    """
INSERT INTO mail_log (id, key, message_id, recipient, subject, sent_at)
SELECT id, (ARRAY['quotes','billing','orders'])[1 + n % 3] || '.benchmark-' || n, '<' || n || '@b>',
  'chiara@meridiana.example', 'Offerta ' || n, at
FROM benchmark_row
""",
    """
INSERT INTO outbox_message (id, key, task, payload, created_at, available_at, attempts, done_at)
SELECT id, 'benchmark-' || n, 'quotes.mail_offer', jsonb_build_object('record_id', id),
  at, at, 1, at
FROM benchmark_row
""",
    """
INSERT INTO event_log (id, happened_at, actor_id, subject, action, source, target, data)
SELECT id, at, sales_id, 'quote:' || id, 'send', 'approved', 'sent', '{}' FROM benchmark_row
""",
)


_INDEXES = """
SELECT coalesce('ALTER TABLE ' || i.indrelid::regclass || ' DROP CONSTRAINT ' || c.conname,
    'DROP INDEX ' || i.indexrelid::regclass),
  coalesce('ALTER TABLE ' || i.indrelid::regclass || ' ADD CONSTRAINT ' || c.conname || ' '
    || pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid))
FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
WHERE NOT i.indisprimary AND i.indrelid = ANY(%s::regclass[])
"""
"""How each index but those of the keys is taken away, and how it is made."""

_IN_A_HURRY = (
    *("fsync = off", "full_page_writes = off", "autovacuum = off", "max_wal_size = '16GB'"),
    *("maintenance_work_mem = '256MB'", "max_parallel_maintenance_workers = 2"),
)
"""Nothing here has to outlive the machine."""


def fill(connection: psycopg.Connection, rows: int) -> None:
    """Bring every table up to so many rows of ours, and its statistics up to date."""
    known = connection.execute(
        "SELECT count(*) FROM quote WHERE submission_key LIKE 'benchmark-%'"
    ).fetchone()
    start = known[0] + 1 if known else 1
    if start > rows:
        return
    numbers = {"first": FIRST_ID, "season": SEASON, "companies": COMPANIES}
    for setting in _IN_A_HURRY:
        connection.execute(f"ALTER SYSTEM SET {setting}")
    connection.execute("SELECT pg_reload_conf()")
    connection.execute(_COMPANIES, numbers)
    connection.execute("DROP TABLE IF EXISTS benchmark_row")
    connection.execute(_ROWS, numbers | {"start": start, "end": rows})
    with _without_indexes(connection):
        for statement in _STATEMENTS:
            connection.execute(statement)
    for table in TABLES:
        connection.execute(f'VACUUM ANALYZE "{table}"')


@contextmanager
def _without_indexes(connection: psycopg.Connection) -> Iterator[None]:
    """Take the indexes away and make them anew: sorted at once they take a fraction of the time."""
    tables = [f'"{table}"' for table in TABLES]
    statements = connection.execute(_INDEXES, (tables,)).fetchall()
    for drop, _make in statements:
        connection.execute(drop)
    yield
    for _drop, make in statements:
        connection.execute(make)
