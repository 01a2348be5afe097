"""The office's own channels: looked at gently, silent or not, and who of them carried a response."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desk.collecting.collect import Collector
from desk.execute import execute
from desk.office import reminding
from desk.registers import carrying, looking, reading
from desk.registers.carrying import Carrying
from desk.reporting.report import issue_of
from domain.briefing import IssueKind, Wanted
from domain.concern import EventGrade
from domain.errors import InputError
from domain.person import Actor
from domain.registers import RegisterKind, Standing
from domain.response import Channel, ResponseKind
from domain.steps.cases import JudgeConcern
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.office import SetOffice
from domain.steps.registers import EnterRegisterEntry, RecordCarrying, WithdrawRegisterEntry
from domain.steps.sources import AddSource
from domain.times import china_day

ME, WANG = Actor("李敏"), Actor("王强")
ITEM = ("临江化工园区一厂房发生爆炸", "临江化工园区一厂房发生爆炸，消防救援人员已到现场。", "2026-11-20T08:40:00+08:00")


def channel(database, now, name="临江网", kind="政府网站", **given):
    values = {"name": name, "channel": kind, "keeper": "李敏", **given}
    return execute(database, EnterRegisterEntry(RegisterKind.CHANNEL, values), ME, now)


def home(publisher, *links, status=200):
    rows = "".join(
        f'<li><a href="{href}">关于做好供暖保障工作的通知{i}</a> {day}</li>' for i, (href, day) in enumerate(links)
    )
    page = f"<html><body>今天是2026年11月20日<ul>{rows}</ul></body></html>"
    publisher.pages["/"] = (status, {"Content-Type": "text/html"}, page.encode())
    return f"{publisher.base}/"


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(looking.look, "__defaults__", (None, 0.0))


def test_look_finds_dead_links_and_the_newest_day_beside_a_link(database, publisher, now, quick):
    publisher.pages["/good.html"] = (200, {}, b"<html>ok</html>")
    address = home(publisher, ("/good.html", "2026-11-02"), ("/gone.html", "2026-10-30"), ("/t20261104_7.html", ""))
    id = channel(database, now, address=address)
    assert looking.look(database, now) == 1
    row = reading.one(database, id, now)
    assert row.look is not None and row.look.updated_on == date(2026, 11, 4) and row.look.links == 3
    assert {address.rpartition("/")[2] for address, _ in row.look.dead} == {"gone.html", "t20261104_7.html"}
    assert row.standing is Standing.OVERDUE and row.left(china_day(now)) == "更新 超 2 天"
    assert looking.due(database, now + timedelta(hours=19)) == [] != looking.due(database, now + timedelta(hours=21))


def test_page_that_cannot_be_had_is_told_and_keeps_what_was_known(database, publisher, now, quick):
    address = home(publisher, ("/a.html", "2026-11-19"), ("/b.html", "2026-11-18"), ("/c.html", "2026-11-17"))
    id = channel(database, now, address=address)
    looking.look(database, now)
    home(publisher, status=500)
    for hours in (21, 25):
        looking.look(database, now + timedelta(hours=hours))
    look = reading.one(database, id, now).look
    assert look is not None and "打不开（连续 2 次）" in look.said and look.updated_on == date(2026, 11, 19)


def test_what_robots_forbids_is_not_looked_at(database, publisher, now, quick):
    address = home(publisher, ("/private/a.html", "2026-11-19"))
    publisher.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private/")
    id = channel(database, now, address=address)
    looking.look(database, now)
    assert "/private/a.html" not in [path for path, _ in publisher.asked]
    look = reading.one(database, id, now).look
    assert look is not None and look.links == 0


def test_channel_that_was_closed_is_left_alone(database, publisher, now, quick):
    address = home(publisher)
    channel(database, now, address=address, closed_on="2026-11-01")
    execute(database, WithdrawRegisterEntry(channel(database, now, address=address, name="乙"), "重复"), ME, now)
    assert looking.look(database, now) == 0 and publisher.asked == []


@pytest.fixture
def answered(database, publisher, now):
    """A response on the office's site at noon."""
    execute(database, SetOffice(places=("临江",)), ME, now)
    execute(database, AddSource(publisher.feed("/a", [ITEM]), "临江日报"), ME, now)
    collector = Collector(database, now)
    collector.round(now)
    collector.close()
    from desk.cases.reading import list_concerns

    id = list_concerns(database)[0][0].id
    execute(database, JudgeConcern(id, EventGrade.IV, unit="应急局"), ME, now)
    execute(database, WriteDraft(id, "化工园区爆炸情况通报", "明火已灭。", ResponseKind.ANSWER), ME, now)
    execute(database, ReviewDraft(id, 1), WANG, now)
    execute(database, ApproveDraft(id, 1), WANG, now)
    execute(database, PublishDraft(id, 1, link="https://www.linjiang.gov.cn/1", channel=Channel.WEBSITE), ME, now)
    return id


def test_every_channel_has_carried_a_response_or_is_told_to_have_not_by_when(database, publisher, now, answered):
    site = channel(database, now, "临江网", address="https://www.linjiang.gov.cn/")
    wechat, weibo = channel(database, now, "临江发布", "微信公众号"), channel(database, now, "临江微博", "微博")
    states = {row.channel.id: row for row in carrying.rows(database, now)}
    assert states[site].state is Carrying.CARRIED  # it was published there
    assert states[wechat].state is states[weibo].state is Carrying.WAITING
    assert states[wechat].due_on == date(2026, 11, 23)  # a working day after Friday
    # The collector sees it on one account, a person notes the other, late.
    seen = [("【通报】化工园区爆炸情况通报", "明火已灭。", "2026-11-20T13:00:00+08:00")]
    execute(database, AddSource(publisher.feed("/w", seen), "临江发布", tags=("自有",)), ME, now)
    later = now + timedelta(days=4)
    Collector(database, later).round(later)
    (response,) = {row.response.id for row in states.values()}
    assert {row.channel.id: row.state for row in carrying.rows(database, later)} == {
        site: Carrying.CARRIED,
        wechat: Carrying.CARRIED,
        weibo: Carrying.OVERDUE,
    }
    told = [alert.text for alert in reminding.give(database, later) if alert.key.startswith("carry:")]
    assert told == ["回应转载：《化工园区爆炸情况通报》还有 1 个自有渠道没有转载，已超期 1 天"]
    given = [alert for alert in reminding.listing(database) if alert.key.startswith("carry:")]
    assert reminding.overtaken(database, given, later) == []
    issue, _ = issue_of(database, Wanted(IssueKind.DAILY, china_day(now)), later)
    assert "超期未转载本单位回应 1 项：临江微博未转《化工园区爆炸情况通报》。" in str(issue.sections[6])
    with pytest.raises(InputError, match="发布以后"):
        execute(database, RecordCarrying(response, weibo, date(2026, 11, 19), "https://weibo.com/1"), ME, later)
    execute(database, RecordCarrying(response, weibo, date(2026, 11, 24), "https://weibo.com/1"), ME, later)
    states = {row.channel.id: row for row in carrying.rows(database, later)}
    assert reminding.overtaken(database, given, later) == given
    noted = states[weibo].carried
    assert states[weibo].state is Carrying.LATE and noted is not None and noted.by == "李敏"
