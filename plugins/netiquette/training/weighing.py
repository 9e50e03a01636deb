"""How the readers' answers are weighed together, and from which probability each step is allowed."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

Rows = NDArray[np.float64]
FALSE_ALARMS: Mapping[str, Mapping[str, float]] = {
    "fr": {"look": 0.09, "hint": 0.030, "message": 0.015, "queue": 0.004},
    "en": {"look": 0.07, "hint": 0.018, "message": 0.007, "queue": 0.002},
}
"""Share of allowed texts that may reach a step at most, in cross-validation.

Harsh criticism is well below these shares: what is taken wrongly is mostly banter, and short lines about somebody. The
encoder is at home in English: half the false alarms there find as many attacks as in French.
"""
SET_BEFOREHAND: Mapping[str, float] = {"civil": 0.2, "sentence_civil": 0.0}
"""Our texts alone would weigh the answer learned from public ones below nothing, and miss what only those hold: at this
weight as many of our attacks are found at 1 % false alarms, and of the public ones (dev) twice as many.
"""
_STEPS = ("look", "hint", "message", "queue")


def weighed(inputs: Mapping[str, Rows], labels: NDArray[np.int64], fold: NDArray[np.int64],
            weights: Rows) -> tuple[dict[str, Any], Rows]:  # fmt: skip
    """Start and weights of the readers, and the probabilities that each text gets from the other folds' weights."""
    names = sorted(inputs)
    rows = np.column_stack([inputs[name] for name in names])
    probabilities = np.zeros(len(labels))
    for part in sorted(set(fold.tolist())):
        start, given = _weights(names, rows[fold != part], labels[fold != part], weights[fold != part])
        probabilities[fold == part] = 1 / (1 + np.exp(-(rows[fold == part] @ given + start)))
    start, given = _weights(names, rows, labels, weights)
    told = {name: round(float(weight), 5) for name, weight in zip(names, given, strict=True)}
    return {"start": round(start, 5), "weights": told}, probabilities


def _weights(names: Sequence[str], rows: Rows, labels: NDArray[np.int64], weights: Rows) -> tuple[float, Rows]:
    model = _fit(rows, labels, weights)
    given: Rows = model.coef_[0].copy()
    if not set(SET_BEFOREHAND) & set(names):
        return float(model.intercept_[0]), given
    for place, name in enumerate(names):
        given[place] = SET_BEFOREHAND.get(name, given[place])
    # What is set moves the whole: one scale and one start bring it back to probabilities.
    total = (rows @ given)[:, None]
    again = _fit(total, labels, weights)
    scale = float(again.coef_[0][0])
    return float(again.intercept_[0]), given * scale


def thresholds(probabilities: Rows, labels: NDArray[np.int64], lang: str) -> dict[str, float]:
    """The probability from which each step is allowed: no more false alarms than wanted, and never under a half."""
    allowed = np.sort(probabilities[labels == 0])[::-1]
    found = {}
    for step, share in FALSE_ALARMS[lang].items():
        place = min(int(len(allowed) * share), len(allowed) - 1)
        found[step] = round(float(max(allowed[place], 0.3)) + 1e-4, 4)
    return found


def figures(probabilities: Rows, labels: NDArray[np.int64], steps: Mapping[str, float]) -> dict[str, Any]:
    """AUC, recall at 1 and 2 % false alarms, and the share of each side at each step."""
    allowed = np.sort(probabilities[labels == 0])[::-1]
    breach = probabilities[labels == 1]
    found: dict[str, Any] = {"auc": round(float(roc_auc_score(labels, probabilities)), 3)}
    for share in (0.01, 0.02):
        limit = allowed[min(int(len(allowed) * share), len(allowed) - 1)]
        found[f"recall_at_{share * 100:.0f}pct"] = round(float((breach > limit).mean()), 3)
    for side, rows in (("breach", breach), ("ok", allowed)):
        found[side] = {step: round(float((rows >= limit).mean()), 4) for step, limit in steps.items()}
    return found


def brought(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, Sequence[float]]:
    """Maps probabilities of one weighing so that its thresholds fall on those of another."""
    return {"from": _rising([0.0, *(before[one] for one in _STEPS), 1.0]),
            "onto": _rising([0.0, *(after[one] for one in _STEPS), 1.0])}  # fmt: skip


def _rising(values: Sequence[float]) -> list[float]:
    found: list[float] = []
    for value in values:
        found.append(round(max(value, found[-1] + 1e-6) if found else value, 6))
    return found


def _fit(rows: Rows, labels: NDArray[np.int64], weights: Rows) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=1_000).fit(rows, labels, sample_weight=weights)
