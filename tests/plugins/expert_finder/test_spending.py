"""A person's weekly budget is kept, and spent where it matters."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.expert_finder.past import DAY, WEEK
from plugins.expert_finder.spending import Spending


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 4),
    st.integers(1, 4),
    st.lists(st.floats(0, 3), min_size=5, max_size=60),
    st.integers(0, 10_000),
)
def test_nobody_is_named_more_often_than_allowed_in_any_seven_days(
    cap: int, slots: int, gaps: list[float], seed: int
) -> None:
    """Whatever is asked and whenever: in any seven days each person is named at most `cap` times."""
    chance = np.random.default_rng(seed)
    spending, named, now = Spending(cap), {}, 0.0
    ids = list(range(8))
    for gap in gaps:
        now += gap * DAY
        chosen = spending.choose(now, ids, chance.random(8), slots)
        assert len(chosen) == len(set(chosen)) <= slots
        for place in chosen:
            spending.spend(ids[place], now)
            named.setdefault(ids[place], []).append(now)
    for times in named.values():
        for when in times:
            assert sum(when - WEEK < other <= when for other in times) <= cap


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
    assert chance_met(0.75) >= 1.3 * chance_met(0.0)
