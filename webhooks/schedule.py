"""The clock of the worker: which job is due in which slot, each slot once, however many workers look.

APScheduler gives the triggers (cron lines in the site's time zone, intervals) and, in a running worker, the ticking;
it keeps no jobs. A tick stores one row, unique on (job, slot), and whoever claims that row runs the job. Slots missed
while the worker was down are run once, not once each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Connection, delete, func, select, update

from plugins.contract import Clockwork, Plugin
from webhooks.inbox import MOST_TRIES, pause_before
from webhooks.registry import Registry
from webhooks.tables import jobs
from webhooks.upsert import add_once

LOOKED_BACK = timedelta(days=8)
"""How far back a slot may lie to be run late: a weekly job survives a worker that was down over its hour."""

_VERDICT = "verdict:"


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed row."""

    id: int
    name: str
    slot: datetime
    tries: int

    @property
    def verdict_id(self) -> int | None:
        return int(self.name.removeprefix(_VERDICT)) if self.name.startswith(_VERDICT) else None


def job_name(plugin: Plugin, clockwork: Clockwork) -> str:
    return f"{plugin.name}.{clockwork.name}"


def clockworks(registry: Registry) -> Iterator[tuple[Plugin, Clockwork]]:
    """Every handler that the clock calls, by plugin."""
    for plugin in registry:
        for clockwork in plugin.clockworks:
            yield plugin, clockwork


def slot_of(clockwork: Clockwork, zone: str, now: datetime) -> datetime | None:
    """The newest slot at or before `now`; None where there was none within eight days.

    A time of day that a night leaves out is run at that night's end; one that comes twice is run the first time only,
    but for a line for every hour, which goes on running.
    """
    if clockwork.minutes is not None:
        return interval_slot(clockwork.minutes * 60, now)
    # Counted on the wall clock alone: APScheduler itself never comes back from the night with two 2:30s.
    trigger = CronTrigger.from_crontab(clockwork.cron, timezone="UTC")
    local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC, fold=0)
    folds = (0, 1) if str(clockwork.cron).split()[1].startswith("*") else (0,)
    # Cron triggers only look forwards: from further and further back, so that frequent ones need few steps.
    for back in (timedelta(minutes=2), timedelta(hours=2), timedelta(days=1, hours=1), LOOKED_BACK):
        found: datetime | None = None
        moment = trigger.get_next_fire_time(None, local - back)
        while moment is not None and moment <= local:
            told = (moment.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in folds)
            found = max((one for one in told if one <= now), default=found)
            moment = trigger.get_next_fire_time(None, moment + timedelta(seconds=1))
        if found is not None:
            return found
    return None


def interval_slot(seconds: int, now: datetime) -> datetime:
    """The start of the interval that `now` lies in, counted from 1970."""
    stamp = int(now.timestamp())
    return datetime.fromtimestamp(stamp - stamp % seconds, UTC)


def tick(connection: Connection, site: int, registry: Registry, zone: str, now: datetime, since: datetime) -> int:
    """Store what has become due after `since` (when this installation began), each slot once; gives how many."""
    added = 0
    for plugin, clockwork in clockworks(registry):
        slot = slot_of(clockwork, zone, now)
        if slot is not None and slot > since:
            added += add_job(connection, site, job_name(plugin, clockwork), slot, now)
    return added


def add_job(connection: Connection, site: int, name: str, slot: datetime, now: datetime) -> bool:
    """Store a job's slot; False where it is there, or a newer one is."""
    newer = select(func.max(jobs.c.slot)).where(jobs.c.site == site, jobs.c.job == name)
    last = connection.execute(newer).scalar()
    if last is not None and last >= slot:
        return False
    row = {"site": site, "job": name, "slot": slot, "state": "pending", "tries": 0, "run_at": now, "error": ""}
    return add_once(connection, jobs, ["site", "job", "slot"], row)


def add_verdict_job(connection: Connection, site: int, number: int, now: datetime) -> None:
    """A plugin is to hear of a verdict."""
    add_job(connection, site, f"{_VERDICT}{number}", now, now)


def claim(connection: Connection, site: int, now: datetime, lease: timedelta = timedelta(minutes=10)) -> Job | None:
    """The oldest due job, taken for ten minutes; None where nothing is due."""
    due = (
        select(jobs)
        .where(jobs.c.site == site, jobs.c.state == "pending", jobs.c.run_at <= now)
        .order_by(jobs.c.run_at, jobs.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row: Any = connection.execute(due).mappings().first()
    if row is None:
        return None
    # A job that its worker did not live to end is due again when the lease is over.
    connection.execute(update(jobs).where(jobs.c.id == row["id"]).values(run_at=now + lease, tries=row["tries"] + 1))
    return Job(row["id"], row["job"], row["slot"], row["tries"] + 1)


def done(connection: Connection, job: Job, now: datetime) -> None:
    """The job has run."""
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(state="done", done_at=now, error=""))


def again(connection: Connection, job: Job, now: datetime, error: str, run_at: datetime | None = None) -> None:
    """The job failed: it is tried again, and given up after five tries until its next slot."""
    state = "quarantined" if job.tries >= MOST_TRIES else "pending"
    when = run_at or now + pause_before(job.tries)
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(state=state, run_at=when, error=error[:500]))


def purge(connection: Connection, site: int, before: datetime) -> int:
    """Drop rows of jobs that ran before a time, but each job's newest."""
    newest = select(func.max(jobs.c.id)).where(jobs.c.site == site).group_by(jobs.c.job)
    old = delete(jobs).where(
        jobs.c.site == site, jobs.c.slot < before, jobs.c.state != "pending", jobs.c.id.not_in(newest)
    )
    return int(connection.execute(old).rowcount)
