"""Who knows and who is heard are two things: shown side by side, people ranked by the first.

Knows: topics of others answered in the last year, as evidence counts them (see `standing`). Heard: different people
who wrote after this member in the topics he opened. Let rest: whoever gave more than three times the median of active
helpers lately, or was suggested to the full.
"""

from dataclasses import dataclass
from statistics import median

import numpy as np

from plugins.doors import InlineContext
from plugins.expert_finder.consent import named_lately
from plugins.expert_finder.knowledge import PAGES_SHARE, knowledge
from plugins.expert_finder.past import seconds

SHOWN = 25
HEAVY = 3.0


@dataclass(frozen=True, slots=True)
class Champion:
    """One member's two axes, faded to a year and a month; `ask` is what could be asked of him: rest, share, grow."""

    member_id: int
    knows: float
    lately: float
    heard: int
    suggested: int
    ask: str


def champions(ctx: InlineContext) -> list[Champion]:
    """Members who know, best first; nobody is in the list for being heard alone.

    Raises `StillReadingError` while the past is not read to its end.
    """
    known = knowledge(ctx, ctx.archive.audience_public())
    with known.lock:
        known.refresh(ctx, PAGES_SHARE)
        evidence = known.evidence
        everyone = np.flatnonzero(evidence.people["topics"][: len(evidence.people)] >= 1)
        year = evidence.topics.read(6, seconds(ctx.now), everyone)
        month = evidence.topics.read(4, seconds(ctx.now), everyone)
        heard = _heard(evidence.subjects.askers, evidence.subjects.answered)
        ids = [evidence.people.ids[number] for number in everyone]
    used = named_lately(ctx, ctx.now)
    usual = median([value for value in month.tolist() if value > 0.5] or [1.0])
    order = np.argsort(-year, kind="stable")[:SHOWN]
    found = []
    for place in order.tolist():
        if year[place] < 0.5:
            continue
        member = ids[place]
        heavy = month[place] > max(HEAVY * usual, 3.0) or used.get(member, 0) >= ctx.settings.per_week > 0
        voice = heard.get(int(everyone[place]), 0)
        ask = "rest" if heavy else "share" if voice >= 5 else "grow"
        found.append(Champion(member, float(year[place]), float(month[place]), voice, used.get(member, 0), ask))
    return found


def _heard(askers: list[int], answered: list[dict[int, tuple[float, float]]]) -> dict[int, int]:
    """By number: different members who joined the topics he opened."""
    found: dict[int, set[int]] = {}
    for asker, helpers in zip(askers, answered, strict=True):
        found.setdefault(asker, set()).update(helpers)
    return {asker: len(helpers) for asker, helpers in found.items()}
