"""Weights that take from a label what form alone says of it: names, you and he, digits, marks, length."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from plugins.netiquette.head.features import tokens
from plugins.netiquette.lexicon import LANGUAGES, class_of
from plugins.netiquette.prepared_text import NAME
from plugins.netiquette.training.texts import Labelled

_LEAST, _MOST = 0.6, 1.8


def balanced(texts: Sequence[Labelled]) -> NDArray[np.float64]:
    """A weight a text, 1 on average in each language: the more its label follows from its form, the less it counts."""
    labels = np.array([one.breach for one in texts], dtype=int)
    weights = np.ones(len(texts))
    for lang in LANGUAGES:
        held = np.array([one.lang == lang for one in texts])
        if len(set(labels[held])) < 2:
            continue
        form = np.array([_form(one) for one in texts if one.lang == lang])
        guess = LogisticRegression(max_iter=500).fit(form, labels[held]).predict_proba(form)
        right = guess[np.arange(len(form)), labels[held]]
        fair = np.clip(0.5 / right, _LEAST, _MOST)
        weights[held] = fair / fair.mean()
    return weights


def _form(one: Labelled) -> list[float]:
    words = [word.rstrip("'") for word in tokens(one.prepared)]
    kinds = {class_of(word, one.lang) for word in words}
    long = len(words)
    marks = [NAME in words, "0" in words, "smile" in words, "!" in one.prepared, "?" in one.prepared]
    said = [name in kinds for name in ("you", "third", "self", "polite")]
    return [float(it) for it in (*marks, *said, long < 6, 6 <= long < 15, long >= 30, long >= 50)]
