"""Words: one BM25 index (tantivy) beside either database, with French and English stems, filled by what changed.

The index is a folder that can be rebuilt from the database. `current.json` names the folder in use and the generation
it holds, and is replaced atomically after each commit: a crash in between repeats some work, nothing else. One process
writes at a time (tantivy's own lock); readers notice the new generation at their next question.
"""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import tantivy
from sqlalchemy import func, select
from tantivy import Filter, Occur, Query, TextAnalyzerBuilder, Tokenizer

from connector.archive.lexical_query import STEMS, asked
from connector.archive.store import Row, Store
from connector.archive.tables import posts, tombstones, topics

Progress = Callable[[int, int], None]
_HEAP = 30_000_000
_BATCH = 2_000
_LANGUAGES = {"fr": "french", "en": "english"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """A post and how well it matched (BM25 and cosine have scales of their own)."""

    post_id: int
    topic_id: int
    score: float


class Lexical:
    """The index of words of one site. Thread-safe; every question opens the newest committed state."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._lock = threading.Lock()
        self._open: tuple[str, int, tantivy.Index] | None = None

    def search(
        self,
        text: str,
        classes: Iterable[str],
        limit: int,
        before: datetime | None = None,
        exclude_topics: Iterable[int] = (),
    ) -> list[Found]:
        """The posts of these classes that match best; filters hold before the best are taken, so none is lost."""
        index = self._reader()
        classes = sorted(classes)
        if index is None or not classes:
            return []
        searcher = index.searcher()
        query = asked(index, searcher, text)
        if query is None:
            return []
        parts = [(Occur.Must, query), (Occur.Must, _silent(Query.term_set_query(_SCHEMA, "class", classes)))]
        if before is not None:
            until = Query.range_query(
                _SCHEMA, "created", tantivy.FieldType.Integer, lower_bound=-(2**62), upper_bound=_seconds(before),
                include_upper=False,
            )  # fmt: skip
            parts.append((Occur.Must, _silent(until)))
        without = list(exclude_topics)
        if without:
            parts.append((Occur.MustNot, Query.term_set_query(_SCHEMA, "topic", without)))
        hits = searcher.search(Query.boolean_query(parts), limit=limit, count=False).hits
        addresses = [address for _, address in hits]
        numbers = searcher.fast_field_values("id", addresses)
        inside = searcher.fast_field_values("topic", addresses)
        return [
            Found(int(number or 0), int(topic or 0), float(score or 0))
            for (score, _), number, topic in zip(hits, numbers, inside, strict=True)
        ]

    def generation(self) -> int:
        """The generation of the memory that the index holds; -1 where there is none yet."""
        return self._current()[1]

    def catch_up(self, progress: Progress | None = None) -> int:
        """Bring the index to the memory's generation; how many posts it touched. 0 when another process writes."""
        name, held = self._current()
        target = self._store.generation()
        if held == target:
            return 0
        # Ahead of the database: that was restored from a backup, and its generations mean something else now.
        if held < 0 or held > target or not (self._folder / name / "meta.json").exists():
            return self.rebuild(progress)
        return self._write(self._folder / name, held, target, progress)

    def is_whole(self) -> bool:
        """Whether the index holds just the posts that are shown: what was restored from a backup may not.

        To be asked after `catch_up`; a file that cannot be opened counts as not whole.
        """
        try:
            index = self._reader()
            held = 0 if index is None else index.searcher().num_docs
        except ValueError:
            return False
        with self._store.read() as conn:
            wanted = select(func.count()).where(self._store.of_site(posts, posts.c.shown))
            return held == int(conn.execute(wanted).scalar_one())

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make the index anew beside the old one and put it in its place; of what was deleted no byte stays."""
        old, _ = self._current()
        name = f"index-{int(old.rpartition('-')[2] or 0) + 1 if old else 1}"
        target = self._store.generation()
        shutil.rmtree(self._folder / name, ignore_errors=True)
        (self._folder / name).mkdir(parents=True)
        count = self._write(self._folder / name, -1, target, progress)
        for other in self._folder.glob("index-*"):
            if other.name != self._current()[0]:
                shutil.rmtree(other, ignore_errors=True)
        return count

    def _write(self, path: Path, held: int, target: int, progress: Progress | None) -> int:
        try:
            writer = _index_at(path).writer(heap_size=_HEAP, num_threads=1)
        except ValueError as error:
            if "LockBusy" in str(error):
                return 0
            raise
        count = 0
        total = self._count(held) if progress else 0
        for gone in self._gone(held):
            writer.delete_documents_by_term("id", gone)
            count += 1
        for row in self._changed(held):
            if held >= 0:
                writer.delete_documents_by_term("id", row["id"])
            if row["shown"]:
                writer.add_document(_document(row))
            count += 1
            if progress and count % _BATCH == 0:
                progress(count, total)
        writer.commit()
        writer.garbage_collect_files()
        writer.wait_merging_threads()
        self._point_to(path.name, target)
        return count

    def _changed(self, held: int) -> Iterator[Row]:
        """The posts that changed after a generation, by number, a page at a time."""
        last = -(2**62)
        joined = posts.join(topics, (topics.c.site == posts.c.site) & (topics.c.id == posts.c.topic_id))
        columns = (posts.c.id, posts.c.topic_id, posts.c.post_number, posts.c.text, posts.c.code, posts.c.lang,
                   posts.c.created_at, posts.c.visibility, posts.c.shown, topics.c.title)  # fmt: skip
        while True:
            wanted = self._store.of_site(posts, posts.c.changed > held, posts.c.id > last)
            query = select(*columns).select_from(joined).where(wanted).order_by(posts.c.id).limit(_BATCH)
            with self._store.read() as conn:
                page: Sequence[Row] = conn.execute(query).mappings().all()
            yield from page
            if len(page) < _BATCH:
                return
            last = page[-1]["id"]

    def _gone(self, held: int) -> list[int]:
        if held < 0:
            return []
        wanted = self._store.of_site(tombstones, tombstones.c.kind == "post", tombstones.c.changed > held)
        with self._store.read() as conn:
            return list(conn.execute(select(tombstones.c.id).where(wanted)).scalars())

    def _count(self, held: int) -> int:
        with self._store.read() as conn:
            wanted = self._store.of_site(posts, posts.c.changed > held)
            return len(conn.execute(select(posts.c.id).where(wanted)).all())

    def _reader(self) -> tantivy.Index | None:
        name, generation = self._current()
        with self._lock:
            if self._open is None or self._open[0] != name:
                path = self._folder / name
                if generation < 0 or not (path / "meta.json").exists():
                    self._open = None
                    return None
                self._open = (name, generation, _index_at(path))
            elif self._open[1] != generation:
                self._open[2].reload()
                self._open = (name, generation, self._open[2])
            return self._open[2]

    def _current(self) -> tuple[str, int]:
        try:
            told = json.loads((self._folder / "current.json").read_bytes())
            return str(told["index"]), int(told["generation"])
        except (OSError, ValueError, KeyError, TypeError):
            return "", -1

    def _point_to(self, name: str, generation: int) -> None:
        fresh = self._folder / f"current.{os.getpid()}.tmp"
        fresh.write_text(json.dumps({"index": name, "generation": generation}))
        fresh.replace(self._folder / "current.json")


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "topic", "created"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_text_field("class", tokenizer_name="raw", index_option="basic")
    for name in (*STEMS, "plain", "title"):
        builder.add_text_field(name, tokenizer_name=name, index_option="freq")
    return builder.build()


_SCHEMA = _schema()


def _index_at(path: Path) -> tantivy.Index:
    index = tantivy.Index(_SCHEMA, path=str(path))
    for name, stems in _LANGUAGES.items():
        index.register_tokenizer(name, _analyzer(stems))
    index.register_tokenizer("plain", _analyzer(None))
    index.register_tokenizer("title", _analyzer(None))
    return index


def _analyzer(stems: str | None) -> Any:
    # Folding comes last: the French stemmer knows its accents.
    built = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(40)).filter(Filter.lowercase())
    if stems:
        built = built.filter(Filter.stemmer(stems))
    return built.filter(Filter.ascii_fold()).build()


def _document(row: Row) -> Any:
    document = tantivy.Document()
    document.add_integer("id", row["id"])
    document.add_integer("topic", row["topic_id"])
    document.add_integer("created", _seconds(row["created_at"]))
    document.add_text("class", row["visibility"])
    opening = row["post_number"] == 1
    words = f"{row['title']}\n{row['text']}" if opening else row["text"]
    for name in STEMS:
        if row["lang"] in (name, "unknown") or row["lang"] not in STEMS:
            document.add_text(name, words)
    document.add_text("plain", f"{words}\n{row['code']}")
    if opening:
        document.add_text("title", row["title"])
    return document


def _seconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _silent(query: Any) -> Any:
    """A condition that takes no part in the score."""
    return Query.const_score_query(query, 0.0)
