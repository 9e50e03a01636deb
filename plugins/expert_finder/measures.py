"""Does it help? The share of questions that one of the named people answered."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from math import sqrt

from sqlalchemy import select

from plugins.contract import Case
from plugins.doors import InlineContext
from plugins.expert_finder.tables import suggestions

WITHIN = timedelta(days=7)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (1927)."""
    if not total:
        return 0.0, 1.0
    z, share = 1.96, hits / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def named_person_answered(ctx: InlineContext) -> Case:
    """Over topics whose names were given at least seven days ago."""
    named: dict[int, dict[int, datetime]] = defaultdict(dict)
    rows = select(suggestions.c.topic_id, suggestions.c.member_id, suggestions.c.at)
    rows = rows.where(suggestions.c.site == ctx.site, suggestions.c.at <= ctx.now - WITHIN)
    for topic_id, member, at in ctx.db.execute(rows):
        named[int(topic_id)][int(member)] = at
    hits = 0
    raw = []
    for topic_id, members in named.items():
        helped = any(
            post.user_id in members and members[post.user_id] < post.created_at <= members[post.user_id] + WITHIN
            for post in ctx.archive.posts_of_topic(topic_id)
            if post.user_id is not None
        )
        hits += helped
        raw.append({"topic": topic_id, "answered_by_named": helped})
    if not named:
        return Case(None)
    low, high = wilson(hits, len(named))
    return Case(hits / len(named), low, high, None, tuple(raw))


def apprentice_answered(ctx: InlineContext) -> Case:
    """Over the seldom seen named at least seven days ago; the baseline is what the others named with them did."""
    topics = select(suggestions.c.topic_id).where(suggestions.c.site == ctx.site, suggestions.c.apprentice)
    rows = select(suggestions.c.topic_id, suggestions.c.member_id, suggestions.c.at, suggestions.c.apprentice)
    rows = rows.where(suggestions.c.site == ctx.site, suggestions.c.at <= ctx.now - WITHIN)
    named, answered = Counter[bool](), Counter[bool]()
    raw = []
    for topic_id, member, at, seldom in ctx.db.execute(rows.where(suggestions.c.topic_id.in_(topics))):
        posts = ctx.archive.posts_of_topic(topic_id)
        did = any(post.user_id == member and at < post.created_at <= at + WITHIN for post in posts)
        named[seldom] += 1
        answered[seldom] += did
        if seldom:
            raw.append({"topic": topic_id, "answered": did})
    if not named[True]:
        return Case(None)
    low, high = wilson(answered[True], named[True])
    others = answered[False] / named[False] if named[False] else None
    return Case(answered[True] / named[True], low, high, others, tuple(raw))
