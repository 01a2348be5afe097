"""Ctrl+K: one search for each text, none after it is closed."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.palette import TYPING_MS, Destination, Palette


@pytest.fixture
def asked(qtbot):
    return []


@pytest.fixture
def palette(qtbot, asked):
    window = QWidget()
    qtbot.addWidget(window)
    made = Palette(window, [Destination("页面", "话题", lambda: None)], asked.append)
    made.show()
    yield made
    with suppress(RuntimeError):  # it is gone once it is closed
        made.close()


def test_two_characters_are_searched_for_once(palette, asked, qtbot):
    qtbot.keyClicks(palette.field, "bz")
    qtbot.wait(TYPING_MS + 100)
    palette.show_found("bz", [Destination("信息", f"爆炸{i}", lambda: None) for i in range(8)])
    palette.add([Destination("话题", "爆炸", lambda: None)])
    qtbot.wait(2 * TYPING_MS)
    assert asked == ["bz"] and palette.list.count() == 9


def test_typing_on_searches_only_for_what_stands_still(palette, asked, qtbot):
    chance = random.Random(1)
    for letter in "abcdefghij":
        qtbot.keyClicks(palette.field, letter)
        qtbot.wait(chance.randrange(TYPING_MS // 3))
    qtbot.wait(2 * TYPING_MS)
    assert asked == ["abcdefghij"]


def test_answer_for_another_text_is_not_shown(palette, asked, qtbot):
    palette.field.setText("爆炸")
    qtbot.wait(TYPING_MS + 100)
    palette.field.setText("供暖")
    palette.show_found("爆炸", [Destination("信息", "爆炸一条", lambda: None)])
    qtbot.wait(TYPING_MS + 100)
    palette.show_found("爆炸", [Destination("信息", "爆炸一条", lambda: None)])
    assert asked == ["爆炸", "供暖"] and palette.list.count() == 0
    palette.show_found("供暖", [Destination("信息", "供暖一条", lambda: None)])
    assert palette.list.item(0).text() == "信息　供暖一条"


def test_text_taken_back_at_once_keeps_what_was_found(palette, asked, qtbot):
    palette.field.setText("爆炸")
    qtbot.wait(TYPING_MS + 100)
    palette.show_found("爆炸", [Destination("信息", "爆炸一条", lambda: None)])
    palette.field.setText("爆炸x")
    palette.field.setText("爆炸")
    qtbot.wait(TYPING_MS + 100)
    assert asked == ["爆炸"] and palette.list.count() == 1


@pytest.mark.parametrize("closing", [lambda p, q: q.keyClick(p, Qt.Key.Key_Escape), lambda p, q: p.close()])
def test_nothing_is_searched_for_once_it_is_closed(palette, asked, qtbot, closing):
    qtbot.keyClicks(palette.field, "bz")
    closing(palette, qtbot)
    qtbot.wait(3 * TYPING_MS)
    assert asked == []
