"""A database restored from a backup beside index files of another time, or beside none."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.webhooks.place import Place
from webhooks.worker import Worker


def _gone(files: Path) -> None:
    shutil.rmtree(files)


def _broken(files: Path) -> None:
    for one in files.rglob("meta.json"):
        one.write_text("{")


def _as_they_were(files: Path) -> None:
    """They stay as the time after the backup left them."""


@pytest.mark.parametrize("files_are", [_gone, _broken, _as_they_were])
def test_after_a_restore_search_finds_what_the_database_holds(
    tmp_path: Path, files_are: Callable[[Path], None]
) -> None:
    """The worker makes index files anew that are missing, broken or of another time: no command is needed."""
    with Place(tmp_path) as place:
        archive = place.service.archive
        lea = place.forum.as_member("lea")
        kept = lea.topic("general", "Tailler un vieux pommier", "Un zqpommier de dix ans, par où commencer ?")
        place.settle()
        place.service.database.engine.dispose()
        backup = (tmp_path / "passerelle.db").read_bytes()
        lea.topic("general", "Planter des poireaux en mars", "Des zqpoireaux, faut-il les habiller avant ?")
        place.settle()
        place.service.database.engine.dispose()
        for one in tmp_path.glob("passerelle.db*"):
            one.unlink()
        (tmp_path / "passerelle.db").write_bytes(backup)
        files_are(tmp_path / "archive" / "site-1")
        # Life goes on after the restore, with other things than before.
        place.forum.faults.lose_hooks = True
        Worker(place.service).archive.mend_indexes()

        def found(word: str) -> list[int]:
            result = archive.search(word, archive.audience_public(), mode="lexical")
            return [hit.topic_id for hit in result.hits]

        assert found("zqpommier") == [kept]
        assert archive.lexical.is_whole()
        assert found("zqpoireaux") == []


def test_an_index_that_lacks_posts_is_noticed(tmp_path: Path) -> None:
    """An index that says it is up to date and is not: the worker's next start makes it anew."""
    with Place(tmp_path) as place:
        archive = place.service.archive
        topic = place.ask("How do I graft a zqquince onto a hawthorn?")
        place.settle()
        current = next((tmp_path / "archive").rglob("current.json"))
        other = place.ask("When do I sow zqparsnips in a cold garden?")
        stale = {path: path.read_bytes() for path in current.parent.rglob("*") if path.is_file()}
        place.settle()
        told = current.read_text()
        shutil.rmtree(current.parent)
        for path, content in stale.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        current.write_text(told)
        place.service.close()

        again = Worker(place._service())
        again.run_until_idle()

        held = again.archive.search("zqparsnips", again.archive.audience_public(), mode="lexical").hits
        assert [hit.topic_id for hit in held] == [other]
        assert (
            again.archive.search("zqquince", again.archive.audience_public(), mode="lexical").hits[0].topic_id == topic
        )
        assert archive.lexical.is_whole()
        again.service.close()
