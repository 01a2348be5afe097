"""A store of an older version is brought up to date with all that is in it."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from desk.monitor import article_page, search_articles
from store.database import MIGRATIONS, open_database, sqlite_url
from store.schema import metadata


def test_migrated_store_is_what_the_schema_says(database):
    with database.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    assert [change for change in found if not (change[0] == "remove_table" and "article_words" in change[1].name)] == []


def test_articles_of_the_first_version_are_kept_and_found(tmp_path):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(sqlite_url(tmp_path))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO source (id, kind, url, name, tier, paused, failures, removed)"
                " VALUES (1, 'feed', 'http://x/', '旧源', 'city', 0, 0, 0)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO article (id, source_id, key, title, text, url, publisher, published_at, fetched_at,"
                " date_note, title_words, text_words) VALUES (1, 1, 'k', '地铁停运', '', '', '',"
                " '2026-11-20 04:00:00', '2026-11-20 04:00:00', '', '地铁 停运', '')"
            )
        )
    engine.dispose()
    database = open_database(sqlite_url(tmp_path))
    try:
        assert [a.title for a in search_articles(database, "地铁")] == ["地铁停运"]
        assert not article_page(database, 0, 1)[0].read
    finally:
        database.close()
