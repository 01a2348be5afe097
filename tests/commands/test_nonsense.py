"""Every parameter of every command given nonsense: a Chinese sentence that names it, exit 1 or 2, never a traceback."""

import re
import shutil
import sys
import time
from pathlib import Path

import pytest
import typer

import main
from desk.execute import execute
from domain.person import Actor
from domain.steps.office import SetOffice
from domain.times import parse_moment
from store.database import open_database, sqlite_url

TREE = typer.main.get_command(main.app)
NOW = "2026-11-20T12:00"
HUGE = "9" * 30
NUMBERS = ["abc", "-5", "nan", "inf", HUGE, "1e400", "", "一", "0x10"]
DAYS = ["昨天", "2026-13-45", "0001-01-01", "9999-12-31", "2026-11-20T", HUGE, "-1", "20261120T99"]
CHOICES = ["没有这种", "-", HUGE, "\udcff"]
ADDRESSES = ["http://[x", "http://", "https:///x", "http://x:99999999/", "http://x:y/", "//[", "ftp://x/y", "http://\udcff/", "没有这个", "~没有此人/x",
             "a" * 5000, "javascript:alert(1)", ""]  # fmt: skip
FILES = ["/没有/这个", "a" * 5000, "~没有此人/x", "\udcff/x", "/", ""]
TEXTS = ["a" * 100_000, "", " ", "\u202e\x07", "'; DROP TABLE article; --", "\udcff", "-", "{}"]
NAMED_DAYS = {"since", "until", "date", "start", "end", "starts", "ends", "at", "now", "start_from"}
NAMED_CHOICES = {"tier", "kind", "grade", "channel", "disposition", "state", "category", "preset", "rule", "formats", "encoding", "basis"}  # fmt: skip
NAMED_ADDRESSES = {"where", "url", "link"}
SLOW = {"import", "backup"}  # that do their whole work whoever is said to do it
READ_FILES = {"import file", "restore file", "source import file", "event import file", "case draft file", "case update file", "case publish file"}  # fmt: skip
# What another parameter has to be for a nonsense one to be reached.
PLAUSIBLE = {"where": "http://x.example/feed", "query": "供暖", "starts": "2026-11-01", "ends": "2026-11-02", "grade": "II",
             "link": "http://x.example/1", "start": "2026-11-01", "end": "2026-11-02", "id": "1", "ids": "1", "version": "1",
             "topic": "1", "into": "2", "coordination": "1", "deadline": "1", "rule": "first"}  # fmt: skip


def commands(command, path=()):
    if hasattr(command, "commands"):
        for name, under in command.commands.items():
            yield from commands(under, (*path, name))
    else:
        yield path, command


def nonsense(path, parameter):
    """(values that must be refused, values that may be taken) for a parameter."""
    kind = parameter.type_descriptor.annotation
    number = kind in (int, float, list[int])
    if number:
        return NUMBERS, []
    if parameter.name in NAMED_DAYS:
        return DAYS, []
    if parameter.name in NAMED_ADDRESSES:
        return [each for each in ADDRESSES if each or path[-1] != "publish"], []
    if " ".join((*path, parameter.name)) in READ_FILES:
        return FILES, []
    if kind is Path:
        return ["\udcff/x"], FILES
    if parameter.name in NAMED_CHOICES:
        return [], CHOICES
    return ["\udcff"], TEXTS if path[-1] not in SLOW else TEXTS[:1]


CASES = [
    pytest.param(path, parameter, id=" ".join((*path, parameter.name)))
    for path, command in commands(TREE)
    for parameter in command.params
    if parameter.name != "help" and not getattr(parameter, "is_flag", False)
]


def words_of(command, parameter, value, folder):
    """The words of a command with one parameter given nonsense, the others as they should be."""
    options, arguments = [], []
    for each in command.params:
        given = value if each is parameter else str(folder / "有.csv") if each.type_descriptor.annotation is Path else PLAUSIBLE.get(each.name, "词")  # fmt: skip
        if each.param_type_name == "argument" and (each.required or each is parameter):
            arguments.append(given)
        elif each.param_type_name == "option" and (each is parameter or each.required):
            options.append(f"{each.opts[0]}={given}")
    return [*options, "--", *arguments]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A data folder of an office that has just begun; each test has a copy."""
    folder = tmp_path_factory.mktemp("fresh")
    opened = open_database(sqlite_url(folder))
    execute(opened, SetOffice(places=("临江",)), Actor("李敏"), parse_moment(NOW))
    opened.close()
    return folder


@pytest.fixture
def typed(tmp_path, fresh, capsys, monkeypatch):
    """Run words as a user types them; (exit code, what was said on stderr, on stdout)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        main, "app", TREE
    )  # what it makes of itself at each call, which takes longer than most commands
    monkeypatch.setattr("commands.run.open_window", lambda run: None)
    monkeypatch.setattr("commands.drill.open_window", lambda run: None)
    (tmp_path / "有.csv").write_text("标题,正文\n供暖不热,一周了\n", "utf-8")
    shutil.copytree(fresh, tmp_path / "data")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["main.py", "--data", str(tmp_path / "data"), *words])
        code = main.main()
        said = capsys.readouterr()
        return code, said.err, said.out

    return run


