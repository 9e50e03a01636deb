"""A charter's own tests: every clause is tried on its examples before it comes into force."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from connector.errors import ModelUnavailable
from plugins.netiquette.charter.model import STEPS, Charter, Clause, Example, Step
from plugins.netiquette.charter.same_words import words_of
from plugins.netiquette.detectors.finding import Alike, Nothing, Said, Turn
from plugins.netiquette.judging import Head, weigh

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
_SOMEWHERE = 1
_SHOWN: Step = "hint"
"""The step from which the author of a text would notice anything."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that did not come out as its clause says: `step` is how far it went, `words` what was found in it."""

    clause: Clause
    example: Example
    side: Literal["breach", "allowed"]
    step: Step
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the examples: `tried` of them, the `failures`, and how many of attacks could not be tried because
    no classifier, or no encoder for it, is at hand here.
    """

    tried: int
    failures: tuple[Failure, ...]
    untried: int


class Invented(Nothing):
    """What an example says is around it: earlier topics, which are also what the same author wrote elsewhere."""

    def __init__(self, earlier: Sequence[str], category_id: int | None, embed: Embed | None) -> None:
        super().__init__(embed)
        self._earlier, self._category = tuple(earlier), category_id

    def similar(self, text: str) -> Sequence[Alike]:
        """Alike by the words they share: the tests of a charter must not hang on what the forum holds today."""
        mine = set(words_of(text))
        found = [
            Alike(number, one, len(mine & theirs) / max(len(mine | theirs), 1), self._category)
            for number, one in enumerate(self._earlier, 1)
            if (theirs := set(words_of(one)))
        ]
        return sorted(found, key=lambda one: -one.likeness)

    def elsewhere(self) -> Sequence[str]:
        return self._earlier

    def thread(self) -> Sequence[Turn]:
        at = datetime(2026, 1, 5, tzinfo=UTC)
        return [Turn(None, at, one, post_number=number) for number, one in enumerate(self._earlier, 1)]


def run_examples(charter: Charter, head: Head | None, embed: Embed | None = None) -> Outcome:
    """Try every example of every clause.

    A breach must be noticed under its clause (shown to the author; where the ladder of the clause ends before that, to
    managers); an allowed text must not be, though another clause may well object to it.
    """
    tried = untried = 0
    failures: list[Failure] = []
    able = _able(head, embed)
    for clause, example, side in _all(charter):
        if not able and any(use.detector == "attack" for use in clause.uses):
            untried += 1
            continue
        tried += 1
        # Which kind of attack it is, people would not agree on either: noticed as one is noticed.
        alike = side == "breach"
        step, words = how_far(clause, example, charter, head if able else None, embed, alike=alike)
        wanted = _SHOWN if any(STEPS.index(one) >= STEPS.index(_SHOWN) for one in clause.ladder) else "look"
        noticed = STEPS.index(step) >= STEPS.index(wanted if side == "breach" else _SHOWN)
        if noticed != (side == "breach"):
            failures.append(Failure(clause, example, side, step, words))
    return Outcome(tried, tuple(failures), untried)


def how_far(
    clause: Clause, example: Example, charter: Charter, head: Head | None, embed: Embed | None, *, alike: bool = False
) -> tuple[Step, tuple[str, ...]]:
    """How far an example goes under one clause, and what was found in it; `alike`: or under one about attacks too."""
    if clause.scope.only_where_asked and clause.scope.categories is None:
        # It waits for categories to be named; its examples are tried as if one had been.
        named = replace(clause, scope=replace(clause.scope, categories=(_SOMEWHERE,)))
        charter = replace(charter, clauses=tuple(named if one is clause else one for one in charter.clauses))
        clause = named
    place = next(iter(clause.scope.categories or ()), None)
    around = Invented(example.earlier, place, embed)
    weighed = weigh(said_of(example, place), charter, around, head, clause.scope.groups or None)
    attack = alike and any(use.detector == "attack" for use in clause.uses)
    found = [one for one in weighed if one.clause.id == clause.id or (attack and one.finding.detector == "attack")]
    gravest = max(found, key=lambda one: (STEPS.index(one.step), one.finding.confidence), default=None)
    return (gravest.step, gravest.finding.words) if gravest else ("none", ())


def said_of(example: Example, category_id: int | None = None) -> Said:
    """An example as the detectors get it."""
    return Said(
        text=example.text,
        title=example.title,
        lang=example.lang,
        quoted=example.quoted,
        links=example.links,
        author_days=example.days,
        category_id=category_id,
        opens_topic=example.opens_topic,
    )


def _able(head: Head | None, embed: Embed | None) -> bool:
    if head is None:
        return False
    try:
        head.find(Said("Bonjour.", lang="fr"), Nothing(embed))
    except ModelUnavailable:
        return False
    return True


def _all(charter: Charter) -> Iterator[tuple[Clause, Example, Literal["breach", "allowed"]]]:
    for clause in charter.clauses:
        for example in clause.breach:
            yield clause, example, "breach"
        for example in clause.allowed:
            yield clause, example, "allowed"
