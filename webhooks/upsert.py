"""Writing a row that may already be there, in one statement on both databases."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert


def upsert(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert `key` + `values`, or set `values` where a row of this `key` (a unique set of columns) is there."""
    insert = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = insert(table).values(**key, **values)
    if values:
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=dict(values))
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(key))
    connection.execute(statement)


def add_once(connection: Connection, table: Table, key: list[str], values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of the same `key` columns is there; says whether it was inserted."""
    insert = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = insert(table).values(**values).on_conflict_do_nothing(index_elements=key)
    return bool(connection.execute(statement).rowcount)
