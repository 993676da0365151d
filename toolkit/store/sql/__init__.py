"""The database: tables, migrations, what differs between SQLite and PostgreSQL, transactions."""
