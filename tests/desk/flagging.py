"""Concerns as the collector flags them, with the clocks that start with them."""

from __future__ import annotations

from desk.cases import judging


def flag_now(database, concern, now):
    """Flag a concern; its id."""
    with database.write() as connection:
        return judging.flagged(connection, concern, "采集程序", now)
