"""Search by meaning: the vectors of the model in use, kept up to the memory's generation, one set of rows a class.

The database is the truth. Files under `folder` (`<model>/<generation>/<class>/`) only save a process from reading all
of it at its start; the worker writes them whole, under a new name, and old ones go.
"""

import json
import shutil
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, func, select

from connector.archive.lexical import Found
from connector.archive.model_files import ModelFacts
from connector.archive.models import Models, needed
from connector.archive.once import Once
from connector.archive.store import Row, Store
from connector.archive.tables import posts, tombstones, vectors
from connector.archive.vectoring import stored_vectors, vectors_of_topics
from connector.archive.vectors import ClassVectors, Rows, read_rows, write_rows
from connector.archive.visibility import has_words
from connector.archive.words import content_hash
from connector.records import TopicVectors

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST_DRIFT = 2_000
_PAGE = 5_000
_CATCHING_UP_SHARE = 0.1


@dataclass(frozen=True)
class State:
    """What a process holds of one model's vectors, up to a generation; `lacking` posts wait for theirs."""

    model_id: str
    generation: int
    classes: dict[str, ClassVectors]
    lacking: frozenset[int] = field(default_factory=frozenset)
    on_disk: int = -1

    @property
    def is_thin(self) -> bool:
        held = sum(len(one) for one in self.classes.values())
        return len(self.lacking) > _CATCHING_UP_SHARE * (held + len(self.lacking))


