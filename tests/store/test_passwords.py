"""Passwords of sources: kept apart from everything that is stored, shown or handed on."""

import json
import logging
import sqlite3
import stat
import sys
import time
import urllib.parse
import zipfile

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordSetError

from desk.collecting.collect import Collector
from desk.collecting.sourcework import export_sources, find_offers, list_sources, try_source
from desk.execute import execute
from desk.office.care import examine
from domain.addresses import conceal, concealed, reveal, without_secrets
from domain.errors import InputError, SourceError
from domain.person import Actor
from domain.steps.sources import AddSource, ChangeSources, ImportSources, RemoveSources
from store import record
from store.backup import make
from store.database import open_database, sqlite_url
from store.passwords import FILE, Passwords
from store.visit import Visit
from tests.commands.test_commands import run

PASSWORD, TOKEN = "s3cret-Pa55", "tok-9f8e7d6c5b4a3210"


def add_source(database, where, who, now, name=""):
    return execute(database, AddSource(where, name), Actor(who), now)


def edit_sources(database, ids, who, now, url):
    execute(database, ChangeSources(tuple(ids), url=url), Actor(who), now)


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 5

    def __init__(self, delay=0.0):
        super().__init__()
        self.kept, self.delay, self.longest = {}, delay, 10_000

    def get_password(self, service, username):
        time.sleep(self.delay)
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        time.sleep(self.delay)
        if len(password) > self.longest:  # as Windows' keyring does
            raise PasswordSetError
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def ring():
    before, ring = keyring.get_keyring(), Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def secret_address(publisher, path="/feed"):
    publisher.feed(f"{path}?access_token={TOKEN}", [("供水恢复", "已恢复", "2026-11-20T03:00:00Z")])
    return f"{publisher.base.replace('://', f'://editor:{PASSWORD}@')}{path}?access_token={TOKEN}"


def where_found(folder, *secrets):
    """The files that hold a secret, in a zip too."""
    found = []
    for path in (p for p in folder.rglob("*") if p.is_file()):
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                parts += [packed.read(name) for name in packed.namelist()]
        if any(secret.encode() in part for secret in secrets for part in parts):
            found.append(path.name)
    return found


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("http://u:p@h/f", "http://u:***@h/f"),
        ("http://u:p@ss:w@h/f", "http://u:***@h/f"),
        ("https://ghp_abcdefghij0123456789@h/f", "https://***@h/f"),
        ("https://editor@h/f", "https://editor@h/f"),
        ("https://h/f?a=1&token=x&b=2#t", "https://h/f?a=1&token=***&b=2#t"),
        ("https://h/f?feed_token=密码;apiKey=1", "https://h/f?feed_token=***;apiKey=***"),
        ("https://h/s?key=洪水", "https://h/s?key=洪水"),
        ("https://h/s?key=%E6%B4%AA%E6%B0%B4%E7%81%BE", "https://h/s?key=%E6%B4%AA%E6%B0%B4%E7%81%BE"),
        ("https://h/s?key=A1b2C3d4E5f6G7h8", "https://h/s?key=***"),
        ("https://h/s?author=x&design=y", "https://h/s?author=x&design=y"),
        ("/home/a@b/token=x", "/home/a@b/token=x"),
    ],
)
def test_passwords_and_tokens_are_masked_and_nothing_else(address, masked):
    assert conceal(address)[0] == masked and reveal(masked, conceal(address)[1]) == address
    assert concealed(masked) == masked


@given(st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1).filter(lambda t: t != "***"))
def test_any_password_comes_back_as_it_was(password):
    quoted = urllib.parse.quote(password, safe=":@!$")
    address = f"http://u:{quoted}@h.cn/f?token={quoted}"
    masked, secrets = conceal(address)
    assert masked == "http://u:***@h.cn/f?token=***" and reveal(masked, secrets) == address


def test_sentences_around_an_address_stay():
    said = f"已改为 http://u:{PASSWORD}@h/a?token={TOKEN}，已照改。见“http://h/b?token={TOKEN}”。"
    assert without_secrets(said) == "已改为 http://u:***@h/a?token=***，已照改。见“http://h/b?token=***”。"


