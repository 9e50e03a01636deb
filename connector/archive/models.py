"""The register of embedding models of a site: which one searches use, which one is being prepared beside it."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, select

from connector.archive.backends import Embedder, ExportedEmbedder, best_here, opened
from connector.archive.model_files import FACTS, Backend, ModelFacts, resolve_model
from connector.archive.sentences import LOADING, NO_MODEL
from connector.archive.store import Store
from connector.archive.tables import embedding_models, vectors
from connector.errors import ModelUnavailable

BUILDING, ACTIVE, RETIRED, BESIDE = "building", "active", "retired", "beside"
PATIENCE = 3.0
"""Seconds a question waits for a model that is still loading, before it goes on by words alone."""


class Models:
    """What models there are. `folder` holds one exported model per id, shared by all processes."""

    def __init__(self, store: Store, folder: Path, writes: bool = True) -> None:
        self._store = store
        self._folder = folder
        self._writes = writes
        self._lock = threading.Lock()
        self._preparing = threading.Lock()
        self._torch: dict[str, Embedder] = {}
        self._loading: dict[str, Future[ExportedEmbedder]] = {}
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="model")

    def active(self) -> ModelFacts | None:
        return self._one(embedding_models.c.state == ACTIVE)

    def building(self) -> ModelFacts | None:
        return self._one(embedding_models.c.state == BUILDING)

    def named(self, name: str) -> ModelFacts | None:
        """The newest model that was prepared under a name and is not retired."""
        return self._one(embedding_models.c.name == name, embedding_models.c.state != RETIRED)

    def pinned(self, name: str) -> ModelFacts:
        """A model that a plugin asks for by name, whatever searches use; it never takes their place.

        At the first asking it is found, exported and registered, where this process writes.
        :raises ModelUnavailable: it is not here, or the worker has not prepared it yet.
        """
        with self._preparing if self._writes else nullcontext():
            facts = self.named(name)
            if facts is not None and (self.folder_of(facts.id) / FACTS).exists():
                return facts
            if not self._writes:
                raise ModelUnavailable(LOADING)
            return self.prepare(name, facts.backend if facts else None, beside=True)

    def by_id(self, model_id: str) -> ModelFacts | None:
        return self._one(embedding_models.c.id == model_id)

    def prepare(self, name: str, backend: Backend | None, beside: bool = False) -> ModelFacts:
        """Find a model, export it where that has not been done, and register it; the worker's work.

        The first model of a site is in use at once; another one is built beside it and takes over by `activate`.
        `beside`: it is for whoever names it, and searches never use it.
        Without a named backend the one in use with these weights stays; for the first it is the best one here.
        :raises ModelUnavailable: it is not here, broken, or cannot be exported.
        """
        from connector.archive.embedding import export

        where, revision = resolve_model(name)
        wanted = ModelFacts(name, revision, backend or self._in_use(name, revision) or best_here().backend)
        folder = self.folder_of(wanted.id)
        try:
            facts = ModelFacts.read(folder)
        except ModelUnavailable:
            folder.parent.mkdir(parents=True, exist_ok=True)
            export(where, wanted, folder)
            facts = ModelFacts.read(folder)
        self._register(facts, beside)
        return facts

    def folder_of(self, model_id: str) -> Path:
        return self._folder / model_id

    def activate(self, model_id: str) -> None:
        """Searches use this model from now on; the vectors of the one before are deleted."""
        with self._store.write() as writing:
            writing.update(embedding_models, embedding_models.c.state == ACTIVE, state=RETIRED)
            writing.update(embedding_models, embedding_models.c.id == model_id, state=ACTIVE)
            retired = select(embedding_models.c.id).where(
                embedding_models.c.site == writing.site, embedding_models.c.state == RETIRED
            )
            writing.delete(vectors, vectors.c.model_id.in_(retired))
            _ = writing.generation

    def embedder(self, model_id: str, patience: float = PATIENCE) -> ExportedEmbedder:
        """The model, loaded once a process and beside all questions. :raises ModelUnavailable: not, or not in time."""
        with self._lock:
            future = self._loading.get(model_id)
            if future is None or (future.done() and future.exception() is not None):
                future = self._pool.submit(opened, self.folder_of(model_id))
                self._loading[model_id] = future
        try:
            return future.result(timeout=patience)
        except NotInTime as error:
            raise ModelUnavailable(LOADING) from error

    def indexer(self, facts: ModelFacts) -> Embedder:
        """What computes the vectors of an index: always the one backend that its row names; in the worker only."""
        if facts.backend != "torch":
            return self.embedder(facts.id, patience=120.0)
        if facts.id not in self._torch:
            from connector.archive.embedding import TorchEmbedder

            where, revision = resolve_model(facts.name)
            if revision != facts.revision:
                raise ModelUnavailable(f"The weights of {facts.name} are no longer those of the index: reindex.")
            self._torch[facts.id] = TorchEmbedder(where)
        return self._torch[facts.id]

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _in_use(self, name: str, revision: str) -> Backend | None:
        active = self.active()
        return active.backend if active is not None and (active.name, active.revision) == (name, revision) else None

    def _register(self, facts: ModelFacts, beside: bool) -> None:
        active = self.active()
        if active is not None and active.id == facts.id:
            return
        state = BESIDE if beside else ACTIVE if active is None else BUILDING
        with self._store.write() as writing:
            if not beside:
                writing.update(embedding_models, embedding_models.c.state == BUILDING, state=RETIRED)
            row = {"id": facts.id, "name": facts.name, "revision": facts.revision, "backend": facts.backend}
            row_rest: Mapping[str, Any] = {
                "dim": facts.dim, "prompts": dict(facts.prompts), "state": state, "facts": {},
                "created_at": writing.now,
            }  # fmt: skip
            writing.upsert(embedding_models, [{**row, **row_rest}])
            _ = writing.generation

    def _one(self, *conditions: ColumnElement[bool]) -> ModelFacts | None:
        wanted = self._store.of_site(embedding_models, *conditions)
        query = select(embedding_models).where(wanted).order_by(embedding_models.c.created_at.desc()).limit(1)
        with self._store.read() as conn:
            row = conn.execute(query).mappings().first()
        if row is None:
            return None
        return ModelFacts(row["name"], row["revision"], row["backend"], row["dim"], dict(row["prompts"]))


def needed(facts: ModelFacts | None) -> ModelFacts:
    """The model, or the sentence that there is none. :raises ModelUnavailable: there is none."""
    if facts is None:
        raise ModelUnavailable(NO_MODEL)
    return facts


def timed(call: Callable[[], object]) -> float:
    """Seconds a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
