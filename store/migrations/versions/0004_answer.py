"""What answering needs: the deadline ledger, coordination, comments, autosave, 口径, people, evidence as files."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_SQLITE = """
CREATE TRIGGER deadline_entry_no_{verb} BEFORE {verb} ON deadline_entry
BEGIN SELECT RAISE(ABORT, 'the deadline ledger is append-only'); END
"""
_POSTGRES = """
CREATE TRIGGER deadline_entry_append_only BEFORE UPDATE OR DELETE ON deadline_entry
FOR EACH ROW EXECUTE FUNCTION record_refuse();
"""


def upgrade() -> None:
    _columns()
    _deadline_ledger()
    _drafting()
    _sayings_and_people()
    _issues()
    _briefings_become_issues()
    _running_deadlines_are_entered()
    _append_only_ledger()


def _columns() -> None:
    """What concerns, drafts and responses say besides."""
    op.add_column("concern", sa.Column("referred_to", sa.Text(), nullable=False, server_default=""))
    op.add_column("concern", sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("draft", sa.Column("reviewer", sa.String(60), nullable=False, server_default=""))
    op.add_column("draft", sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("draft", sa.Column("returned", sa.Text(), nullable=False, server_default=""))
    op.add_column("draft", sa.Column("alone", sa.Text(), nullable=False, server_default=""))
    op.add_column("response", sa.Column("file", sa.Text(), nullable=False, server_default=""))
    op.add_column("response", sa.Column("file_hash", sa.String(64), nullable=False, server_default=""))


def _deadline_ledger() -> None:
    """The ledger of deadlines and the reminders of them."""
    op.create_table(
        "deadline_entry",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("deadline_id", sa.Integer(), sa.ForeignKey("deadline.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_index("ix_deadline_entry_deadline_id", "deadline_entry", ["deadline_id"])
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_id", sa.Integer(), sa.ForeignKey("deadline.id"), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False, server_default=""),
        sa.UniqueConstraint("deadline_id", "level"),
    )


def _drafting() -> None:
    """What is asked of other units, remarked on drafts, and kept while it is typed."""
    op.create_table(
        "coordination",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("concern_id", sa.Integer(), sa.ForeignKey("concern.id"), nullable=False),
        sa.Column("unit", sa.String(120), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False, server_default=""),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_coordination_concern_id", "coordination", ["concern_id"])
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("draft_id", sa.Integer(), sa.ForeignKey("draft.id"), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index("ix_comment_draft_id", "comment", ["draft_id"])
    op.create_table(
        "unsaved",
        sa.Column("concern_id", sa.Integer(), sa.ForeignKey("concern.id"), primary_key=True),
        sa.Column("person", sa.String(60), primary_key=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def _sayings_and_people() -> None:
    """口径, and who works here."""
    op.create_table(
        "saying",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False, unique=True),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False, server_default=""),
        sa.Column("account", sa.String(60), nullable=False, server_default=""),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()),
    )


def _issues() -> None:
    """Issues of every kind of briefing."""
    op.create_table(
        "issue",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.UniqueConstraint("kind", "year", "number"),
    )
    op.create_index("ix_issue_day", "issue", ["day"])


def _briefings_become_issues() -> None:
    """The daily briefings so far are issues of their kind."""
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, day, number, made_at FROM briefing ORDER BY id")).all():
        values = {"id": row.id, "year": int(str(row.day)[:4]), "number": row.number, "day": row.day, "at": row.made_at}
        connection.execute(
            sa.text(
                "INSERT INTO issue (id, kind, year, number, total, day, made_at)"
                " VALUES (:id, '每日舆情简报', :year, :number, :id, :day, :at)"
            ),
            values,
        )
    op.drop_table("briefing")


def _running_deadlines_are_entered() -> None:
    """The ledger begins with the deadlines there are."""
    connection = op.get_bind()
    deadlines = connection.execute(sa.text("SELECT id, start_at, due_at FROM deadline")).all()
    for row in deadlines:
        connection.execute(
            sa.text(
                "INSERT INTO deadline_entry (deadline_id, at, who, kind, due_at, reason)"
                " VALUES (:id, :start, '升级', 'started', :due, '升级前已起算')"
            ),
            {"id": row.id, "start": row.start_at, "due": row.due_at},
        )


def _append_only_ledger() -> None:
    """The database itself refuses to rewrite the ledger."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(verb=verb))
    else:
        op.execute(_POSTGRES)
