"""All that was written, as compact rows in memory: who, when, in which topic, with which stems; no sentence is kept.

It follows the archive by what changed: a new post is a row more, a deleted, closed or erased one is crossed out, an
edited one is replaced. Evidences are told from it, so that nothing of the past is ever read or taken apart twice.
"""

import time
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from connector.records import Audience, Changes, StoredPost, Written
from plugins.doors import InlineContext
from plugins.expert_finder.past import PastPost, as_asked, seconds
from plugins.expert_finder.remembered import post_titled
from plugins.expert_finder.similar_links import Address, addresses
from plugins.expert_finder.words import counted, stems

PAGE = 250
"""Posts between two looks at the clock."""
_MOST_COUNT = 255


@dataclass(slots=True)
class _Rows:
    """One column a fact; the stems of a row are those from `starts` on, its title's first."""

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    topics: "array[int]" = field(default_factory=lambda: array("q"))
    authors: "array[int]" = field(default_factory=lambda: array("q"))
    times: "array[float]" = field(default_factory=lambda: array("d"))
    numbers: "array[int]" = field(default_factory=lambda: array("l"))
    lengths: "array[int]" = field(default_factory=lambda: array("l"))
    marks: "array[int]" = field(default_factory=lambda: array("I"))
    starts: "array[int]" = field(default_factory=lambda: array("q", [0]))
    titles: "array[int]" = field(default_factory=lambda: array("H"))
    stems: "array[int]" = field(default_factory=lambda: array("I"))
    counts: "array[int]" = field(default_factory=lambda: array("B"))


