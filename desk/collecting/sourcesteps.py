"""The steps of sources: adding, changing, pausing, removing, a list of feeds; the columns of tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from desk.work import Before, Effect, Handler, Preparation, Ready, Work
from domain.article import SourceTier
from domain.errors import InputError
from domain.steps import sources as steps
from domain.steps.step import Step, plain
from sources.links import web_address
from store import settings, sources

COLUMNS = "table-presets"


def put_away(step: steps.AddSource, before: Before) -> Ready:
    """The address as it may be kept, its password where passwords are."""
    url, take_back = before.database.passwords.put_away_for_now(address(step.where))
    return Ready(url, lambda: _take_back({url: take_back}, before))


def _take_back(puts: Mapping[str, Callable[[], None]], before: Before) -> None:
    """Nothing is left of the passwords of a step that was refused; those of sources that others added stay."""
    with before.database.read() as connection:
        used = {source.url for source in sources.all_sources(connection)}
    for url, take_back in puts.items():
        if url not in used:
            take_back()


def add(step: steps.AddSource, work: Work) -> Effect:
    """添加信源; gives its id."""
    from sources.polling import KINDS  # with all that reads from the network

    url = str(work.ready)
    check_reading(step.encoding, step.options or {})
    local = "://" not in url
    kind = step.kind or ("folder" if local and Path(url).is_dir() else "feed")
    if kind not in KINDS:
        raise InputError(
            f"没有“{kind}”这种信源。可用的有：{'、'.join(f'{k}（{v.label}）' for k, v in KINDS.items())}。"
        )
    name = step.name or (Path(url).stem if local else urlsplit(url).netloc.rpartition("@")[2])
    id = sources.add(
        work.connection,
        kind,
        url,
        name,
        step.tier,
        options=step.options,
        place=step.place,
        tags=step.tags,
        encoding=step.encoding,
    )
    return Effect({"url": url, "name": name, "kind": kind}, object=f"source:{id}", result=id)


def put_away_anew(step: steps.ChangeSources, before: Before) -> Ready:
    """For each source its new address as it may be kept; what is masked in it stays the password it was."""
    if step.url is None:
        return Ready()
    passwords, url = before.database.passwords, address(step.url)
    was = _addresses(step.sources, before)
    masked, puts = dict[int, str](), list[Callable[[], None]]()
    try:
        for id in step.sources:
            masked[id], take_back = passwords.put_away_for_now(url, was[id])
            puts.append(take_back)
    except BaseException:
        _undo(puts)
        raise
    left = [was[id] for id in step.sources if was[id] != masked[id]]
    return Ready(masked, lambda: _undo(puts), lambda: _forget(left, before))


def _undo(puts: Sequence[Callable[[], None]]) -> None:
    for take_back in reversed(puts):
        take_back()


def forget(step: steps.RemoveSources, before: Before) -> Ready:
    """What is removed needs its password no more."""
    left = list(_addresses(step.sources, before).values())
    return Ready(done=lambda: _forget(left, before))


def _addresses(ids: Sequence[int], before: Before) -> dict[int, str]:
    with before.database.read() as connection:
        return {id: sources.get(connection, id).url for id in ids}


def _forget(addresses: Sequence[str], before: Before) -> None:
    for address in addresses:
        before.database.passwords.forget(address)


def change(step: steps.ChangeSources, work: Work) -> Effect:
    """修改信源; a changed address or way of reading begins anew at once."""
    changes = {
        key: value
        for key in ("name", "url", "tier", "place", "tags", "encoding", "options")
        if (value := getattr(step, key)) is not None
    }
    check_reading(changes.get("encoding", ""), changes.get("options", {}))
    if changes.get("name") == "":
        raise InputError("请填写信源的名称。", "name")
    anew = changes.keys() & {"url", "encoding", "options"}
    for id in step.sources:
        before = sources.get(work.connection, id)
        if "url" in changes:
            changes["url"] = work.ready[id]
        if "url" in changes and changes["url"] != before.url and not sources.move(work.connection, id, changes["url"]):
            raise InputError("这个地址已经是另一个信源。", "url")
        if anew:
            sources.begin_anew(work.connection, id)
        _change(step, id, changes, work)
    return Effect()


def pause(step: steps.PauseSources, work: Work) -> Effect:
    """暂停, or 恢复: then it is asked at once, its faults forgotten."""
    for id in step.sources:
        if not step.paused:
            sources.change(work.connection, id, due_at=None, notice="", failures=0)
        _change(step, id, {"paused": step.paused}, work, "" if step.paused else "恢复信源")
    return Effect()


def _change(step: Step, id: int, changes: Mapping[str, Any], work: Work, action: str = "") -> None:
    """Change the columns of a source, with an entry in the record of its own."""
    before = sources.get(work.connection, id)
    kept = {key: plain(value) for key, value in changes.items()}
    sources.change(work.connection, id, **kept)
    was = {key: plain(getattr(before, key)) for key in kept}
    work.enter(action or step.label, f"source:{id}", was, kept)


def remove(step: steps.RemoveSources, work: Work) -> Effect:
    """删除信源."""
    for id in step.sources:
        source = sources.get(work.connection, id)
        sources.change(work.connection, id, removed=True)
        work.enter(step.label, f"source:{id}", {"url": source.url, "name": source.name}, None)
    return Effect()


def read_list(step: steps.ImportSources, before: Before) -> Ready:
    """The feeds of an OPML file. Raises InputError."""
    from sources.opml import read_opml

    told, puts = [], dict[str, Callable[[], None]]()
    for outline in read_opml(step.file):
        url = outline.url
        with suppress(InputError):  # one whose password is masked there asks for it when it is read
            url, take_back = before.database.passwords.put_away_for_now(url)
            puts.setdefault(url, take_back)
        told.append(replace(outline, url=url))
    return Ready(told, lambda: _take_back(puts, before))


def import_list(step: steps.ImportSources, work: Work) -> Effect:
    """导入订阅列表; gives (added, there already)."""
    added = known = 0
    for outline in work.ready:
        tier = SourceTier.of(outline.tier) if outline.tier else tier_guess(outline.name)
        particulars = {"tags": outline.tags, "place": outline.place}
        try:
            id = sources.add(work.connection, "feed", outline.url, outline.name, tier, **particulars)
        except InputError:
            known += 1
            continue
        what = {"url": outline.url, "name": outline.name}
        work.enter(steps.AddSource.label, f"source:{id}", None, what)
        added += 1
    return Effect(result=(added, known))


def save_columns(step: steps.SaveColumns, work: Work) -> Effect:
    """保存列对应方案."""
    known = settings.read(work.connection, COLUMNS) or {}
    settings.write(work.connection, COLUMNS, {**known, step.name: dict(step.mapping)})
    return Effect(object=f"preset:{step.name[:40]}")


HANDLERS: dict[type[Step], Handler] = {
    steps.AddSource: add,
    steps.ChangeSources: change,
    steps.PauseSources: pause,
    steps.RemoveSources: remove,
    steps.ImportSources: import_list,
    steps.SaveColumns: save_columns,
}
PREPARATIONS: dict[type[Step], Preparation] = {
    steps.AddSource: put_away,
    steps.ChangeSources: put_away_anew,
    steps.RemoveSources: forget,
    steps.ImportSources: read_list,
}


def tier_guess(name: str) -> SourceTier:
    """The tier that a source's name suggests; the office can change it."""
    return next((tier for tier, words in _TIER_WORDS if any(word in name for word in words)), SourceTier.PORTAL)


