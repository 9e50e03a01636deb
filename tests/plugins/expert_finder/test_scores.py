"""The measures are what they are called."""

import pytest

from plugins.expert_finder.scores import Tally, gini


def test_hits_and_ranks_of_a_ranking_by_hand() -> None:
    """Two questions, one met at place 2, one not at all: worked out on paper."""
    tally = Tally()
    for ranked, capped, truth in (([1, 2, 3], [2], {2, 9}), ([1, 3, 4], [1], {2})):
        tally.name(ranked, capped, 3, 1.0)
        tally.judge(ranked, capped, truth)
    found = tally.report()
    assert (found["hit@1"], found["hit@3"], found["mrr"]) == (0.0, 0.5, 0.25)
    assert found["helper_recall@5"] == pytest.approx((0.5 + 0) / 2)
    assert found["capped"]["hit@3"] == 0.5
    assert found["ndcg@10"] == pytest.approx((1 / 1.58496) / (1 + 1 / 1.58496) / 2, abs=1e-3)
    low, high = found["ci"]["hit@3"]
    assert 0.0 <= low <= 0.5 <= high <= 1.0


def test_gini_is_zero_for_even_loads() -> None:
    """Everybody named alike is 0; one person among many who carries all but a little is near 1."""
    assert gini([4, 4, 4]) == pytest.approx(0)
    assert gini([1] * 99 + [10_000]) > 0.9
