"""From the readers' answers to the files that ship."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from plugins.netiquette.head.kinds import ATTACKS
from plugins.netiquette.head.scoring import MEANING, RULES, STRETCH, by_rules
from plugins.netiquette.head.shipping import FORM
from plugins.netiquette.lexicon import LANGUAGES
from plugins.netiquette.training.balance import balanced
from plugins.netiquette.training.texts import Labelled
from plugins.netiquette.training.weighing import brought, figures, thresholds, weighed
from plugins.netiquette.training.words import Words

BASE = "sentence-transformers/all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the encoder says: `inputs` of each text by an encoder that has not seen its theme, `vectors` likewise;
    `reader` the weights of the one that ships, `base` the fingerprint of the model it was made from. An input is NaN
    for a text that no such encoder has read; it then teaches the readers of words alone.
    """

    inputs: Mapping[str, NDArray[np.float64]]
    vectors: NDArray[np.float32]
    reader: NDArray[np.float32]
    base: str


@dataclass(frozen=True, slots=True)
class Trained:
    """`told` becomes head.json, `numbers` head.npz; `measured` are the figures of the cross-validation."""

    told: dict[str, Any]
    numbers: dict[str, NDArray[Any]]
    measured: dict[str, Any]


def assembled(texts: Sequence[Labelled], fold: Sequence[int], answers: Answers | None) -> Trained:
    """Fit what is linear, weigh it together, and measure it by themes left out."""
    part = np.array(fold)
    labels = np.array([one.breach for one in texts], dtype=int)
    langs = np.array([one.lang for one in texts])
    weights = balanced(texts)
    words = Words(texts)
    by_words = words.answers(part, weights)
    rules = [by_rules(one.prepared, one.lang) for one in texts]
    by_words |= {name: np.array([one[name] for one in rules]) for name in RULES}
    numbers: dict[str, NDArray[Any]] = {
        name: rows.astype(np.float16) for name, rows in words.trained(np.ones(len(texts), bool), weights).items()
    }
    languages: dict[str, Any] = {}
    measured: dict[str, Any] = {}
    for lang in LANGUAGES:
        held = langs == lang
        plain = {name: rows[held] for name, rows in by_words.items()}
        told, found = weighed(plain, labels[held], part[held], weights[held])
        steps = thresholds(found, labels[held], lang)
        measured[lang] = {"words alone": figures(found, labels[held], steps)}
        languages[lang] = {"without": told | brought(steps, steps), "thresholds": steps}
        if answers is not None:
            known = held & ~np.isnan(answers.inputs["own"])
            whole = {name: rows[known] for name, rows in (by_words | dict(answers.inputs)).items()}
            with_told, found = weighed(whole, labels[known], part[known], weights[known])
            with_steps = thresholds(found, labels[known], lang)
            measured[lang]["whole"] = figures(found, labels[known], with_steps)
            languages[lang] = {"with": with_told, "without": told | brought(steps, with_steps),
                               "thresholds": with_steps}  # fmt: skip
    kinds: list[str] = list(ATTACKS)
    if answers is not None:
        numbers["encoder"] = answers.reader.astype(np.float32)
        kinds, numbers["kinds"] = _kinds(texts, answers.vectors)
    told = {"form": FORM, "languages": languages, "kinds": kinds, "inputs": [*by_words, *MEANING],
            "encoder": {"base": BASE, "fingerprint": answers.base if answers else ""},
            "trained_on": dict(Counter(f"{one.lang} {one.label}" for one in texts)), "measured": measured}  # fmt: skip
    return Trained(told, numbers, measured)


def _kinds(texts: Sequence[Labelled], vectors: NDArray[np.float32]) -> tuple[list[str], NDArray[np.float32]]:
    held = np.array([one.breach and one.kind in ATTACKS for one in texts]) & vectors.any(axis=1)
    named = np.array([one.kind for one in texts])[held]
    model = LogisticRegression(C=0.3, max_iter=500, class_weight="balanced").fit(vectors[held] * STRETCH, named)
    weights = np.column_stack([model.coef_, model.intercept_]).astype(np.float32)
    return [str(one) for one in model.classes_], weights
