"""A new entry of the record follows the last one: none takes the place of another (INSERT OR REPLACE)."""

from alembic import op

revision = "0028"
down_revision = "0027"

GENESIS = "0" * 64


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"""
CREATE TRIGGER record_follows BEFORE INSERT ON record
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM record)
  OR NEW.previous IS NOT coalesce((SELECT hash FROM record ORDER BY sequence DESC LIMIT 1), '{GENESIS}')
BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""")
