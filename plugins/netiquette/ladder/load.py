"""What the ladder costs: how many words are probably mistaken, and how much managers have to look at in a week."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from plugins.contract import Case
from plugins.doors import InlineContext
from plugins.netiquette.tables.ladder import steps

_WEEK = timedelta(days=7)


def probably_wrong(ctx: InlineContext) -> Case:
    """The false alarms to be expected among the words of the last 90 days, by the detectors' own calibration."""
    rows = [row for row in _steps(ctx) if row["step"] == "word"]
    wrong = sum(1 - row["confidence"] / 1_000 for row in rows)
    return Case(wrong, rows=tuple(_shown(row) for row in rows)) if rows else Case(None)


def managers_a_week(ctx: InlineContext) -> Case:
    """Words to sign and threads to look at, a week, since the first of them within 90 days."""
    rows = [row for row in _steps(ctx) if row["step"] == "queue" or not row["formal"]]
    if not rows:
        return Case(None)
    first: datetime = min(row["at"] for row in rows)
    weeks = max(1.0, (ctx.now - first) / _WEEK)
    return Case(len(rows) / weeks, rows=({"asked": len(rows), "weeks": round(weeks, 1)},))


def _steps(ctx: InlineContext) -> list[Mapping[str, Any]]:
    own = steps.c
    told = (own.topic_id, own.step, own.clause, own.formal, own.words, own.confidence, own.at)
    rows = ctx.db.execute(select(*told).where(own.site == ctx.site).order_by(own.id)).mappings()
    return [dict(row) for row in rows]


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """One word as managers may see it: where and why, never to whom."""
    return {
        "topic": f"/t/{row['topic_id']}", "clause": row["clause"], "words": " … ".join(row["words"]),
        "sure": f"{row['confidence'] / 10:.0f} %",
    }  # fmt: skip
