"""A loopback publisher of many feeds, in a process of its own: publisher.py ITEMS.json; prints its port.

ITEMS.json holds {path: RSS text}. A path asked for with its ETag answers 304. SIGHUP reads the file anew, and a
further line says that it was read.
"""

from __future__ import annotations

import hashlib
import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

feeds: dict[str, tuple[str, bytes]] = {}


def load() -> None:
    for path, text in json.loads(Path(sys.argv[1]).read_text("utf-8")).items():
        body = text.encode()
        feeds[path] = ('"' + hashlib.sha1(body).hexdigest() + '"', body)


def load_anew(*_: object) -> None:
    load()
    print("read", flush=True)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        etag, body = feeds.get(self.path, ('""', b""))
        unchanged = self.headers.get("If-None-Match") == etag
        self.send_response(304 if unchanged else 200 if body else 404)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", "0" if unchanged else str(len(body)))
        self.end_headers()
        if not unchanged:
            self.wfile.write(body)


class Server(ThreadingHTTPServer):
    request_queue_size = 256


if __name__ == "__main__":
    load()
    signal.signal(signal.SIGHUP, load_anew)
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
