"""A plugin's own tables on the bench: SQLite in memory, one session per handler."""

import weakref
from typing import Any

from sqlalchemy import MetaData, Table, create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from plugins.contract import Plugin


class Tables:
    """The plugin's tables, empty at first."""

    def __init__(self, plugin: Plugin) -> None:
        self._metadata: MetaData = getattr(plugin.tables, "metadata", None) or MetaData()
        self._engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        self._metadata.create_all(self._engine)
        weakref.finalize(self, self._engine.dispose)

    def session(self) -> Session:
        """A session that rolls back unless it is committed."""
        return Session(self._engine)

    def rows(self, table: Any) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(getattr(table, "__table__", table))).mappings()]

    def everything(self) -> dict[str, list[str]]:
        """Every row of every table, as sorted text: what two runs must agree on."""
        tables: list[Table] = self._metadata.sorted_tables
        return {table.name: sorted(str(row) for row in self.rows(table)) for table in tables}