def test_no_file_that_results_holds_a_secret_but_the_one_for_them(publisher, tmp_path):
    url, data = secret_address(publisher), tmp_path / "data"
    publisher.pages["/old"] = (301, {"Location": "/moved?x=1"}, b"")
    publisher.feed("/moved?x=1", [])
    assert run(data, "source", "add", url).returncode == 0
    added = run(data, "source", "add", url)
    assert added.returncode == 1 and PASSWORD not in added.stderr
    moving = url.partition("/feed")[0] + "/old"
    assert run(data, "source", "add", moving, "--name", "搬家").returncode == 0
    assert run(data, "source", "add", f"htt://u:{PASSWORD}@x").returncode == 1
    collected = run(data, "collect")
    assert collected.returncode == 0, collected.stderr
    listed = run(data, "--json", "source", "list")
    rows = {row["name"]: row for row in json.loads(listed.stdout)}
    assert rows["搬家"]["url"].endswith("/moved?x=1") and "已照改" in rows["搬家"]["notice"]
    assert all(row["succeeded"] and "***" in row["url"] for row in rows.values())
    tested = run(data, "--json", "source", "test", url)
    for done in (collected, listed, tested, run(data, "doctor")):
        assert PASSWORD not in done.stdout + done.stderr and TOKEN not in done.stdout + done.stderr
    assert run(data, "source", "export", str(data / "o.opml")).stdout.count("2 个的密码没有写进去")
    assert run(data, "backup", str(data / "b.zip")).returncode == 0
    assert where_found(data, PASSWORD, TOKEN) == [FILE]
    if sys.platform != "win32":
        assert stat.S_IMODE((data / FILE).stat().st_mode) == 0o600
    assert any(headers.get("Authorization", "").startswith("Basic ") for path, headers in publisher.asked)


def test_a_redirect_to_another_host_gets_no_password(database, publisher, now):
    other = publisher.base.replace("127.0.0.1", "localhost")
    publisher.feed("/there", [])
    publisher.pages["/here"] = (301, {"Location": f"{other}/there"}, b"")
    add_source(database, publisher.base.replace("://", f"://editor:{PASSWORD}@") + "/here", "李敏", now)
    assert Collector(database, now).round(now).failed == 0
    here, there = publisher.asked[-2:]
    assert "Authorization" in here[1] and here[0] == "/here"
    assert "Authorization" not in there[1] and there[0] == "/there"
    assert list_sources(database, now)[0].source.url == f"{other}/there"


@pytest.mark.parametrize("said", ["/here?token=***", "/here?token=***&key=***", "//u:***@127.0.0.1/here"])
def test_a_redirect_to_a_masked_address_ends_no_round(database, publisher, now, said):
    good = publisher.feed("/good", [("供水恢复", "已恢复", "2026-11-20T03:00:00Z")])
    there = said if said.startswith("/here") else publisher.base.replace("://", "://u:***@") + "/there"
    publisher.pages["/here"] = (301, {"Location": there}, b"")
    publisher.feed(there if said.startswith("/here") else "/there", [("停水通知", "停水", "2026-11-20T03:00:00Z")])
    add_source(database, publisher.base + "/here", "李敏", now, "坏源")
    add_source(database, good, "李敏", now)
    report = Collector(database, now).round(now)
    assert report.new == 2 and report.failed == 0
    assert {view.source.url for view in list_sources(database, now)} == {publisher.base + "/here", good}


def test_one_secret_that_the_keyring_does_not_take_leaves_the_others_there(ring, tmp_path):
    passwords = Passwords(tmp_path)
    short = passwords.put_away(f"http://u:{PASSWORD}@a.example/f")
    ring.longest = 1000
    long = passwords.put_away(f"http://b.example/f?token={TOKEN * 100}")
    assert passwords.reveal(short) == f"http://u:{PASSWORD}@a.example/f"
    assert passwords.reveal(long) == f"http://b.example/f?token={TOKEN * 100}"
    assert PASSWORD in "".join(ring.kept.values()) and TOKEN not in "".join(ring.kept.values())


