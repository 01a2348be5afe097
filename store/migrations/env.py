"""Alembic's entry: migrations run on the connection, and in the transaction, that the database hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,
    transactional_ddl=True,  # the database begins the transaction itself, so that SQLite's DDL is part of it
)
with context.begin_transaction():
    context.run_migrations()
