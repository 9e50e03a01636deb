"""History from files: resumable, idempotent, never against what the forum itself said since.

Files do not say who may read: a category is closed until the forum says that it is open, or an admin does at import.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select

from connector.archive import categories as rooms
from connector.archive.documents import Document, Source, documents, sources
from connector.archive.store import Store, Writing, chunks
from connector.archive.storing import Ground, Told, store_topics
from connector.archive.tables import imported, tombstones, topics
from connector.archive.visibility import PUBLIC, UNKNOWN, has_words
from connector.errors import BadPayload
from connector.fields import listed, mapping
from connector.models import Topic

Public = Literal["all"] | Collection[int]
Progress = Callable[["Imported"], None]
BATCH = 100
_MOST_PROBLEMS = 1_000


@dataclass(slots=True)
class Imported:
    """What came of an import so far.

    `skipped` counts documents by the reason why; `problems` names (file, line, reason) of broken ones; `incomplete`
    topics miss posts that only the forum has; `ids_only` topics wait until somebody says that their category is open.
    """

    topics: int = 0
    posts: int = 0
    incomplete: int = 0
    ids_only: int = 0
    files: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, int, str]] = field(default_factory=list)


class Importing:
    """Reads topic documents into one site's memory."""

    def __init__(self, store: Store, ground: Ground) -> None:
        self._store = store
        self._ground = ground

    def read(self, paths: Iterable[Path], public: Public = (), progress: Progress | None = None) -> Imported:
        """Import all documents under these paths; a second run goes on where the first one stopped.

        :raises FileNotFoundError, ValueError: a path is not there, or no kind of file that we read; nothing was done.
        """
        found = [source for path in paths for source in sources(path)]
        report = Imported()
        for source in found:
            self._read_source(source, public, report, progress)
            report.files += 1
        if progress:
            progress(report)
        return report

    def _read_source(self, source: Source, public: Public, report: Imported, progress: Progress | None) -> None:
        key = source.key("all" if public == "all" else ",".join(map(str, sorted(public))))
        done, finished = self._standing(key)
        if finished:
            report.skipped["read before"] += 1
            return
        waiting_before = report.ids_only
        batch: list[Document] = []
        for document in documents(source, after=done):
            batch.append(document)
            if len(batch) >= BATCH:
                self._store_batch(source, key, batch, public, report, progress)
                batch = []
        self._store_batch(source, key, batch, public, report, progress)
        # Topics without words are read again by the next run: by then somebody may have said who may read them.
        whole = report.ids_only == waiting_before
        with self._store.write() as writing:
            row = {"source": key, "done": 0, "finished": whole, "at": writing.now}
            writing.upsert(imported, [row])

    def _store_batch(
        self, source: Source, key: str, batch: list[Document], public: Public, report: Imported,
        progress: Progress | None,
    ) -> None:  # fmt: skip
        if not batch:
            return
        found: dict[int, Topic] = {}
        for document in batch:
            topic = _topic_in(document, source, report)
            if topic is not None:
                found[topic.id] = topic
        with self._store.write() as writing:
            told = self._admitted(writing, found, public, report)
            store_topics(writing, told, self._ground)
            row = {"source": key, "done": batch[-1].line, "finished": False, "at": writing.now}
            writing.upsert(imported, [row])
        for one in told:
            if not has_words(one.visibility):
                report.ids_only += 1
                continue
            if not one.topic.visible:
                report.skipped["unlisted"] += 1
                continue
            report.topics += 1
            report.posts += len(one.topic.posts)
            report.incomplete += bool(one.topic.missing_post_ids)
        if progress:
            progress(report)

    def _admitted(self, writing: Writing, found: Mapping[int, Topic], public: Public, report: Imported) -> list[Told]:
        """The topics that a file may tell: not deleted since, not read from the forum itself since."""
        met = {topic.category_id for topic in found.values() if topic.category_id is not None}
        rooms.ensure_known(writing, met)
        rooms.declare_public(writing, met if public == "all" else met & set(public))
        classes = {number: str(row["visibility"]) for number, row in rooms.rows_of(writing).items()}
        buried, checked = _standing_of(writing, sorted(found))
        told = []
        for number, topic in found.items():
            if number in buried:
                report.skipped["deleted since"] += 1
            elif number in checked:
                report.skipped["the forum told it since"] += 1
            else:
                nowhere = PUBLIC if public == "all" else UNKNOWN
                visibility = nowhere if topic.category_id is None else classes[topic.category_id]
                told.append(Told(topic, visibility, None))
        return told

    def _standing(self, key: str) -> tuple[int, bool]:
        with self._store.read() as conn:
            row = conn.execute(select(imported).where(self._store.of_site(imported, imported.c.source == key))).first()
        return (0, False) if row is None else (int(row.done), bool(row.finished))


def _topic_in(document: Document, source: Source, report: Imported) -> Topic | None:
    """The topic of a document, or None with the reason in the report."""
    reason, topic = document.problem, None
    if document.payload is not None:
        reason, topic = _read(document.payload)
    if reason:
        report.skipped[reason] += 1
        if topic is None and reason not in _NO_FAULT and len(report.problems) < _MOST_PROBLEMS:
            report.problems.append((source.name, document.line, reason))
        return None
    return topic


_NO_FAULT = frozenset({"private message", "deleted topic"})


def _read(payload: Mapping[str, Any]) -> tuple[str, Topic | None]:
    stream = mapping(payload.get("post_stream"))
    if not listed(stream.get("posts")):
        return "no topic document", None
    try:
        topic = Topic.from_payload(payload)
    except BadPayload:
        return "no topic document", None
    people = mapping(payload.get("details")).get("allowed_users")
    if topic.archetype == "private_message" or (topic.archetype is None and people):
        return "private message", None
    if topic.deleted_at is not None:
        return "deleted topic", None
    named = [post for post in topic.posts if post.topic_id in (None, topic.id)]
    return "", changed(topic, posts=tuple(named))


def _standing_of(writing: Writing, ids: list[int]) -> tuple[set[int], set[int]]:
    buried: set[int] = set()
    checked: set[int] = set()
    for some in chunks(ids):
        gone = (tombstones.c.site == writing.site) & (tombstones.c.kind == "topic") & tombstones.c.id.in_(some)
        buried.update(writing.conn.execute(select(tombstones.c.id).where(gone)).scalars())
        seen = (topics.c.site == writing.site) & topics.c.id.in_(some) & topics.c.checked_at.is_not(None)
        checked.update(writing.conn.execute(select(topics.c.id).where(seen, topics.c.complete)).scalars())
    return buried, checked