def test_the_keyring_is_used_where_there_is_one(ring, database, publisher, now, tmp_path):
    url = secret_address(publisher)
    id = add_source(database, url, "李敏", now)
    assert not (tmp_path / FILE).exists() and PASSWORD in "".join(ring.kept.values())
    assert Collector(database, now).round(now).new == 1
    execute(database, RemoveSources((id,)), Actor("李敏"), now)
    assert not ring.kept


def test_a_keyring_that_waits_for_somebody_holds_nobody_up(ring, tmp_path):
    ring.delay = 30.0
    passwords, began = Passwords(tmp_path, patience=0.2), time.monotonic()
    masked = passwords.put_away(f"http://u:{PASSWORD}@h/f")
    assert passwords.reveal(masked) == f"http://u:{PASSWORD}@h/f"
    assert time.monotonic() - began < 2 and (tmp_path / FILE).exists()


def test_a_locked_keyring_is_not_asked_again_for_each_source(ring, tmp_path, monkeypatch):
    asked = []

    def locked(*_):
        asked.append(1)
        raise KeyringLocked

    passwords = Passwords(tmp_path)
    places = [passwords.put_away(f"http://u:{PASSWORD}@{name}.example/f") for name in "abc"]
    monkeypatch.setattr(ring, "get_password", locked)
    for place in places:
        with pytest.raises(SourceError):
            passwords.reveal(place)
    assert len(asked) == 1


def test_an_edited_address_keeps_its_password_on_the_same_site_only(database, publisher, now):
    id = add_source(database, secret_address(publisher), "李敏", now)
    masked = list_sources(database, now)[0].source.url
    edit_sources(database, [id], "李敏", now, url=masked.replace("/feed", "/feed2"))
    moved = list_sources(database, now)[0].source.url
    assert "/feed2" in moved and PASSWORD in database.passwords.reveal(moved)
    with pytest.raises(InputError, match="完整填写"):
        edit_sources(database, [id], "李敏", now, url=moved.replace("127.0.0.1", "evil.example"))
    edit_sources(database, [id], "李敏", now, url=moved.replace("editor:***", "editor:new-pass"))
    assert "new-pass" in database.passwords.reveal(list_sources(database, now)[0].source.url)


def test_two_feeds_that_differ_in_their_token_alone_are_two(database, publisher, now):
    for token in ("first-one", "second-one"):
        publisher.feed(f"/f?token={token}", [(token, "文", "2026-11-20T03:00:00Z")])
        add_source(database, f"{publisher.base}/f?token={token}", "李敏", now)
    with pytest.raises(InputError, match="不用重复添加"):
        add_source(database, f"{publisher.base}/f?token=second-one", "李敏", now)
    assert Collector(database, now).round(now).new == 2


def test_a_source_whose_password_is_lost_says_what_to_do(database, publisher, now, tmp_path):
    add_source(database, secret_address(publisher), "李敏", now)
    (tmp_path / FILE).unlink()
    ((_, _, _, fault),) = Collector(database, now).round(now).sources
    assert "重新填写" in str(fault)
    look = {check.name: check for check in examine(database, tmp_path, now)}["信源密码"]
    assert not look.good and "取不到" in look.told
    with pytest.raises(SourceError, match="密码"):
        try_source(list_sources(database, now)[0].source, now, database.passwords.reveal)


def test_what_the_window_adds_is_kept_for_the_collector(database, publisher, now, tmp_path):
    add_source(Visit(database), secret_address(publisher), "李敏", now)
    assert (tmp_path / FILE).exists()
    assert Collector(database, now).round(now).new == 1


def test_a_list_goes_out_without_passwords_and_keeps_those_that_come_in(database, publisher, now, tmp_path):
    url, path = secret_address(publisher), tmp_path / "o.opml"
    path.write_text(
        f'<opml version="2.0"><body><outline type="rss" text="{url}" xmlUrl="{url}"/></body></opml>', "utf-8"
    )
    assert execute(database, ImportSources(path), Actor("李敏"), now) == (1, 0)
    assert export_sources(database, tmp_path / "out.opml").without_password == 1
    assert PASSWORD not in (tmp_path / "out.opml").read_text("utf-8")
    assert find_offers(url, now)


