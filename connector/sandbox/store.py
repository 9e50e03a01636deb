"""The forum's own SQLite file: one connection, one lock, nested transactions."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = sqlite3.Row


class Store:
    """One forum's data. Every read and write holds the one lock, so the threads of the server see whole steps only."""

    def __init__(self, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(
            path if path is not None else ":memory:", check_same_thread=False, isolation_level=None
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript((Path(__file__).parent / "schema.sql").read_text(encoding="utf-8"))

    def close(self) -> None:
        """Let the file go."""
        with self.lock:
            self._connection.close()

    def one(self, sql: str, *values: Any) -> Row | None:
        """The first row, or None."""
        with self.lock:
            found: Row | None = self._connection.execute(sql, values).fetchone()
            return found

    def all(self, sql: str, *values: Any) -> list[Row]:
        """Every row."""
        with self.lock:
            return self._connection.execute(sql, values).fetchall()

    def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, *values)
        return None if row is None else row[0]

    def run(self, sql: str, *values: Any) -> int:
        """Do one statement; gives the id of the row that it added."""
        with self.lock:
            return self._connection.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        """Do one statement for many rows."""
        with self.lock:
            self._connection.executemany(sql, rows)

    def insert(self, table: str, **columns: Any) -> int:
        """Add a row; gives its id."""
        marks = ", ".join("?" for _ in columns)
        return self.run(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", *columns.values())  # noqa: S608

    def change(self, table: str, row_id: int, **columns: Any) -> None:
        """Change columns of the row with this id."""
        steps = ", ".join(f"{column} = ?" for column in columns)
        self.run(f"UPDATE {table} SET {steps} WHERE id = ?", *columns.values(), row_id)  # noqa: S608

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; the outermost one commits."""
        with self.lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")
