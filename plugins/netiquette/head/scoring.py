"""From passages to probabilities: what each reader of the head says, weighed together per language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connector.errors import ModelUnavailable
from plugins.netiquette.detectors.protected import protected_speech
from plugins.netiquette.detectors.target import of_oneself, target_of
from plugins.netiquette.head.features import FAMILIES, Hashed, hashed, shaped
from plugins.netiquette.head.shipping import Shipped

Rows = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Rows]
STRETCH = 8.0
"""Unit vectors times this were what the encoder's own answer was trained on."""
WORDY = (*FAMILIES, "shapes")
RULES = ("account", "speech", "nobody", "oneself")
"""What the rules say: it tells of what was suffered, speaks for others or gives an alarm, means nobody, or oneself."""
MEANING = ("own", "civil", "sentence", "sentence_civil")
"""What the encoder says of the whole and of the sentence it minds most: trained on our texts, and on public ones."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A prepared stretch of a text: the whole and its sentences."""

    text: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """`probability` of an attack; `vector` the encoder's (None: it was not at hand); `by_sentence` how much each
    sentence carries, comparable within the passage alone.
    """

    probability: float
    vector: Rows | None
    by_sentence: tuple[float, ...]


def by_rules(text: str, lang: str) -> dict[str, float]:
    """1 for each rule that holds for a prepared text, 0 for the others."""
    protected = protected_speech(text, lang)
    meant = (
        protected == "account",
        protected in ("union", "safety"),
        not target_of(text, lang),
        of_oneself(text, lang),
    )
    return {name: float(one) for name, one in zip(RULES, meant, strict=True)}


class Scorer:
    """The numbers of a shipped head, ready to score. Thread-safe: nothing changes after it was made."""

    def __init__(self, shipped: Shipped) -> None:
        self._told: Mapping[str, Any] = shipped.told["languages"]
        self._numbers = {name: np.asarray(rows, dtype=np.float32) for name, rows in shipped.numbers.items()}

    def score(self, passages: Sequence[Passage], lang: str, embed: Embed | None) -> list[Scored]:
        """One result a passage. The encoder missing (`embed` None, or it raises ModelUnavailable): by words alone."""
        if not passages:
            return []
        vectors = self._vectors(passages, embed)
        return [self._one(passage, lang, vectors) for passage in passages]

    def inputs(self, passage: Passage, lang: str, vectors: Mapping[str, Rows] | None) -> dict[str, float]:
        """What each reader says of a passage, before they are weighed."""
        found = self.by_words(passage.text, lang)
        if vectors is None:
            return found
        own, civil = self._meant(vectors[passage.text])
        each = [self._meant(vectors[one]) for one in passage.sentences] or [(own, civil)]
        found |= {"own": own, "civil": civil, "sentence": max(one[0] for one in each)}
        return found | {"sentence_civil": max(one[1] for one in each)}

    def by_words(self, text: str, lang: str) -> dict[str, float]:
        """What the readers of words and letters say."""
        families: Mapping[str, Hashed] = hashed(text, lang)
        found = {}
        for name in FAMILIES:
            places, values = families[name]
            weights = self._numbers[f"{lang}|{name}"]
            found[name] = float(weights[places] @ values + weights[-1])
        weights = self._numbers[f"{lang}|shapes"]
        found["shapes"] = float(weights[:-1] @ shaped(text, lang) + weights[-1])
        return found | by_rules(text, lang)

    def weigh(self, inputs: Mapping[str, float], lang: str) -> float:
        """The calibrated probability of these inputs; without the encoder, brought to the same thresholds."""
        met = "own" in inputs
        told = self._told[lang]["with" if met else "without"]
        total = told["start"] + sum(weight * inputs[name] for name, weight in told["weights"].items())
        probability = float(1 / (1 + np.exp(-np.clip(total, -30, 30))))
        return probability if met else float(np.interp(probability, told["from"], told["onto"]))

    def thresholds(self, lang: str) -> Mapping[str, float]:
        """From which probability each step is allowed in a language."""
        found: Mapping[str, float] = self._told[lang]["thresholds"]
        return found

    def kinds(self, vector: Rows) -> Rows:
        """The weight of each kind, in the order of head.json, for a unit vector."""
        weights = self._numbers["kinds"]
        found: Rows = weights[:, :-1] @ (vector * STRETCH) + weights[:, -1]
        return found

    def _one(self, passage: Passage, lang: str, vectors: Mapping[str, Rows] | None) -> Scored:
        probability = self.weigh(self.inputs(passage, lang, vectors), lang)
        alone = [probability]
        if len(passage.sentences) > 1:
            alone = [self.weigh(self.inputs(Passage(one, (one,)), lang, vectors), lang) for one in passage.sentences]
        vector = None if vectors is None else vectors[passage.text]
        return Scored(probability, vector, tuple(alone))

    def _meant(self, vector: Rows) -> tuple[float, float]:
        weights = self._numbers["encoder"]
        own, civil = weights[:, :-1] @ (vector * STRETCH) + weights[:, -1]
        return float(own), float(civil)

    def _vectors(self, passages: Sequence[Passage], embed: Embed | None) -> Mapping[str, Rows] | None:
        if embed is None or "encoder" not in self._numbers:
            return None
        texts = list(dict.fromkeys(one for passage in passages for one in (passage.text, *passage.sentences)))
        try:
            rows = embed(texts)
        except ModelUnavailable:
            return None
        if rows.shape[1] != self._numbers["encoder"].shape[1] - 1:
            # Vectors of another model than the head's own: they say nothing here.
            return None
        return dict(zip(texts, rows, strict=True))
