"""How many references a call loses, and letting events come meanwhile."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desk.cases.reading import list_concerns
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics import monitor
from domain.appearance import Appearance
from domain.person import Actor
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.times import Clock, parse_moment
from gui.kit.theme import apply_theme
from gui.operations import Operations
from gui.pages import PageName
from gui.window import Window
from store.database import open_database, sqlite_url

ROOT = Path(__file__).parent.parent.parent
SHARED = (None, True, False, NotImplemented, Ellipsis, (), "", b"", 0, 1)
TIMES = 30  # that each call is made; a binding that loses a reference loses as many
ITEM = "<item><title>临江第{i}街道暖气不热</title><guid>{i}</guid><pubDate>2026-11-20T0{h}:10:00+08:00</pubDate><description>市民反映第{i}街道暖气不热，室温只有1{h}度。</description></item>"


@contextmanager
def filled_window(qapp: QApplication, folder: Path) -> Iterator[Window]:
    """The real window on a filled store, each of its pages opened once; nothing collects and no clock goes on."""
    now = parse_moment("2026-11-20T12:00")
    rows = "".join(ITEM.format(i=i, h=i % 9) for i in range(40))
    (folder / "a.xml").write_text(f"<rss version='2.0'><channel><title>源</title>{rows}</channel></rss>", "utf-8")
    database = open_database(sqlite_url(folder))
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(str(folder / "a.xml"), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    assert list_concerns(database) and monitor.list_topics(database)
    database.close()
    apply_theme(qapp, Appearance.LIGHT)
    made = Window(Operations(folder, None, Clock.starting(now, 0)), collect=False)
    made.show()
    made.begin()
    wait(lambda: PageName.OVERVIEW in made.pages and not made.loading._timer.isActive())
    for name in PageName:
        made.go(name)
        settle(made)
    yield made
    made.close()
    made.finish(5.0)
    made.deleteLater()
    let_come(20)


def let_come(milliseconds: int = 0) -> None:
    """Let events come for a while. Not by QTest.qWait, which holds the interpreter, so that no other thread goes on."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait(until: Callable[[], object], seconds: float = 20.0) -> None:
    """Let events come until something is so."""
    for _ in range(int(seconds * 100)):
        if until():
            return
        let_come(10)
    raise AssertionError("waited in vain")


def settle(window: Window) -> None:
    """Until what was asked of the store has been shown."""
    wait(lambda: not window.operations.busy)
    let_come(0)


def counted() -> list[int]:
    return [sys.getrefcount(one) for one in SHARED]


def lost(act: Callable[[], object], times: int = TIMES) -> dict[str, int]:
    """How many references to each shared object have gone after so many calls, at the best of three runs: what a
    call loses is lost each time, what happens to be freed meanwhile is not."""
    best = [-sys.maxsize] * len(SHARED)
    act()
    assert not gc.isenabled()  # what is freed meanwhile would look like a loss
    for _ in range(3):
        before = counted()
        for _ in range(times):
            act()
        best = [max(most, after - was) for most, after, was in zip(best, counted(), before)]
        if min(best) >= 0:
            break
    return {repr(one): change for one, change in zip(SHARED, best) if change < 0}
