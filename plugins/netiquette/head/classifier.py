"""Any text classifier of Hugging Face in the head's place: named by a setting, or for one evaluation.

It needs torch, so it works in the worker and on the command line; the hint in the composer stays with the shipped head.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from connector.errors import ModelUnavailable
from plugins.netiquette.charter.model import STEPS, Step
from plugins.netiquette.detectors.finding import Around, Finding, Said
from plugins.netiquette.detectors.protected import protected_speech
from plugins.netiquette.detectors.target import target_of
from plugins.netiquette.judging import THRESHOLDS
from plugins.netiquette.language import guess_language
from plugins.netiquette.lexicon import LANGUAGES
from plugins.netiquette.prepared_text import prepare

_BREACH = re.compile(r"tox|insult|hate|haine|offens|abus|obscen|threat|attack|breach|violent|harass|label_1$", re.I)
_NOT = re.compile(r"\b(?:non|not|no|in)[-_ ]|^neither|^neutral|^ok$", re.I)
_LONGEST = 4_000


class NamedClassifier:
    """`judging.Head` by a text classifier: the probability is that of all its labels that mean an attack together.

    Whom a text aims at, and whether it is protected, is looked at as for the shipped head. Loaded at once.
    :raises ModelUnavailable: it is not on this machine, cannot be fetched, or has no label that means an attack.
    """

    encoder = ""

    def __init__(self, name: str) -> None:
        self._name = name
        self._labels = [
            place for place, label in self._model.config.id2label.items()
            if _BREACH.search(str(label)) and not _NOT.search(str(label))
        ]  # fmt: skip
        if not self._labels:
            raise ModelUnavailable(f"No label of {name} means an attack.")

    def find(self, said: Said, around: Around, glossary: Sequence[str] = ()) -> list[Finding]:
        """One finding, of the whole text; none for a text without words."""
        prepared = prepare(said.text, said.names)
        if not prepared.text:
            return []
        lang = said.lang if said.lang in LANGUAGES else guess_language(said.text) or "en"
        sentences = [said.text[:_LONGEST], *prepared.said] if len(prepared.said) > 1 else [said.text[:_LONGEST]]
        found = self._probabilities(sentences)
        alone = found[1:] or found
        words = (prepared.said[max(range(len(alone)), key=lambda one: alone[one])].strip(),)
        target, protected = target_of(prepared.text, lang), protected_speech(prepared.text, lang)
        return [Finding("attack", "insult", words, max(found), target, protected)]

    def step(self, finding: Finding, lang: str) -> Step:
        """By the thresholds of detectors without any of their own."""
        reached: list[Step] = [step for step in STEPS[1:] if finding.confidence >= THRESHOLDS[step]]
        return reached[-1] if reached else "none"

    def _probabilities(self, texts: Sequence[str]) -> list[float]:
        import torch

        told = self._tokenizer(list(texts), truncation=True, max_length=256, padding=True, return_tensors="pt")
        with torch.inference_mode():
            said = self._model(**told).logits.float()
        # Labels beside one another (toxic, insult, threat …) each have a probability of their own.
        apart = self._model.config.problem_type == "multi_label_classification" or said.shape[1] == 1
        shares = torch.sigmoid(said) if apart else torch.softmax(said, dim=1)
        rows = shares[:, self._labels]
        return [float(one) for one in (rows.max(dim=1).values if apart else rows.sum(dim=1))]

    @cached_property
    def _model(self) -> Any:
        try:
            from transformers import AutoModelForSequenceClassification

            return AutoModelForSequenceClassification.from_pretrained(self._name, trust_remote_code=False).eval()
        except (ImportError, OSError, ValueError, RuntimeError, KeyError) as error:
            raise ModelUnavailable(f"{self._name} could not be loaded ({type(error).__name__}).") from error

    @cached_property
    def _tokenizer(self) -> Any:
        try:
            from transformers import AutoTokenizer

            return AutoTokenizer.from_pretrained(self._name, trust_remote_code=False)
        except (ImportError, OSError, ValueError, KeyError) as error:
            raise ModelUnavailable(f"{self._name} has no tokenizer here ({type(error).__name__}).") from error
