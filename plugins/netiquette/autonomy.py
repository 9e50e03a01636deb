"""Earned autonomy: a clause watches, then proposes, then acts, as far as its measured precision on this forum allows.

A step forward is proposed here and taken by a manager; a step back, when lately too much was wrong, is taken at once.
What is about conduct never goes beyond "propose": a human signs it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from plugins.contract import MODES, Mode
from plugins.doors import Context, InlineContext
from plugins.netiquette.autonomy_rules import rule_of
from plugins.netiquette.charter import kept
from plugins.netiquette.charter.model import Clause
from plugins.netiquette.precision import ENOUGH, Judged, Precision, all_judged, own, pooled
from plugins.netiquette.tables.cases import mode_steps

LANGUAGES = ("fr", "en")
RECENT = 30
"""How many of the last verdicts show whether a clause has drifted."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A clause in a language, everywhere (`category_id` None) or in one category with verdicts enough of its own."""

    clause: Clause
    lang: str
    category_id: int | None = None

    @property
    def rule(self) -> str:
        return rule_of(self.clause.id, self.lang)

    @property
    def ceiling(self) -> Mode:
        return "act" if self.clause.formal else "propose"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a cell, and the figures it rests on."""

    cell: Cell
    old: Mode
    new: Mode
    figures: Precision


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: when, by whom ("" by the product itself), on which figures."""

    clause: str
    lang: str
    category_id: int | None
    old: str
    new: str
    cause: str
    by: str
    figures: Precision
    at: Any


def cells(clauses: Sequence[Clause], judged: Sequence[Judged]) -> Iterator[Cell]:
    """Every cell that can be steered: each clause in each language, and categories that know enough by themselves."""
    for clause in clauses:
        for lang in LANGUAGES:
            yield Cell(clause, lang)
            rooms = sorted({one.category_id for one in judged if one.category_id is not None})
            for room in rooms:
                if own(judged, clause.id, lang, room).verdicts >= ENOUGH:
                    yield Cell(clause, lang, room)


def earned(cell: Cell, mode: Mode, judged: Sequence[Judged], target: dict[Mode, float]) -> Step | None:
    """The step that a cell has earned: the lower end of its interval reaches the target of the next mode.

    Wider cells speak for one that knows too little, but never against what it knows itself: where its own verdicts lie
    below the target for sure, it has earned nothing.
    """
    if mode == "off" or MODES.index(mode) >= MODES.index(cell.ceiling):
        return None
    new = MODES[MODES.index(mode) + 1]
    figures = pooled(judged, cell.clause.id, cell.lang, cell.category_id)
    alone = own(judged, cell.clause.id, cell.lang, cell.category_id)
    enough = figures.verdicts >= ENOUGH and figures.low >= target[new] and alone.high >= target[new]
    # Nothing goes out alone on the word of other cells.
    if not enough or (new == "act" and figures.level in ("clause", "all")):
        return None
    return Step(cell, mode, new, figures)


def drifted(cell: Cell, mode: Mode, judged: Sequence[Judged], target: dict[Mode, float]) -> Step | None:
    """The step back of a cell whose last verdicts lie below the target of its mode for sure."""
    if mode not in target:
        return None
    mine = [
        one
        for one in judged
        if (one.clause, one.lang) == (cell.clause.id, cell.lang) and cell.category_id in (None, one.category_id)
    ]
    lately = own(mine[-RECENT:], cell.clause.id, cell.lang, cell.category_id)
    if lately.verdicts < ENOUGH // 2 or lately.high >= target[mode]:
        return None
    return Step(cell, mode, MODES[MODES.index(mode) - 1], lately)


def waiting(ctx: InlineContext) -> list[Step]:
    """The steps forward that have been earned and wait for a manager."""
    judged = all_judged(ctx)
    found = (earned(cell, _mode(ctx, cell), judged, targets(ctx)) for cell in cells(kept.in_force(ctx).clauses, judged))
    return [one for one in found if one is not None]


def take(ctx: Context, clause: str, lang: str, category_id: int | None) -> bool:
    """A manager takes a step that has been earned; False where it is not, or not any more."""
    for step in waiting(ctx):
        if (step.cell.clause.id, step.cell.lang, step.cell.category_id) == (clause, lang, category_id):
            ctx.desk.set_mode(step.new, rule=step.cell.rule, category_id=category_id)
            _log(ctx, step, "earned", ctx.desk.by)
            return True
    return False


def step_back(ctx: Context) -> list[Step]:
    """Take every step back that drift asks for."""
    judged = all_judged(ctx)
    taken = []
    for cell in cells(kept.in_force(ctx).clauses, judged):
        step = drifted(cell, _mode(ctx, cell), judged, targets(ctx))
        if step is not None:
            ctx.desk.set_mode(step.new, rule=cell.rule, category_id=cell.category_id)
            _log(ctx, step, "drift", "")
            taken.append(step)
    return taken


def history(ctx: InlineContext, limit: int = 50) -> list[Taken]:
    """The steps taken so far, newest first."""
    rows = ctx.db.execute(
        select(mode_steps)
        .where(mode_steps.c.site == ctx.site)
        .order_by(mode_steps.c.at.desc(), mode_steps.c.id.desc())
        .limit(limit)
    ).mappings()
    return [
        Taken(
            row["clause"], row["lang"], row["category_id"], row["old"], row["new"], row["cause"], row["by"],
            Precision(row["right"], row["verdicts"], row["low"], row["high"], "language"), row["at"],
        )
        for row in rows
    ]  # fmt: skip


def targets(ctx: InlineContext) -> dict[Mode, float]:
    """The precision that each mode asks for, as shares."""
    return {"propose": ctx.settings.precision_to_propose / 100, "act": ctx.settings.precision_to_act / 100}


def _mode(ctx: InlineContext, cell: Cell) -> Mode:
    mode: Mode = ctx.desk.mode(cell.category_id, cell.rule)
    return min(mode, cell.ceiling, key=MODES.index)


def _log(ctx: Context, step: Step, cause: str, by: str) -> None:
    figures = step.figures
    ctx.db.execute(
        insert(mode_steps).values(
            site=ctx.site, clause=step.cell.clause.id, lang=step.cell.lang, category_id=step.cell.category_id,
            old=step.old, new=step.new, cause=cause, by=by, right=figures.right, verdicts=figures.verdicts,
            low=figures.low, high=figures.high, at=ctx.now,
        )
    )  # fmt: skip
