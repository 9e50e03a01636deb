"""The climate of the forum: by category and month, from threads, never from persons, and nothing below five of each.

A thread counts in the month it was opened in. It "heated" where it came to the point at which managers would be warned,
"recovered" where that was not its end, and got a "calm answer" where its first answer by somebody else was plain talk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.records import Audience, StoredPost
from plugins.doors import InlineContext
from plugins.netiquette.detectors.finding import Turn
from plugins.netiquette.detectors.heating import FEWEST, WINDOW, forecast_from
from plugins.netiquette.detectors.tension import tension
from plugins.netiquette.precision import wilson

K = 5
"""Fewest threads, and fewest people in them, of which anything is shown."""
MONTHS = 12
_PLAIN = 0.2


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one thread. `people` only serves to tell whether enough of them stand behind a figure."""

    category_id: int | None
    month: str
    people: frozenset[int]
    heated: bool
    recovered: bool
    answered: bool
    calm_answer: bool


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval; None where fewer than `K` threads or people stand behind it."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Climate:
    """One category (None: the whole forum) in one month; `threads` is None below `K`."""

    category_id: int | None
    month: str
    threads: int | None
    heated: Share = Share()
    recovered: Share = Share()
    calm_answer: Share = Share()


def fate_of(posts: Sequence[StoredPost], category_id: int | None) -> Fate:
    """What became of a thread, from its posts in order."""
    by_number = {one.post_number: one.user_id for one in posts}
    turns = [
        Turn(one.user_id, one.created_at, one.text, by_number.get(one.reply_to_post_number or 0), one.post_number)
        for one in posts
    ]
    known = [turn for turn in turns if turn.author_id is not None]
    tones = [tension(turn.text) for turn in known]
    hot = [
        end
        for end in range(FEWEST, len(known) + 1)
        if forecast_from(known[:end][-WINDOW:], tones[:end][-WINDOW:], end).state == "heating"
    ]
    answer = next((one for one in posts[1:] if one.user_id not in (None, posts[0].user_id)), None)
    return Fate(
        category_id=category_id,
        month=f"{posts[0].created_at:%Y-%m}",
        people=frozenset(one.user_id for one in posts if one.user_id is not None),
        heated=bool(hot),
        recovered=bool(hot) and hot[-1] < len(known),
        answered=answer is not None,
        calm_answer=answer is not None and tension(answer.text) < _PLAIN,
    )


def climate(ctx: InlineContext, audience: Audience) -> list[Climate]:
    """The last twelve whole months, the forum first, then each category, oldest month first."""
    fates = list(fates_of(ctx, audience))
    found = [one for month in sorted({one.month for one in fates}) for one in _month(fates, month)]
    return sorted(found, key=lambda one: (one.category_id is not None, one.category_id or 0, one.month))


def _month(fates: Sequence[Fate], month: str) -> list[Climate]:
    """The whole forum and each category in one month; what is left out cannot be had by taking one from the other."""
    of_month = [one for one in fates if one.month == month]
    rooms = sorted({one.category_id for one in of_month if one.category_id is not None})
    by_room = {room: [one for one in of_month if one.category_id == room] for room in rooms}
    shown = sorted((room for room in rooms if _enough(by_room[room])), key=lambda room: (len(by_room[room]), room))
    while shown and not _enough(rest := [one for one in of_month if one.category_id not in shown]) and rest:
        shown.pop(0)
    return [
        summed(of_month, None, month),
        *(summed(by_room[room] if room in shown else [], room, month) for room in rooms),
    ]


def fates_of(ctx: InlineContext, audience: Audience) -> Iterable[Fate]:
    """Every thread opened in the last twelve whole months that this audience may read."""
    end = ctx.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    begin = _months_before(end, MONTHS)
    threads: dict[int, list[StoredPost]] = {}
    for post in ctx.archive.all_posts(audience, after=(begin, 0)):
        if post.post_number == 1 or post.topic_id in threads:
            threads.setdefault(post.topic_id, []).append(post)
    for number, posts in threads.items():
        topic = ctx.archive.topic(number)
        if topic is not None and posts[0].created_at < end:
            yield fate_of(sorted(posts, key=lambda one: one.post_number), topic.category_id)


def summed(fates: Sequence[Fate], category_id: int | None, month: str) -> Climate:
    """What may be shown of some threads: nothing where there are fewer than `K` threads or people."""
    if not _enough(fates):
        return Climate(category_id, month, None)
    hot = [one for one in fates if one.heated]
    asked = [one for one in fates if one.answered]
    return Climate(
        category_id,
        month,
        len(fates),
        heated=_share(fates, len(hot)),
        recovered=_share(hot, sum(one.recovered for one in hot)),
        calm_answer=_share(asked, sum(one.calm_answer for one in asked)),
    )


def _share(of: Sequence[Fate], many: int) -> Share:
    return Share(many / len(of), *wilson(many, len(of))) if _enough(of) else Share()


def _enough(fates: Sequence[Fate]) -> bool:
    people = frozenset().union(*(one.people for one in fates)) if fates else frozenset()
    return len(fates) >= K and len(people) >= K


def _months_before(moment: datetime, months: int) -> datetime:
    for _ in range(months):
        moment = (moment - timedelta(days=1)).replace(day=1)
    return moment
