"""The first tables, full-text search, and a record that the database itself refuses to rewrite."""

from alembic import op

from store.schema import metadata
from store.search import create_index

revision = "0001"
down_revision = None

_SQLITE = """
CREATE TRIGGER record_no_{verb} BEFORE {verb} ON record
BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
"""
_POSTGRES = """
CREATE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$;
CREATE TRIGGER record_append_only BEFORE UPDATE OR DELETE ON record
FOR EACH ROW EXECUTE FUNCTION record_refuse();
"""


def upgrade() -> None:
    connection = op.get_bind()
    metadata.create_all(connection)
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(verb=verb))
    else:
        op.execute(_POSTGRES)
    create_index(connection)