class Ledger:
    """One audience's. `epoch` grows when a row left, or came that is older than the newest: what was told from the rows
    is then no longer what they say. Not safe to be changed by two threads at once.
    """

    def __init__(self, audience: Audience) -> None:
        self.audience = audience
        self.epoch = 0
        self.expected = 0
        """About how many posts there are; as many as `read` once all are."""
        self.slugs: dict[int, str] = {}
        self.links: dict[int, list[Address]] = {}
        self.generation = -1
        self._coming: Changes | None = None
        self.newest = 0.0
        """The time of the newest post."""
        self._clear()

    def _clear(self) -> None:
        self._rows = _Rows()
        self._places: dict[int, int] = {}
        self._words: list[str] = []
        self._numbers: dict[str, int] = {}
        self._order: list[int] = []
        self._sorted = True
        self.slugs.clear()
        self.links.clear()

    @property
    def read(self) -> int:
        """Posts it holds."""
        return len(self._places)

    def follow(self, ctx: InlineContext, until: float) -> bool:
        """Take in what changed, until `time.monotonic()` is there; True once nothing is left to be read."""
        if self._coming is None:
            if ctx.archive.generation() == self.generation:
                return True
            self._coming = self._begin(ctx.archive.changed_since(self.generation, self.audience))
        while page := list(islice(self._coming.posts, PAGE)):
            for written in page:
                self._take(written)
            if len(page) == PAGE and time.monotonic() >= until:
                return False
        self.generation = self._coming.generation
        self._coming = None
        self.expected = self.read
        return True

    def _begin(self, changes: Changes) -> Changes:
        if changes.anew and self._places:
            self._clear()
            self.epoch += 1
        for number in changes.gone:
            if number in self._places:
                self._cross_out(number)
        self.expected = max(self.read, changes.count)
        return changes

    def _cross_out(self, post_id: int) -> None:
        place = self._places.pop(post_id)
        rows = self._rows
        first, last = rows.starts[place], rows.starts[place + 1]
        # Nothing of what it said stays, though the row keeps its place.
        rows.stems[first:last] = array("I", bytes(4 * (last - first)))
        rows.counts[first:last] = array("B", bytes(last - first))
        rows.authors[place] = 0
        self.links.pop(post_id, None)
        if rows.numbers[place] == 1:
            self.slugs.pop(rows.topics[place], None)
        self._sorted = False
        self.epoch += 1

    def _take(self, written: Written) -> None:
        post = written.post
        mark = _mark(written)
        held = self._places.get(post.id)
        if held is not None:
            if self._rows.marks[held] == mark:
                return
            self._cross_out(post.id)
        if post.hidden or post.user_id is None or post.user_id <= 0:
            return
        self._append(written, mark)

    def _append(self, written: Written, mark: int) -> None:
        post, rows, place = written.post, self._rows, len(self._rows.ids)
        opens = post.post_number == 1
        title = counted(stems(as_asked(post_titled(post, written.title)).title)) if opens else {}
        rows.titles.append(len(title))
        for words in (title, counted(stems(post.text))):
            rows.stems.extend([self._number(word) for word in words])
            rows.counts.extend([min(count, _MOST_COUNT) for count in words.values()])
        rows.starts.append(len(rows.stems))
        rows.ids.append(post.id)
        rows.topics.append(post.topic_id)
        rows.authors.append(post.user_id or 0)
        rows.times.append(seconds(post.created_at))
        rows.numbers.append(post.post_number)
        rows.lengths.append(len(post.text.split()))
        rows.marks.append(mark)
        self._places[post.id] = place
        self.newest = max(self.newest, rows.times[place])
        if opens:
            self.slugs[post.topic_id] = written.slug
        if found := addresses(post.links):
            self.links[post.id] = found
        if self._order and self._key(self._order[-1]) > self._key(place):
            # While everything is read for the first time nothing was told yet.
            self._sorted = False
            self.epoch += self.generation >= 0
        self._order.append(place)

    def _number(self, word: str) -> int:
        found = self._numbers.get(word)
        if found is None:
            found = self._numbers[word] = len(self._words)
            self._words.append(word)
        return found

    def _key(self, place: int) -> tuple[float, int]:
        return self._rows.times[place], self._rows.ids[place]

    def after(self, last: tuple[float, int] | None, until: float) -> Iterator[tuple[PastPost, int]]:
        """The posts behind one (its time and id), up to a time, in time order, each with the count of its words."""
        if not self._sorted:
            places = np.fromiter(self._places.values(), np.intp, len(self._places))
            times, ids = np.array(self._rows.times)[places], np.array(self._rows.ids)[places]
            self._order = places[np.lexsort((ids, times))].tolist()
            self._sorted = True
        order, start = self._order, 0
        if last is not None:
            start = bisect_right(order, last, key=self._key)
        for at in range(start, len(order)):
            if self._rows.times[order[at]] > until:
                return
            yield self._post(order[at]), self._rows.lengths[order[at]]

    def _post(self, place: int) -> PastPost:
        rows = self._rows
        first, last = rows.starts[place], rows.starts[place + 1]
        words = self._counted(first + rows.titles[place], last)
        title = self._counted(first, first + rows.titles[place]) if rows.titles[place] else {}
        at = rows.times[place]
        return PastPost(
            rows.ids[place], rows.topics[place], rows.authors[place], at, at, rows.numbers[place], "",
            counted=words, counted_title=title,
        )  # fmt: skip

    def _counted(self, first: int, last: int) -> Mapping[str, int]:
        words = self._words
        return {
            words[number]: count
            for number, count in zip(self._rows.stems[first:last], self._rows.counts[first:last], strict=True)
        }


def _mark(written: Written) -> int:
    """Another number for a post that says, or is, something else."""
    post = written.post
    facts = (post.topic_id, post.user_id, post.post_number, post.created_at.timestamp(), post.links, post.hidden)
    return zlib.crc32(f"{facts}\n{written.title}\n{written.slug}\n{post.text}".encode(errors="replace"))


def opening_of(ctx: InlineContext, topic_id: int) -> PastPost | None:
    """The opening post of a topic in its own words, as it reads now; None where it is not to be read."""
    topic = ctx.archive.topic(topic_id)
    posts: list[StoredPost] = [post for post in ctx.archive.posts_of_topic(topic_id) if post.post_number == 1]
    return post_titled(posts[0], topic.title) if topic is not None and posts else None
