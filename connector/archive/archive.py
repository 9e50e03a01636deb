"""The forum's memory, as the host and the tests meet it: one object a site, safe to share between threads."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from connector.archive import categories as rooms
from connector.archive.applied import Applied
from connector.archive.backends import best_here
from connector.archive.erasing import erase, scrub_files
from connector.archive.forgotten import Forgotten, ForgottenNames
from connector.archive.forum_import import ForumImported, ForumImporting
from connector.archive.forum_import import Progress as ForumProgress
from connector.archive.importing import Imported, Importing, Public
from connector.archive.importing import Progress as ImportProgress
from connector.archive.kept import KeptTopics
from connector.archive.lexical import Lexical
from connector.archive.model_check import ModelCheck, check
from connector.archive.model_files import Backend, ModelFacts
from connector.archive.models import Models, needed
from connector.archive.questions import Questions
from connector.archive.reconcile import PER_MINUTE, Reconcile, Step, Sweep
from connector.archive.search import Search
from connector.archive.semantic import Semantic
from connector.archive.store import Clock, Store
from connector.archive.storing import Ground
from connector.archive.sync import Sync
from connector.archive.tables import conversations, forgotten_names
from connector.archive.unheard import Unheard
from connector.archive.vectoring import Progress as VectorProgress
from connector.archive.vectoring import Vectoring
from connector.archive.visibility import PUBLIC, remember_door
from connector.archive.withdrawing import Withdrawals, Withdrawn
from connector.forum import Forum
from connector.models import Event

SCRUB_AGAIN = timedelta(minutes=1)
"""How long a busy database is left alone before its deleted bytes are overwritten after all."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Archive(Questions):
    """A site's memory.

    `folder` holds files that can be rebuilt (indexes, models made for queries). `languages` are those of the forum's
    members. `bots` are usernames whose posts are no answers, our own among them. `writes` is False in a process that
    only answers questions: it then never brings an index up to date itself. `names` knows the names of erased members
    again; without it, hashes have no key.
    """

    def __init__(
        self,
        engine: Engine,
        site_id: int,
        folder: Path,
        *,
        clock: Clock = utc_now,
        languages: Sequence[str] = ("fr", "en"),
        bots: Collection[str] = (),
        forum_url: str | None = None,
        writes: bool = True,
        names: ForgottenNames | None = None,
    ) -> None:
        self._folder = folder / f"site-{site_id}"
        machines = frozenset(name.lower() for name in bots)
        store = Store(engine, site_id, clock, machines, names)
        store.prepare(languages)
        self.lexical = Lexical(store, self._folder / "lexical")
        self.models = Models(store, folder / "models", writes)
        semantic = Semantic(store, self.models, self._folder / "vectors")
        self._vectoring = Vectoring(store, self.models)
        super().__init__(store, Search(store, self.lexical, semantic, writes), semantic)
        self._ground = Ground(tuple(languages), machines, forum_url)
        self._sync = Sync(store, self._ground)
        self._reconcile = Reconcile(store, self._sync)
        self._unheard = Unheard(store)
        self._withdrawals = Withdrawals(store)
        self._writes = writes

    # -- live

    def apply(self, event: Event, forum: Forum) -> Applied:
        """Let the memory follow an event. :raises ForumError: the forum could not be asked; nothing is half done."""
        return self._sync.apply(event, forum)

    def refresh_topic(self, topic_id: int, forum: Forum) -> Applied:
        """Read one topic again before something visible is done about it."""
        return self._sync.topics.read_topic(topic_id, forum)

    def refresh_categories(self, forum: Forum) -> Applied:
        """Read the categories and the forum's own door again; what closed is purged in the same transaction."""
        settings = forum.client_settings()
        needed = settings.get("login_required")
        with self._store.write() as writing:
            remember_door(writing, needed if isinstance(needed, bool) else None)
        return self._sync.read_categories(forum)

    def opened_conversation(self, topic_id: int, at: datetime) -> None:
        """Our outbox opened this message: of its posts topic, author and time are kept from now on, never a word."""
        with self._store.write() as writing:
            writing.upsert(conversations, [{"topic_id": topic_id, "post_id": 0, "user_id": None, "created_at": at}])

    def public_categories(self) -> frozenset[int]:
        """Categories that the forum itself said everybody may read: what the door may keep words of."""
        return frozenset(one.id for one in self.categories() if one.visibility == PUBLIC)

    def kept_topics(self) -> KeptTopics:
        """The topics of which the door keeps ids even when they come as private messages; ask with `in`."""
        return KeptTopics(self._store)

    # -- history

    def import_path(self, *paths: Path, public: Public = (), progress: ImportProgress | None = None) -> Imported:
        """Topic documents from files; see `importing`. Of categories not known to be open only ids are kept."""
        return Importing(self._store, self._ground).read(paths, public, progress)

    def import_forum(self, forum: Forum, progress: ForumProgress | None = None) -> ForumImported:
        """The whole history by the API, oldest topics first; a second run goes on where the first one stopped."""
        return ForumImporting(self._store, self._sync).read(forum, progress)

    def reconcile(self, forum: Forum, budget: int = PER_MINUTE) -> list[Step]:
        """Follow the forum without web hooks; to be called every minute. See `reconcile`."""
        return self._reconcile.work(forum, budget)

    def sweep(self) -> Sweep:
        """How long one round of reconciliation over everything lasts."""
        return self._reconcile.sweep()

    # -- indexes and the model

    def use_model(self, name: str, backend: Backend | None = None) -> ModelFacts:
        """Set up the model that posts and questions are embedded with (a name, a path or "bundled"); the worker's work.

        Where another model is in use already, it stays so until `reindex` has built the new one's vectors beside it.
        Without a named backend an index stays with its own, and a new one takes the best of this machine.
        :raises ModelUnavailable: it is missing or broken, with a sentence that says so.
        """
        return self.models.prepare(name, backend)

    def catch_up(self, seconds: float = 5.0, progress: VectorProgress | None = None) -> int:
        """Bring the indexes up to the memory, for about so many seconds; how many texts were embedded.

        The worker calls it whenever it is idle. Without a model the index of words alone is brought up to date.
        """
        if self._unheard.scrub_is_due():
            self._scrubbed()
        self.lexical.catch_up()
        facts = self.models.active()
        if facts is None:
            return 0
        done = self._vectoring.fill(facts, seconds, progress)
        self._semantic.write_files(facts)
        return done

    def mend_indexes(self, progress: VectorProgress | None = None) -> bool:
        """Make index files anew that are missing, broken, or of another time than the database; True where some were.

        For the worker's start: a database restored from a backup need not fit the files that it finds.
        """
        try:
            self.lexical.catch_up(progress)
            whole = self.lexical.is_whole()
        except ValueError:
            whole = False
        if not whole:
            self.lexical.rebuild(progress)
        facts = self.models.active()
        if facts is None or self._semantic.is_whole(facts):
            return not whole
        self._semantic.make_anew(facts)
        return True

    def reindex(
        self, model: str | None = None, progress: VectorProgress | None = None, backend: Backend | None = None
    ) -> ModelFacts | None:
        """Make the index of words anew, and the vectors of `model` beside those in use, which then step back.

        They are made by `backend`, or by the best of this machine.
        """
        self.lexical.rebuild()
        facts = self.models.active() if model is None else self.models.prepare(model, backend or best_here().backend)
        if facts is not None:
            self._vectoring.fill(facts, float("inf"), progress)
            active = self.models.active()
            if active is None or active.id != facts.id:
                self.models.activate(facts.id)
            self._semantic.write_files(facts, always=True)
        return facts

    def model_check(self) -> tuple[ModelFacts, ModelCheck]:
        """Which model is in use, how fast it is here, which languages it knows. :raises ModelUnavailable: none is."""
        facts = needed(self.models.active())
        return facts, check(self.models.embedder(facts.id, patience=60.0))

    def waiting_for_vectors(self) -> int:
        """How many posts the model in use has not read yet."""
        facts = self.models.active()
        return 0 if facts is None else self._vectoring.pending(facts)

    # -- what an admin decides

    def opt_in(self, category_id: int, groups: Collection[str]) -> None:
        """Let a restricted category in, for these groups only. Its topics are read by the next sweep."""
        with self._store.write() as writing:
            rooms.opt_in(writing, category_id, groups)

    def opt_out(self, category_id: int) -> None:
        """Take a restricted category out; its words are gone when this returns."""
        with self._store.write() as writing:
            rooms.opt_out(writing, category_id)

    # -- erasure

    def erase_member(self, member_id: int) -> None:
        """Forget a member for ever in all tables, and in every index file; `scrub` then removes the last bytes."""
        with self._store.write() as writing:
            erase(writing, member_id)

    def forgotten(self) -> Forgotten:
        """Finds the names of erased members in texts."""
        with self._store.read() as conn:
            return self._store.names.of(conn)

    def drop_common_names(self) -> None:
        """Forget the names that others bear as well: texts of one's own have been cleared of them by now."""
        with self._store.write() as writing:
            writing.delete(forgotten_names, forgotten_names.c.common)

    # -- what is shown no more

    def withdrawn_since(self, generation: int) -> Withdrawn:
        """Topics of which something was taken from sight after a generation, for texts that others made of them."""
        return self._withdrawals.since(generation)

    def is_shown(self, topic_id: int, post_number: int | None = None) -> bool:
        """Whether readers of the forum are still shown this topic, and in it this post."""
        return self._withdrawals.is_shown(topic_id, post_number)

    def erased_unheard(self) -> Sequence[int]:
        """Members whom polling found gone, and whom the caller's own tables must still forget; see `heard_of`."""
        return self._unheard.members()

    def heard_of(self, member_id: int) -> None:
        """All else has forgotten this member too."""
        self._unheard.heard(member_id)

    def scrub(self) -> bool:
        """After an erasure: rebuild the index files and let the database overwrite what it deleted. Takes a while.

        False where it is still to be done: the database is busy, or this process only reads. `catch_up`, in the
        worker, then does it as soon as it can.
        """
        self._unheard.want_scrub()
        return self._writes and self._scrubbed()

    def _scrubbed(self) -> bool:
        self.lexical.rebuild()
        active = self.models.active()
        self._semantic.drop_files()
        self._semantic.forget_questions()
        if active is not None:
            self._semantic.write_files(active, always=True)
        done = scrub_files(self._store.engine)
        if done:
            self._unheard.scrubbed()
        else:
            self._unheard.want_scrub(after=SCRUB_AGAIN)
        return done
