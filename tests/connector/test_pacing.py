"""Requests keep below the forum's limit, and what is urgent finds a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import ForumUnavailable
from connector.pacing import LocalPacer


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@given(st.integers(1, 120), st.integers(1, 200))
def test_no_minute_sees_more_than_allowed(per_minute: int, requests: int) -> None:
    """However many requests are made, no minute holds more than the rate and the ten seconds that were saved up."""
    clock = Clock()
    pacer = LocalPacer(per_minute, longest_wait=10_000, clock=clock, sleep=clock.sleep)
    times = []
    for _ in range(requests):
        pacer.take()
        times.append(clock.now)

    for start in times:
        assert sum(start <= time < start + 60 for time in times) <= per_minute + per_minute / 6 + 2


def test_urgent_requests_use_what_is_kept_for_them() -> None:
    """When the background used up its share, a write still goes at once."""
    clock = Clock()
    pacer = LocalPacer(60, longest_wait=0, clock=clock, sleep=clock.sleep)
    for _ in range(7):
        pacer.take()
    with pytest.raises(ForumUnavailable) as caught:
        pacer.take()
    pacer.take(urgent=True)

    assert clock.now == 0
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 1.01


def test_a_turn_too_far_off_is_said_at_once() -> None:
    """Nobody waits for minutes inside a request: the time is told instead."""
    clock = Clock()
    pacer = LocalPacer(60, longest_wait=30, clock=clock, sleep=clock.sleep)
    pacer.penalize(300)

    with pytest.raises(ForumUnavailable) as caught:
        pacer.take(urgent=True)
    assert caught.value.retry_after == 300
    assert clock.now == 0


def test_after_a_slow_down_everybody_waits_it_out() -> None:
    """The forum's own "slow down" holds for all, urgent or not, and is over when its time is."""
    clock = Clock()
    pacer = LocalPacer(60, clock=clock, sleep=clock.sleep)
    pacer.penalize(20)
    pacer.penalize(5)
    pacer.take(urgent=True)

    assert clock.now >= 20


def test_a_rate_of_nothing_is_refused() -> None:
    """A configuration that would never let anything through is named."""
    with pytest.raises(ValueError, match="above zero"):
        LocalPacer(0)
