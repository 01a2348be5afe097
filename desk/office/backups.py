"""The office's backups: when they are made, where to and how many are kept, and how the last one went."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from desk.work import Effect, Handler, Work
from domain.errors import InputError, StoreError, WenyingError
from domain.files import whole_file
from domain.record import Head
from domain.steps import office as steps
from domain.steps.step import Step
from domain.times import CHINA, china, exact, parse_moment
from store import anchorfile, archive, backup, record, settings
from store.archive import Manifest as Manifest
from store.database import Database
from store.presence import only_one

KEY, STATE, PLACE, LOCK = "backup", "备份情况.json", "备份", "备份.lock"
HAND = "_手动"
_NAME = re.compile(rf"^闻应备份_(\d{{4}}-\d\d-\d\d)_\d{{4}}({HAND})?({backup.MISFIT})?\.zip$")
_LEFT = (".备份中_*", ".试恢复_*")  # what a backup leaves behind when the computer is switched off midway
TOO_OLD = timedelta(days=3)
AGAIN = timedelta(hours=1)  # after one that failed
MOST_ODD = 3  # backups with a record that does not fit that are kept
LARGEST_STATE = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """When (HH:MM, China time; empty for never), where to, how many: the last of each of `daily` days and `weekly` weeks.

    `folder` empty means 备份 beside the data; `second` is a second place, empty for none.
    """

    at: str = "02:30"
    folder: str = ""
    second: str = ""
    daily: int = 7
    weekly: int = 4

    def __post_init__(self) -> None:
        if self.at:
            try:
                time.fromisoformat(self.at)
            except ValueError as error:
                raise InputError(f"“{self.at}”不是时刻。备份时刻请写成 02:30 这样，空着就不自动备份。") from error
        if not (1 <= self.daily <= 365 and 0 <= self.weekly <= 520):
            raise InputError("保留的份数不对。每日的 1 到 365 份，每周的 0 到 520 份。")

    def place(self, data: Path) -> Path:
        """The folder that backups go to."""
        return Path(self.folder).expanduser() if self.folder else data / PLACE


@dataclass(frozen=True, slots=True)
class Check:
    """How one backup stood when it was last restored for a try."""

    good: bool
    told: str
    at: str
    size: int


@dataclass(frozen=True, slots=True)
class State:
    """How backing up went: tried and made when, which file, what was said; what is known of each file by its name."""

    tried_at: datetime | None = None
    made_at: datetime | None = None
    file: str = ""
    told: str = ""
    fault: str = ""
    second: str = ""
    second_fault: str = ""
    checks: dict[str, Check] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredBackup:
    """A backup that lies in one of the places: when it was made, its size in bytes, how it was checked, and the head of
    the record in it; None where it does not say, or where that record does not fit."""

    path: Path
    made_at: datetime | None
    size: int
    check: Check | None
    head: Head | None = None


def plan(database: Database) -> BackupPlan:
    """The office's plan; the usual one where none is set or what is set makes no sense."""
    with database.read() as connection:
        kept = settings.read(connection, KEY)
    try:
        return BackupPlan(**kept) if kept else BackupPlan()
    except (TypeError, InputError) as error:
        raise StoreError("备份的设置已损坏。请在“设置”→“备份”里重新填写并保存。") from error


def set_plan(step: steps.SetBackupPlan, work: Work) -> Effect:
    """修改备份设置. Raises InputError for a place that is not a folder one can name, an hour or a number that is none."""
    new = BackupPlan(step.at, step.folder, step.second, step.daily, step.weekly)
    for name in (new.folder, new.second):
        if name and not Path(name).expanduser().is_absolute():
            raise InputError(f"“{name}”不是完整的路径。请写成 D:\\备份 或 /mnt/备份 这样，或用“选…”。")
    before = settings.read(work.connection, KEY)
    settings.write(work.connection, KEY, asdict(new))
    return Effect(asdict(new), before, f"setting:{KEY}")


HANDLERS: dict[type[Step], Handler] = {steps.SetBackupPlan: set_plan}


def manifest_of(file: Path) -> Manifest:
    """What a backup says of itself. Raises InputError for a file that is no backup."""
    return archive.read_manifest(file)


def due(known: BackupPlan, state: State, now: datetime) -> bool:
    """Whether a backup is to be made now: one night's, one that was missed, or one that failed an hour ago."""
    if not known.at:
        return False
    if state.tried_at is not None and timedelta(0) <= now - state.tried_at < AGAIN:
        return False
    if state.made_at is None or state.made_at > now:  # a clock that was put back must not stop the backups
        return True
    return state.made_at < last_night(known, now)


def last_night(known: BackupPlan, now: datetime) -> datetime:
    """The last moment at or before now when a backup was due. The plan must have an hour."""
    at = time.fromisoformat(known.at).replace(tzinfo=None)
    local = china(now)
    today = datetime.combine(local.date(), at, CHINA)
    return today if today <= local else today - timedelta(days=1)


