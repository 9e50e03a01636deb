"""What a charter consists of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Step = Literal["none", "look", "hint", "message", "queue"]
STEPS: tuple[Step, ...] = ("none", "look", "hint", "message", "queue")
"""How far something goes. `look`: managers may have a look, the author is told nothing."""

DETECTORS = (
    "attack",
    "personal_data",
    "shouting",
    "advertising",
    "duplicate",
    "wrong_place",
    "no_context",
    "quoting",
    "heating",
    "pile_on",
)
"""What a clause may use, by name."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text of a clause's own test set, with as much of what is around it as the test needs.

    `quoted`: the post quotes somebody; `opens_topic`: it is a first post, under `title`; `days`: age of the account;
    `earlier`: what stands elsewhere already (earlier topics, or what the same author wrote there).
    """

    text: str
    lang: str
    note: str = ""
    title: str = ""
    quoted: bool = False
    opens_topic: bool = False
    days: float | None = None
    links: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """A detector that serves a clause: only findings of these kinds (none named: all), with options of its own."""

    detector: str
    kinds: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def covers(self, detector: str, kind: str) -> bool:
        return detector == self.detector and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a clause holds: `categories` (None: everywhere), `groups` whose members it concerns (none: everybody).

    `only_where_asked`: it holds nowhere but in the categories it names.
    """

    categories: tuple[int, ...] | None = None
    groups: tuple[str, ...] = ()
    only_where_asked: bool = False

    def holds(self, category_id: int | None, groups: Sequence[str] | None = None) -> bool:
        """Whether it holds in a category for a member of these groups (None: not known, then for everybody)."""
        if self.groups and groups is not None and not set(self.groups) & set(groups):
            return False
        if self.categories is None:
            return not self.only_where_asked
        return category_id in self.categories


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. `number` (from 1) is how it is named to members, `id` how verdicts and tests know it for ever.

    `formal`: it is about form, not about conduct, so a message may be sent without a human's name under it. `ladder`
    are the steps it may take, `first_step` where it begins once it is sure. `contested` are texts found to be no breach
    after all: the same words are let be from then on.
    """

    number: int
    id: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    uses: tuple[Use, ...] = ()
    formal: bool = False
    first_step: Step = "hint"
    ladder: tuple[Step, ...] = ("look", "hint", "message", "queue")
    scope: Scope = field(default_factory=Scope)
    breach: tuple[Example, ...] = ()
    allowed: tuple[Example, ...] = ()
    contested: tuple[Example, ...] = ()

    def title_in(self, lang: str) -> str:
        return _in(self.title, lang)

    def text_in(self, lang: str) -> str:
        return _in(self.text, lang)


@dataclass(frozen=True, slots=True)
class Charter:
    """The whole charter. `listening`: per language, whom to turn to (an organisation's listening contacts, in one
    sentence); `glossary`: technical words of this forum that are never an attack; `version` 0 is the one that ships.
    """

    title: Mapping[str, str]
    clauses: tuple[Clause, ...]
    listening: Mapping[str, str] = field(default_factory=dict)
    glossary: tuple[str, ...] = ()
    preamble: Mapping[str, str] = field(default_factory=dict)
    version: int = 0

    def clause(self, id: str) -> Clause | None:
        """The clause of this id."""
        return next((one for one in self.clauses if one.id == id), None)

    def clause_for(self, detector: str, kind: str, category_id: int | None = None,
                   groups: Sequence[str] | None = None) -> Clause | None:  # fmt: skip
        """The clause a finding comes under here: one that names the kind before one that takes any."""
        found = [
            (not use.kinds, one.number, one)
            for one in self.clauses
            for use in one.uses
            if use.covers(detector, kind) and one.scope.holds(category_id, groups)
        ]
        return min(found, key=lambda one: one[:2])[2] if found else None


def _in(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or texts.get("en") or next(iter(texts.values()), "")
