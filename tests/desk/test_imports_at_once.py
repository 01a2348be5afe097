"""Two imports of one file at once: each row is kept once, and neither fails."""

from typing import Any

from desk.collecting import tableimport
from desk.collecting.tableimport import import_table, open_table
from desk.topics.monitor import article_page

ROWS = 130


def test_an_import_that_finds_its_rows_stored_meanwhile_goes_on(database, tmp_path, now, monkeypatch):
    path = tmp_path / "热线.csv"
    rows = "".join(f"第{i}号楼停暖,第{i}号楼停暖三天,2026-11-19 08:00\n" for i in range(ROWS))
    path.write_text(f"标题,内容,时间\n{rows}", "utf-8")
    table, store = open_table(path), tableimport._store
    others: list[Any] = []

    def beside(*given):
        """The first batch is read and about to be stored when somebody else imports the whole file."""
        if not others:
            others.append(None)
            others[0] = import_table(database, path, table, now)
        store(*given)

    monkeypatch.setattr(tableimport, "_store", beside)
    found = import_table(database, path, table, now)
    assert (others[0].new, found.new, found.known) == (ROWS, 0, ROWS)
    assert found.whole and len(article_page(database, 0, 500)) == ROWS
