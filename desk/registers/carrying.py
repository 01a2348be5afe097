"""Who of the office's own channels has carried a response and who has not (2019 要点 item 13), and by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from desk.cases.reading import OWN_ACCOUNT
from desk.registers.entries import reckoning_of
from desk.work import Effect, Handler, Work
from domain.article import Source
from domain.channels import Carried
from domain.concern import Labelled
from domain.errors import InputError, NotFoundError
from domain.registerchoices import ChannelKind
from domain.registers import RegisterEntry, RegisterKind
from domain.response import Response
from domain.steps import registers as steps
from domain.steps.step import Step
from domain.times import china_day
from response.followup import carries
from store import articles, cases, registers, sources
from store.database import Connection, Database

SHOWN = timedelta(days=30)  # how old a response may be to be listed
REMINDED = timedelta(days=10)  # how old one may be of which the office is reminded
PROGRAM = "程序"


class Carrying(Labelled):
    """How a channel stands to a response."""

    CARRIED = ("carried", "已转载")
    LATE = ("late", "已转载（超期）")
    WAITING = ("waiting", "未转载")
    OVERDUE = ("overdue", "超期未转载")


@dataclass(frozen=True, slots=True)
class CarryingRow:
    """A response and one of our channels: by when it was to carry it (None where the office has no such limit), and
    what is known of it.
    """

    response: Response
    channel: RegisterEntry
    due_on: date | None
    carried: Carried | None
    state: Carrying


def rows(database: Database, now: datetime) -> list[CarryingRow]:
    """Each response of the last thirty days with each channel that is kept; what is overdue first."""
    with database.read() as connection:
        return rows_of(connection, now)


def missing_of(connection: Connection, now: datetime) -> list[tuple[Response, int, date]]:
    """The responses of the last days that not all channels have carried: how many have not, and by when they were to."""
    waiting: dict[int, list[CarryingRow]] = {}
    for row in rows_of(connection, now, REMINDED):
        if row.carried is None and row.due_on is not None:
            waiting.setdefault(row.response.id, []).append(row)
    return [(some[0].response, len(some), row.due_on) for some in waiting.values() if (row := some[0]).due_on]


def rows_of(connection: Connection, now: datetime, since: timedelta = SHOWN) -> list[CarryingRow]:
    """The same, inside a transaction; of the responses `since` so long ago."""
    today = china_day(now)
    reckoning = reckoning_of(connection, today)
    channels = [e for e in registers.listing(connection, RegisterKind.CHANNEL, waiting=True) if not e.withdrawn]
    published = [r for r in cases.responses(connection) if now - since <= r.published_at <= now] if channels else []
    known = registers.carryings(connection)
    seen = _seen(connection, channels, published, now)
    made = []
    for response in published:
        day = china_day(response.published_at)
        due = reckoning.days.after(day, reckoning.limits.carry)[0] if reckoning.limits.carry else None
        for channel in channels:
            key = response.id, channel.id
            found = known.get(key) or seen.get(key) or _itself(response, channel)
            made.append(CarryingRow(response, channel, due, found, _state(found, due, today)))
    order = list(Carrying)
    return sorted(made, key=lambda r: (-order.index(r.state), -r.response.published_at.timestamp(), r.channel.id))


def carry(step: steps.RecordCarrying, work: Work) -> Effect:
    """登记转载."""
    channel = registers.get(work.connection, step.entry)
    response = next((r for r in cases.responses(work.connection) if r.id == step.response), None)
    if response is None:
        raise NotFoundError(f"没有编号为 {step.response} 的回应。请刷新后再试。")
    if channel.kind is not RegisterKind.CHANNEL or channel.withdrawn:
        raise InputError("请选自有渠道里的一个网站或账号。", "entry")
    if not china_day(response.published_at) <= step.carried_on <= china_day(work.now):
        raise InputError("转载日期应在回应发布以后、今天以前。", "carried_on")
    before = registers.carryings(work.connection).get((response.id, channel.id))
    new = Carried(response.id, channel.id, step.carried_on, step.link, work.who, work.now)
    registers.keep_carrying(work.connection, new)
    after = {"title": response.title, "channel": channel.values["name"]}
    was = {"carried_on": before.carried_on.isoformat(), "link": before.link} if before else None
    return Effect(after, was, f"register:{channel.id}", result=new)


HANDLERS: dict[type[Step], Handler] = {steps.RecordCarrying: carry}


def sources_of(channel: RegisterEntry, known: Sequence[Source]) -> list[Source]:
    """The sources that are a channel: of its name, or, of a site, on its host; those of the tag 自有 count by either."""
    host = _host(channel.values.get("address", ""))
    site = channel.values["channel"] is ChannelKind.SITE
    return [
        source
        for source in known
        if source.name == channel.values["name"]
        or (host and _host(source.url) == host and (site or OWN_ACCOUNT in source.tags))
    ]


def _seen(
    connection: Connection, channels: Sequence[RegisterEntry], published: Sequence[Response], now: datetime
) -> Mapping[tuple[int, int], Carried]:
    """What the collector has found by itself: an article of a channel's source under the response's title."""
    if not published:
        return {}
    first = min(response.published_at for response in published)
    known = sources.all_sources(connection)
    channels_of: dict[int, list[int]] = {}
    for channel in channels:
        for source in sources_of(channel, known):
            channels_of.setdefault(source.id, []).append(channel.id)
    found: dict[tuple[int, int], Carried] = {}
    for item in articles.headlines(connection, list(channels_of), first):
        told = [r for r in published if item.published_at >= r.published_at and carries(item.title, r.title)]
        for key in ((response.id, channel) for response in told for channel in channels_of[item.source_id]):
            found.setdefault(key, Carried(*key, china_day(item.published_at), item.url, PROGRAM, now))
    return found


def _itself(response: Response, channel: RegisterEntry) -> Carried | None:
    """Where the response was published on that site, nobody need carry it there."""
    host = _host(response.link)
    if (
        not host
        or channel.values["channel"] is not ChannelKind.SITE
        or host != _host(channel.values.get("address", ""))
    ):
        return None
    day = china_day(response.published_at)
    return Carried(response.id, channel.id, day, response.link, PROGRAM, response.published_at)


def _state(found: Carried | None, due: date | None, today: date) -> Carrying:
    if found is not None:
        return Carrying.LATE if due and found.carried_on > due else Carrying.CARRIED
    return Carrying.OVERDUE if due and today > due else Carrying.WAITING


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
