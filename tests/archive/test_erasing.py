"""A member who leaves for good leaves no trace: tables, vectors, indexes, files, write-ahead log."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from connector.archive import Archive
from connector.archive.tables import tombstones
from tests.archive.world import World, archive_in, bytes_of, engine_at, everything

CANARY = "zorglubine"


@pytest.fixture
def written(world: World) -> World:
    """Member 9 wrote, was quoted, mentioned, and liked."""
    world.person(9, f"{CANARY}_9", f"Jeanne {CANARY}")
    world.topic(1, "Une question", 5, 2, "Qui sait réparer la pompe du fond ?")
    world.post(150, 1, 9, f"Moi, {CANARY}, je la répare avec du fil et de la patience")
    world.post(151, 1, 3, f"</p><aside class='quote'><blockquote>Moi, {CANARY}</blockquote></aside>"
               f"<p>Merci <a class='mention'>@{CANARY}_9</a> !")  # fmt: skip
    world.topic(2, f"Le sujet de {CANARY}_9", 5, 9, f"Un texte de {CANARY}")
    return world


@pytest.mark.parametrize("way", ["destroyed", "anonymised", "unheard"])
def test_no_byte_of_an_erased_member_is_left(written: World, tmp_path: Path, way: str) -> None:
    """Destroyed, anonymised, or gone without a word: after scrubbing no table, index, file or log holds him."""
    world, engine = written, engine_at(tmp_path / "memory.sqlite")
    with archive_in(tmp_path, world, engine) as archive:
        forum = world.forum()
        for number in (1, 2):
            archive.apply(world.topic_event(number, "topic_created"), forum)
        archive.apply(world.event("user_created", "user", dict(world.people[9])), forum)
        archive.catch_up()
        assert CANARY in everything(engine)
        assert CANARY.encode()[:5] in bytes_of(tmp_path)
        person = {"id": 9, "username": f"{CANARY}_9", "email": "x@example.org"}
        if way == "anonymised":
            # Discourse keeps the posts under a made-up name, and rewrites what others said of him.
            world.people[9] = {"id": 9, "username": "anon12345", "name": ""}
            for post in world.posts.values():
                post["cooked"] = post["cooked"].replace(f"@{CANARY}_9", "@anon12345")
            world.posts[150] |= {"username": "anon12345", "name": ""}
            person = {"id": 9, "username": "anon12345", "email": "anon12345@anonymized.invalid"}
            assert archive.apply(world.event("user_updated", "user", person), forum).erased == (9,)
        else:
            del world.people[9], world.topics[2], world.posts[150], world.posts[201]
            world.posts[151]["cooked"] = "<p>Merci !</p>"
            if way == "destroyed":
                assert archive.apply(world.event("user_destroyed", "user", person), forum).erased == (9,)
            for _ in range(3):
                archive.reconcile(forum, budget=40)
                world.clock.forward(hours=2)
        archive.scrub()
        assert archive.member(9) is None
        assert CANARY not in everything(engine).lower()
    engine.dispose()
    assert CANARY.encode() not in bytes_of(tmp_path).lower()
    assert CANARY.encode()[:7] not in bytes_of(tmp_path / "files").lower()


def test_an_erased_member_does_not_come_back(written: World, tmp_path: Path) -> None:
    """A late delivery about him, or a re-read of a topic he wrote in, brings nothing of him back."""
    world, engine = written, engine_at(tmp_path / "memory.sqlite")
    with archive_in(tmp_path, world, engine) as archive:
        archive.apply(world.topic_event(1, "topic_created"), world.forum())
        archive.erase_member(9)
        archive.apply(world.event("user_updated", "user", dict(world.people[9])), world.forum())
        archive.refresh_topic(1, world.forum())
        assert archive.member(9) is None
        post = archive.post(150)
        assert post is not None
        assert (post.user_id, post.text) == (None, "")
        with engine.connect() as conn:
            assert conn.execute(select(tombstones.c.final).where(tombstones.c.kind == "member")).scalars().all() == [
                True
            ]


def test_a_busy_database_is_scrubbed_later(written: World, tmp_path: Path) -> None:
    """While somebody else holds the file nothing fails; as soon as it is free, the last bytes go."""
    world = written
    with archive_in(tmp_path, world, engine_at(tmp_path / "memory.sqlite", timeout=0.05)) as archive:
        archive.apply(world.topic_event(1, "topic_created"), world.forum())
        archive.erase_member(9)
        other = sqlite3.connect(tmp_path / "memory.sqlite", isolation_level=None)
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM archive_posts").fetchone()
        assert not archive.scrub()
        other.execute("COMMIT")
        other.close()
        world.clock.forward(minutes=2)
        archive.catch_up()
    assert CANARY.encode() not in bytes_of(tmp_path).lower()


def test_who_is_found_gone_is_told_until_it_was_heard(written: World, tmp_path: Path) -> None:
    """Polling that ends badly right after an erasure, or a restart, loses nobody: the caller still hears of it."""
    world, engine = written, engine_at(tmp_path / "memory.sqlite")
    with archive_in(tmp_path, world, engine) as archive:
        archive.apply(world.topic_event(1, "topic_created"), world.forum())
        world.people[9] = {"id": 9, "username": "anon12345", "name": ""}
        for _ in range(3):
            archive.reconcile(world.forum(), budget=40)
            world.clock.forward(hours=2)
        again = Archive(engine, 1, tmp_path / "files", clock=world.clock)
        assert again.erased_unheard() == [9]
        again.heard_of(9)
        assert archive.erased_unheard() == []