_TIER_WORDS: Sequence[tuple[SourceTier, tuple[str, ...]]] = (
    (SourceTier.CENTRAL, ("人民日报", "新华", "央视", "人民网", "中国政府网", "中新", "光明", "经济日报")),
    (SourceTier.DEPARTMENT, ("卫健委", "卫生健康", "局", "厅", "部", "政府", "委员会", "发布")),
    (SourceTier.HOTLINE, ("热线", "12345", "留言")),
    (SourceTier.SOCIAL, ("微博", "热搜", "抖音", "论坛")),
    (SourceTier.CITY, ("日报", "晚报", "广播", "电视")),
)


def address(where: str) -> str:
    """An address, or a file's or folder's absolute path, as the office gave it. Raises InputError."""
    where = where.strip()
    if web_address(where):
        return where
    if where.lower().startswith(("http:", "https:")):
        shown = re.sub("//.*@", "//…@", where)[:100]  # without a password
        raise InputError(f"网址“{shown}”写得不对。请检查，应像 https://www.example.gov.cn/ 的样子。", "url")
    if "://" in where:
        raise InputError("只支持 http:// 和 https:// 开头的地址，或本机上的文件、文件夹。", "url")
    path = _local(where)
    if path is None:
        shown = "所填内容" if "@" in where else f"“{where[:100]}”"  # it may hold a password
        raise InputError(f"{shown}既不是网址，也不是本机上的文件或文件夹。网址请以 http:// 或 https:// 开头。", "url")
    return str(path)


def _local(where: str) -> Path | None:
    """A file or folder of this machine, its path whole; None where there is none."""
    try:
        path = Path(where).expanduser()
        return path.resolve() if where and path.exists() else None
    except (OSError, RuntimeError, ValueError):  # too long, of nobody's home, a circle of links
        return None


def check_reading(encoding: str, options: Mapping[str, Any]) -> None:
    """Refuse ways to read a source that would fail in every round. Raises InputError."""
    from sources.encoding import is_encoding
    from sources.listing import check_options  # with all that reads pages

    if encoding and not is_encoding(encoding):
        raise InputError(f"没有“{encoding[:40]}”这种编码。常用的有 utf-8、gb18030、big5；平时不用填。", "encoding")
    check_options(options)
