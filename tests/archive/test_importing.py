"""History from files: nothing is lost, nothing twice, and nothing opened that nobody said is open."""

import gzip
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from connector.archive import Archive
from connector.archive.importing import Imported
from tests.archive.world import World

REAL = Path(__file__).parents[3] / "shared" / "data" / "forum" / "urho3d-topics.jsonl.gz"


def document(number: int, room: int = 5, posts: int = 2, stream: int | None = None) -> dict[str, Any]:
    """A topic as `/t/{id}.json` serves it; `stream` larger than `posts` means that the rest did not come along."""
    ids = [number * 100 + place for place in range(1, (stream or posts) + 1)]
    told = [
        {"id": one, "topic_id": number, "post_number": place, "user_id": 2 + place % 3, "username": f"m{2 + place % 3}",
         "created_at": f"2025-01-{number % 27 + 1:02d}T0{place % 9}:00:00Z", "cooked": f"<p>Mots {number} {place}</p>"}
        for place, one in enumerate(ids[:posts], start=1)
    ]  # fmt: skip
    return {
        "id": number, "title": f"Sujet {number}", "category_id": room, "archetype": "regular",
        "created_at": "2025-01-01T00:00:00Z", "posts_count": len(ids), "post_stream": {"posts": told, "stream": ids},
    }  # fmt: skip


def jsonl(path: Path, lines: list[str]) -> Path:
    if path.suffix == ".gz":
        with gzip.open(path, "wt", encoding="utf-8") as stream:
            stream.write("\n".join(lines))
    else:
        path.write_text("\n".join(lines), encoding="utf-8")
    return path


def held(archive: Archive) -> list[int]:
    return sorted(topic.id for topic in archive.topics(archive.audience_public()))


@pytest.mark.parametrize("kind", ["folder", "zip", "jsonl", "jsonl.gz"])
def test_every_kind_of_file_is_read(archive: Archive, tmp_path: Path, kind: str) -> None:
    """A folder of documents, a zip, lines, packed lines: the same memory, counted while it grows."""
    documents = [document(number) for number in (1, 2, 3)]
    path = tmp_path / f"history.{kind}"
    if kind == "folder":
        path.mkdir()
        for one in documents:
            (path / f"{one['id']}.json").write_text(json.dumps(one))
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as packed:
            for one in documents:
                packed.writestr(f"t/{one['id']}.json", json.dumps(one))
    else:
        jsonl(path, [json.dumps(one) for one in documents])
    seen: list[int] = []
    report = archive.import_path(path, public="all", progress=lambda now: seen.append(now.posts))
    assert (report.topics, report.posts, report.skipped.total()) == (3, 6, 0)
    assert held(archive) == [1, 2, 3]
    assert seen[-1] == 6
    assert archive.import_path(path, public="all").topics == 0


def test_a_broken_line_is_named_and_the_rest_imported(archive: Archive, tmp_path: Path) -> None:
    """Lines that are no JSON, no topic, a message or deleted are counted with the reason; broken ones by their line."""
    message = {**document(7), "archetype": "private_message"}
    gone = {**document(8), "deleted_at": "2025-02-02T00:00:00Z"}
    lines = [
        json.dumps(document(1)),
        '{"id": 2, "ti',
        json.dumps(message),
        "[]",
        json.dumps(gone),
        json.dumps(document(3)),
    ]
    report = archive.import_path(jsonl(tmp_path / "history.jsonl", lines), public="all")
    assert held(archive) == [1, 3]
    assert report.problems == [("history.jsonl", 2, "not JSON"), ("history.jsonl", 4, "no topic document")]
    assert dict(report.skipped) == {
        "not JSON": 1, "no topic document": 1, "private message": 1, "deleted topic": 1,
    }  # fmt: skip


def test_a_cut_file_is_read_as_far_as_it_goes(archive: Archive, tmp_path: Path) -> None:
    """A packed file that breaks off says where; what was read stays."""
    whole = jsonl(tmp_path / "whole.jsonl.gz", [json.dumps(document(number)) for number in range(1, 400)])
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(whole.read_bytes()[:-200])
    report = archive.import_path(cut, public="all")
    assert report.topics > 100
    assert [problem[2] for problem in report.problems][-1].startswith(("cannot be read from here on", "not JSON"))


def test_rooms_are_closed_until_somebody_says_they_are_open(archive: Archive, world: World, tmp_path: Path) -> None:
    """Files do not say who may read: only numbers are kept, until an admin or the forum itself says it."""
    path = jsonl(tmp_path / "history.jsonl", [json.dumps(document(1, room=5)), json.dumps(document(2, room=8))])
    report = archive.import_path(path)
    assert (report.topics, report.ids_only, held(archive)) == (0, 2, [])
    report = archive.import_path(path, public=[8])
    assert (report.topics, report.ids_only, held(archive)) == (1, 1, [2])
    archive.refresh_categories(world.forum())
    assert held(archive) == []
    assert archive.import_path(path).topics == 1
    assert held(archive) == [1]


