"""The worker: works off deliveries, jobs of the clock, and acts, in this order, until nothing is left or for ever."""

import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import OperationalError

from plugins.contract import Clockwork, Plugin
from webhooks import schedule, verdicts
from webhooks.context import Ground
from webhooks.deliveries import Deliveries
from webhooks.delivery import Delivery
from webhooks.facts import recall, remember
from webhooks.handling import Ended, handle
from webhooks.housekeeping import JOBS, due_jobs
from webhooks.identity import learn
from webhooks.logs import place_of
from webhooks.presence import Presence
from webhooks.replaying import Replays
from webhooks.service import Service

log = structlog.get_logger("passerelle.worker")

IDLE_SECONDS = 0.5
_CATCH_UP_SECONDS = 2.0
_MOST_STEPS = 100_000


class _Told:
    """Says at most every ten seconds how far making an index is."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._at >= 10:
            self._at = time.monotonic()
            log.info("index_grows", posts=done, of=total)


class Worker:
    """One worker of one installation."""

    def __init__(self, service: Service) -> None:
        self.service = service
        # Made now: it writes, which it could not do later from within somebody's transaction.
        self.archive = service.archive
        self.deliveries = Deliveries(service)
        self.delivery = Delivery(service)
        self.replays = Replays(service)
        self._stop = threading.Event()
        self._looked_at: datetime | None = None
        self._mended = False

    def run_until_idle(self) -> int:
        """Do everything that is due at the clock's time; gives how much that was. For tests, demo and commands."""
        self._beat()
        self._mend()
        done = 0
        while done < _MOST_STEPS:
            self.tick()
            some = self.step() or self.replays.step()
            if not some:
                self.archive.catch_up()
                return done
            done += some
        raise RuntimeError("the worker does not come to rest: something asks for itself again and again")

    def step(self) -> int:
        """Some deliveries, one job, one act; gives how much was done."""
        done = self.deliveries.step()
        done += self._job()
        self._look_at_proposals()
        if self.service.has_forum:
            done += self.delivery.step()
        return done

    def tick(self) -> None:
        """Store the jobs that the clock has made due."""
        service, now = self.service, self.service.clock.now()
        with service.database.begin() as connection:
            since = recall(connection, service.site, "began")
            if since is None:
                since = now.isoformat()
                remember(connection, service.site, "began", since, now)
            schedule.tick(
                connection, service.site, service.registry, service.config.time_zone, now, datetime.fromisoformat(since)
            )
            due_jobs(connection, service, now)

    def rescue(self, *, everything: bool = False) -> None:
        """Free what workers left behind that died."""
        freed = self.deliveries.inbox.rescue(everything=everything), self.delivery.rescue(everything=everything)
        if any(freed):
            log.warning("rescued", deliveries=freed[0], acts=freed[1])

    def run_forever(self) -> None:
        """Work until told to stop (SIGTERM, SIGINT), finishing what is under way."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        presence = Presence(self.service)
        self.rescue(everything=presence.alone)
        presence.settled()
        clock = self._clock()
        clock.start()
        log.info("worker_started", plugins=[plugin.name for plugin in self.service.registry])
        try:
            self._safely(self._mend)
            while not self._stop.is_set():
                if not self._safely(self.step):
                    replayed = self._safely(self.replays.step)
                    self._safely(partial(self.archive.catch_up, _CATCH_UP_SECONDS))
                    if not replayed:
                        self._stop.wait(IDLE_SECONDS)
        finally:
            clock.shutdown(wait=True)
            self.replays.close()
            presence.close()
            log.info("worker_stopped")

    def stop(self) -> None:
        """Ask the worker to end after what it is doing."""
        self._stop.set()

    def _clock(self) -> BackgroundScheduler:
        """APScheduler as a clock only: it calls, it remembers nothing."""
        clock = BackgroundScheduler(timezone="UTC")
        calls: tuple[tuple[Any, int], ...] = ((self.tick, 1), (self._beat, 10), (self.rescue, 30), (self._learn, 60))
        for call, seconds in calls:
            clock.add_job(
                partial(self._safely, call), "interval", seconds=seconds, coalesce=True, misfire_grace_time=None,
                max_instances=1, next_run_time=datetime.now().astimezone(),
            )  # fmt: skip
        return clock

    def _mend(self) -> None:
        """See once that the index files fit the database, which may have been restored from a backup."""
        if not self._mended:
            self._mended = True
            if self.archive.mend_indexes(_Told()):
                log.warning("indexes_made_anew")

    def _learn(self) -> None:
        if self.service.has_forum:
            learn(self.service)

    def _beat(self) -> None:
        with self.service.database.begin() as connection:
            remember(connection, self.service.site, "heartbeat", {}, self.service.clock.now())

    def _safely(self, call: Callable[[], int | None]) -> int:
        try:
            return call() or 0
        except OperationalError as error:
            log.error("database_busy", where=place_of(error))
            return 0

    def _look_at_proposals(self) -> None:
        now = self.service.clock.now()
        if self._looked_at is None or abs(now - self._looked_at) >= timedelta(minutes=1):
            self._looked_at = now
            self.delivery.look_at_proposals()

    def _job(self) -> int:
        service = self.service
        with service.database.begin() as connection:
            job = schedule.claim(connection, service.site, service.clock.now())
        if job is None:
            return 0
        ended = self._run(job)
        now = service.clock.now()
        with service.database.begin() as connection:
            if ended.state in ("failed", "waiting"):
                schedule.again(connection, job, now, ended.error, ended.run_at)
            elif ended.state == "quarantined":
                schedule.again(connection, schedule.Job(job.id, job.name, job.slot, 99), now, ended.error)
            else:
                schedule.done(connection, job, now)
        return 1

    def _run(self, job: schedule.Job) -> Ended:
        if job.verdict_id is not None:
            return self._hear_verdict(job.verdict_id, job)
        if job.name in JOBS:
            return JOBS[job.name](self.service)
        found = self._clockwork(job.name)
        if found is None or not self.service.is_on(found[0].name):
            return Ended("done")
        plugin, clockwork = found
        ground = Ground(plugin, cause=f"clock:{job.id}", ceiling=clockwork.ceiling)
        return handle(self.service, ground, clockwork.name, clockwork.func)

    def _clockwork(self, name: str) -> tuple[Plugin, Clockwork] | None:
        for plugin, clockwork in schedule.clockworks(self.service.registry):
            if schedule.job_name(plugin, clockwork) == name:
                return plugin, clockwork
        return None

    def _hear_verdict(self, number: int, job: schedule.Job) -> Ended:
        with self.service.database.read() as connection:
            found = verdicts.verdict(connection, self.service.site, number)
        plugin = self.service.registry.get(found[0]) if found is not None else None
        if found is None or plugin is None:
            return Ended("done")
        ended = [
            handle(self.service, Ground(plugin, cause=f"verdict:{job.id}"), hook.__name__, partial(hook, found[1]))
            for hook in plugin.verdict_hooks
        ]
        return next((one for one in ended if one.state != "done"), Ended("done"))