class Semantic:
    """The vectors of one site. Thread-safe: a refresh makes a new state, searches go on with the old one."""

    def __init__(self, store: Store, models: Models, folder: Path) -> None:
        self._store = store
        self._models = models
        self._folder = folder
        self._lock = threading.Lock()
        self._state: State | None = None
        self._query_vector = Once(self._embed_query, 512)

    def search(
        self, text: str, classes: Iterable[str], limit: int, before: datetime | None, exclude_topics: Iterable[int]
    ) -> list[Found]:
        """The posts of these classes nearest to a text. :raises ModelUnavailable: there is no model to ask."""
        facts = needed(self._models.active())
        query = self._query_vector(facts.id, text[:4_000])
        state = self.refreshed(facts)
        until = None if before is None else (before - _EPOCH) // timedelta(microseconds=1)
        excluded = np.array(sorted(exclude_topics), dtype=np.int64)
        held = [state.classes[name] for name in sorted(classes) if name in state.classes]
        found = [one for rows in held for one in rows.best(query, limit, until, excluded)]
        return sorted(found, key=lambda one: (-one.score, one.post_id))[:limit]

    def is_thin(self) -> bool:
        """Whether more than a tenth of the posts still wait for their vectors."""
        return self._state is not None and self._state.is_thin

    def embed(self, texts: Sequence[str], model: str | None = None) -> NDArray[np.float32]:
        """Unit rows (n, d) by the model in use, or by the one of a name; the words of posts cost nothing again.

        :raises ModelUnavailable: there is no such model, or it is not here and a text is unknown.
        """
        facts = needed(self._models.active()) if model is None else self._models.pinned(model)
        # Vectors of posts carry the model's prompt for documents, if it has one: they are not those of the bare text.
        prompted = facts.prompts.get("document") or facts.prompts.get("passage")
        keys = ["" if prompted else content_hash(text.strip()) for text in texts]
        rows = np.zeros((len(texts), facts.dim), dtype=np.float32)
        known = stored_vectors(self._store, facts, {key for key in keys if key})
        fresh = [place for place, key in enumerate(keys) if key not in known]
        if len(fresh) == 1 and not facts.prompts.get("query"):
            # One text is a question as a rule, and the same question is searched for too.
            rows[fresh[0]] = self._query_vector(facts.id, texts[fresh[0]][:4_000])
        elif fresh:
            rows[fresh] = self._models.embedder(facts.id).embed([texts[place][:4_000] for place in fresh])
        for place, key in enumerate(keys):
            if key in known:
                rows[place] = known[key]
        return rows

    def of_topics(self, topic_ids: Sequence[int]) -> TopicVectors:
        """What the worker has computed of these topics' opening posts. :raises ModelUnavailable: no model is set up."""
        facts = needed(self._models.active())
        return TopicVectors(facts.id, vectors_of_topics(self._store, facts, topic_ids))

    def is_whole(self, facts: ModelFacts) -> bool:
        """Whether the rows held are just those that the tables say: what was restored from a backup may not be."""
        state = self.refreshed(facts)
        wanted = self._store.of_site(posts, posts.c.shown, posts.c.content_hash != "")
        same = (vectors.c.site == posts.c.site) & (vectors.c.content_hash == posts.c.content_hash)
        made = posts.join(vectors, same & (vectors.c.model_id == facts.id))
        with self._store.read() as conn:
            count = int(conn.execute(select(func.count()).select_from(made).where(wanted)).scalar_one())
        return count == sum(len(one) for one in state.classes.values())

    def make_anew(self, facts: ModelFacts) -> None:
        """Write the files from the tables alone, whatever is held and whatever was there."""
        with self._lock:
            self._state = None
            self.drop_files()
        self.write_files(facts, always=True)

    def forget_questions(self) -> None:
        """Drop the vectors of recent questions."""
        self._query_vector.forget()

    def refreshed(self, facts: ModelFacts) -> State:
        """The state at the memory's present generation."""
        state = self._state
        generation = self._store.generation()
        if state is not None and state.model_id == facts.id and state.generation >= generation:
            return state
        with self._lock:
            state = self._state
            if state is None or state.model_id != facts.id:
                state = self._from_files(facts)
            if state.generation < generation:
                state = self._caught_up(state, facts, generation)
            self._state = state
            return state

    def write_files(self, facts: ModelFacts, always: bool = False) -> bool:
        """Save the rows where the files are missing or far behind; what was taken out is in none of the new ones."""
        state = self.refreshed(facts)
        drift = sum(one.drift for one in state.classes.values())
        held = sum(len(one) for one in state.classes.values())
        if not always and drift <= max(_LEAST_DRIFT, held // 10):
            return False
        folder = self._folder / facts.id
        fresh = folder / f"{state.generation}.tmp"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for name, rows in state.classes.items():
            (fresh / _safe(name)).mkdir()
            write_rows(rows.compact(), fresh / _safe(name))
        (fresh / "classes.json").write_text(json.dumps(sorted(state.classes)))
        shutil.rmtree(folder / str(state.generation), ignore_errors=True)
        fresh.rename(folder / str(state.generation))
        with self._lock:
            self._state = None
        self.drop_files(but=state.generation, model_id=facts.id)
        return True

    def drop_files(self, but: int = -1, model_id: str = "") -> None:
        """Remove index files but those of one generation of one model; processes that map them keep their pages."""
        for one in self._folder.glob("*/*"):
            if (one.parent.name, one.name) != (model_id, str(but)):
                shutil.rmtree(one, ignore_errors=True)

    def _embed_query(self, model_id: str, text: str) -> NDArray[np.float32]:
        facts = needed(self._models.by_id(model_id))
        prompt = facts.prompts.get("query") or ""
        row: NDArray[np.float32] = self._models.embedder(model_id).embed([prompt + text])[0]
        return row

    def _from_files(self, facts: ModelFacts) -> State:
        folder = self._folder / facts.id
        saved = sorted((int(one.name) for one in folder.glob("*") if one.name.isdigit()), reverse=True)
        for generation in saved:
            if generation > self._store.generation():
                # The database was restored from a backup: its generations mean something else now.
                continue
            try:
                names = json.loads((folder / str(generation) / "classes.json").read_bytes())
                classes = {name: ClassVectors.of(read_rows(folder / str(generation) / _safe(name))) for name in names}
            except (OSError, ValueError, EOFError, RuntimeError):
                continue
            return State(facts.id, generation, classes, on_disk=generation)
        return State(facts.id, -1, {})

    def _caught_up(self, state: State, facts: ModelFacts, generation: int) -> State:
        gone: set[int] = set(self._buried(state.generation))
        new: dict[str, list[tuple[int, int, int, NDArray[np.float32]]]] = defaultdict(list)
        lacking = set(state.lacking)
        for row in self._changed(state.generation, facts):
            gone.add(row["id"])
            lacking.discard(row["id"])
            if not row["shown"] or not has_words(row["visibility"]):
                continue
            if row["vector"] is not None:
                created = (row["created_at"] - _EPOCH) // timedelta(microseconds=1)
                vector = np.frombuffer(row["vector"], dtype=np.float16).astype(np.float32)
                new[row["visibility"]].append((row["id"], row["topic_id"], created, vector))
            elif row["content_hash"]:
                lacking.add(row["id"])
        lacking -= set(self._buried(state.generation))
        classes = {}
        for name in sorted({*state.classes, *new}):
            rows = state.classes.get(name) or ClassVectors.of(Rows.empty(facts.dim))
            classes[name] = rows.changed(gone, new.get(name, []))
        return State(facts.id, generation, classes, frozenset(lacking), state.on_disk)

    def _changed(self, held: int, facts: ModelFacts) -> Iterator[Row]:
        """Posts that changed, or got their vector, after a generation; each once."""
        same = and_(
            vectors.c.site == posts.c.site,
            vectors.c.content_hash == posts.c.content_hash,
            vectors.c.model_id == facts.id,
        )
        columns = (posts.c.id, posts.c.topic_id, posts.c.created_at, posts.c.visibility, posts.c.shown,
                   posts.c.content_hash, vectors.c.vector)  # fmt: skip
        seen: set[int] = set()
        ways = [posts.outerjoin(vectors, same), posts.join(vectors, same)]
        for joined, since in zip(ways, (posts.c.changed > held, vectors.c.changed > held), strict=True):
            last = -(2**62)
            while True:
                wanted = self._store.of_site(posts, since, posts.c.id > last)
                query = select(*columns).select_from(joined).where(wanted).order_by(posts.c.id).limit(_PAGE)
                with self._store.read() as conn:
                    page: Sequence[Row] = conn.execute(query).mappings().all()
                yield from (row for row in page if row["id"] not in seen)
                seen.update(row["id"] for row in page)
                if len(page) < _PAGE:
                    break
                last = page[-1]["id"]

    def _buried(self, held: int) -> list[int]:
        wanted = self._store.of_site(tombstones, tombstones.c.kind == "post", tombstones.c.changed > held)
        with self._store.read() as conn:
            return list(conn.execute(select(tombstones.c.id).where(wanted)).scalars())


def _safe(name: str) -> str:
    return name.replace(":", "-")
