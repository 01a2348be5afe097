"""One operation's own view of the database: what it reads can be broken off from another thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection

from domain.errors import StoppedError
from store.database import Database


class Visit(Database):
    """The same database; `stop` ends what is being read through it, and never what is being written."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.engine)
        self.passwords = database.passwords
        self._whole = database
        self._turn = threading.Lock()
        self._reading: list[Any] = []  # the driver's connections that are read from just now
        self._writing = 0
        self._stopped = False

    @property
    def writing(self) -> bool:
        """Whether a transaction has begun that must be finished or rolled back."""
        return self._writing > 0

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read from, until the visit is stopped. Raises StoppedError."""
        with self._whole.read() as connection:
            raw = connection.connection.driver_connection
            with self._turn:
                if self._stopped:
                    raise StoppedError("不再需要，没有读完。")
                self._reading.append(raw)
            try:
                yield connection
            finally:
                with self._turn:
                    self._reading.remove(raw)

    @contextmanager
    def write(self, *, careful: bool = True, overwriting: bool = False) -> Iterator[Connection]:
        """A transaction as ever: all of it is kept, or nothing."""
        self._writing += 1
        try:
            with self._whole.write(careful=careful, overwriting=overwriting) as connection:
                yield connection
        finally:
            self._writing -= 1

    def stop(self) -> None:
        """Break off what is read, and refuse to read more; from any thread."""
        with self._turn:
            self._stopped = True
            for raw in self._reading:
                # sqlite3 can be interrupted by another thread; another driver finishes what it reads, unheard.
                if interrupt := getattr(raw, "interrupt", None):
                    with suppress(Exception):
                        interrupt()

    def close(self) -> None:
        """Nothing to let go of: the file belongs to the whole database."""
