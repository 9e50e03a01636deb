"""How good a ranking was: the measures of the evaluation, with bootstrap intervals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1_000


@dataclass(slots=True)
class Tally:
    """What one ranker did, question by question."""

    rows: list[tuple[float, float, float, float, float]] = field(default_factory=list)
    helpers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    named: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    capped_hits: list[float] = field(default_factory=list)
    capped_helpers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    capped_named: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    times: list[float] = field(default_factory=list)

    def name(self, ranked: Sequence[int], capped: Sequence[int], slots: int, ms: float) -> None:
        """Count who was suggested, whether or not anybody answered later."""
        for member in ranked[:slots]:
            self.named[member] += 1
        for member in capped:
            self.capped_named[member] += 1
        self.times.append(ms)

    def judge(self, ranked: Sequence[int], capped: Sequence[int], truth: set[int]) -> None:
        """Compare with those who answered; `truth` is not empty."""
        hits = [place for place, member in enumerate(ranked) if member in truth]
        first = hits[0] if hits else len(ranked) + 10**9
        gain = sum(1 / np.log2(place + 2) for place in hits if place < 10)
        ideal = sum(1 / np.log2(place + 2) for place in range(min(10, len(truth))))
        self.rows.append((first < 1, first < 3, first < 5, 1 / (first + 1) if hits else 0.0, gain / ideal))
        self.capped_hits.append(float(bool(truth & set(capped))))
        top = set(ranked[:5])
        for member in truth:
            self.helpers[member][0] += member in top
            self.helpers[member][1] += 1
            self.capped_helpers[member][0] += member in capped
            self.capped_helpers[member][1] += 1

    def report(self, seed: int = 7) -> dict[str, Any]:
        """The measures, rounded to four places; intervals are 95 % bootstrap percentiles."""
        rows = np.array(self.rows, np.float64).reshape(-1, 5)
        recalls = _recalls(self.helpers)
        random = np.random.default_rng(seed)
        names = ("hit@1", "hit@3", "hit@5", "mrr", "ndcg@10")
        found: dict[str, Any] = {name: _mean(rows[:, place]) for place, name in enumerate(names)}
        found["helper_recall@5"] = _mean(recalls)
        capped_recalls = _recalls(self.capped_helpers)
        found["ci"] = {name: interval(rows[:, place], random) for place, name in enumerate(names)}
        found["ci"]["helper_recall@5"] = interval(recalls, random)
        hits = np.array(self.capped_hits)
        found["capped"] = {
            "hit@3": _mean(hits),
            "helper_recall@3": _mean(capped_recalls),
            "people": len(self.capped_named),
            "gini": round(gini(self.capped_named.values()), 4),
            "ci": {"hit@3": interval(hits, random), "helper_recall@3": interval(capped_recalls, random)},
        }
        found["people"] = len(self.named)
        found["gini"] = round(gini(self.named.values()), 4)
        times = np.array(self.times or [0.0])
        found["latency_ms"] = {f"p{rank}": round(float(np.percentile(times, rank)), 2) for rank in (50, 95)}
        return found


def _recalls(helpers: Mapping[int, Sequence[int]]) -> NDArray[np.float64]:
    return np.array([hit / asked for hit, asked in helpers.values()], np.float64)


def _mean(values: NDArray[np.float64]) -> float:
    return round(float(values.mean()), 4) if len(values) else 0.0


def interval(values: NDArray[np.float64], random: np.random.Generator) -> list[float]:
    """95 % percentile bootstrap of the mean (Efron 1979), 1,000 resamples."""
    if not len(values):
        return [0.0, 0.0]
    means = [values[random.integers(0, len(values), len(values))].mean() for _ in range(RESAMPLES)]
    return [round(float(edge), 4) for edge in np.percentile(means, [2.5, 97.5])]


def gini(counts: Iterable[int]) -> float:
    """Gini's coefficient of how suggestions are spread over those suggested at all: 0 is even."""
    values = np.sort(np.array(list(counts), np.float64))
    if not len(values) or not values.sum():
        return 0.0
    places = np.arange(1, len(values) + 1)
    return float(((2 * places - len(values) - 1) @ values) / (len(values) * values.sum()))
