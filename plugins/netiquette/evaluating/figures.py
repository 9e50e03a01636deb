"""The figures of an evaluation, as `passerelle evaluate netiquette --json` prints them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from plugins.netiquette.charter.model import STEPS, Step
from plugins.netiquette.evaluating.cases import Case, languages

SHOWN: tuple[Step, ...] = ("hint", "message", "queue")
"""The steps that are told; a look is never shown to anybody but managers, and counts as none."""
BINS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case: `clause` is the id of the clause, "" for none."""

    case: Case
    probability: float
    step: Step
    clause: str
    words: tuple[str, ...]

    def as_line(self) -> dict[str, Any]:
        step = self.step if self.step in SHOWN else "none"
        clause = self.clause if step != "none" else ""
        words = list(self.words) if step != "none" else []
        return {"id": self.case.id, "probability": round(self.probability, 5), "step": step,
                "clause": clause or None, "words": words}  # fmt: skip


def figures(outcomes: Sequence[Outcome], seconds: float) -> dict[str, Any]:
    """All figures; shares are between 0 and 1, None where there is nothing to take a share of."""
    found = {lang: _of_language([one for one in outcomes if one.case.lang == lang])
             for lang in languages([one.case for one in outcomes])}  # fmt: skip
    return {"texts": len(outcomes), "texts_per_second": round(len(outcomes) / max(seconds, 1e-9), 1),
            "languages": found}  # fmt: skip


def _of_language(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    judged = [one for one in outcomes if one.case.label != "gray"]
    labels = np.array([one.case.label == "breach" for one in judged], dtype=bool)
    scores = np.array([one.probability for one in judged])
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        by_kind[one.case.kind].append(one)
    return {
        "auc": auc(scores, labels),
        "recall_at_1pct": recall_at(scores, labels, 0.01),
        "recall_at_2pct": recall_at(scores, labels, 0.02),
        "precision": {step: _precision(judged, step) for step in SHOWN},
        "ece": calibration_error(scores, labels),
        "flagged": {label: flagged([one for one in outcomes if one.case.label == label])
                    for label in ("breach", "ok", "gray")},
        "kinds": {kind: {**flagged(rows), "n": len(rows)} for kind, rows in sorted(by_kind.items())},
    }  # fmt: skip


def flagged(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """The share that reaches each step at least."""
    places = [STEPS.index(one.step) for one in outcomes]
    return {step: round(sum(at >= STEPS.index(step) for at in places) / len(places), 4) if places else None
            for step in SHOWN}  # fmt: skip


def auc(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> float | None:
    """How often a breach has a higher probability than an allowed text; None where one side is missing."""
    if labels.all() or not labels.any():
        return None
    from scipy.stats import rankdata

    ranks = rankdata(scores)
    many, few = int(labels.sum()), int((~labels).sum())
    return round(float((ranks[labels].sum() - many * (many + 1) / 2) / (many * few)), 4)


def recall_at(scores: NDArray[np.float64], labels: NDArray[np.bool_], share: float) -> float | None:
    """The share of breaches above a limit that at most this share of allowed texts is above."""
    if labels.all() or not labels.any():
        return None
    allowed = np.sort(scores[~labels])[::-1]
    limit = allowed[min(int(len(allowed) * share), len(allowed) - 1)]
    return round(float((scores[labels] > limit).mean()), 4)


def calibration_error(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> float | None:
    """Expected calibration error over ten bins of equal width."""
    if not len(scores):
        return None
    places = np.minimum((scores * BINS).astype(int), BINS - 1)
    total = 0.0
    for at in range(BINS):
        held = places == at
        if held.any():
            total += held.mean() * abs(scores[held].mean() - labels[held].mean())
    return round(float(total), 4)


def _precision(judged: Sequence[Outcome], step: Step) -> float | None:
    reached = [one for one in judged if STEPS.index(one.step) >= STEPS.index(step)]
    return round(sum(one.case.label == "breach" for one in reached) / len(reached), 4) if reached else None


def as_table(found: Mapping[str, Any]) -> str:
    """The figures for people."""
    lines = [f"{found['texts']} texts, {found['texts_per_second']} a second"]
    for lang, told in found["languages"].items():
        lines.append("")
        lines.append(
            f"{lang or '(no language)'}: AUC {_said(told['auc'])}, recall {_said(told['recall_at_1pct'])} at 1 % and"
            f" {_said(told['recall_at_2pct'])} at 2 % false alarms, calibration off by {_said(told['ece'])}"
        )
        lines.append(f"  {'':26}{'n':>6}" + "".join(f"{step:>10}" for step in SHOWN))
        for label, rows in told["flagged"].items():
            lines.append(f"  {label:26}{'':>6}" + "".join(f"{_said(rows[step]):>10}" for step in SHOWN))
        for kind, rows in told["kinds"].items():
            lines.append(f"    {kind:24}{rows['n']:>6}" + "".join(f"{_said(rows[step]):>10}" for step in SHOWN))
    return "\n".join(lines)


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
