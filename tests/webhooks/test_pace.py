"""The pacer that all processes of an installation share: what the forum allows is spent once, whoever asks."""

import threading
from collections.abc import Callable, Iterator

import pytest

from connector.errors import ForumUnavailable
from webhooks.database import Database, connect
from webhooks.pace import SharedPacer
from webhooks.service import Service


class Time:
    """A time that only sleeping moves, shared by those who wait."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds


Make = Callable[..., SharedPacer]


@pytest.fixture
def pacer(service: Service) -> Iterator[Make]:
    """Makes pacers as other processes would: each with an engine of its own on the same database."""
    made: list[Database] = []

    def make(time: Time, **given: float) -> SharedPacer:
        made.append(connect(service.config))
        return SharedPacer(made[-1], service.site, 60, clock=time, sleep=time.sleep, **given)

    yield make
    for database in made:
        database.close()


def test_two_processes_share_one_allowance(pacer: Make) -> None:
    """What one process used up, the other does not have: together no more than 60 requests a minute and a first few."""
    time = Time()
    one, two = pacer(time), pacer(time)
    begun = time.now
    for _ in range(40):
        one.take()
        two.take()

    # 80 requests at 60 a minute, of which the full bucket gives ten at once, less the reserve kept for writes.
    assert 70 <= time.now - begun <= 80


def test_threads_in_a_hurry_get_no_more_than_there_is(pacer: Make) -> None:
    """Eight threads of two processes that ask at the same moment get the ten turns of the bucket, and not one more."""
    time = Time()
    pacers = [pacer(time, longest_wait=0.0) for _ in range(2)]
    got: list[int] = []

    def ask(number: int) -> None:
        for _ in range(4):
            try:
                pacers[number % 2].take(urgent=True)
            except ForumUnavailable:
                continue
            got.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(got) == 10


def test_reads_leave_a_reserve_for_writes(pacer: Make) -> None:
    """However much is read, an answer to a member still gets its turn at once."""
    time = Time()
    reading = pacer(time, longest_wait=0.0)
    for _ in range(7):
        reading.take()
    with pytest.raises(ForumUnavailable, match="waits its turn"):
        reading.take()

    begun = time.now
    pacer(time).take(urgent=True)
    assert time.now == begun


def test_slow_down_counts_for_everybody(pacer: Make) -> None:
    """After a 429 no process asks the forum before the time is over that the forum named."""
    time = Time()
    one, two = pacer(time), pacer(time)
    begun = time.now
    one.penalize(20)
    two.take(urgent=True)

    assert 20 <= time.now - begun <= 22


def test_a_turn_too_far_off_is_told(pacer: Make) -> None:
    """Whoever would wait longer than half a minute is told how long, rather than left waiting."""
    slow = pacer(Time())
    slow.penalize(300)
    with pytest.raises(ForumUnavailable) as caught:
        slow.take()

    assert caught.value.retry_after == pytest.approx(300, abs=1)
