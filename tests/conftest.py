"""Fixtures: a real SQLite file, and a publisher on loopback whose answers a test can set."""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import settings

from domain.times import parse_moment
from store.database import open_database, sqlite_url

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# How long one example takes says how busy the machine is.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # never the keyring of who runs the tests


def pytest_xdist_auto_num_workers():
    """One more than there are cores: there is always a test that waits."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True, scope="session")
def seat(tmp_path_factory):
    """What this seat saw of records is kept for these tests alone."""
    os.environ["WENYING_SEAT"] = str(tmp_path_factory.mktemp("seat") / "heads.json")


@pytest.fixture
def now():
    return parse_moment("2026-11-20T12:00")


@pytest.fixture(scope="session")
def new_database(tmp_path_factory):
    """The file of a database that nobody has used yet, made once: to bring one up to date takes longer than most tests."""
    folder = tmp_path_factory.mktemp("new")
    open_database(sqlite_url(folder)).close()
    (file,) = folder.glob("*.db")
    return file


@pytest.fixture
def begun_with(new_database):
    """The file that the test's store begins with."""
    return new_database


@pytest.fixture
def database(tmp_path, begun_with):
    shutil.copy2(begun_with, tmp_path)
    opened = open_database(sqlite_url(tmp_path))
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def garbage():
    """Look for garbage between tests, on the thread that windows are made on (gui/garbage.py), and on no other.

    Through all that there is only now and then: most of it is what was imported.
    """
    gc.disable()
    usual = gc.get_threshold()
    yield
    gc.set_threshold(*usual)  # a collector in this process looks seldom, and leaves aside what there was
    gc.unfreeze()
    young, _, looks = gc.get_count()
    if young > 20_000:
        gc.collect(2 if looks >= 20 else 1)


class Publisher:
    """A loopback server: `pages` maps a path to (status, headers, body)."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                outer.asked.append((self.path, dict(self.headers)))
                status, headers, body = outer.pages.get(self.path, (404, {}, b""))
                etag = '"' + hashlib.sha1(body).hexdigest() + '"'
                if status == 200 and self.headers.get("If-None-Match") == etag:
                    status, body = 304, b""
                self.send_response(status)
                for key, value in {"ETag": etag, "Content-Length": str(len(body)), **headers}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        # How often it looks whether it is to end, for which each test waits.
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def feed(self, path: str, items: list[tuple[str, str, str]], encoding: str = "utf-8") -> str:
        """Publish RSS items (title, text, RFC 3339 date); the address."""
        rows = "".join(
            f"<item><title>{title}</title><guid>{title}</guid><pubDate>{at}</pubDate><description>{text}</description></item>"
            for title, text, at in items
        )
        xml = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>测试源</title>{rows}</channel></rss>'
        self.pages[path] = (200, {"Content-Type": "application/rss+xml"}, xml.encode(encoding))
        return self.base + path

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def publisher():
    server = Publisher()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def questions(monkeypatch, request):
    """What was asked in a box of its own, that would wait for a click for ever; each is answered with yes."""
    asked: list[str] = []
    if "PySide6.QtWidgets" in sys.modules and not getattr(request.module, "ANSWERS_ITSELF", False):
        from PySide6.QtWidgets import QMessageBox

        def answer(box: QMessageBox) -> None:
            asked.append(box.text())
            box.buttons()[0].click()

        monkeypatch.setattr(QMessageBox, "exec", answer)
    return asked
