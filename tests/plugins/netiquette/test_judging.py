"""From a finding to a step: by confidence, within the clause's ladder, and never against whom nothing was aimed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import ModelUnavailable
from plugins.netiquette.charter.model import STEPS, Charter, Scope, Step
from plugins.netiquette.charter.reading import default_text, read_charter
from plugins.netiquette.detectors.finding import Around, Finding, Nothing, Said
from plugins.netiquette.judging import Judgement, judge

CHARTER = read_charter(default_text())
SAID = Said("You never read anything before you answer.", lang="en")


@dataclass(frozen=True)
class Saying:
    """A classifier that finds one thing in any text, as sure as its thresholds of a step."""

    finding: Finding
    reached: Step
    encoder: str = "some/encoder"

    def find(self, said: Said, around: Around, glossary: Sequence[str] = ()) -> list[Finding]:
        return [self.finding]

    def step(self, finding: Finding, lang: str) -> Step:
        return self.reached


def saying(reached: Step, kind: str = "insult", target: str = "person", protected: str = "") -> Saying:
    confidence = STEPS.index(reached) / 5 + 0.1
    return Saying(Finding("attack", kind, (SAID.text,), confidence, target, protected), reached)


def judged(head: Saying, charter: Charter = CHARTER, said: Said = SAID) -> Judgement:
    return judge(said, charter, Nothing(), head)


@pytest.mark.parametrize("kind", ["insult", "contempt", "threat", "identity", "harassment", "something-new"])
def test_every_kind_of_attack_comes_under_a_clause(kind: str) -> None:
    """The clause that names the kind, else the first one about attacks; a kind of tomorrow has a clause too."""
    named = {"threat": "threats", "identity": "hate", "harassment": "harassment"}
    clause = judged(saying("message", kind)).clause
    assert clause is not None
    assert clause.id == named.get(kind, "respect")


@given(st.sampled_from(STEPS[1:]), st.sampled_from(["insult", "threat", "identity", "harassment"]),
       st.sampled_from(["account", "union", "safety"]))  # fmt: skip
def test_protected_speech_gets_a_look_at_most(reached: Step, kind: str, protected: str) -> None:
    """Somebody tells what was done to him, speaks for a union, warns of a danger: no hint, no message, ever."""
    assert judged(saying(reached, kind, protected=protected)).step == "look"


@given(st.sampled_from(STEPS[1:]), st.sampled_from(["insult", "threat", "identity", "contempt"]))
def test_an_attack_on_nobody_gets_a_look_at_most(reached: Step, kind: str) -> None:
    """Swearing at a thing, an idea, a decision or oneself: the author never hears of it."""
    assert judged(saying(reached, kind, target="")).step == "look"


def test_a_sure_threat_goes_to_people_and_an_unsure_one_does_not() -> None:
    """Where a clause begins counts once it is sure; before that, a hint stays a hint."""
    assert judged(saying("message", "threat")).step == "queue"
    assert judged(saying("hint", "threat")).step == "hint"
    assert judged(saying("message")).step == "message"


@pytest.mark.parametrize("furthest", ["look", "hint", "message"])
def test_no_finding_goes_beyond_its_clauses_ladder(furthest: Step) -> None:
    """A clause says how far it may go, however sure the finding."""
    ladder = STEPS[1 : STEPS.index(furthest) + 1]
    clauses = [replace(one, ladder=ladder, first_step=ladder[0]) for one in CHARTER.clauses]
    assert judged(saying("queue"), replace(CHARTER, clauses=tuple(clauses))).step == furthest


def test_without_its_encoder_attacks_are_simply_not_looked_for() -> None:
    """Everything fails open: matters of form are judged all the same."""

    class Away(Saying):
        def find(self, said: Said, around: Around, glossary: Sequence[str] = ()) -> list[Finding]:
            raise ModelUnavailable("still loading")

    head = Away(saying("queue").finding, "queue")
    assert judged(head).step == "none"
    shouted = Said("WHY DOES NOBODY EVER TEST THIS BEFORE THEY RELEASE IT", lang="en")
    assert judged(head, said=shouted).step == "hint"


def test_the_gravest_finding_has_the_word() -> None:
    """A threat with a phone number in it is a threat first; the rest stands behind it."""
    said = Said("Ring Susan on her own mobile, 07911 123456, or else.", lang="en")
    judgement = judge(said, CHARTER, Nothing(), saying("queue", "threat"))
    assert judgement.clause is not None
    assert judgement.clause.id == "threats"
    assert [one.detector for one in judgement.findings] == ["attack", "personal_data"]


def test_a_clause_holds_where_it_says() -> None:
    """In another category the next clause about attacks has the word, or none."""
    clauses = [replace(one, scope=Scope(categories=(4,))) for one in CHARTER.clauses]
    charter = replace(CHARTER, clauses=tuple(clauses))
    assert judged(saying("message"), charter, replace(SAID, category_id=4)).step == "message"
    assert judged(saying("message"), charter, replace(SAID, category_id=5)) == Judgement(lang="en")
