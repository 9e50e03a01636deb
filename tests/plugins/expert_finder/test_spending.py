"""A person's weekly budget is kept, and spent where it matters."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.expert_finder.past import DAY, moment
from plugins.expert_finder.spending import Spending
from plugins.expert_finder.weeks import week_end, week_start


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 4),
    st.integers(1, 4),
    st.lists(st.floats(0, 3), min_size=5, max_size=60),
    st.integers(0, 10_000),
)
def test_nobody_is_named_more_often_than_allowed_from_monday_to_sunday(
    cap: int, slots: int, gaps: list[float], seed: int
) -> None:
    """Whatever is asked and whenever: in each calendar week each person is named at most `cap` times."""
    chance = np.random.default_rng(seed)
    spending, named, now = Spending(cap), {}, 0.0
    ids = list(range(8))
    for gap in gaps:
        now += gap * DAY
        chosen = spending.choose(now, ids, chance.random(8), slots)
        assert len(chosen) == len(set(chosen)) <= slots
        for place in chosen:
            spending.spend(ids[place], now)
            calendar = moment(now).isocalendar()
            named[calendar.year, calendar.week, place] = named.get((calendar.year, calendar.week, place), 0) + 1
    assert max(named.values()) <= cap


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "Africa/Casablanca", "America/New_York"])
@given(st.integers(1_420_000_000, 2_050_000_000).map(moment))
def test_a_week_begins_on_monday_at_midnight_where_the_forum_is(zone: str, now: datetime) -> None:
    """Whatever the season: the week of any minute began on the last Monday, at the local midnight."""
    start = week_start(now, zone)
    local = start.astimezone(ZoneInfo(zone))
    assert (local.weekday(), local.hour, local.minute) == (0, 0, 0)
    assert timedelta(0) <= now - start < timedelta(days=7, hours=2)
    assert week_start(start, zone) == start
    if zone == "UTC":
        assert moment(week_end(now.timestamp())) == start + timedelta(days=7)


def chance_met(firm: float) -> float:
    """Two questions a week in turn: one that four people can answer, one that a single person can."""
    spending, met = Spending(cap=1, firm=firm), 0.0
    everyday, rare = np.array([0.50, 0.48, 0.47, 0.46]), np.array([0.9, 0.0, 0.0, 0.0])
    for number in range(120):
        now, chances = number * 3.6 * DAY, everyday if number % 2 == 0 else rare
        for place in spending.choose(now, [1, 2, 3, 4], chances, 1):
            spending.spend([1, 2, 3, 4][place], now)
            met += chances[place]
    return met


def test_the_only_one_who_can_is_kept_for_what_nobody_else_can() -> None:
    """Where others serve as well, a sole expert's budget is saved; first come, first served meets a third less."""
    assert chance_met(1.0) >= 1.3 * chance_met(0.0)
