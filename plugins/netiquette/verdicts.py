"""Whether something was right: what managers decided, what the member said, how a contest ended. Each case counts once.

A verdict knows clause, language and category, and never whose text it was about.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import func, insert, select, update

from plugins.doors import Context, Decision, InlineContext, Verdict
from plugins.netiquette import alerts, cases
from plugins.netiquette.autonomy_rules import clause_and_language
from plugins.netiquette.tables.cases import verdicts

RIGHT = frozenset({"approved", "edited", "right"})
"""Managers' decisions that say: this was rightly brought up, in whatever words."""

ASKED_A_WEEK = 10
"""The most verdicts that anybody is asked for in seven days."""

_LOOKED_BACK = timedelta(days=30)


def gather(ctx: Context) -> None:
    """Take over what managers have decided about our acts and alerts of late."""
    for decision in ctx.desk.decisions(ctx.now - _LOOKED_BACK):
        _from_manager(ctx, decision)


def heed(verdict: Verdict, ctx: Context) -> None:
    """A member said of a message that it was useful, or not; a contest counts once a human has answered it."""
    found = cases.of_act(ctx, verdict.once) if verdict.answer in ("useful", "not_useful") else None
    if found is not None:
        _keep(ctx, found.key, "member", found.clause, found.lang, found.category_id, verdict.answer == "useful")


def settle_contest(ctx: Context, once: str, *, member_was_right: bool) -> None:
    """How the contest of an act ended: the last word on whether that act was right."""
    found = cases.of_act(ctx, once)
    if found is not None:
        _keep(ctx, found.key, "contest", found.clause, found.lang, found.category_id, not member_was_right)


def judge_case(ctx: Context, number: int, *, right: bool) -> bool:
    """A manager looked at one of the week's cases; False where the case is gone or the manager has judged ten."""
    found = cases.case(ctx, number)
    if found is None or not ctx.desk.by or asked_left(ctx, ctx.desk.by) <= 0:
        return False
    _keep(ctx, found.key, "manager", found.clause, found.lang, found.category_id, right, by=ctx.desk.by, asked=True)
    return True


def asked_left(ctx: InlineContext, who: str) -> int:
    """How many verdicts this manager may still be asked for in these seven days."""
    given = select(func.count()).where(
        verdicts.c.site == ctx.site, verdicts.c.by == who, verdicts.c.asked, verdicts.c.at > ctx.now - timedelta(days=7)
    )
    return max(0, ASKED_A_WEEK - int(ctx.db.execute(given).scalar() or 0))


def to_judge(ctx: InlineContext, who: str) -> list[cases.Case]:
    """The cases this manager is asked about: of those nobody has judged yet, from the least known clauses first."""
    left = asked_left(ctx, who)
    known = {
        row.judged: row.clause
        for row in ctx.db.execute(select(verdicts.c.judged, verdicts.c.clause).where(verdicts.c.site == ctx.site))
    }
    counts: dict[str, int] = {}
    for clause in known.values():
        counts[clause] = counts.get(clause, 0) + 1
    chosen: list[cases.Case] = []
    waiting = [one for one in cases.since(ctx, ctx.now - cases.KEPT, limit=500) if _digest(one.key) not in known]
    while waiting and len(chosen) < left:
        # Each clause in turn, so that the rare ones become known too.
        best = min(waiting, key=lambda one: (counts.get(one.clause, 0), -one.at.timestamp()))
        counts[best.clause] = counts.get(best.clause, 0) + 1
        waiting.remove(best)
        chosen.append(best)
    return chosen


def _from_manager(ctx: Context, decision: Decision) -> None:
    found = cases.of_act(ctx, decision.once)
    right = decision.judged in RIGHT
    if found is not None:
        _keep(ctx, found.key, "manager", found.clause, found.lang, found.category_id, right, by=decision.who)
    elif rule := decision.rule or alerts.rule_in(decision.once):
        # No one post is behind it, or it is gone by now: the act's rule still says under what it came.
        clause, lang = clause_and_language(rule)
        _keep(ctx, decision.once, "manager", clause, lang, decision.category_id, right, by=decision.who)


def _keep(ctx: Context, key: str, source: str, clause: str, lang: str, category_id: int | None, right: bool, *,
          by: str = "", asked: bool = False) -> None:  # fmt: skip
    judged = _digest(key)
    mine = (verdicts.c.site == ctx.site, verdicts.c.judged == judged, verdicts.c.source == source)
    before = ctx.db.execute(select(verdicts.c.right, verdicts.c.by).where(*mine)).first()
    if before is None:
        ctx.db.execute(
            insert(verdicts).values(
                site=ctx.site, judged=judged, source=source, clause=clause, lang=lang, category_id=category_id,
                right=right, by=by, asked=asked, at=ctx.now,
            )
        )  # fmt: skip
    elif before.right != right:
        ctx.db.execute(update(verdicts).where(*mine).values(right=right, by=by or before.by, at=ctx.now))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
