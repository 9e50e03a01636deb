"""Cases: what was found in which post, for managers to look at; they know no member, and go after 90 days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import delete, insert, select, update

from plugins.doors import Context, InlineContext
from plugins.netiquette.judging import STEPS, Judgement
from plugins.netiquette.tables.cases import case_acts, cases

KEPT = timedelta(days=90)


class Where(Protocol):
    """A post, stored or fresh: where something was found."""

    @property
    def id(self) -> int: ...
    @property
    def topic_id(self) -> int | None: ...
    @property
    def post_number(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Case:
    """One thing found in one post. `step` is how far it went, `protected` the kind of protected speech it is in."""

    id: int
    post_id: int
    topic_id: int
    post_number: int
    category_id: int | None
    clause: str
    detector: str
    kind: str
    lang: str
    protected: str
    step: str
    words: tuple[str, ...]
    confidence: float
    at: datetime

    @property
    def key(self) -> str:
        """What is judged once, however many acts came of it."""
        return f"{self.post_id}:{self.clause}"


def note(ctx: Context, post: Where, judgement: Judgement, *acts: str, at: datetime | None = None) -> int | None:
    """Keep what a judgement found in a post, and the keys (`once`) of the acts that came of it.

    A second judgement of the same post under the same clause takes the first one's place. Gives the case's number;
    None where nothing was found.
    """
    if judgement.clause is None or judgement.step == "none" or post.topic_id is None:
        return None
    topic = ctx.archive.topic(post.topic_id)
    gravest = judgement.findings[0]
    mine = (cases.c.site == ctx.site, cases.c.post_id == post.id, cases.c.clause == judgement.clause.id)
    values: dict[str, Any] = {
        "topic_id": post.topic_id, "post_number": post.post_number or 1,
        "category_id": topic.category_id if topic else None, "detector": gravest.detector, "kind": gravest.kind,
        "lang": judgement.lang, "protected": gravest.protected, "step": judgement.step,
        "words": list(judgement.words), "confidence": judgement.probability,
    }  # fmt: skip
    found = ctx.db.execute(select(cases.c.id).where(*mine)).scalar()
    if found is None:
        key = {"site": ctx.site, "post_id": post.id, "clause": judgement.clause.id, "at": at or ctx.now}
        ctx.db.execute(insert(cases).values(**key, **values))
        found = ctx.db.execute(select(cases.c.id).where(*mine)).scalar_one()
    else:
        ctx.db.execute(update(cases).where(*mine).values(**values))
    for once in acts:
        belongs(ctx, once, int(found))
    return int(found)


def belongs(ctx: Context, once: str, case_id: int) -> None:
    """An act came of this case."""
    here = (case_acts.c.site == ctx.site, case_acts.c.once == once)
    if ctx.db.execute(select(case_acts.c.case_id).where(*here)).first() is None:
        ctx.db.execute(insert(case_acts).values(site=ctx.site, once=once, case_id=case_id))


def of_act(ctx: InlineContext, once: str) -> Case | None:
    """The case that an act came of, as long as it is kept."""
    query = select(cases).join(case_acts, case_acts.c.case_id == cases.c.id).where(
        case_acts.c.site == ctx.site, cases.c.site == ctx.site, case_acts.c.once == once
    )  # fmt: skip
    row = ctx.db.execute(query).mappings().first()
    return _case(row) if row is not None else None


def case(ctx: InlineContext, number: int) -> Case | None:
    """A case by its number."""
    row = ctx.db.execute(select(cases).where(cases.c.site == ctx.site, cases.c.id == number)).mappings().first()
    return _case(row) if row is not None else None


def since(ctx: InlineContext, moment: datetime, *, steps: Sequence[str] = STEPS[1:], limit: int = 200) -> list[Case]:
    """Cases found since a moment whose post is still there, newest first."""
    rows = ctx.db.execute(
        select(cases)
        .where(cases.c.site == ctx.site, cases.c.at >= moment, cases.c.step.in_(list(steps)))
        .order_by(cases.c.at.desc(), cases.c.id.desc())
        .limit(limit)
    ).mappings()
    return [one for one in map(_case, rows) if ctx.archive.post(one.post_id) is not None]


def of_topic(ctx: InlineContext, topic_id: int) -> list[Case]:
    """The cases of one thread, in its order."""
    own = cases.c
    rows = ctx.db.execute(
        select(cases).where(own.site == ctx.site, own.topic_id == topic_id).order_by(own.post_number, own.id)
    ).mappings()
    return [_case(row) for row in rows]


def of_post(ctx: InlineContext, post_id: int) -> list[Case]:
    """The cases of one post."""
    own = cases.c
    rows = ctx.db.execute(select(cases).where(own.site == ctx.site, own.post_id == post_id).order_by(own.id)).mappings()
    return [_case(row) for row in rows]


def sweep(ctx: Context) -> None:
    """Drop cases after 90 days, and those whose post or author is gone."""
    rows = ctx.db.execute(select(cases.c.id, cases.c.post_id, cases.c.at).where(cases.c.site == ctx.site)).all()
    gone = [row.id for row in rows if row.at < ctx.now - KEPT or _is_orphan(ctx, row.post_id)]
    for number in gone:
        ctx.db.execute(delete(case_acts).where(case_acts.c.site == ctx.site, case_acts.c.case_id == number))
        ctx.db.execute(delete(cases).where(cases.c.site == ctx.site, cases.c.id == number))


def forget(ctx: Context, member_id: int) -> None:
    """A member left: the cases in the member's posts go too."""
    rows = ctx.db.execute(select(cases.c.id, cases.c.post_id).where(cases.c.site == ctx.site)).all()
    for row in rows:
        post = ctx.archive.post(row.post_id)
        if post is None or post.user_id in (None, member_id):
            ctx.db.execute(delete(case_acts).where(case_acts.c.site == ctx.site, case_acts.c.case_id == row.id))
            ctx.db.execute(delete(cases).where(cases.c.site == ctx.site, cases.c.id == row.id))


def _is_orphan(ctx: Context, post_id: int) -> bool:
    post = ctx.archive.post(post_id)
    return post is None or post.user_id is None


def _case(row: Any) -> Case:
    values = {name: row[name] for name in Case.__slots__}
    return Case(**{**values, "words": tuple(row["words"])})
