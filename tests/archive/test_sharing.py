"""One memory for many threads and processes, and after a restored backup."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from connector.archive import Archive
from tests.archive.world import World, archive_in, engine_at


def test_eight_readers_ask_while_the_worker_writes(world: World, tmp_path: Path) -> None:
    """Searches never fail and always find what was there before they began, while topics come and the index grows."""
    engine = engine_at(tmp_path / "memory.sqlite")
    with archive_in(tmp_path, world, engine) as worker:
        world.topic(1, "La pompe", 5, 2, "Ma pompe ne pompe plus depuis hier")
        worker.apply(world.topic_event(1), world.forum())
        worker.catch_up()
        readers = Archive(engine, 1, tmp_path / "files", clock=world.clock, writes=False)
        over = threading.Event()

        def ask(_: int) -> int:
            asked = 0
            while not over.is_set() or not asked:
                hits = readers.search("pompe", readers.audience_public(), limit=100).hits
                assert 1 in {hit.topic_id for hit in hits}
                asked += 1
            return asked

        with ThreadPoolExecutor(8) as pool:
            asking = pool.map(ask, range(8))
            try:
                for number in range(2, 14):
                    world.topic(number, f"Pompe {number}", 5, 3, f"Une autre pompe, la {number}e")
                    worker.apply(world.topic_event(number), world.forum())
                    worker.catch_up()
            finally:
                over.set()
            assert all(list(asking))
        found = readers.search("pompe", readers.audience_public(), limit=100).hits
        assert {hit.topic_id for hit in found} == set(range(1, 14))


def test_after_a_restored_backup_the_index_is_made_anew(world: World, tmp_path: Path) -> None:
    """An index that is ahead of the database it stands beside is not believed: what the backup holds is found."""
    with archive_in(tmp_path, world) as archive:
        world.topic(1, "La pompe", 5, 2, "Ma pompe ne pompe plus depuis hier")
        archive.apply(world.topic_event(1), world.forum())
        archive.catch_up()
        current = next((tmp_path / "files").rglob("current.json"))
        told = json.loads(current.read_text())
        # As it stands after the files outlived the database: a generation that this database has not reached.
        current.write_text(json.dumps({**told, "generation": told["generation"] + 1_000}))
        world.topic(2, "Le filtre", 5, 2, "Le filtre est percé")
        archive.apply(world.topic_event(2), world.forum())
        archive.catch_up()
        hits = archive.search("filtre", archive.audience_public()).hits
        assert [hit.topic_id for hit in hits] == [2]
