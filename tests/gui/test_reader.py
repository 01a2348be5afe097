"""The reading pane shows whatever an article holds, and in a moment."""

import time

import pytest

from domain.article import SourceTier, StoredArticle
from gui.collecting.reader import MOST_PARAGRAPHS, MOST_SHOWN, Reader, paragraphs_of

HOSTILE = {
    "both ways": "\u05d0a" * 50_000,
    "a character a line": "中\n" * 50_000,
    "one line": "中" * 100_000,
    "marks upon marks": "a" + "\u0301" * 50_000,
}


def shown(qtbot, now, text):
    pane = Reader()
    qtbot.addWidget(pane)
    pane.resize(600, 400)
    pane.show()
    article = StoredArticle(1, 1, "临江日报", SourceTier.CITY, "标题", text, "", now, now, "", "", "", None, None)
    began = time.process_time()
    pane.show_article(article, ["中"])
    pane.grab()
    return pane.toPlainText(), time.process_time() - began


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_text_of_any_shape_is_laid_out_in_a_moment(qtbot, now, text):
    said, seconds = shown(qtbot, now, text)
    assert seconds < 5.0 and said.endswith("请打开原文看。")


def test_usual_text_is_shown_whole(qtbot, now):
    text = "\n".join(f"第{i}段。" + "临江市供水恢复。" * 100 for i in range(30))
    said, _ = shown(qtbot, now, text)
    assert text in said and "请打开原文" not in said


@pytest.mark.parametrize("text", ["", "一", "一\n\n二", "中" * 2500, "中\n" * 3000])
def test_paragraphs_are_the_beginning_of_the_text(text):
    parts = paragraphs_of(text)
    assert text.replace("\n", "").startswith("".join(parts)) and len(parts) <= MOST_PARAGRAPHS
    assert sum(map(len, parts)) <= MOST_SHOWN
