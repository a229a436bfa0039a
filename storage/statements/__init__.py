"""Every SQL statement there is, written with SQLAlchemy Core; compiled to text by `core` and, for SQLite, ahead by `ahead`."""
