"""A charter, what is wrong with it and what its examples said, as blocks."""

from collections.abc import Iterator

from plugins.blocks import Block, Notice, Table, Text
from plugins.doors import InlineContext
from plugins.netiquette.charter.examples import Outcome
from plugins.netiquette.charter.model import STEPS, Charter, Clause, Step
from plugins.netiquette.charter.problems import CharterError, Problem

_MOST = 30
_STEP_WORDS: dict[Step, str] = {
    "none": "charter.step_none",
    "look": "charter.step_look",
    "hint": "charter.step_hint",
    "message": "charter.step_message",
    "queue": "charter.step_queue",
}


_DETECTOR_WORDS = {
    "attack": "charter.detector_attack",
    "personal_data": "charter.detector_personal_data",
    "shouting": "charter.detector_shouting",
    "advertising": "charter.detector_advertising",
    "duplicate": "charter.detector_duplicate",
    "wrong_place": "charter.detector_wrong_place",
    "no_context": "charter.detector_no_context",
    "quoting": "charter.detector_quoting",
    "heating": "charter.detector_heating",
    "pile_on": "charter.detector_pile_on",
}


def detector_words(ctx: InlineContext, detector: str) -> str:
    """What a detector looks for, in words."""
    return ctx.say(_DETECTOR_WORDS[detector])


def step_words(ctx: InlineContext, step: Step) -> str:
    """A step of the ladder in words."""
    return ctx.say(_STEP_WORDS[step])


def steps_to_choose(ctx: InlineContext) -> list[tuple[str, str]]:
    """The steps a clause may name."""
    return [(step, step_words(ctx, step)) for step in STEPS[1:]]


def charter_blocks(ctx: InlineContext, charter: Charter, lang: str) -> Iterator[Block]:
    """The charter as members read it, in one language."""
    yield Text(charter.title.get(lang, ""), heading=True)
    if charter.preamble.get(lang):
        yield Text(charter.preamble[lang])
    for clause in charter.clauses:
        yield Text(f"{clause.number}. {clause.title_in(lang)}", heading=True)
        yield Text(clause.text_in(lang))
        where = scope_words(ctx, clause)
        if where:
            yield Text(where, quiet=True)


def scope_words(ctx: InlineContext, clause: Clause) -> str:
    """Where and for whom a clause holds; "" where it holds everywhere, for everybody."""
    scope = clause.scope
    if scope.categories is not None:
        known = (ctx.archive.category(one) for one in scope.categories)
        public = ctx.archive.audience_public().classes
        names = ", ".join(one.name for one in known if one is not None and one.visibility in public)
        return ctx.say("charter.only_in", categories=names) if names else ctx.say("charter.only_elsewhere")
    if scope.only_where_asked:
        return ctx.say("charter.nowhere_yet")
    return ctx.say("charter.only_for", groups=", ".join(scope.groups)) if scope.groups else ""


def problem_blocks(ctx: InlineContext, error: CharterError) -> list[Block]:
    """Every problem with its line and clause."""
    rows = [[one.line or None, one.clause or "–", problem_words(ctx, one)] for one in error.problems[:_MOST]]
    columns = [ctx.say("charter.line"), ctx.say("charter.clause"), ctx.say("charter.what")]
    said = Notice(ctx.say("charter.refused", count=len(error.problems)), "warning")
    return [said, Table(columns, rows)]


def problem_words(ctx: InlineContext, problem: Problem) -> str:
    return ctx.say(problem.key, **problem.values)


def outcome_blocks(ctx: InlineContext, outcome: Outcome) -> list[Block]:
    """What the examples said: those that failed, with the reason, and how many could not be tried."""
    blocks: list[Block] = []
    if outcome.failures:
        rows = []
        for one in outcome.failures[:_MOST]:
            if one.side == "breach":
                why = ctx.say("charter.not_noticed", step=step_words(ctx, one.step))
            else:
                words = ", ".join(one.words)[:200]
                why = ctx.say("charter.noticed", step=step_words(ctx, one.step), words=words)
            rows.append([f"{one.clause.number}. {one.clause.id}", one.example.lang, one.example.text[:300], why])
        columns = [ctx.say(key) for key in ("charter.clause", "charter.language", "charter.example", "charter.why")]
        blocks.append(Notice(ctx.say("charter.failing", count=len(outcome.failures)), "warning"))
        blocks.append(Table(columns, rows))
    elif outcome.tried:
        blocks.append(Notice(ctx.say("charter.passing", count=outcome.tried), "good"))
    if outcome.untried:
        blocks.append(Notice(ctx.say("charter.untried", count=outcome.untried)))
    return blocks
