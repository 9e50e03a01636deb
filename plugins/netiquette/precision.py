"""How often a clause was right, with its interval; where a cell knows too little, a wider one speaks for it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from plugins.doors import InlineContext
from plugins.netiquette.tables.cases import verdicts

Level = Literal["category", "language", "clause", "all"]

ENOUGH = 20
"""Verdicts from which a cell speaks for itself; below, the next wider one does."""

_SOURCES = ("contest", "manager", "member")
"""Whose word counts where several judged the same case: the first of these."""
_SURE = 1.959963984540054
"""The normal quantile of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One case that was judged."""

    clause: str
    lang: str
    category_id: int | None
    right: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Precision:
    """`right` of `verdicts` were right; `low` and `high` are the 95 % interval (Wilson), 0 to 1 where none was given.

    `level` says which verdicts these are: of the category, the language, the clause, or all.
    """

    right: int
    verdicts: int
    low: float
    high: float
    level: Level

    @property
    def share(self) -> float | None:
        return self.right / self.verdicts if self.verdicts else None


def wilson(right: int, verdicts: int) -> tuple[float, float]:
    """The 95 % interval of a share; (0, 1) where there is nothing to count."""
    if not verdicts:
        return 0.0, 1.0
    share, spread = right / verdicts, _SURE**2 / verdicts
    middle = share + spread / 2
    half = _SURE * math.sqrt((share * (1 - share) + spread / 4) / verdicts)
    return max(0.0, min(share, (middle - half) / (1 + spread))), min(1.0, max(share, (middle + half) / (1 + spread)))


def measured(judged: Iterable[Judged], level: Level) -> Precision:
    """The precision over some verdicts."""
    found = list(judged)
    right = sum(one.right for one in found)
    return Precision(right, len(found), *wilson(right, len(found)), level)


def pooled(judged: Sequence[Judged], clause: str, lang: str = "", category_id: int | None = None) -> Precision:
    """The precision of a cell; where it has fewer than `ENOUGH` verdicts, that of its language, its clause, or all."""
    of_clause = [one for one in judged if one.clause == clause]
    of_lang = [one for one in of_clause if one.lang == lang]
    ways: list[tuple[Level, list[Judged]]] = []
    if category_id is not None:
        ways.append(("category", [one for one in of_lang if one.category_id == category_id]))
    ways += [("language", of_lang), ("clause", of_clause)]
    for level, cell in ways:
        if len(cell) >= ENOUGH:
            return measured(cell, level)
    return measured(judged, "all")


def own(judged: Sequence[Judged], clause: str, lang: str, category_id: int | None = None) -> Precision:
    """The precision of a cell by its own verdicts alone, however few."""
    return measured(
        (
            one
            for one in judged
            if (one.clause, one.lang) == (clause, lang) and category_id in (None, one.category_id)
        ),
        "language" if category_id is None else "category",
    )  # fmt: skip


def all_judged(ctx: InlineContext, *, since: datetime | None = None) -> list[Judged]:
    """Every case that was judged, once, oldest first: a contest outweighs a manager, who outweighs the member."""
    rows = ctx.db.execute(select(verdicts).where(verdicts.c.site == ctx.site)).mappings()
    best: dict[str, tuple[int, Judged]] = {}
    for row in rows:
        rank = _SOURCES.index(row["source"])
        if row["judged"] not in best or rank < best[row["judged"]][0]:
            said = Judged(row["clause"], row["lang"], row["category_id"], row["right"], row["at"])
            best[row["judged"]] = (rank, said)
    found = sorted((one for _, one in best.values()), key=lambda one: (one.at, one.clause, one.lang))
    return [one for one in found if since is None or one.at >= since]
