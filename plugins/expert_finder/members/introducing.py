"""Somebody looks for what somebody else offers: both are asked, apart, and only two yeses bring them together."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from sqlalchemy import Row, delete, insert, or_, select, update

from connector.errors import ModelUnavailable
from connector.records import StoredMember
from plugins.doors import Context, Verdict
from plugins.expert_finder.consent import Willing
from plugins.expert_finder.members.said import Line, Sight, lines_for
from plugins.expert_finder.tables import introductions
from plugins.expert_finder.wording import name_of
from plugins.expert_finder.words import stems
from plugins.voice.escaping import link

PREFIX = "meet:"
ANSWERS = ("accept", "not_here", "not_now", "never")
ALIKE = 0.6
"""Cosine from which a need and an offer in other words are the same thing."""
SHARED = 0.34
"""Share of the shorter line's words that both hold."""
AT_ONCE = 3
"""Pairs begun in one turn."""
OPEN: tuple[Sight, ...] = ("members",)
APART = timedelta(days=14)
"""Nobody is asked about a second pair within this time."""


def introduce(ctx: Context) -> None:
    """Ask the best new pairs; each pair once for ever, nobody twice in a fortnight."""
    lines = lines_for(ctx, OPEN)
    needs, offers = ([one for one in lines if one.kind == kind] for kind in ("need", "offer"))
    busy = _asked_since(ctx)
    willing = Willing(ctx, None, "")
    begun = 0
    for need, offer in _matched(ctx, needs, offers):
        pair = (willing.member(need.member_id), willing.member(offer.member_id))
        if begun >= AT_ONCE or None in pair or {need.member_id, offer.member_id} & busy or _known(ctx, need, offer):
            continue
        busy |= {need.member_id, offer.member_id}
        begun += 1
        facts = {"site": ctx.site, "need_line": need.id, "offer_line": offer.id, "at": ctx.now}
        sides = {"need_member": need.member_id, "offer_member": offer.member_id, "need": need.text, "offer": offer.text}
        ctx.db.execute(insert(introductions).values(**facts, **sides, need_said="", offer_said=""))
        _ask(ctx, need, offer, need.member_id, "introduce.seeks")
        _ask(ctx, need, offer, offer.member_id, "introduce.offers")


def heard(ctx: Context, verdict: Verdict) -> None:
    """One of the two answered. A no ends it, and the other is not told."""
    numbers = verdict.once.removeprefix(PREFIX).split(":")
    if not verdict.once.startswith(PREFIX) or len(numbers) != 3 or not all(one.isdigit() for one in numbers):
        return
    here = (introductions.c.site == ctx.site, introductions.c.need_line == int(numbers[0]),
            introductions.c.offer_line == int(numbers[1]))  # fmt: skip
    row = ctx.db.execute(select(introductions).where(*here)).first()
    if row is None or verdict.member_id not in (row.need_member, row.offer_member):
        return
    said = "yes" if verdict.answer in ("accept", "useful") else "no"
    side = "need_said" if verdict.member_id == row.need_member else "offer_said"
    ctx.db.execute(update(introductions).where(*here).values({side: said}))
    other = row.offer_said if side == "need_said" else row.need_said
    if said == other == "yes":
        _bring_together(ctx, row)


def forget(ctx: Context, member_id: int) -> None:
    """Every pair of which a member was a half goes."""
    half = or_(introductions.c.need_member == member_id, introductions.c.offer_member == member_id)
    ctx.db.execute(delete(introductions).where(introductions.c.site == ctx.site, half))


def _matched(ctx: Context, needs: Sequence[Line], offers: Sequence[Line]) -> list[tuple[Line, Line]]:
    """Pairs of different people that mean the same, the likest first."""
    if not needs or not offers:
        return []
    cosines = _cosines(ctx, needs, offers)
    found = []
    for row, need in enumerate(needs):
        wanted = set(stems(need.text))
        for column, offer in enumerate(offers):
            if need.member_id == offer.member_id:
                continue
            told = set(stems(offer.text))
            shared = len(wanted & told) / max(1, min(len(wanted), len(told)))
            meant = float(cosines[row, column])
            if shared >= SHARED or meant >= ALIKE:
                found.append((shared + meant, need, offer))
    found.sort(key=lambda one: (-one[0], one[1].id, one[2].id))
    return [(need, offer) for _, need, offer in found]


def _cosines(ctx: Context, needs: Sequence[Line], offers: Sequence[Line]) -> np.ndarray:
    try:
        left = ctx.archive.embed([one.text for one in needs])
        right = ctx.archive.embed([one.text for one in offers])
        return np.asarray(left @ right.T)
    except ModelUnavailable:
        return np.zeros((len(needs), len(offers)))


def _asked_since(ctx: Context) -> set[int]:
    rows = ctx.db.execute(
        select(introductions.c.need_member, introductions.c.offer_member).where(
            introductions.c.site == ctx.site, introductions.c.at > ctx.now - APART
        )
    )
    return {int(member) for row in rows for member in row}


def _known(ctx: Context, need: Line, offer: Line) -> bool:
    """Whether these two were asked about each other before, whatever they said."""
    pair = (introductions.c.need_member == need.member_id, introductions.c.offer_member == offer.member_id)
    return ctx.db.execute(select(introductions.c.id).where(introductions.c.site == ctx.site, *pair)).first() is not None


def _ask(ctx: Context, need: Line, offer: Line, member_id: int, key: str) -> None:
    once = f"{PREFIX}{need.id}:{offer.id}:{member_id}"
    parts = [
        ctx.say(key, member_id, need=need.text, offer=offer.text),
        ctx.say("introduce.both", member_id),
        ctx.consent.feedback_links(once, member_id, ANSWERS),
    ]
    ctx.forum.message(member_id, ctx.say("introduce.title", member_id), "\n\n".join(parts), once=once,
                      why=ctx.say("introduce.why", member_id), about=[member_id], urgency="whenever",
                      rule="introduction")  # fmt: skip


def _bring_together(ctx: Context, row: Row[tuple[object, ...]]) -> None:
    halves = (ctx.archive.member(row.need_member), ctx.archive.member(row.offer_member))
    for one, other in (halves, halves[::-1]):
        if one is not None and other is not None:
            _tell(ctx, row, one, other)


def _tell(ctx: Context, row: Row[tuple[object, ...]], one: StoredMember, other: StoredMember) -> None:
    name = link(name_of(other), f"/u/{other.username}")
    text = ctx.say("introduce.met", one.id, name=name, need=row.need, offer=row.offer)
    ctx.forum.message(one.id, ctx.say("introduce.met_title", one.id), text,
                      once=f"met:{row.need_line}:{row.offer_line}:{one.id}", why=ctx.say("introduce.met_why", one.id),
                      about=[one.id, other.id], rule="introduction")  # fmt: skip
