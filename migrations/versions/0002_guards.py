"""Let the database itself refuse what must never happen.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FUNCTIONS = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION invoice_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'draft' THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.state <> 'draft'
     AND to_jsonb(NEW) - 'state' - 'version' = to_jsonb(OLD) - 'state' - 'version' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'invoice % is issued and cannot change', OLD.reference
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION invoice_content_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM invoice
             WHERE id = COALESCE(NEW.invoice_id, OLD.invoice_id) AND state <> 'draft')
     OR (TG_OP = 'UPDATE' AND NEW.invoice_id <> OLD.invoice_id) THEN
    RAISE EXCEPTION 'the content of an issued invoice cannot change'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION sent_revision_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.sent_at IS NULL THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE'
     AND to_jsonb(NEW) - 'superseded_at' = to_jsonb(OLD) - 'superseded_at' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'revision % was sent and cannot change', OLD.id
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION sent_revision_content_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched jsonb[] := array_remove(ARRAY[to_jsonb(OLD), to_jsonb(NEW)], NULL);  -- where it was, too
BEGIN
  IF EXISTS (
    SELECT 1 FROM unnest(touched) AS row_touched
    JOIN quote_revision ON quote_revision.id = CASE TG_TABLE_NAME
      WHEN 'quote_component' THEN
        (SELECT revision_id FROM quote_hamper WHERE id = (row_touched->>'hamper_id')::integer)
      ELSE (row_touched->>'revision_id')::integer END
    WHERE quote_revision.sent_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'the content of a sent revision cannot change'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

SEARCH = """
CREATE FUNCTION search_plain(written text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT translate(lower(written), 'àáâäãèéêëìíîïòóôöõùúûüçñ', 'aaaaaeeeeiiiiooooouuuucn')
$$;

CREATE FUNCTION write_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  maker text;
BEGIN
  SELECT concat_ws(' ', name, city, region, replace(NEW.category, '-', ' ')) INTO maker
    FROM producer WHERE id = NEW.producer_id;
  NEW.search_it :=
    setweight(to_tsvector('italian', search_plain(NEW.name_it)), 'A')
    || setweight(to_tsvector('italian', search_plain(maker)), 'B')
    || setweight(to_tsvector('italian', search_plain(NEW.description_it)), 'C');
  NEW.search_en :=
    setweight(to_tsvector('english', search_plain(NEW.name_en)), 'A')
    || setweight(to_tsvector('english', search_plain(maker)), 'B')
    || setweight(to_tsvector('english', search_plain(NEW.description_en)), 'C');
  RETURN NEW;
END $$;

CREATE FUNCTION rewrite_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE product SET producer_id = producer_id WHERE producer_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER product_search_words BEFORE INSERT OR UPDATE OF
  name_it, name_en, description_it, description_en, category, producer_id ON product
  FOR EACH ROW EXECUTE FUNCTION write_search_words();
CREATE TRIGGER producer_search_words AFTER UPDATE OF name, city, region ON producer
  FOR EACH ROW EXECUTE FUNCTION rewrite_search_words();
"""

TRIGGERS = (
    ("event_log", "append_only", "UPDATE OR DELETE", "refuse_change"),
    ("acceptance", "append_only", "UPDATE OR DELETE", "refuse_change"),
    ("stored_document", "append_only", "UPDATE OR DELETE", "refuse_change"),
    ("invoice", "immutable", "UPDATE OR DELETE", "invoice_is_immutable"),
    ("invoice_line", "immutable", "INSERT OR UPDATE OR DELETE", "invoice_content_is_immutable"),
    ("invoice_vat", "immutable", "INSERT OR UPDATE OR DELETE", "invoice_content_is_immutable"),
    ("quote_revision", "frozen", "UPDATE OR DELETE", "sent_revision_is_frozen"),
    ("quote_hamper", "frozen", "INSERT OR UPDATE OR DELETE", "sent_revision_content_is_frozen"),
    ("quote_component", "frozen", "INSERT OR UPDATE OR DELETE", "sent_revision_content_is_frozen"),
    ("quote_charge", "frozen", "INSERT OR UPDATE OR DELETE", "sent_revision_content_is_frozen"),
)
NEVER_EMPTIED = tuple(table for table, *_rest in TRIGGERS)


def upgrade() -> None:
    op.execute(FUNCTIONS)
    op.execute(SEARCH)
    for table, name, events, function in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {events} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    for table in NEVER_EMPTIED:
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.execute("DROP TRIGGER producer_search_words ON producer")
    op.execute("DROP TRIGGER product_search_words ON product")
    for function in ("rewrite_search_words()", "write_search_words()", "search_plain(text)"):
        op.execute(f"DROP FUNCTION {function}")
    for table in NEVER_EMPTIED:
        op.execute(f"DROP TRIGGER {table}_not_emptied ON {table}")
    for table, name, _events, _function in TRIGGERS:
        op.execute(f"DROP TRIGGER {table}_{name} ON {table}")
    for function in sorted({function for *_rest, function in TRIGGERS}):
        op.execute(f"DROP FUNCTION {function}()")
