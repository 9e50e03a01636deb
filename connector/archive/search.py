"""Search for an audience: words and meaning, fused; whatever an index says is checked against the tables at the end.

Fusion is reciprocal rank fusion (Cormack, Clarke, Büttcher 2009, k = 60): BM25 and cosine have no common scale, their
orders do.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy import and_, select

from connector.archive.lexical import Found, Lexical
from connector.archive.sentences import CATCHING_UP
from connector.archive.store import Row, Store, chunks
from connector.archive.tables import posts, topics
from connector.archive.visibility import has_words
from connector.errors import ModelUnavailable
from connector.records import Audience, Hit, SearchResult

Mode = Literal["hybrid", "lexical", "semantic"]
_Scored = tuple[int, float, float, float]
"""A post, its fused score, its lexical and its semantic one."""
_K = 60
_SNIPPET = 240
_WORD = re.compile(r"\w{3,}")


class Meaning(Protocol):
    """Search by meaning; see `semantic.Semantic`."""

    def search(
        self, text: str, classes: Iterable[str], limit: int, before: datetime | None, exclude_topics: Iterable[int]
    ) -> list[Found]: ...

    def is_thin(self) -> bool: ...


class Search:
    """Answers questions to one site's memory."""

    def __init__(self, store: Store, lexical: Lexical, semantic: Meaning, writes: bool) -> None:
        self._store = store
        self._lexical = lexical
        self._semantic = semantic
        self._writes = writes

    def search(
        self, text: str, audience: Audience, limit: int, per: Literal["topic", "post"], mode: Mode,
        before: datetime | None, exclude_topics: Iterable[int],
    ) -> SearchResult:  # fmt: skip
        """The best posts, or the best post of each of the best topics, that all of this audience may read."""
        classes = sorted(one for one in audience.classes if has_words(one))
        excluded = frozenset(exclude_topics)
        if not classes or limit < 1 or not text.strip():
            return SearchResult(())
        depth = max(60, limit * (6 if per == "topic" else 3))
        lexical: Sequence[Found] = ()
        semantic: Sequence[Found] = ()
        degraded = None
        if mode in ("hybrid", "semantic"):
            try:
                semantic = self._semantic.search(text, classes, depth, before, excluded)
                degraded = CATCHING_UP if self._semantic.is_thin() else None
            except ModelUnavailable as error:
                degraded = str(error)
        if mode != "semantic" or not semantic:
            if self._writes:
                self._lexical.catch_up()
            lexical = self._lexical.search(text, classes, depth, before, excluded)
        scored, rows = self._checked(_fused(lexical, semantic), classes, excluded, before)
        words = {word.lower() for word in _WORD.findall(text[:2_000])}
        best = (_per_topic(scored, rows) if per == "topic" else scored)[:limit]
        texts = self._texts([one[0] for one in best])
        hits = (_hit(rows[one[0]], *one[1:], snippet(texts[one[0]], words)) for one in best if one[0] in texts)
        return SearchResult(tuple(hits), degraded)

    def _checked(
        self, scored: Sequence[_Scored], classes: Sequence[str], excluded: Collection[int], before: datetime | None
    ) -> tuple[list[_Scored], dict[int, Row]]:
        """Only what the tables say is shown, now, to these readers: an index may be a moment behind."""
        rows: dict[int, Row] = {}
        joined = posts.join(topics, and_(topics.c.site == posts.c.site, topics.c.id == posts.c.topic_id))
        columns = (posts.c.id, posts.c.topic_id, posts.c.user_id, posts.c.created_at)
        with self._store.read() as conn:
            for some in chunks([one[0] for one in scored]):
                wanted = self._store.of_site(
                    posts, posts.c.id.in_(some), posts.c.shown, posts.c.visibility.in_(classes), topics.c.visible,
                    topics.c.visibility.in_(classes),
                )  # fmt: skip
                query = select(*columns).select_from(joined).where(wanted)
                rows.update((row["id"], row) for row in conn.execute(query).mappings())
        kept = [
            one
            for one in scored
            if (row := rows.get(one[0])) is not None
            and row["topic_id"] not in excluded
            and (before is None or row["created_at"] < before)
        ]
        return kept, rows

    def _texts(self, ids: Sequence[int]) -> dict[int, str]:
        """What these posts say, or what their topics are called where they say nothing."""
        found: dict[int, str] = {}
        joined = posts.join(topics, and_(topics.c.site == posts.c.site, topics.c.id == posts.c.topic_id))
        query = select(posts.c.id, posts.c.text, topics.c.title).select_from(joined)
        with self._store.read() as conn:
            for some in chunks(ids):
                rows = conn.execute(query.where(self._store.of_site(posts, posts.c.id.in_(some), posts.c.shown)))
                found.update((row.id, row.text or row.title) for row in rows)
        return found


def _fused(lexical: Sequence[Found], semantic: Sequence[Found]) -> list[_Scored]:
    """(post, fused score, its lexical score, its semantic score), best first; ties by number, so that runs agree."""
    scores: dict[int, float] = {}
    for found in (lexical, semantic):
        for rank, one in enumerate(found):
            scores[one.post_id] = scores.get(one.post_id, 0.0) + 1.0 / (_K + rank + 1)
    of_words = {one.post_id: one.score for one in lexical}
    of_meaning = {one.post_id: one.score for one in semantic}
    order = sorted(scores, key=lambda number: (-scores[number], number))
    return [(number, scores[number], of_words.get(number, 0.0), of_meaning.get(number, 0.0)) for number in order]


def _per_topic(scored: Sequence[_Scored], rows: Mapping[int, Row]) -> list[_Scored]:
    best: dict[int, _Scored] = {}
    for one in scored:
        best.setdefault(rows[one[0]]["topic_id"], one)
    return list(best.values())


def _hit(row: Row, score: float, lexical: float, semantic: float, text: str) -> Hit:
    return Hit(
        topic_id=row["topic_id"],
        post_id=row["id"],
        user_id=row["user_id"],
        score=score,
        lexical=lexical,
        semantic=semantic,
        created_at=row["created_at"],
        snippet=text,
    )


def snippet(text: str, words: Collection[str]) -> str:
    """A stretch of a post around the first word that was asked for, on one line."""
    flat = " ".join(text.split())
    if len(flat) <= _SNIPPET:
        return flat
    first = next((match.start() for match in _WORD.finditer(flat) if match.group().lower() in words), 0)
    start = max(0, first - _SNIPPET // 4)
    if start:
        start = flat.find(" ", start) + 1 or start
    piece = flat[start : start + _SNIPPET]
    end = piece if start + _SNIPPET >= len(flat) else piece.rsplit(" ", 1)[0] + " …"
    return ("… " if start else "") + end
