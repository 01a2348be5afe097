"""What was freed goes back to the system."""

from __future__ import annotations

import sys

import psutil
import pytest

from desk import trimming
from desk.trimming import Trimming


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of glibc")
def test_memory_freed_between_what_is_kept_is_given_back(monkeypatch):
    made = Trimming()
    if made._give is None:
        pytest.skip("another C library")
    monkeypatch.setattr(trimming, "EVERY", 0.0)
    blocks = [bytes(3000) for _ in range(30_000)]
    kept = blocks[::200]
    blocks.clear()
    before = psutil.Process().memory_info().rss
    assert made.give_back()
    assert before - psutil.Process().memory_info().rss > 30e6
    assert len(kept) == 150


def test_memory_is_not_given_back_more_often_than_every_minute():
    assert not Trimming().give_back()


def test_where_the_library_cannot_give_back_nothing_is_tried(monkeypatch):
    monkeypatch.setattr(trimming, "EVERY", 0.0)
    monkeypatch.setattr(sys, "platform", "win32")
    assert not Trimming().give_back()