def make(data: Path, url: str, known: BackupPlan, now: datetime, by: str = "", *, scheduled: bool = False) -> State:
    """Make a backup in its place, try it by restoring it into a scratch folder, copy it to the second place, and
    take away what is too many. How it went, which is kept beside the data too. Raises StoreError when another is
    being made.
    """
    with only_one(data / LOCK, "另一个备份正在进行。请等它做完。"):
        before = read_state(data)
        name = f"闻应备份_{china(now):%Y-%m-%d_%H%M}{'' if scheduled else HAND}.zip"
        place = known.place(data)
        try:
            _prepare(place)
            made = backup.make(data, url, place / name, now, by)
            check = tried(made.file, now)
        except WenyingError as error:
            after = replace(before, tried_at=now, fault=str(error))
            _keep(data, after)
            return after
        after = replace(before, tried_at=now, checks=_known(before, place, known) | {name: check})
        if check.good:
            left = f"；{len(made.left_out)} 个文件名字特殊，没有备份" if made.left_out else ""
            outcome = f"留痕 {made.contents.entries} 条，链条完整，条数一致{left}"
            after = replace(after, made_at=now, file=str(made.file), told=outcome, fault="")
            _rotate(place, known, after.checks)
            second, fault = _copied(made.file, known, after.checks)
            after = replace(after, second=second, second_fault=fault)
            head = Head(made.contents.entries, made.contents.head)
            for folder in filter(None, (place, Path(known.second).expanduser() if second else None)):
                anchorfile.add(folder, head, now)
        else:
            after = replace(after, fault=f"备份写成了，试恢复不行：{check.told}")
        _keep(data, after)
        return after


def second_waits(known: BackupPlan, state: State) -> bool:
    """Whether the second place has come back since the last backup could not be copied there."""
    return bool(
        known.at and known.second and state.second_fault and state.file and Path(known.second).expanduser().is_dir()
    )


def make_up_second(data: Path, known: BackupPlan) -> State:
    """Copy the last backup to the second place, which was missing when it was made."""
    with only_one(data / LOCK, "另一个备份正在进行。请等它做完。"):
        state = read_state(data)
        second, fault = _copied(Path(state.file), known, state.checks)
        after = replace(state, second=second, second_fault=fault)
        _keep(data, after)
        return after


def tried(file: Path, now: datetime) -> Check:
    """Restore a backup into a scratch folder and say how that went."""
    size = 0
    try:
        size = file.stat().st_size
        _, contents = backup.tried(file)
        if contents.misfit is not None:
            return Check(False, f"留痕第 {contents.misfit} 条与链条不符", now.isoformat(), size)
        return Check(True, f"试恢复完好，留痕 {contents.entries} 条", now.isoformat(), size)
    except (WenyingError, OSError) as error:
        return Check(False, str(error), now.isoformat(), size)


def try_again(data: Path, file: Path, now: datetime) -> Check:
    """Try one of the kept backups and remember how it stood."""
    check = tried(file, now)
    state = read_state(data)
    _keep(data, replace(state, checks={**state.checks, file.name: check}))
    return check


def listing(data: Path, known: BackupPlan) -> list[StoredBackup]:
    """The backups in both places, the newest first."""
    checks = read_state(data).checks
    backups = []
    for place in filter(None, (known.place(data), Path(known.second).expanduser() if known.second else None)):
        for path in _ours(place):
            with suppress(OSError, WenyingError):
                size = path.stat().st_size
                check = checks.get(path.name)
                manifest = archive.read_manifest(path)
                fits = manifest.entries is not None and manifest.head and manifest.misfit is None
                head = Head(manifest.entries or 0, manifest.head) if fits else None
                known_check = check if check and check.size == size else None
                backups.append(StoredBackup(path, manifest.made_at, size, known_check, head))
    return sorted(backups, key=lambda kept: (kept.path.name, str(kept.path)), reverse=True)


@dataclass(frozen=True, slots=True)
class BackupStatus:
    """How the backups stand: the plan, how it went, and what is wrong (empty for nothing)."""

    plan: BackupPlan
    state: State
    warning: str
    told: str


def standing(database: Database, data: Path, now: datetime) -> BackupStatus:
    """How the backups of a data folder stand."""
    if not backup.is_sqlite(str(database.engine.url)):
        return BackupStatus(BackupPlan(at=""), State(), "", "数据在 PostgreSQL 里，由那里的管理员用 pg_dump 备份。")
    known, state = plan(database), read_state(data)
    with database.read() as connection:
        since = record.began(connection)
    return BackupStatus(known, state, warning(known, state, since, now), told(known, state))


def warning(known: BackupPlan, state: State, since: datetime | None, now: datetime) -> str:
    """What is wrong with the backups, in one sentence that says what to do; empty where nothing is.

    `since` is when the data began, for an office that has never had a backup.
    """
    hint = "请在“设置”→“备份”里检查位置，点“立即备份”。"
    if state.fault:
        return f"备份没有做成：{state.fault}"
    last = state.made_at
    if last is None:
        late = since is not None and now - since >= TOO_OLD
        return f"已有数据 {(now - since).days} 天，还没有备份。{hint}" if late and since else ""
    if now - last >= TOO_OLD:
        return f"{(now - last).days} 天没有备份了，上一次是 {exact(last)}。{hint}"
    return f"第二处没有备份：{state.second_fault}" if state.second_fault and known.second else ""


