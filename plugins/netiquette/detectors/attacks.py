"""Attacks on persons and groups: the head's answer, the very words that carry it, and whom they aim at."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from plugins.netiquette.charter.model import STEPS, Step
from plugins.netiquette.detectors.finding import Around, Finding, Said
from plugins.netiquette.detectors.protected import protected_speech
from plugins.netiquette.detectors.target import target_of
from plugins.netiquette.head.kinds import kind_of
from plugins.netiquette.head.scoring import Passage, Scored, Scorer
from plugins.netiquette.head.shipping import Shipped
from plugins.netiquette.language import guess_language
from plugins.netiquette.lexicon import LANGUAGES
from plugins.netiquette.prepared_text import Prepared, prepare

WORDS_A_PASSAGE = 70
"""A longer text is judged in passages: one sentence must not drown in an otherwise helpful answer."""
MOST_PASSAGES = 64
_SPARE = "tool"
"""What stands for a technical term of the forum's glossary before judging."""
_CLAUSE = re.compile(r"(?<=[,;:–—])\s+|\s+(?=(?:mais|but|parce|because|alors|so)\s)")


class AttackHead:
    """The classifier as `judge` uses it. Thread-safe."""

    def __init__(self, shipped: Shipped, encoder: str = "") -> None:
        self._scorer = Scorer(shipped)
        self._told = shipped.told
        self._encoder = encoder

    @property
    def encoder(self) -> str:
        """The name by which the archive is asked for its vectors; "" where there is none."""
        return self._encoder

    def find(self, said: Said, around: Around, glossary: Sequence[str] = ()) -> list[Finding]:
        """At most one finding, of the passage that is most probably an attack; none for a text without words.

        Never raises: where the encoder is missing it goes by words alone, which finds less.
        """
        lang = said.lang if said.lang in LANGUAGES else guess_language(said.text) or "en"
        prepared, passages = _read(said, glossary)
        scored = self._scorer.score([one for _, one in passages], lang, around.embed)
        if not scored:
            return []
        place = max(range(len(scored)), key=lambda one: scored[one].probability)
        first, passage = passages[place]
        best = scored[place]
        words = self._words(prepared, first, passage, best, lang)
        kind = kind_of(passage.text, lang, best, self._scorer, self._told["kinds"])
        target = target_of(passage.text, lang)
        protected = protected_speech(prepared.text, lang)
        confidence = among(best.probability, len(passages))
        return [Finding("attack", kind, words, confidence, target, protected)]

    def step(self, finding: Finding, lang: str) -> Step:
        """The furthest step that a confidence allows; in a language that is neither French nor English, a look."""
        known = lang if lang in LANGUAGES else "en"
        thresholds = self._scorer.thresholds(known)
        reached: list[Step] = [step for step in STEPS[1:] if finding.confidence >= thresholds[step]]
        furthest: Step = reached[-1] if reached else "none"
        return furthest if lang in LANGUAGES or furthest == "none" else "look"

    def _words(self, prepared: Prepared, first: int, passage: Passage, scored: Scored, lang: str) -> tuple[str, ...]:
        """The author's own words of the sentence that carries it; of a long one, the part between commas that does."""
        if not scored.by_sentence:
            return ()
        place = max(range(len(scored.by_sentence)), key=lambda one: scored.by_sentence[one])
        said = prepared.said[first + place].strip()
        parts = [one for one in _CLAUSE.split(said) if len(one.split()) >= 6]
        if len(said.split()) > 30 and len(parts) > 1:
            readings = [self._scorer.weigh(self._scorer.by_words(prepare(one).text, lang), lang) for one in parts]
            said = parts[max(range(len(parts)), key=lambda one: readings[one])].strip()
        return (said,)


def among(probability: float, passages: int) -> float:
    """The probability of the likeliest of so many passages: each more is one more chance to be wrong.

    What was known of a text before reading it (its prior odds) is shared out among its passages; a text of one passage,
    which is what the head was trained on, keeps its own.
    """
    odds = probability / max(1.0 - probability, 1e-12) / max(passages, 1)
    return odds / (1.0 + odds)


def asked_of_encoder(said: Said, glossary: Sequence[str] = ()) -> list[str]:
    """The texts of which judging this one needs vectors."""
    _, passages = _read(said, glossary)
    return list(dict.fromkeys(one for _, passage in passages for one in (passage.text, *passage.sentences)))


def _read(said: Said, glossary: Sequence[str]) -> tuple[Prepared, list[tuple[int, Passage]]]:
    text = f"{said.title}\n{said.text}" if said.opens_topic and said.title else said.text
    prepared = prepare(text, said.names)
    return prepared, list(_passages(prepared, _terms(tuple(glossary))))


@lru_cache(maxsize=8)
def _terms(glossary: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(prepare(one).text for one in glossary)


def _passages(prepared: Prepared, glossary: Sequence[str]) -> Iterator[tuple[int, Passage]]:
    """The place of its first sentence, and the passage; sentences stay whole, a run of words without any is cut."""
    held: list[str] = []
    first = count = given = 0
    for place, sentence in enumerate(prepared.sentences):
        words = sentence.split()
        if held and count + len(words) > WORDS_A_PASSAGE:
            yield first, _passage(held, glossary)
            given += 1
            if given >= MOST_PASSAGES:
                return
            held, first, count = [], place, 0
        held.append(" ".join(words[: 4 * WORDS_A_PASSAGE]))
        count += len(words)
    if held:
        yield first, _passage(held, glossary)


def _passage(sentences: Sequence[str], glossary: Sequence[str]) -> Passage:
    spared = tuple(_spared(one, glossary) for one in sentences)
    return Passage(" ".join(spared), spared)


def _spared(text: str, glossary: Sequence[str]) -> str:
    for term in glossary:
        if term and term in text:
            text = re.sub(rf"(?<!\w){re.escape(term)}(?!\w)", _SPARE, text)
    return text
