"""The readers of letters, words, word classes and turns of phrase: linear, one of each a language."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from plugins.netiquette.head.features import BITS, FAMILIES, hashed, shaped
from plugins.netiquette.lexicon import LANGUAGES
from plugins.netiquette.training.texts import Labelled

_LOOSE: Mapping[str, float] = {"letters": 20.0, "words": 20.0, "classes": 8.0, "shapes": 1.0}
"""Inverse strength of regularisation, from leave-themes-out runs."""
Rows = NDArray[np.float64]


class Words:
    """Texts as rows of each family, read once."""

    def __init__(self, texts: Sequence[Labelled]) -> None:
        self._texts = texts
        self._labels = np.array([one.breach for one in texts], dtype=int)
        self._langs = np.array([one.lang for one in texts])
        read = [hashed(one.prepared, one.lang) for one in texts]
        self._rows = {name: _stacked([one[name] for one in read]) for name in FAMILIES}
        self._rows["shapes"] = csr_matrix(np.array([shaped(one.prepared, one.lang) for one in texts]))

    def answers(self, fold: NDArray[np.int64], weights: Rows) -> dict[str, Rows]:
        """What each reader says of texts whose themes it has not seen."""
        found = {name: np.zeros(len(self._texts)) for name in self._rows}
        for part in sorted(set(fold.tolist())):
            for name, reader in self.trained(fold != part, weights).items():
                lang, family = name.split("|")
                asked = (fold == part) & (self._langs == lang)
                found[family][asked] = self._rows[family][asked] @ reader[:-1] + reader[-1]
        return found

    def trained(self, among: NDArray[np.bool_], weights: Rows) -> dict[str, Rows]:
        """Weights (the last one: where it starts) of each reader, by "language|family", from these texts."""
        found = {}
        for lang in LANGUAGES:
            held = among & (self._langs == lang)
            for family, rows in self._rows.items():
                model = LogisticRegression(C=_LOOSE[family], solver="liblinear", max_iter=300, random_state=0)
                model.fit(rows[held], self._labels[held], sample_weight=weights[held])
                found[f"{lang}|{family}"] = np.append(model.coef_[0], model.intercept_[0])
        return found


def _stacked(rows: Sequence[tuple[NDArray[np.int64], NDArray[np.float32]]]) -> csr_matrix:
    starts = np.cumsum([0, *(len(places) for places, _ in rows)])
    places, values = (np.concatenate([one[side] for one in rows]) for side in (0, 1))
    return csr_matrix((values, places, starts), shape=(len(rows), 1 << BITS))
