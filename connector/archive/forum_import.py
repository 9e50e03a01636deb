"""History from the forum itself: all topics that its member-level key sees, oldest first, resumable by page."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from connector.archive.store import Store
from connector.archive.sync import Sync
from connector.archive.tables import sync_state, topics
from connector.forum import Forum
from connector.models import Topic

Progress = Callable[["ForumImported"], None]
_NAME = "import_forum"


@dataclass(slots=True)
class ForumImported:
    """What came of it so far: topics read, topics that were already held whole, the page it is at."""

    read: int = 0
    held: int = 0
    page: int = 0
    finished: bool = False


class ForumImporting:
    """Reads a forum's topics, in the order in which they were made, so that pages do not move meanwhile."""

    def __init__(self, store: Store, sync: Sync) -> None:
        self._store = store
        self._sync = sync

    def read(self, forum: Forum, progress: Progress | None = None) -> ForumImported:
        """:raises ForumError: the forum did not answer; all that was read stays, the next run goes on there."""
        self._sync.read_categories(forum)
        report = ForumImported(page=self._page())
        while True:
            page = forum.topics_page(report.page, order="created", ascending=True)
            for topic in page.topics:
                if self._holds(topic):
                    report.held += 1
                else:
                    self._sync.topics.read_topic(topic.id, forum)
                    report.read += 1
                if progress:
                    progress(report)
            if not page.more:
                break
            report.page += 1
            self._remember(report.page)
        report.finished = True
        # The next run looks at the last page again: topics made since begin there.
        self._remember(max(0, report.page))
        if progress:
            progress(report)
        return report

    def _holds(self, told: Topic) -> bool:
        """Whether we hold it whole, read from the forum, and nothing was posted since."""
        wanted = self._store.of_site(
            topics, topics.c.id == told.id, topics.c.complete, topics.c.checked_at.is_not(None)
        )
        with self._store.read() as conn:
            row = conn.execute(select(topics.c.last_posted_at, topics.c.posts_count).where(wanted)).first()
        return row is not None and (row.last_posted_at, row.posts_count) == (told.last_posted_at, told.posts_count)

    def _page(self) -> int:
        with self._store.read() as conn:
            wanted = self._store.of_site(sync_state, sync_state.c.name == _NAME)
            value = conn.execute(select(sync_state.c.value).where(wanted)).scalar_one_or_none()
        return int(value.get("page", 0)) if isinstance(value, dict) else 0

    def _remember(self, page: int) -> None:
        with self._store.write() as writing:
            row = {"name": _NAME, "value": {"page": page}, "due_at": None, "spent": 0.0}
            writing.upsert(sync_state, [row])
