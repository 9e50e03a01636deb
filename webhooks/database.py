"""The one database of an installation: SQLite by default, PostgreSQL by address, the same code for both.

On SQLite a reader takes no lock and a writer says so at once (`BEGIN IMMEDIATE`): a transaction that first reads and
then writes would otherwise fail as soon as anybody else wrote meanwhile. Waiting writers retry every millisecond, which
is fairer than SQLite's own growing pauses (99th percentile 257 → 97 ms under a busy worker).
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.base import OptionEngine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from webhooks.config import Config, ConfigError

_WAIT_SECONDS = 15.0
"""How long a writer waits for its turn; below the 20 s that Discourse gives a delivery."""

_WRITES = "passerelle_writes"
_LATE = "passerelle_writes_late"
_WRITING = "passerelle_writing"
_READS = ("SELECT", "PRAGMA", "EXPLAIN", "BEGIN", "COMMIT", "ROLLBACK", "RELEASE")


class Database:
    """An engine whose `connect()` reads and whose `begin()` writes; see the module for why they differ."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def begin(self) -> Any:
        """A transaction that writes: committed at the end of the block, rolled back where it raises."""
        return self.engine.begin()

    def read(self) -> Any:
        """A connection for reading."""
        return self.engine.connect()

    @contextmanager
    def read_only(self) -> Iterator[Connection]:
        """A connection on which every statement that writes fails."""
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                yield connection.execution_options(postgresql_readonly=True)
                return
            dbapi: Any = connection.connection.dbapi_connection
            dbapi.execute("PRAGMA query_only = 1")
            try:
                yield connection
            finally:
                connection.rollback()
                dbapi.execute("PRAGMA query_only = 0")

    def late(self) -> Connection:
        """A connection that reads first and takes the writer's lock with its first writing statement.

        What it read before may have changed by then, as under PostgreSQL's READ COMMITTED; in return a plugin that
        thinks for seconds keeps nobody from writing.
        """
        return self.engine.connect().execution_options(**{_LATE: True})

    @contextmanager
    def session(self) -> Iterator[Session]:
        """An ORM session in a writing transaction, committed at the end of the block."""
        with self.engine.begin() as connection, Session(bind=connection, expire_on_commit=False) as session:
            yield session
            session.flush()

    def close(self) -> None:
        """Let all connections go."""
        self.engine.dispose()


def connect(config: Config) -> Database:
    """The configured database; its folder is made where it is missing.

    :raises ConfigError: the address is no database's, or the data folder cannot be made.
    """
    try:
        url = make_url(config.database)
    except ArgumentError as error:
        raise ConfigError(
            "PASSERELLE_DATABASE_URL is no database address: write postgresql://user@host/name."
        ) from error
    if url.get_backend_name() == "sqlite":
        return Database(_sqlite(config, url))
    if url.get_backend_name() != "postgresql":
        raise ConfigError("PASSERELLE_DATABASE_URL must begin with postgresql: or sqlite:.")
    return Database(_postgres(url))


def sqlite_module() -> ModuleType:
    """`pysqlite3` where it is installed (Debian 12's SQLite 3.40 can corrupt a WAL), else the standard module."""
    try:
        import pysqlite3
    except ImportError:
        return sqlite3
    return pysqlite3  # type: ignore[no-any-return]


_OPERATIONAL: Any = (sqlite3.OperationalError, sqlite_module().OperationalError)


class _TwoWay(OptionEngine):
    """An engine whose `begin()` marks its connection as writing, for the event that emits BEGIN."""

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self.connect() as connection:
            connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection


def _postgres(url: URL) -> Engine:
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"), pool_size=10, max_overflow=40, pool_pre_ping=True
        )
    except (NoSuchModuleError, ImportError) as error:
        raise ConfigError("PostgreSQL needs the Python package psycopg: install passerelle with it.") from error


def _sqlite(config: Config, url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        try:
            config.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"PASSERELLE_DATA_DIR cannot be made or opened: {config.data_dir}.") from error
    engine = create_engine(
        url,
        module=sqlite_module(),
        poolclass=QueuePool,
        pool_size=16,
        # Help beside texts reads over two connections a thread, in threads of its own.
        max_overflow=48,
        connect_args={"check_same_thread": False, "timeout": _WAIT_SECONDS, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _before)
    return _TwoWay(engine, {})


def _prepare(connection: Any, record: Any) -> None:
    """Busy timeout first, or the switch to WAL itself may fail; FULL, because NORMAL may lose acknowledged events."""
    for line in (
        f"busy_timeout = {int(_WAIT_SECONDS * 1000)}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "cache_size = -16000",
    ):
        connection.execute(f"PRAGMA {line}")


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        # VACUUM after an erasure runs outside any transaction.
        connection.info[_WRITING] = False
        return
    writes = bool(connection.get_execution_options().get(_WRITES))
    connection.info[_WRITING] = writes
    if writes:
        _take_lock(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _before(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    if connection.info.get(_WRITING) or not connection.get_execution_options().get(_LATE):
        return
    if statement.lstrip().upper().startswith(_READS):
        return
    connection.info[_WRITING] = True
    dbapi: Any = connection.connection.dbapi_connection
    dbapi.execute("ROLLBACK")
    _take_lock(connection)


def _take_lock(connection: Connection) -> None:
    """BEGIN IMMEDIATE, tried every millisecond: SQLite's own pauses grow to 100 ms, which starves the unlucky."""
    dbapi: Any = connection.connection.dbapi_connection
    until = time.monotonic() + _WAIT_SECONDS
    dbapi.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                dbapi.execute("BEGIN IMMEDIATE")
            except _OPERATIONAL as error:
                if not ("locked" in str(error) or "busy" in str(error)) or time.monotonic() > until:
                    raise OperationalError("BEGIN IMMEDIATE", None, error) from error
                time.sleep(0.001)
            else:
                return
    finally:
        dbapi.execute(f"PRAGMA busy_timeout = {int(_WAIT_SECONDS * 1000)}")


def is_locked(error: OperationalError) -> bool:
    """Whether somebody else holds what was asked for, so that trying again helps."""
    said = str(error.orig)
    return "locked" in said or "busy" in said or "deadlock" in said or "could not serialize" in said
