"""With every web hook lost the memory still follows: what to ask the forum next, within so many requests a minute.

Promise P6: new posts and closed categories within 10 minutes, edits and deletions in topics active this week within 2
hours, all the rest within one sweep of known length. What was done when is kept in `archive_sync_state`, so a restart
goes on where it stopped; a step that the forum refuses leaves the memory as it was and is due again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from connector.archive.members_check import MembersCheck
from connector.archive.spending import Spending
from connector.archive.store import Store
from connector.archive.sync import Sync
from connector.archive.tables import posts, sync_state, topics
from connector.archive.visibility import has_words, remember_door
from connector.forum import POSTS_PER_CALL, Forum

PER_MINUTE = 12
NEWEST_EVERY = timedelta(minutes=2)
CATEGORIES_EVERY = timedelta(minutes=5)
MEMBERS_EVERY = timedelta(hours=1)
ACTIVE_FOR = timedelta(days=7)
ACTIVE_SEEN_WITHIN = timedelta(hours=2)
_PAGES_BACK = 6
_RESERVE = 4
_FIRST_CHUNK = 20


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did: requests spent, whether the memory changed, which members turned out to be gone for good.

    `more` says that it is to go on at the next opportunity.
    """

    name: str
    spent: int
    changed: bool = False
    erased: tuple[int, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Sweep:
    """How long the whole memory takes to be read again, and how far behind the promise it is."""

    topics: int
    requests: int
    length: timedelta
    oldest: datetime | None
    unread: int


class Reconcile:
    """Plans and does the polling of one site; the worker calls `work` every minute."""

    def __init__(self, store: Store, sync: Sync) -> None:
        self._store = store
        self._sync = sync
        self._members = MembersCheck(store)

    def work(self, forum: Forum, budget: int = PER_MINUTE) -> list[Step]:
        """Do what is due, most pressing first, for about `budget` requests (a step that began is finished).

        :raises ForumError: the forum did not answer; what was done so far stays done.
        """
        done: list[Step] = []
        spending = Spending(forum, budget)
        for name, every, step in self._clockwork():
            if not spending.left:
                return done
            if self._is_due(name):
                done.append(step(forum, spending.left))
                self._done(name, timedelta(0) if done[-1].more else every)
        while spending.left:
            step_done = self._next_topic(forum, spending.left)
            if step_done is None:
                break
            done.append(step_done)
        return done

    def sweep(self) -> Sweep:
        """What the console shows: how long one round over everything lasts at the present size."""
        wanted = self._store.of_site(topics, _may_be_read())
        with self._store.read() as conn:
            counts = conn.execute(select(topics.c.posts_count).where(wanted)).scalars().all()
            oldest = conn.execute(select(func.min(topics.c.checked_at)).where(wanted)).scalar_one_or_none()
            unread = conn.execute(select(func.count()).where(self._store.of_site(topics, _unread()))).scalar_one()
        cost = sum(_cost_of(count) for count in counts)
        active = self._active_cost()
        # What the clockwork and the topics of this week take of each minute is not there for the sweep.
        fixed = 1 / 2 + 2 / 5 + active / (ACTIVE_SEEN_WITHIN / timedelta(minutes=1))
        rate = max(PER_MINUTE - fixed, 1.0)
        return Sweep(len(counts), cost, timedelta(minutes=cost / rate), oldest, int(unread))

    # -- the clockwork

    def _clockwork(self) -> Sequence[tuple[str, timedelta, Callable[[Forum, int], Step]]]:
        return (
            ("categories", CATEGORIES_EVERY, self._categories),
            ("newest", NEWEST_EVERY, self._newest),
            ("members", timedelta(minutes=5), self._some_members),
            ("groups", MEMBERS_EVERY, self._groups),
        )

    def _categories(self, forum: Forum, budget: int) -> Step:
        spending = Spending(forum, budget)
        needed = forum.client_settings().get("login_required")
        with self._store.write() as writing:
            remember_door(writing, needed if isinstance(needed, bool) else None)
        changed = self._sync.read_categories(forum).changed
        return Step("categories", spending.so_far, changed)

    def _newest(self, forum: Forum, budget: int) -> Step:
        """Newest posts, page by page, until one that we hold; each unknown one's topic is read."""
        spending = Spending(forum, max(1, min(budget, PER_MINUTE - _RESERVE)))
        before, found = None, []
        for _ in range(_PAGES_BACK):
            if not spending.left:
                break
            page = forum.latest_posts(before)
            unknown = [post for post in page if not self._sync.topics.holds_post(post.id)]
            found += unknown
            # On the oldest cores a page covers fifty numbers, and may be empty though older posts exist.
            lowest = min((post.id for post in page), default=(before or 0) - 49)
            if (page and len(unknown) < len(page)) or lowest <= 1 or (before is None and not page):
                break
            before = lowest - 1
        changed, read = False, 0
        for topic_id in dict.fromkeys(post.topic_id for post in found if post.topic_id is not None):
            if self._is_closed(topic_id):
                continue
            cost = self._cost(topic_id)
            if cost > spending.left and (read or cost <= PER_MINUTE - _RESERVE):
                # What is left is still unknown at the next look, in two minutes; what is too long goes first then.
                break
            changed |= self._sync.topics.read_topic(topic_id, forum, max(0, spending.left - cost)).changed
            read += 1
        return Step("newest posts", spending.so_far, changed)

    def _is_closed(self, topic_id: int) -> bool:
        """A topic whose words may not be kept, though our key sees it, is not asked for again and again."""
        row = self._store.find(topic_id, topics.c.id, topics.c.state, topics.c.visibility)
        return row is not None and row["state"] == "ids" and not has_words(row["visibility"])

    def _some_members(self, forum: Forum, budget: int) -> Step:
        spending = Spending(forum, budget)
        changed = self._members.check(forum, spending)
        erased, self._members.erased = tuple(self._members.erased), []
        return Step("members", spending.so_far, changed, erased)

    def _groups(self, forum: Forum, budget: int) -> Step:
        spending = Spending(forum, budget)
        changed, more = self._members.groups(forum, spending)
        return Step("groups", spending.so_far, changed, more=more)

    # -- topics, in their turn

    def _next_topic(self, forum: Forum, left: int) -> Step | None:
        topic_id = self._due_topic()
        if topic_id is None:
            return None
        cost = self._cost(topic_id)
        if cost > left and cost <= PER_MINUTE:
            # It would spend more than this minute has; the next one begins with it.
            return None
        spending = Spending(forum, left)
        read = self._sync.topics.read_topic(topic_id, forum, max(0, left - cost))
        with self._store.write() as writing:
            # Also where nothing differed, and for what the forum did not show: its turn is over.
            writing.update(topics, topics.c.id == topic_id, checked_at=writing.now)
        return Step(f"topic {topic_id}", spending.so_far, read.changed)

    def _due_topic(self) -> int | None:
        now = self._store.clock()
        active = (topics.c.last_posted_at >= now - ACTIVE_FOR) & (topics.c.checked_at < now - ACTIVE_SEEN_WITHIN / 2)
        # The sweep never rests, but no topic is read twice in a quarter of an hour.
        old = _may_be_read() & (topics.c.checked_at < now - timedelta(minutes=15))
        for wanted in (_unread(), active, old):
            query = select(topics.c.id).where(self._store.of_site(topics, wanted))
            order = (topics.c.checked_at.is_not(None), topics.c.checked_at, topics.c.id)
            with self._store.read() as conn:
                found = conn.execute(query.order_by(*order).limit(1)).scalar_one_or_none()
            if found is not None:
                return int(found)
        return None

    def _cost(self, topic_id: int) -> int:
        """The requests that reading a topic is expected to take."""
        with self._store.read() as conn:
            wanted = self._store.of_site(posts, posts.c.topic_id == topic_id)
            count = int(conn.execute(select(func.count()).where(wanted)).scalar_one())
        return _cost_of(count) + self._sync.topics.asks_for_class(topic_id)

    def _active_cost(self) -> int:
        wanted = topics.c.last_posted_at >= self._store.clock() - ACTIVE_FOR
        with self._store.read() as conn:
            counts = conn.execute(select(topics.c.posts_count).where(self._store.of_site(topics, wanted))).scalars()
            return sum(_cost_of(count) for count in counts)

    # -- what was done when

    def _is_due(self, name: str) -> bool:
        with self._store.read() as conn:
            wanted = self._store.of_site(sync_state, sync_state.c.name == name)
            due = conn.execute(select(sync_state.c.due_at).where(wanted)).scalar_one_or_none()
        return due is None or due <= self._store.clock()

    def _done(self, name: str, every: timedelta) -> None:
        with self._store.write() as writing:
            value: dict[str, Any] = {}
            row = {"name": name, "value": value, "due_at": writing.now + every, "spent": 0.0}
            writing.upsert(sync_state, [row])


def _may_be_read() -> ColumnElement[bool]:
    """Topics that have words, or would have if they were read now: of a class, and perhaps unlisted so far."""
    has_class = or_(topics.c.visibility == "public", topics.c.visibility.like("cat:%"))
    return or_(topics.c.state == "known", (topics.c.state == "ids") & has_class)


def _unread() -> ColumnElement[bool]:
    """Topics that nobody has read from the forum yet though they may be read."""
    return topics.c.checked_at.is_(None) & _may_be_read()


def _cost_of(count: int) -> int:
    return 1 + max(0, -(-(count - _FIRST_CHUNK) // POSTS_PER_CALL))
