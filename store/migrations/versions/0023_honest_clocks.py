"""The times of a concern apart, when a publication was entered (补录), clocks that pause, and the clock of 研判.

What the record tells is filled in: when publications were entered, cases closed and referred. A concern that still waits
to be judged gets its clocks from its discovery, as one has that is flagged now.
"""

import json
from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_CLOCKS = (
    ("judge", "研判", "本单位设定；国办发〔2016〕80号“做好研判处置”", 1),
    ("unjudged-5h", "发布权威信息", "国办发〔2016〕80号", 5),
)
_LONG_PAST = timedelta(days=30)


def upgrade() -> None:
    for name in ("happened_at", "assigned_at", "referred_at", "closed_at"):
        op.add_column("concern", sa.Column(name, sa.DateTime(timezone=True)))
    for table, name in (("concern", "effect"), ("response", "late_why")):
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for table, name in (("response", "entered_at"), ("deadline", "entered_at"), ("deadline", "paused_at")):
        op.add_column(table, sa.Column(name, sa.DateTime(timezone=True)))
    connection = op.get_bind()
    _tell_from_the_record(connection)
    _start_clocks_of_what_waits(connection)


def _tell_from_the_record(connection: sa.Connection) -> None:
    entries = sa.text("SELECT at, action, object, after FROM record WHERE object LIKE 'concern:%' ORDER BY sequence")
    for at, action, about, after in connection.execute(entries).all():
        id = about.partition(":")[2]
        if action in ("办结", "转办"):
            column = "closed_at" if action == "办结" else "referred_at"
            connection.execute(sa.text(f"UPDATE concern SET {column} = :at WHERE id = :id"), {"at": at, "id": id})
        elif action == "发布回应" and (published := _moment(_value(after, "published_at"))):
            said = {"at": at, "id": id, "published": published}
            for table, column in (("response", "published_at"), ("deadline", "met_at")):
                told = f"UPDATE {table} SET entered_at = :at WHERE concern_id = :id AND {column} = :published"
                connection.execute(sa.text(told), said)


def _start_clocks_of_what_waits(connection: sa.Connection) -> None:
    waiting = "SELECT id, reasons, suggested_grade, found_at, first_report_at FROM concern WHERE state = 'flagged'"
    for id, reasons, grade, found, first in connection.execute(sa.text(waiting)).all():
        found_at, first_at = datetime.fromisoformat(found), datetime.fromisoformat(first)
        if found_at - first_at > _LONG_PAST:
            continue
        urgent = grade in ("I", "II") or '"emergency"' in (reasons or "")
        for code, name, source, hours in _CLOCKS[: 2 if urgent else 1]:
            _start(connection, id, code, name, source, found_at, found_at + timedelta(hours=hours), hours)


def _start(
    connection: sa.Connection,
    concern: int,
    code: str,
    name: str,
    source: str,
    start: datetime,
    due: datetime,
    hours: int,
) -> None:
    how = f"从发现时间起 {hours} 小时（昼夜连续）。依据：{source}。"
    clock = {"concern": concern, "code": code, "name": name, "source": source, "how": how}
    clock |= {"start": start.isoformat(" "), "due": due.isoformat(" ")}
    connection.execute(
        sa.text(
            "INSERT INTO deadline (concern_id, code, name, source, start_at, due_at, how, withdrawn, repeats) "
            "VALUES (:concern, :code, :name, :source, :start, :due, :how, '', false)"
        ),
        clock,
    )
    entry = "INSERT INTO deadline_entry (deadline_id, at, who, kind, due_at, reason) "
    entry += "SELECT max(id), :start, '程序升级', 'started', :due, '列为关切，等待研判' FROM deadline"
    connection.execute(sa.text(entry), {"start": clock["start"], "due": clock["due"]})


def _value(after: str | None, key: str) -> str:
    try:
        told = json.loads(after or "{}")
    except ValueError:
        return ""
    return str(told.get(key, "")) if isinstance(told, dict) else ""


def _moment(text: str) -> str:
    """A moment of the record as the columns have it: in UTC, without its zone."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return (told - (told.utcoffset() or timedelta())).replace(tzinfo=None).isoformat(" ", "microseconds")
