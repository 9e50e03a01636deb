"""The archive on a real forum: import from a file, the index of words, and questions to it."""

import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine, event

from connector.archive import Archive
from connector.archive.tables import metadata

REAL = Path(__file__).parents[2] / "shared" / "data" / "forum" / "urho3d-topics.jsonl.gz"
POSTS_PER_SECOND = 2_000


def opened(folder: Path) -> Archive:
    """An empty archive in a folder, on SQLite set up as the host does."""
    engine = create_engine(f"sqlite:///{folder / 'memory.sqlite'}")

    @event.listens_for(engine, "connect")
    def settle(connection: object, record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    metadata.create_all(engine)
    return Archive(engine, 1, folder / "files")


def main() -> int:
    """Print posts a second and milliseconds a question, beside what is to be reached."""
    if not REAL.exists():
        print(f"skipped: there is no {REAL.name} beside this checkout (../shared/data/forum)")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        archive = opened(Path(folder))
        start = time.perf_counter()
        report = archive.import_path(REAL, public="all")
        took = time.perf_counter() - start
        rate = report.posts / took
        print(f"{'import from file':28} {rate:8.0f} posts/s   {rate / POSTS_PER_SECOND:5.2f} × the goal")
        start = time.perf_counter()
        indexed = archive.lexical.catch_up()
        took = time.perf_counter() - start
        print(f"{'index of words':28} {indexed / took:8.0f} posts/s   {indexed / took / rate:5.2f} × the import")
        public = archive.audience_public()
        waits = []
        for topic in archive.topics(public, limit=300):
            opening = archive.posts_of_topic(topic.id)[:1]
            draft = topic.title + "\n" + (opening[0].text if opening else "")
            start = time.perf_counter()
            archive.search(draft, public, mode="lexical", before=topic.created_at)
            waits.append((time.perf_counter() - start) * 1000)
        waits.sort()
        half, most = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
        print(f"{'a whole draft, by words':28} p50 {half:5.1f} ms   p95 {most:5.1f} ms")
    return 0