def test_an_old_database_gives_its_passwords_up_when_it_is_opened(publisher, now, tmp_path):
    url = secret_address(publisher)
    old = open_database(sqlite_url(tmp_path))
    id = add_source(old, publisher.base + "/plain", "李敏", now)
    old.close()
    with sqlite3.connect(tmp_path / "wenying.db") as raw:
        place = urllib.parse.urlsplit(url).netloc
        raw.execute("UPDATE source SET url = ?, name = ?, notice = ?", (url, place, f"已改为 {url}，已照改。"))
    raw.close()
    opened = open_database(sqlite_url(tmp_path))
    assert where_found(tmp_path, PASSWORD, TOKEN) == [FILE]
    (view,) = list_sources(opened, now)
    assert view.source.id == id and view.source.name == publisher.base.removeprefix("http://")
    assert Collector(opened, now).round(now).new == 1
    with opened.write() as connection:  # as an early version entered it
        record.append(connection, now, "李敏", "添加信源", f"source:{id}", None, {"url": url})
    look = {check.name: check for check in examine(opened, tmp_path, now)}["信源密码"]
    assert not look.good and "换密码" in look.told
    opened.close()


def test_the_log_masks_what_others_write_into_it(tmp_path):
    from main import _Concealing

    try:
        raise ValueError(f"http://u:{PASSWORD}@h/f")
    except ValueError:
        line = logging.LogRecord("x", logging.ERROR, "", 1, "%s", (f"http://u:{PASSWORD}@h/",), sys.exc_info())
    assert PASSWORD not in _Concealing("%(message)s").format(line)


def test_a_restored_backup_finds_the_passwords_of_this_computer(publisher, now, tmp_path):
    from store.restore import put_back

    data = tmp_path / "data"
    data.mkdir()
    opened = open_database(sqlite_url(data))
    add_source(opened, secret_address(publisher), "李敏", now)
    opened.close()
    make(data, sqlite_url(data), tmp_path / "b.zip", now)
    put_back(data, sqlite_url(data), tmp_path / "b.zip", Actor("李敏"), now)
    opened = open_database(sqlite_url(data))
    assert Collector(opened, now).round(now).new == 1
    assert (data / FILE).exists()
    opened.close()


def passwords_in(folder):
    return json.loads((folder / FILE).read_text("utf-8")) if (folder / FILE).exists() else {}


@pytest.mark.parametrize("wrong", [{"encoding": "nope"}, {"name": " "}])
def test_a_change_that_is_refused_leaves_the_password_that_works(database, now, tmp_path, wrong):
    id = add_source(database, f"http://u:{PASSWORD}@h.example/f", "李敏", now)
    before = passwords_in(tmp_path)
    with pytest.raises(InputError):
        execute(database, ChangeSources((id,), url="http://u:other@h.example/f", **wrong), Actor("李敏"), now)
    assert passwords_in(tmp_path) == before and PASSWORD in str(before)


def test_a_source_that_is_refused_leaves_no_password_behind(database, now, tmp_path):
    with pytest.raises(InputError):
        wrong = AddSource(f"http://u:{PASSWORD}@h.example/f", encoding="nope")
        execute(database, wrong, Actor("李敏"), now)
    assert passwords_in(tmp_path) == {}
    add_source(database, f"http://u:{PASSWORD}@h.example/f", "李敏", now)
    with pytest.raises(InputError, match="已经是信源"):
        add_source(database, f"http://u:{PASSWORD}@h.example/f", "王强", now)
    assert PASSWORD in str(passwords_in(tmp_path))


def test_a_list_that_is_not_kept_leaves_no_password_behind(database, now, tmp_path, monkeypatch):
    file = tmp_path / "list.opml"
    outline = f'<outline text="甲" xmlUrl="http://u:{PASSWORD}@h.example/f"/>'
    file.write_text(f'<opml version="2.0"><body>{outline}{outline}</body></opml>', "utf-8")
    monkeypatch.setattr(record, "append", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        execute(database, ImportSources(file), Actor("李敏"), now)
    assert passwords_in(tmp_path) == {}
