"""Fixtures: a real SQLite file, and a publisher on loopback whose answers a test can set."""

from __future__ import annotations

import hashlib
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from domain.times import parse_moment
from store.database import open_database, sqlite_url

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
NOW = parse_moment("2026-11-20T12:00")


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def database(tmp_path):
    opened = open_database(sqlite_url(tmp_path))
    yield opened
    opened.close()


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
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

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
