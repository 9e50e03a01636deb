"""The clock of the worker: each slot once, whatever else happens."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.contract import Clockwork, Plugin
from tests.webhooks.conftest import MONDAY
from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import doing
from webhooks import schedule
from webhooks.clock import SetClock
from webhooks.registry import registry_of
from webhooks.service import Service

PARIS = "Europe/Paris"


def waking(seen: list[datetime], **when: Any) -> Plugin:
    """A plugin that notes when it is called."""
    plugin = Plugin("waking", about="Wakes.")

    @plugin.every(**when)
    def wake(ctx: Any) -> None:
        seen.append(ctx.now)

    return plugin


def clockwork(cron: str) -> Clockwork:
    """The one clockwork of such a plugin."""
    return waking([], cron=cron).clockworks[0]


def test_each_slot_is_run_once_with_two_workers(service: Service, clock: SetClock) -> None:
    """Two workers look at the same clock at the same moment: each hour's job is claimed once, not twice."""
    registry = registry_of([waking([], cron="0 * * * *")])
    claimed: list[schedule.Job] = []

    def work(now: datetime) -> None:
        with service.database.begin() as connection:
            schedule.tick(connection, 1, registry, PARIS, now, MONDAY)
        with service.database.begin() as connection:
            job = schedule.claim(connection, 1, now)
            if job is not None:
                claimed.append(job)
        if job is not None:
            with service.database.begin() as connection:
                schedule.done(connection, job, now)

    for hour in range(1, 4):
        threads = [threading.Thread(target=work, args=(MONDAY + timedelta(hours=hour),)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

    assert [job.slot for job in claimed] == [MONDAY + timedelta(hours=hour) for hour in range(1, 4)]


def test_slots_missed_while_nothing_ran_are_run_once(tmp_path: Path) -> None:
    """A worker that was down for a night wakes an hourly plugin once, not nine times."""
    seen: list[datetime] = []
    with Place(tmp_path, plugins=(waking(seen, cron="0 * * * *"),)) as place:
        place.settle()
        place.pass_time(hours=9, minutes=10)
        place.settle()

    assert seen == [MONDAY + timedelta(hours=9, minutes=10)]


def test_nothing_is_made_up_for_the_time_before_it_began(tmp_path: Path) -> None:
    """A fresh installation does not run what would have been due before it existed."""
    seen: list[datetime] = []
    with Place(tmp_path, plugins=(waking(seen, cron="0 8 * * *"),)) as place:
        place.settle()

    assert seen == []


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (datetime(2026, 3, 28, 8, 30, tzinfo=UTC), datetime(2026, 3, 28, 7, 0, tzinfo=UTC)),
        (datetime(2026, 3, 29, 8, 30, tzinfo=UTC), datetime(2026, 3, 29, 6, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 8, 30, tzinfo=UTC), datetime(2026, 10, 25, 7, 0, tzinfo=UTC)),
    ],
)
def test_eight_in_the_morning_stays_eight_when_clocks_change(now: datetime, slot: datetime) -> None:
    """What runs at 8:00 in Paris runs at 8:00 there in winter and in summer, on the days of the change too."""
    assert schedule.slot_of(clockwork("0 8 * * *"), PARIS, now) == slot


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_the_hour_that_is_missing_or_comes_twice_makes_one_slot(day: datetime) -> None:
    """A job for 2:30 at night runs once on the night without a 2:30 and on the night with two."""
    cron = clockwork("30 2 * * *")
    start = day - timedelta(hours=2)
    slots = {schedule.slot_of(cron, PARIS, start + timedelta(minutes=minutes)) for minutes in range(0, 12 * 60, 30)}

    assert len([slot for slot in slots if slot is not None and slot >= start]) == 1


@given(st.integers(1, 10_000), st.integers(0, 3_000_000))
def test_an_interval_has_one_slot(minutes: int, seconds: int) -> None:
    """A moment lies in exactly one interval: its slot is not later, and the next one is."""
    now = MONDAY + timedelta(seconds=seconds)
    slot = schedule.interval_slot(minutes * 60, now)

    assert slot <= now < slot + timedelta(minutes=minutes)


def test_a_job_whose_worker_died_is_due_again(service: Service, clock: Any) -> None:
    """A worker that ends in the middle of a job leaves it to whoever looks ten minutes later."""
    with service.database.begin() as connection:
        assert schedule.add_job(connection, 1, "some.job", clock.now(), clock.now())
        assert not schedule.add_job(connection, 1, "some.job", clock.now(), clock.now())
        taken = schedule.claim(connection, 1, clock.now())
        assert taken is not None
        assert schedule.claim(connection, 1, clock.now()) is None
        again = schedule.claim(connection, 1, clock.now() + timedelta(minutes=11))

    assert again is not None
    assert (again.id, again.tries) == (taken.id, 2)


def test_a_failing_job_is_given_up_until_its_next_slot(tmp_path: Path) -> None:
    """A handler that raises is tried five times, then left in peace until the next day."""
    tries: list[int] = []
    plugin = Plugin("failing", about="Fails.")

    @plugin.every(cron="30 10 * * *")
    def fail(ctx: Any) -> None:
        tries.append(1)
        raise ValueError("CANARI")

    with Place(tmp_path, plugins=(plugin, doing(lambda event, ctx: None))) as place:
        place.settle()
        place.forum.clock.move(timedelta(minutes=65))
        for _ in range(8):
            place.forum.clock.move(timedelta(minutes=20))
            place.worker.run_until_idle()

    assert len(tries) == 5
