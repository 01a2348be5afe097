"""What the documents name is there: files, commands, classes, functions, sections."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.response import Unit
from response.deadlines import all_rules

ROOT = Path(__file__).parent.parent
CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"(?:[\w.一-鿿-]+/)*[\w.一-鿿-]+\.(?:py|md|toml|lock|sh|cmd|txt)|(?:[\w.]+/)+(?:run)?")
NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?")
DOCUMENTS = ("CONTRIBUTING.md", "README.md", "docs/architecture.md", "docs/domain.md", "docs/使用手册.md")


def house(*endings: str) -> list[Path]:
    """The files of the project with those endings; of all where none is said."""
    rooms = [one for one in ROOT.iterdir() if not one.name.startswith(".") and one.name not in ("mutants", "out")]
    files = [one for room in rooms for one in (room.rglob("*") if room.is_dir() else [room])]
    return [one for one in files if not endings or one.suffix in endings]


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Every word in the code."""
    texts = (path.read_text("utf-8") for path in house(".py", ".toml"))
    return {word for text in texts for word in re.findall(r"\w+", text)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(document):
    text = (ROOT / document).read_text("utf-8")
    named = {one for code in CODE.findall(text) if FILE.fullmatch(one := code.strip())}
    beside = {path.name for path in house()}
    missing = [one for one in named if not (ROOT / one).exists() and one.rstrip("/") not in beside]
    assert missing == []


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "docs/domain.md"])
def test_every_name_in_the_code_that_a_document_names_is_there(document, words):
    text = (ROOT / document).read_text("utf-8")
    named = {one for code in CODE.findall(text) if NAME.fullmatch(one := code.strip())}
    missing = [one for one in named if not FILE.fullmatch(one) and not set(one.split(".")) <= words]
    assert len(named) > 20 and missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_a_document_names_is_one(document):
    named = set(re.findall(r"run\.sh (\w+)", (ROOT / document).read_text("utf-8")))
    commands = set(re.findall(r"^  (\w+)\)", (ROOT / "run.sh").read_text("utf-8"), re.MULTILINE))
    assert named <= commands


def test_every_document_that_the_code_cites_is_there_and_has_the_section():
    sections = set(re.findall(r"^## (\d+)\.", (ROOT / "docs/domain.md").read_text("utf-8"), re.MULTILINE))
    wrong = []
    for path in house(".py", ".toml"):
        text = path.read_text("utf-8")
        wrong += [f"{path.name}: {n}" for n in re.findall(r"domain\.md,? section (\d+)", text) if n not in sections]
        wrong += [f"{path.name}: {n}" for n in re.findall(r"[\w/]+\.md\b", text) if not (ROOT / n).exists()]
    assert wrong == []


def test_every_deadline_rule_stands_in_the_table_of_the_domain_with_its_time():
    """docs/domain.md section 3 is the table that an officer is shown when a clock is questioned."""
    section = (ROOT / "docs/domain.md").read_text("utf-8").split("## 3. ")[1].split("\n## ")[0]
    rows = {
        cells[0]: cells for line in section.splitlines() if len(cells := re.split(r" *\| *", line.strip("| "))) == 6
    }
    within = {Unit.HOURS: "小时", Unit.OFFICE_HOURS: "工作小时", Unit.WORKING_DAYS: "个工作日", Unit.DAYS: "天"}
    wrong = [
        rule.code
        for rule in all_rules()
        if rule.code not in rows or not rows[rule.code][3].startswith(f"{rule.amount:g} {within[rule.unit]}")
    ]
    assert wrong == []
    assert set(rows) - {rule.code for rule in all_rules()} <= {"code", "---", "the office's own"}
