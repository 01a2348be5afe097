"""The words of 舆情周报, 舆情月报 and 年度统计 (政府信息公开工作年度报告所需数据)."""

from __future__ import annotations

from briefing.charts import bars, curves, month, tier_bars, timeliness_bars
from briefing.compose import ADVICE, NOTE, case_grid, intake_words, material, news, topic_grid, unanswered
from briefing.facts import PeriodFacts, RuleTimeliness
from briefing.issue import Chart, ChartKind, Grid, Issue, Paragraph, Picture, Section, Sentence, plain
from domain.briefing import IssueKind
from domain.concern import ConcernState
from domain.times import china, china_day

TOP_ITEMS = 5
MOST_CASES = 40  # rows of a paper table; the ledger (台账) has them all
UNKNOWN = "无法统计"
AREA, MONTH = "领域", "月份"  # groups of counts


def periodic_material(kind: IssueKind, facts: PeriodFacts) -> Issue:
    """What the issue of a week, a month or a year is made of."""
    return material(kind, _title(kind, facts), facts.basis, periodic_sections(kind, facts), _pictures(kind, facts))


def periodic_sections(kind: IssueKind, facts: PeriodFacts) -> list[Section]:
    """The sections of a 周报, 月报 or 年度统计 in their own order."""
    figures = [_overview(facts), Section("主要数据", grid=_count_grid(facts)), _timeliness(facts)]
    if kind is IssueKind.ANNUAL:
        data = Section("数据说明", [plain(*intake_words(facts.intake), *_ANNUAL_NOTE)])
        return [*figures, _registers(facts), data]
    hot = Section("热点话题", [news(fact) for fact in facts.topics[:TOP_ITEMS]], topic_grid(facts.topics))
    gone = (ConcernState.DISMISSED, ConcernState.MERGED)
    shown = [case for case in facts.cases if case.concern.state not in gone]
    cases = Section("关切与回应进度", grid=case_grid(shown[:MOST_CASES], facts.basis.made_at))
    if len(shown) > MOST_CASES:
        cases.paragraphs.append(plain(f"共 {len(shown)} 件，下表列 {MOST_CASES} 件，全部见台账。"))
    events = Section("重大事件", [plain(f"在窗口期内的有：{'、'.join(facts.events)}。")] if facts.events else [])
    data = Section("信源与数据说明", [plain(*intake_words(facts.intake), NOTE)])
    return [figures[0], hot, cases, *figures[1:], events, _advice(facts), data]


_ANNUAL_NOTE = (
    "件数按发现日期计入本期；及时率为按时办理的件数与已到期件数之比，同一件的同一项时限计一次，有一次超时即为超时；"
    "时限过后才登记的（补录）计入已到期，不计入按时；未到期、暂停和不再适用的不计，另列。",
    "上期为上一个同样长的时段。",
    "政策解读、回应、发布会的次数按发布记录统计，每次发布都有链接或文件为凭。",
)


def _title(kind: IssueKind, facts: PeriodFacts) -> str:
    first, last = china(facts.intake.start), facts.basis.day
    if kind is IssueKind.ANNUAL:
        return f"{last.year}年舆情回应年度统计"
    if kind is IssueKind.MONTHLY:
        return f"{last.year}年{last.month}月舆情月报"
    return f"舆情周报（{first.month}月{first.day}日—{last.month}月{last.day}日）"


def _overview(facts: PeriodFacts) -> Section:
    now, old = facts.intake, facts.before
    counts = {(group, name): n for group, name, n, _ in facts.counts}
    earlier = f" {old.articles} 条" if old.articles else UNKNOWN
    said = f"本期采到信息 {now.articles} 条（上期{earlier}），"
    said += f"判定关切 {counts.get(('件数', '判定'), 0)} 件，已回应 {counts.get(('件数', '已回应'), 0)} 件，办结 {counts.get(('件数', '办结'), 0)} 件。"
    due = [kept for kept in facts.timeliness if kept.share is not None]
    in_time, all_due = sum(k.in_time for k in due), sum(k.due for k in due)
    kept = (
        f"各项时限已到期 {all_due} 项，按时 {in_time} 项，及时率 {in_time / all_due:.1%}。"
        if due
        else "本期没有到期的时限。"
    )
    paragraph = plain(said, kept)
    if facts.median_hours is not None:
        hours = f"首次回应用时中位数 {facts.median_hours:g} 小时，九成在 {facts.ninetieth_hours:g} 小时内。"
        paragraph = plain(said, kept, hours)
    return Section("总体情况", [paragraph])