def told(known: BackupPlan, state: State) -> str:
    """When the last backup was made, where it is and whether it was checked."""
    if state.made_at is None:
        return f"还没有备份，每天 {known.at} 自动备份。" if known.at else "还没有备份，也没有设自动备份的时刻。"
    second = f"；第二处：{state.second}" if state.second and known.second else ""
    return f"上一次 {exact(state.made_at)}，{state.file}，已试恢复：{state.told}{second}。"


def read_state(data: Path) -> State:
    """How backing up went, as it is kept beside the data; nothing known where that cannot be read."""
    try:
        if (data / STATE).stat().st_size > LARGEST_STATE:
            return State()
        kept: dict[str, Any] = json.loads((data / STATE).read_text("utf-8"))
        kept["checks"] = {name: Check(**check) for name, check in kept.get("checks", {}).items()}
        for key in ("tried_at", "made_at"):
            kept[key] = parse_moment(kept[key]) if kept.get(key) else None
        return State(**kept)
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError, WenyingError):
        return State()


def too_many(names: Iterable[str], known: BackupPlan, good: Iterable[str]) -> list[str]:
    """Which scheduled backups go: not the newest of the last days and weeks, and never the last good one."""
    by_name: dict[str, date] = {}
    odd: list[str] = []
    for name in sorted(names, reverse=True):
        match = _NAME.match(name)
        if match is None or match.group(2):
            continue  # not ours, or made by hand
        if match.group(3):
            odd.append(name)
            continue
        with suppress(ValueError):
            by_name[name] = date.fromisoformat(match.group(1))
    fine = [name for name in by_name if name in set(good)]
    kept = set(_first_of((name, by_name[name]) for name in by_name)[: known.daily])
    kept |= set(_first_of((name, by_name[name].isocalendar()[:2]) for name in by_name)[: known.weekly])
    if fine and not kept & set(fine):
        kept.add(fine[0])
    if not fine:
        kept = set(by_name)  # none is known to be good: each may be the one
    return [name for name in by_name if name not in kept] + odd[MOST_ODD:]


def _first_of(dated: Iterable[tuple[str, Any]]) -> list[str]:
    """The first name of each day or week, in order."""
    name_of: dict[Any, str] = {}
    for name, when in dated:
        name_of.setdefault(when, name)
    return list(name_of.values())


def _rotate(place: Path, known: BackupPlan, checks: dict[str, Check]) -> None:
    for name in too_many((path.name for path in _ours(place)), known, [n for n, c in checks.items() if c.good]):
        with suppress(OSError, WenyingError):
            archive.read_manifest(place / name)  # nothing is deleted that is no backup, whatever it is called
            (place / name).unlink()


def _copied(file: Path, known: BackupPlan, checks: dict[str, Check]) -> tuple[str, str]:
    """(where it lies in the second place, what is wrong there), which is a warning and no failure."""
    if not known.second:
        return "", ""
    second = Path(known.second).expanduser()
    if not second.is_dir():
        return "", f"“{second}”不在（U 盘没有插上，或网络文件夹断开）。接上后自动补上。"
    try:
        with whole_file(second / file.name, private=True) as partial:
            shutil.copyfile(file, partial)
            if _sum(partial) != _sum(file):
                raise OSError("read back differently")
        _rotate(second, known, checks)
    except OSError:
        return "", f"写不了“{second}”。请检查空间和权限，或换一处。"
    return f"{second}，与第一处一致", ""


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _prepare(place: Path) -> None:
    """The folder for backups, without what an interrupted one left there. Raises StoreError."""
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"备份位置“{place}”不能用。请在“设置”→“备份”里换一个，或检查权限、磁盘是否接上。") from error
    for pattern in _LEFT:
        for path in place.glob(pattern):
            shutil.rmtree(path, ignore_errors=True)


def _ours(place: Path) -> Sequence[Path]:
    try:
        return [path for path in place.iterdir() if _NAME.match(path.name) and path.is_file()]
    except OSError:
        return []


def _known(before: State, place: Path, known: BackupPlan) -> dict[str, Check]:
    """What is known of the backups that are still there."""
    there = {path.name for path in _ours(place)}
    if known.second:
        there |= {path.name for path in _ours(Path(known.second).expanduser())}
    return {name: check for name, check in before.checks.items() if name in there}


def _keep(data: Path, state: State) -> None:
    kept = asdict(state)
    for key in ("tried_at", "made_at"):
        kept[key] = kept[key].isoformat() if kept[key] else None
    try:
        with whole_file(data / STATE, private=True) as partial:
            partial.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
    except OSError as error:
        raise StoreError("备份情况没有记下来：数据文件夹不可写，或磁盘已满。请检查后再试。") from error
