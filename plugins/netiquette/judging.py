"""From what somebody said to one judgement: what was found, under which clause, and how far it would go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from connector.errors import ModelUnavailable
from plugins.netiquette.charter.model import STEPS, Charter, Clause, Step, Use
from plugins.netiquette.charter.same_words import same_words, without_names
from plugins.netiquette.detectors import (
    advertising,
    duplicates,
    no_context,
    personal_data,
    quoting,
    shouting,
    wrong_place,
)
from plugins.netiquette.detectors.finding import LONGEST, Around, Detector, Finding, Options, Said

__all__ = ["STEPS", "Head", "Judgement", "Step", "Weighed", "judge", "weigh"]

CONDUCT = frozenset({"attack", "heating", "pile_on"})
THRESHOLDS: Mapping[Step, float] = {"look": 0.5, "hint": 0.7, "message": 0.85, "queue": 0.97}
"""From which confidence a formal finding takes which step, where the clause's options name none of their own."""


class Head(Protocol):
    """The classifier of attacks; its thresholds per language ship with it."""

    @property
    def encoder(self) -> str:
        """The name of the encoder it was trained on, for `ctx.archive.embed(texts, model=…)`."""

    def find(self, said: Said, around: Around, glossary: Sequence[str] = ()) -> list[Finding]:
        """Findings of detector `attack`, however improbable: the judgement's probability comes from them.

        :raises ModelUnavailable: its encoder is not at hand.
        """

    def step(self, finding: Finding, lang: str) -> Step:
        """The furthest step that this confidence allows in a language."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`step` is the furthest one, those below it included; `clause`, `words` and `probability` are the gravest
    finding's; `findings` are those that reach at least a look, gravest first; `lang` is what was judged in.
    """

    step: Step = "none"
    clause: Clause | None = None
    findings: tuple[Finding, ...] = ()
    words: tuple[str, ...] = ()
    probability: float = 0.0
    lang: str = ""


FORMAL: Mapping[str, Detector] = {
    "personal_data": personal_data.find,
    "shouting": shouting.find,
    "advertising": advertising.find,
    "duplicate": duplicates.find,
    "wrong_place": wrong_place.find,
    "no_context": no_context.find,
    "quoting": quoting.find,
}
"""The detectors of form, by the name a charter uses."""


def judge(said: Said, charter: Charter, around: Around, head: Head | None,
          groups: Sequence[str] | None = None) -> Judgement:  # fmt: skip
    """Judge a text by a charter. `groups` are the author's (None: unknown), asked by a clause's scope alone.

    Never raises for a text; where the encoder is missing, attacks are simply not looked for.
    """
    weighed = [
        replace(one, step="none") if one.step != "none" and _is_settled(said, one.clause) else one
        for one in weigh(said, charter, around, head, groups)
    ]
    if not weighed:
        return Judgement(lang=said.lang)
    weighed.sort(key=lambda one: (-STEPS.index(one.step), -one.finding.confidence))
    gravest = weighed[0]
    if gravest.step == "none":
        return Judgement(probability=gravest.finding.confidence, lang=said.lang)
    findings = tuple(one.finding for one in weighed if one.step != "none")
    words, probability = gravest.finding.words, gravest.finding.confidence
    return Judgement(gravest.step, gravest.clause, findings, words, probability, said.lang)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One finding, the clause it comes under, and how far that lets it go."""

    clause: Clause
    finding: Finding
    step: Step


def weigh(said: Said, charter: Charter, around: Around, head: Head | None,
          groups: Sequence[str] | None = None) -> list[Weighed]:  # fmt: skip
    """Every finding with its clause and step, whatever contests have settled: the charter's own tests ask this."""
    if not (said.text.strip() or said.title.strip() or said.quoted):
        return []
    said = replace(said, text=said.text[:LONGEST], title=said.title[:1_000])
    return [
        Weighed(clause, finding, _step(clause, finding, said.lang, head))
        for finding in _found(said, charter, around, head, groups)
        if (clause := charter.clause_for(finding.detector, finding.kind, said.category_id, groups))
    ]


def _is_settled(said: Said, clause: Clause) -> bool:
    """Whether a contest has let these words be; names are no part of what was settled."""
    return bool(clause.contested) and same_words(without_names(said.text, said.names), clause.contested)


def _found(
    said: Said, charter: Charter, around: Around, head: Head | None, groups: Sequence[str] | None
) -> list[Finding]:
    found: list[Finding] = []
    for name, options in _wanted(charter, said.category_id, groups).items():
        if name == "attack":
            try:
                found += head.find(said, around, charter.glossary) if head is not None else []
            except ModelUnavailable:
                continue
        elif name in FORMAL:
            found += FORMAL[name](said, around, options)
    return found


def _wanted(charter: Charter, category_id: int | None, groups: Sequence[str] | None) -> dict[str, Options]:
    """The detectors that clauses use here, each with the options of all clauses that use it."""
    wanted: dict[str, Options] = {}
    for clause in charter.clauses:
        if clause.scope.holds(category_id, groups):
            for use in clause.uses:
                wanted[use.detector] = {**wanted.get(use.detector, {}), **use.options}
    return wanted


def _step(clause: Clause, finding: Finding, lang: str, head: Head | None) -> Step:
    """How far a finding goes: by its confidence, within the clause's ladder, and never against whom no act is aimed."""
    if finding.detector == "attack" and head is not None:
        reached = head.step(finding, lang)
    else:
        reached = _by_confidence(finding, clause)
    if reached in ("none", "look"):
        return reached
    if finding.protected or (finding.detector in CONDUCT and not finding.target):
        return "look"
    within: list[Step] = [one for one in clause.ladder if STEPS.index(one) <= STEPS.index(reached)]
    step: Step = max(within, key=STEPS.index) if within else "look"
    # What is sure enough for a message begins where its clause says: a threat goes to people at once.
    if STEPS.index(reached) >= STEPS.index("message"):
        step = max(step, clause.first_step, key=STEPS.index)
    return step


def _by_confidence(finding: Finding, clause: Clause) -> Step:
    use: Use | None = next((one for one in clause.uses if one.covers(finding.detector, finding.kind)), None)
    wanted = {**THRESHOLDS, **((use.options.get("from") or {}) if use else {})}
    reached: list[Step] = [step for step in STEPS[1:] if finding.confidence >= wanted[step]]
    return reached[-1] if reached else "none"