def test_an_import_that_was_stopped_goes_on(archive: Archive, tmp_path: Path) -> None:
    """Stopped in the middle, a second run reads only the rest, and nothing is there twice."""
    path = jsonl(tmp_path / "history.jsonl", [json.dumps(document(number)) for number in range(1, 351)])

    class StoppedError(Exception):
        pass

    def stop(report: Imported) -> None:
        if report.topics >= 200:
            raise StoppedError

    with pytest.raises(StoppedError):
        archive.import_path(path, public="all", progress=stop)
    report = archive.import_path(path, public="all")
    assert report.topics == 150
    assert len(archive.topics(archive.audience_public(), limit=1000)) == 350


def test_an_incomplete_topic_is_completed_by_the_forum(archive: Archive, world: World, tmp_path: Path) -> None:
    """A document with 20 of 50 posts counts as incomplete, and is whole once a forum is connected."""
    world.topic(1, "Un long sujet", 5, 2, "Le début de la discussion")
    for number in range(49):
        world.post(200 + number, 1, 3, f"Réponse {number}")
    told = document(1, posts=20, stream=50)
    told["post_stream"]["stream"] = sorted(world.posts)
    for one, number in zip(told["post_stream"]["posts"], sorted(world.posts), strict=False):
        one["id"] = number
    report = archive.import_path(jsonl(tmp_path / "history.jsonl", [json.dumps(told)]), public="all")
    topic = archive.topic(1)
    assert (report.incomplete, topic is not None and topic.complete) == (1, False)
    for _ in range(3):
        archive.reconcile(world.forum())
    topic = archive.topic(1)
    assert topic is not None
    assert topic.complete
    assert len(archive.posts_of_topic(1)) == 50


def test_a_file_never_overrules_the_forum(archive: Archive, world: World, tmp_path: Path) -> None:
    """What the forum said since, or deleted, is not undone by an old file."""
    world.topic(1, "Le titre d'aujourd'hui", 5, 2, "Les mots d'aujourd'hui")
    archive.apply(world.topic_event(1), world.forum())
    world.topic(2, "Supprimé", 5, 2, "Des mots supprimés")
    archive.apply(world.topic_event(2), world.forum())
    del world.topics[2]
    archive.apply(world.topic_event(2, "topic_destroyed", category_id=5), world.forum())
    path = jsonl(tmp_path / "old.jsonl", [json.dumps(document(1)), json.dumps(document(2))])
    report = archive.import_path(path, public="all")
    assert dict(report.skipped) == {"the forum told it since": 1, "deleted since": 1}
    topic = archive.topic(1)
    assert topic is not None
    assert topic.title == "Le titre d'aujourd'hui"


@pytest.mark.parametrize(("name", "error"), [("nowhere", FileNotFoundError), ("notes.txt", ValueError)])
def test_what_cannot_be_imported_is_said_before_anything_is_done(
    archive: Archive, tmp_path: Path, name: str, error: type[Exception]
) -> None:
    """A path that is not there, or of another kind, is refused with its name."""
    (tmp_path / "notes.txt").write_text("rien")
    with pytest.raises(error, match=name):
        archive.import_path(tmp_path / name, public="all")


def test_a_real_forum_is_imported(tmp_path: Path, world: World) -> None:
    """The real archive comes in whole, without errors, and its questions are found by their words."""
    if not REAL.exists():
        pytest.skip("the real forum's archive is not beside this checkout (../shared/data)")
    from tests.archive.world import archive_in

    with gzip.open(REAL, "rt", encoding="utf-8") as stream:
        lines = [line.rstrip("\n") for _, line in zip(range(250), stream, strict=False)]
    with archive_in(tmp_path, world) as archive:
        start = time.perf_counter()
        report = archive.import_path(jsonl(tmp_path / "real.jsonl", lines), public="all")
        assert (report.topics, report.skipped.total(), report.incomplete) == (250, 0, 0)
        assert time.perf_counter() - start < 60
        first = json.loads(lines[0])
        hits = archive.search(first["title"], archive.audience_public(), mode="lexical").hits
        assert first["id"] in [hit.topic_id for hit in hits]


def test_a_quote_leaves_a_link_to_its_topic_and_no_word(archive: Archive, tmp_path: Path) -> None:
    """Of what a post quotes from another topic the address is kept, of what it quotes from its own topic nothing."""
    quoting = document(7)
    quote = (
        '<aside class="quote" data-username="m3" data-topic="{}" data-post="2"><blockquote>Secret</blockquote></aside>'
    )
    quoting["post_stream"]["posts"][1]["cooked"] = f"{quote.format(4)}{quote.format(7)}<p>Voir ci-dessus</p>"
    archive.import_path(jsonl(tmp_path / "topics.jsonl", [json.dumps(quoting)]), public="all")
    post = archive.posts_of_topic(7)[1]
    assert (post.text, post.links) == ("Voir ci-dessus", ("/t/4/2",))
