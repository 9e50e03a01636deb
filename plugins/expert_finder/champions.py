"""Who knows and who is heard are two things: shown side by side, people ranked by the first.

Knows: questions of others answered with substance in the last year (see `answers`). Heard: different people who wrote
in the topics this member opened. Let rest: whoever gave more than three times the median of active helpers lately, or
was suggested to the full.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from plugins.doors import InlineContext
from plugins.expert_finder.answers import last_year
from plugins.expert_finder.consent import named_lately

SHOWN = 25
FEWEST = 3
"""Answers in a year below which nobody is a champion."""
HEAVY = 3.0
LATELY = timedelta(days=30)
VOICE = 5
"""People in his topics from which somebody is heard enough to tell many."""


@dataclass(frozen=True, slots=True)
class Champion:
    """One member's two axes, over a year and thirty days; `ask` is what could be asked of him: rest, share, grow."""

    member_id: int
    knows: int
    lately: int
    heard: int
    suggested: int
    ask: str


def champions(ctx: InlineContext) -> list[Champion]:
    """Members who know, best first; nobody is in the list for being heard alone."""
    knows: Counter[int] = Counter()
    lately: Counter[int] = Counter()
    heard: dict[int, set[int]] = defaultdict(set)
    for one in last_year(ctx):
        heard[one.topic.user_id or 0] |= one.joined
        for member, when in one.answered.items():
            knows[member] += 1
            lately[member] += ctx.now - when <= LATELY
    used = named_lately(ctx, ctx.now)
    usual = median(list((+lately).values()) or [1])
    found = []
    for member, count in knows.most_common(SHOWN):
        if count < FEWEST:
            break
        heavy = lately[member] > max(HEAVY * usual, 3.0) or used.get(member, 0) >= ctx.settings.per_week > 0
        ask = "rest" if heavy else "share" if len(heard[member]) >= VOICE else "grow"
        found.append(Champion(member, count, lately[member], len(heard[member]), used.get(member, 0), ask))
    return found
