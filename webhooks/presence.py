"""Which worker is there: whoever starts alone may at once free what an earlier one left behind when it died.

On SQLite there is one worker, which locks a file of the data folder. On PostgreSQL there may be several: each holds a
lock of its own connection as long as it lives, so that one that starts sees whether anybody else is there; whether it
was killed or its machine went away, the database lets the lock go.
"""

import fcntl
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from webhooks.config import ConfigError
from webhooks.service import Service

_KEY = 7_302_000


class Presence:
    """A worker's place while it lives; `alone` says whether no other worker was there when it came.

    :raises ConfigError: on SQLite another worker runs on the same data folder.
    """

    def __init__(self, service: Service) -> None:
        self._key = {"key": _KEY + service.site}
        self._file: Any = None
        self._connection: Connection | None = None
        if service.database.is_sqlite:
            self._file, self.alone = _locked(service.config.data_dir), True
        else:
            self._connection = _own_connection(service)
            self.alone = bool(self._ask("select pg_try_advisory_lock(:key)"))
            if not self.alone:
                self._ask("select pg_advisory_lock_shared(:key)")

    def settled(self) -> None:
        """What an earlier worker left is freed: from now on others may come."""
        if self._connection is not None and self.alone:
            self._ask("select pg_advisory_lock_shared(:key)")
            self._ask("select pg_advisory_unlock(:key)")

    def close(self) -> None:
        """Leave the place."""
        for held in (self._file, self._connection):
            if held is not None:
                held.close()

    def _ask(self, statement: str) -> Any:
        assert self._connection is not None
        answer = self._connection.execute(text(statement), self._key).scalar()
        self._connection.commit()
        return answer


def _own_connection(service: Service) -> Connection:
    """A connection outside the pool: closed, it takes its locks with it."""
    connection = service.database.engine.connect()
    connection.detach()
    return connection


def _locked(folder: Path) -> Any:
    path = Path(folder) / "worker.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise ConfigError("Another worker runs on this data folder: stop it, or use PostgreSQL.") from None
    return file
