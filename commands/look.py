"""Looking: topics, search, concerns."""

from __future__ import annotations

import typer

from commands.run import opened, out
from commands.usage import Limit
from desk.cases.reading import list_concerns, titles_of
from domain.times import exact, parse_moment
from domain.tone import Tone

app = typer.Typer()


@app.command()
def topics(context: typer.Context, since: str = "", until: str = "", limit: Limit = 30) -> None:
    """列出话题，按热度。"""
    from desk.topics.monitor import list_topics

    with opened(context) as (run, database):
        listed = list_topics(
            database, parse_moment(since) if since else None, parse_moment(until) if until else None, limit,
            now=run.clock.now(),
        )  # fmt: skip
        rows = [
            {
                "id": t.id,
                "title": t.name,
                "keywords": t.keywords,
                "heat": round(t.heat.value, 1),
                "enough": t.heat.enough,
                "parts": {p.label: round(v, 1) for p, v in t.heat.parts.items()},
                "articles": t.articles,
                "sources": t.sources,
                "first": t.first_at,
                "last": t.last_at,
                "area": t.area,
                "places": t.places,
                "tone": {**{tone.label: round(t.tone.share(tone), 2) for tone in Tone}, "texts": t.tone.texts},
            }
            for t in listed
        ]
        lines = [
            f"{t.id:>5}  {t.heat.value:3.0f}{t.heat.trend} {t.name}  {t.articles}篇·{t.sources}家  {t.area}"
            for t in listed
        ]
        out(run, rows, *(lines or ["还没有话题。先用 collect 采集。"]))


@app.command()
def search(context: typer.Context, query: str, limit: Limit = 20) -> None:
    """搜索信息。词用空格分开；“甲|乙”任一，“-词”排除，标题: 来源: 地区: 时间: 可写在词前。"""
    from desk.topics.monitor import search_articles
    from domain.search import read_search

    with opened(context) as (run, database):
        hits = search_articles(database, read_search(query, run.clock.now()), limit).articles
        rows = [{"id": a.id, "title": a.title, "source": a.source, "at": a.published_at, "url": a.url} for a in hits]
        lines = [f"{a.id:>6}  {exact(a.published_at)}  {a.source}  {a.title}" for a in hits]
        out(run, rows, *(lines or ["没有找到。换个说法试试。"]))


@app.command()
def concerns(context: typer.Context, state: str = "") -> None:
    """列出关切，附理由和时限。"""
    from domain.concern import ConcernState

    with opened(context) as (run, database):
        now = run.clock.now()
        rows, lines = [], []
        known = list_concerns(database, ConcernState.of(state) if state else None)
        titles = titles_of(database, [c for c, _ in known]) if run.as_json else {}
        for c, clocks in known:
            stand = [(d, d.state(now).label) for d in clocks]
            due = [{"name": d.name, "due": d.due_at, "state": said, "how": d.how} for d, said in stand]
            rows.append(
                {
                    "id": c.id,
                    "title": c.title,
                    "state": c.state.label,
                    "grade": c.grade.label,
                    "ground": c.grade_ground,
                    "found": c.found_at,
                    "titles": titles.get(c.id, []),
                    "reasons": [
                        {
                            "code": r.code.code,
                            "reason": r.code.label,
                            "words": r.words,
                            "evidence": [e.sentence for e in r.evidence],
                        }
                        for r in c.reasons
                    ],
                    "deadlines": due,
                }
            )
            lines.append(f"{c.id:>4}  {c.state.label}  {c.grade.label}  {c.title}")
            lines += [f"        {r.code.label}：{r.words}" for r in c.reasons]
            lines += [f"        {d.name} {exact(d.due_at)} {said}" for d, said in stand]
        out(run, rows, *(lines or ["没有关切。"]))
