"""What belongs to Qt is let go of on the window's thread only, whatever makes objects on the others."""

import gc
import threading
import time
import weakref

from PySide6.QtCore import QObject

from gui import garbage
from gui.garbage import Garbage


class Held(QObject):
    """An object of Qt in a cycle, as a page is with the functions that it connects."""

    def __init__(self, threads):
        super().__init__()
        self.me = self
        weakref.finalize(self, lambda: threads.append(threading.current_thread()))


def busy():
    """Make as many objects as would have Python look for garbage on this thread."""
    for _ in range(50):
        kept: list[list[int]] = [[] for _ in range(2_000)]
        del kept


def test_cycles_are_found_on_the_windows_thread_and_never_on_a_workers(qtbot, monkeypatch):
    monkeypatch.setattr(garbage, "EVERY", 10)
    threads: list[threading.Thread] = []
    parent = QObject()
    looking = Garbage(parent)
    assert not gc.isenabled()
    for _ in range(20):
        Held(threads)
    worker = threading.Thread(target=busy)
    worker.start()
    worker.join()
    assert threading.main_thread() is threading.current_thread() and worker not in threads
    kept: list[list[int]] = [[] for _ in range(5_000)]
    qtbot.waitUntil(lambda: len(threads) == 20, timeout=5_000)
    assert set(threads) == {threading.main_thread()} and kept
    looking.deleteLater()


def test_everything_is_looked_through_seldom(qtbot, monkeypatch):
    looked = []
    looking = Garbage(QObject())
    monkeypatch.setattr(gc, "get_count", lambda: (10**6, 10**6, 10**6))
    monkeypatch.setattr(gc, "collect", lambda generation=2: looked.append(generation))
    for _ in range(5):
        looking.look()
    assert looked == [1] * 5
    monkeypatch.setattr(garbage, "SELDOM", time.monotonic() - looking._all_looked_at - 1)
    looking.look()
    assert looked[-1] == 2
