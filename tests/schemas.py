"""What the tables of a database are, so that two can be compared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, inspect


def described(connection: Connection) -> dict[str, Any]:
    """Columns, keys, indexes and constraints by the name of the table, in no order."""
    seen = inspect(connection)
    return {
        name: _table(seen, name)
        for name in seen.get_table_names()
        if name not in ("migrations", "sqlite_sequence")
    }


def _table(seen: Any, name: str) -> dict[str, Any]:
    return {
        "columns": {
            column["name"]: (str(column["type"]), column["nullable"]) for column in seen.get_columns(name)
        },
        "key": seen.get_pk_constraint(name)["constrained_columns"],
        "indexes": {
            (one["name"], tuple(one["column_names"]), bool(one["unique"])) for one in seen.get_indexes(name)
        },
        "unique": {tuple(one["column_names"]) for one in seen.get_unique_constraints(name)},
        "owners": {
            (tuple(one["constrained_columns"]), one["referred_table"], tuple(sorted(one["options"].items())))
            for one in seen.get_foreign_keys(name)
        },
        "checks": {one["sqltext"] for one in seen.get_check_constraints(name)},
    }
