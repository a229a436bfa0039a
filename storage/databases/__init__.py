"""The databases there are: connections, and the SQL they are spoken to in. SQLite and PostgreSQL are of one shape."""