def _count_grid(facts: PeriodFacts) -> Grid:
    rows = tuple((group, name, str(n), str(old), _change(n, old)) for group, name, n, old in facts.counts)
    return Grid(("类别", "项目", "本期", "上期", "变化"), rows, (2, 5, 1.6, 1.6, 1.6))


def _change(now: int, old: int) -> str:
    return "持平" if now == old else f"{now - old:+d}"


def _timeliness(facts: PeriodFacts) -> Section:
    rows = [("时限", *_kept(kept)) for kept in facts.timeliness]
    rows += [(group, *_kept(kept)) for group, kept in facts.timeliness_of]
    heads = ("分类", "项目", "按时", "超时办理", "超时未办", "补录", "及时率", "未计入")
    grid = Grid(heads, tuple(rows), (1.9, 3.4, 1.35, 1.7, 1.7, 1.35, 1.6, 2.0))
    return Section("时限办理情况", grid=grid if rows else None)


def _registers(facts: PeriodFacts) -> Section:
    """政务公开台账: each figure with its denominator."""
    headings = ("台账", "项目", "数", "总数", "占比", "说明")
    grid = Grid(headings, facts.registers, (2.2, 4.2, 1.2, 1.2, 1.6, 3.2)) if facts.registers else None
    return Section("政务公开台账", grid=grid)


def _kept(kept: RuleTimeliness) -> tuple[str, ...]:
    share = "无到期" if kept.share is None else f"{kept.share:.1%}"
    return (kept.name, *(str(n) for n in (kept.in_time, kept.late, kept.overdue, kept.entered)), share, kept.left_out)


def _advice(facts: PeriodFacts) -> Section:
    section, now = Section(ADVICE), facts.basis.made_at
    late = [case for case in facts.cases if unanswered(case, now)]
    if late:
        names = "；".join(case.concern.title for case in late[:5])
        section.paragraphs.append(plain(f"已超过时限仍未回应的有 {len(late)} 件，建议立即办理：{names}。"))
    slow = [kept for kept in facts.timeliness if kept.share is not None and kept.share < 0.9]
    if slow:
        names = "；".join(f"{kept.name}（{kept.share:.0%}）" for kept in slow)
        section.paragraphs.append(plain(f"以下时限的及时率低于九成，建议查找原因：{names}。"))
    rising = [fact for fact in facts.topics if fact.topic.heat.rising > 0 and fact.topic.local][:5]
    if rising:
        notes = tuple(one.article_id for fact in rising for one in fact.sentences[:1])
        names = "；".join(fact.topic.name for fact in rising)
        section.paragraphs.append(Paragraph((Sentence(f"本地话题热度仍在上升，建议继续关注：{names}。", notes),)))
    return section


def _pictures(kind: IssueKind, facts: PeriodFacts) -> list[Picture]:
    areas = [(name, n) for group, name, n, _ in facts.counts if group == AREA]
    pairs = (tier_bars(facts.intake.by_tier), bars("关切领域（件）", areas))
    pictures: list[Picture | None] = [Picture("信息来源层级与关切领域", tuple(filter(None, pairs)))]
    pictures.append(Picture("各项时限办理情况", tuple(filter(None, (timeliness_bars(facts.timeliness),)))))
    if kind is IssueKind.ANNUAL:
        months = [(name, n) for group, name, n, _ in facts.counts if group == MONTH]
        if months:
            names, counts = tuple(name for name, _ in months), tuple(n for _, n in months)
            pictures.append(Picture("各月判定的关切", (Chart(ChartKind.BARS, "关切（件）", (("", counts),), names),)))
    else:
        responses = [r for case in facts.cases for r in case.responses]
        marks = [(r.title, r.published_at) for r in responses]
        pictures.insert(
            0, curves("热点话题报道量（每 6 小时，含转载）", facts.topics[:TOP_ITEMS], facts.intake.end, marks)
        )
    if kind is IssueKind.MONTHLY:
        answered = [china_day(r.published_at) for case in facts.cases for r in case.responses]
        day = facts.basis.day
        calendar = month(f"{day.year}年{day.month}月每日信息量", facts.intake.by_day, answered)
        pictures.append(Picture("本月日历", (calendar,)) if calendar else None)
    shown = [picture for picture in pictures if picture is not None and picture.charts]
    return [Picture(f"图{i}　{picture.caption}", picture.charts) for i, picture in enumerate(shown, 1)]
