"""One site's rows in the database: transactions, the generation that counts changes, upserts for both engines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Executable,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from connector.archive.forgotten import ForgottenNames
from connector.archive.tables import sites

Clock = Callable[[], datetime]
Row = Mapping[Any, Any]
T = TypeVar("T")
InstrumentedColumn = Column[Any]

_CHUNK = 500
"""Ids in one statement: far below what SQLite and PostgreSQL take as parameters."""


class Writing:
    """A transaction that writes; its `generation` exists only once something changed."""

    def __init__(self, conn: Connection, site: int, now: datetime, names: ForgottenNames) -> None:
        self.conn = conn
        self.site = site
        self.now = now
        self.names = names
        self._generation: int | None = None

    @property
    def changed(self) -> bool:
        return self._generation is not None

    @property
    def generation(self) -> int:
        """The number of this change. Taking it locks the site's row, so that generations commit in their order."""
        if self._generation is None:
            self._generation = self.conn.execute(_GROWN, {"site_id": self.site}).scalar_one()
        return self._generation

    def upsert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows, or replace the columns they name where a row with the same key exists."""
        if not rows:
            return
        rows = [{"site": self.site, **row} for row in rows]
        self.conn.execute(_upserting(self.conn.dialect.name, table, tuple(rows[0])), rows)

    def update(self, table: Table, where: ColumnElement[bool], **values: Any) -> int:
        """Change the rows of this site that match; how many there were."""
        return self.conn.execute(update(table).where(table.c.site == self.site, where).values(**values)).rowcount

    def delete(self, table: Table, where: ColumnElement[bool]) -> int:
        """Delete the rows of this site that match; how many there were."""
        return self.conn.execute(delete(table).where(table.c.site == self.site, where)).rowcount


class Store:
    """The database of one site; `clock` tells the time to all that is written, `bots` are usernames in lower case."""

    def __init__(
        self,
        engine: Engine,
        site: int,
        clock: Clock,
        bots: frozenset[str] = frozenset(),
        names: ForgottenNames | None = None,
    ) -> None:
        self.engine = engine
        self.site = site
        self.clock = clock
        self.bots = bots
        self.names = names or ForgottenNames(site, "")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.engine.connect() as conn:
            yield conn

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """One transaction: all of it or nothing."""
        with self.engine.begin() as conn:
            yield Writing(conn, self.site, self.clock(), self.names)

    def prepare(self, languages: Sequence[str]) -> None:
        """The site's own row, made once; the languages its members write in are settings and follow them."""
        with self.read() as conn:
            known = conn.execute(select(sites.c.languages).where(sites.c.site == self.site)).scalar_one_or_none()
        if known is None:
            with self.engine.begin() as conn:
                row = {"site": self.site, "generation": 0, "login_required": None, "languages": list(languages)}
                dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
                conn.execute(dialect.insert(sites).on_conflict_do_nothing(index_elements=["site"]), [row])
        elif list(known) != list(languages):
            with self.engine.begin() as conn:
                conn.execute(update(sites).where(sites.c.site == self.site).values(languages=list(languages)))

    def generation(self) -> int:
        with self.read() as conn:
            return conn.execute(select(sites.c.generation).where(sites.c.site == self.site)).scalar_one_or_none() or 0

    def find(self, key: Any, column: InstrumentedColumn, *columns: InstrumentedColumn) -> Row | None:
        """The first row of this site whose column is `key`."""
        with self.read() as conn:
            return conn.execute(row_where(column, *columns), {"site_id": self.site, "key": key}).mappings().first()

    def of_site(self, table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return and_(table.c.site == self.site, *conditions)


@lru_cache(maxsize=256)
def _upserting(dialect: str, table: Table, columns: tuple[str, ...]) -> Executable:
    keys = [column.name for column in table.primary_key]
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    told = {name: statement.excluded[name] for name in columns if name not in keys}
    if told:
        replacing: Executable = statement.on_conflict_do_update(index_elements=keys, set_=told)
        return replacing
    keeping: Executable = statement.on_conflict_do_nothing(index_elements=keys)
    return keeping


_GROWN = (
    update(sites)
    .where(sites.c.site == bindparam("site_id"))
    .values(generation=sites.c.generation + 1)
    .returning(sites.c.generation)
)


@lru_cache(maxsize=256)
def row_where(column: InstrumentedColumn, *columns: InstrumentedColumn) -> Select[Any]:
    """Rows of a site whose column is `:key`: half the cost of a list of one."""
    table = column.table
    wanted = select(*(columns or (table,)))
    return wanted.where(table.c.site == bindparam("site_id"), column == bindparam("key"))


@lru_cache(maxsize=256)
def rows_where(column: InstrumentedColumn, *columns: InstrumentedColumn) -> Select[Any]:
    """Rows of a site whose column is one of `:keys`; built once, since building costs more than asking."""
    table = column.table
    wanted = select(*(columns or (table,)))
    keys: BindParameter[Any] = bindparam("keys", expanding=True)
    return wanted.where(table.c.site == bindparam("site_id"), column.in_(keys))


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in portions that fit into one statement."""
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


__all__ = ["Clock", "Row", "Store", "Writing", "chunks"]
