"""Who waits for the disk: a person's step leaves the log to the collector, until there is no collector to do it."""

from pathlib import Path

from store import settings
from store.database import LATE_CHECKPOINT

PAGE = 4096


def junk(database, careful, pages):
    with database.write(careful=careful) as connection:
        settings.write(connection, "junk", "x" * (PAGE * pages))


def taken_over(database):
    """Whether the next write begins the log anew, as it does once everything was taken over into the database."""
    log = Path(f"{database.file}-wal")
    before = log.read_bytes()[16:24]
    with database.write() as connection:
        settings.write(connection, "small", 1)
    return log.read_bytes()[16:24] != before


def test_a_step_does_not_take_over_what_the_collector_wrote(database):
    junk(database, careful=True, pages=1500)
    assert not taken_over(database)
    junk(database, careful=False, pages=10)
    assert taken_over(database), "the collector does"


def test_without_a_collector_the_log_is_taken_over_all_the_same(database):
    junk(database, careful=True, pages=LATE_CHECKPOINT + 100)
    assert taken_over(database)
