"""Where it stays: SQLAlchemy Core; SQLite by default."""
