"""A pacer that all processes of an installation share: one token bucket in the database, below the forum's 60/min."""

import time
from collections.abc import Callable

from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from connector.errors import ForumUnavailable
from webhooks.database import Database
from webhooks.tables import pace
from webhooks.upsert import add_once, upsert


class SharedPacer:
    """See `connector.pacing.Pacer`. Urgent requests (writes) may use a reserve that reads leave untouched."""

    def __init__(
        self,
        database: Database,
        site: int,
        per_minute: float,
        *,
        longest_wait: float = 25.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._database = database
        self._site = site
        self._rate = per_minute / 60
        self._size = max(1.0, per_minute / 6)
        self._reserve = self._size / 4 if self._size >= 4 else 0.0
        self._longest_wait = longest_wait
        self._clock = clock
        self._sleep = sleep

    def take(self, urgent: bool = False) -> None:
        """Wait for a turn. :raises ForumUnavailable: it is too far off, or our own database is busy."""
        waited = 0.0
        while (wait := self._try(urgent)) > 0:
            if waited + wait > self._longest_wait:
                raise ForumUnavailable("Too many requests to the forum at once; this one waits its turn.", wait)
            self._sleep(wait)
            waited += wait

    def penalize(self, seconds: float) -> None:
        """The forum said "slow down": nobody gets a turn for that long, in any process."""
        with self._database.begin() as connection:
            _, _, closed = self._bucket(connection)
            until = max(closed, self._clock() + max(0.0, seconds))
            self._store(connection, 0.0, until)

    def _try(self, urgent: bool) -> float:
        try:
            with self._database.begin() as connection:
                tokens, filled_at, closed = self._bucket(connection)
                now = self._clock()
                tokens = min(self._size, tokens + max(0.0, now - filled_at) * self._rate)
                needed = 1.0 if urgent else 1.0 + self._reserve
                granted = now >= closed and tokens >= needed - 1e-9
                self._store(connection, tokens - 1 if granted else tokens, closed)
        except OperationalError as error:
            raise ForumUnavailable("Our own database is busy; the request waits.", 5.0) from error
        if granted:
            return 0.0
        return max(closed - now, (needed - tokens) / self._rate, 0.001)

    def _bucket(self, connection: Connection) -> tuple[float, float, float]:
        """The bucket, locked until the end of the transaction; a full one where there was none yet."""
        mine = select(pace.c.tokens, pace.c.filled_at, pace.c.closed_until).where(pace.c.site == self._site)
        found = connection.execute(mine.with_for_update()).first()
        if found is None:
            # Stored first, so that of two processes that ask for the first time at once, one waits for the other.
            full = {"site": self._site, "tokens": self._size, "filled_at": self._clock(), "closed_until": 0.0}
            add_once(connection, pace, ["site"], full)
            found = connection.execute(mine.with_for_update()).one()
        return found[0], found[1], found[2]

    def _store(self, connection: Connection, tokens: float, closed: float) -> None:
        values = {"tokens": tokens, "filled_at": self._clock(), "closed_until": closed}
        upsert(connection, pace, {"site": self._site}, values)
