"""What is still to be done after an erasure, kept in the database so that neither a crash nor a busy file loses it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from connector.archive.store import Store, Writing
from connector.archive.tables import sync_state

_ERASED = "erased:"
_SCRUB = "scrub"


def note_erased(writing: Writing, member_id: int) -> None:
    """To be called in the transaction that erases: the caller's other tables have not heard of it yet."""
    _note(writing, f"{_ERASED}{member_id}")


class Unheard:
    """Members gone of whom others must still hear, and whether files still hold deleted bytes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def members(self) -> Sequence[int]:
        """Members that polling found gone, until `heard` says that all else has forgotten them too."""
        names = select(sync_state.c.name).where(
            self._store.of_site(sync_state, sync_state.c.name.startswith(_ERASED, autoescape=True))
        )
        with self._store.read() as conn:
            return sorted(int(name.removeprefix(_ERASED)) for name in conn.execute(names).scalars())

    def heard(self, member_id: int) -> None:
        self._drop(f"{_ERASED}{member_id}")

    def want_scrub(self, after: timedelta = timedelta(0)) -> None:
        with self._store.write() as writing:
            _note(writing, _SCRUB, writing.now + after)

    def scrub_is_due(self) -> bool:
        row = self._store.find(_SCRUB, sync_state.c.name, sync_state.c.due_at)
        return row is not None and row["due_at"] <= self._store.clock()

    def scrubbed(self) -> None:
        self._drop(_SCRUB)

    def _drop(self, name: str) -> None:
        with self._store.write() as writing:
            writing.delete(sync_state, sync_state.c.name == name)


def _note(writing: Writing, name: str, due: datetime | None = None) -> None:
    writing.upsert(sync_state, [{"name": name, "value": {}, "due_at": due, "spent": 0.0}])