def sound(code, err):
    assert code in (0, 1, 2), code
    assert "意料之外" not in err and "Traceback" not in err, err
    err.encode()
    assert code == 0 or re.search("[\u4e00-\u9fff]{2}", err), err
    assert not re.search("Input should|Invalid value|No such|Missing|Error:", err), err


@pytest.mark.parametrize(("path", "parameter"), CASES)
def test_nonsense_is_refused_in_chinese_by_name(typed, tmp_path, path, parameter):
    command = dict(commands(TREE))[path]
    refused, maybe = nonsense(path, parameter)
    for value in [*refused, *maybe]:
        began = time.process_time()
        code, err, out = typed("--now", NOW, *path, *words_of(command, parameter, value, tmp_path))
        sound(code, err)
        assert value not in refused or code in (1, 2), (value[:50], out)
        assert time.process_time() - began < 20


@pytest.mark.parametrize("path", [path for path, _ in commands(TREE)], ids=" ".join)
def test_what_is_no_usage_is_exit_2_in_chinese(typed, path):
    for words in (["--没有"], ["--no-such-option", "1"], ["多"] * 9):
        code, err, _ = typed(*path, *words)
        sound(code, err)
        assert code == 2 or (path[-1] == "edit" and code in (1, 2)), words
        assert words[0].strip("-") in err or "缺少" in err


@pytest.mark.parametrize(
    "words", [["没有这个命令"], ["source", "没有"], ["--speed", "x"], ["source", "add"], ["--now"]]
)
def test_what_is_no_command_is_exit_2_in_chinese(typed, words):
    code, err, _ = typed(*words)
    sound(code, err)
    assert code == 2


@pytest.mark.parametrize("value", NUMBERS)
def test_speed_is_a_number_that_time_can_have(typed, value):
    code, err, _ = typed("--now", NOW, f"--speed={value}", "topics")
    sound(code, err)
    assert code == 2 and "--speed" in err and value in err


@pytest.mark.parametrize("value", DAYS)
def test_now_is_a_moment_of_our_time(typed, value):
    code, err, _ = typed(f"--now={value}", "topics")
    sound(code, err)
    assert code == 1 and value in err


@pytest.mark.parametrize(
    "value", ["x", "mysql://x/y", "http://[x", "sqlite://///", "", "\udcff", "sqlite:////没有/x.db"]
)
def test_database_is_one_that_can_be_opened(typed, value):
    code, err, _ = typed(f"--database={value}", "topics")
    sound(code, err)


@pytest.mark.parametrize("value", ["http://[x", "http://李敏:mima@[x", "http://x:99999999/"])
@pytest.mark.parametrize("words", [("source", "add"), ("source", "test"), ("source", "edit", "1", "--url")])
def test_address_that_is_none_is_named_without_its_password(typed, words, value):
    code, err, _ = typed(*words, value)
    assert code == 1 and value.rpartition("@")[2] in err and "mima" not in err


def test_ways_to_read_that_are_none_are_refused_when_they_are_given(typed):
    for words in (
        ("--option", "selector=[[["),
        ("--option", "pattern=("),
        ("--encoding", "火星文"),
        ("--encoding", "rot13"),
    ):
        code, err, _ = typed("source", "add", "http://x.example/", "--kind", "page", "--option", "pattern=x", *words)
        sound(code, err)
        assert code == 1 and re.split("=", words[1])[-1] in err
    assert "还没有信源" in typed("source", "list")[2]


def test_demo_does_not_pass_over_the_data_it_is_given(typed, tmp_path):
    code, err, _ = typed("demo", "--headless", "--out", str(tmp_path / "演示"))
    assert code == 1 and "--data" in err and not (tmp_path / "演示").exists()
