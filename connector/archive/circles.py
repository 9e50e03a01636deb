"""Circles of a community: who carries it, who drops in, who reads.

Borrowed from the onion model of online communities (Preece and Shneiderman 2009, reader to leader), with rhythm rather
than volume as its measure: one loud week makes nobody a member of the core.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select

from connector.archive.store import Store
from connector.archive.tables import members, posts

Circle = Literal["core", "occasional", "reader"]
WEEKS = 13
CORE_WEEKS = 5
_WEEK = timedelta(days=7)


def circles(store: Store, now: datetime) -> dict[int, Circle]:
    """By member: core wrote in at least 5 of the last 13 weeks, occasional at least once in a year, readers did not."""
    since = now - timedelta(days=365)
    wanted = store.of_site(posts, posts.c.shown, posts.c.user_id > 0, posts.c.created_at >= since)
    weeks: dict[int, set[int]] = defaultdict(set)
    with store.read() as conn:
        for number, moment in conn.execute(select(posts.c.user_id, posts.c.created_at).where(wanted)):
            if moment <= now:
                weeks[number].add((now - moment) // _WEEK)
        everybody = conn.execute(select(members.c.id).where(store.of_site(members, members.c.id > 0))).scalars().all()
    found: dict[int, Circle] = dict.fromkeys(everybody, "reader")
    for number, mine in weeks.items():
        found[number] = "core" if len([week for week in mine if week < WEEKS]) >= CORE_WEEKS else "occasional"
    return found
