"""With every web hook lost, the memory follows the forum all the same, within twelve requests a minute."""

from pathlib import Path

from connector.archive import Archive
from connector.archive.reconcile import PER_MINUTE
from tests.archive.world import World


def minutes(archive: Archive, world: World, count: int) -> int:
    """Let so many minutes pass; the most requests of one minute."""
    most = 0
    for _ in range(count):
        before = len(world.asked)
        archive.reconcile(world.forum())
        most = max(most, len(world.asked) - before)
        world.clock.forward(minutes=1)
    return most


def grown(world: World, count: int = 40) -> None:
    for number in range(1, count + 1):
        world.topic(number, f"Sujet {number}", 5 + number % 2, 2 + number % 3, f"Le texte du sujet {number}")
        world.clock.forward(hours=1)


def state(archive: Archive) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    public = archive.audience_public()
    told = sorted((topic.id, topic.title) for topic in archive.topics(public, limit=1000))
    return told, sorted((post.id, post.text) for post in archive.all_posts(public))


def test_the_memory_converges_without_any_web_hook(archive: Archive, world: World) -> None:
    """New posts and closed rooms within 10 minutes, edits and deletions of this week within 2 hours, in the budget."""
    grown(world)
    archive.import_forum(world.forum())
    assert len(state(archive)[0]) == 40
    minutes(archive, world, 5)

    world.topic(99, "Tout nouveau", 5, 2, "Une question toute fraîche")
    world.post(990, 4, 4, "Une réponse dans un sujet ancien")
    world.rooms[6]["read_restricted"] = True
    most = minutes(archive, world, 10)
    told = state(archive)
    assert (99, "Tout nouveau") in told[0]
    assert (990, "Une réponse dans un sujet ancien") in told[1]
    assert not any(number % 2 for number, _ in told[0] if number <= 40)
    assert most <= PER_MINUTE

    world.posts[3801]["cooked"] = "<p>Corrigé depuis</p>"
    del world.topics[36]
    world.topics[40]["title"] = "Un autre titre"
    most = minutes(archive, world, 120)
    told = state(archive)
    assert (3801, "Corrigé depuis") in told[1]
    assert (40, "Un autre titre") in told[0]
    assert 36 not in dict(told[0])
    assert most <= PER_MINUTE


def test_what_is_old_is_read_again_within_one_sweep(archive: Archive, world: World) -> None:
    """An edit in a topic nobody wrote in for months is seen within the sweep, whose length can be shown."""
    grown(world, 30)
    archive.import_forum(world.forum())
    world.clock.forward(days=60)
    world.posts[101]["cooked"] = "<p>Relu et corrigé</p>"
    length = archive.sweep()
    assert length.topics == 30
    assert 0 < length.length.total_seconds() < 3600
    minutes(archive, world, int(length.length.total_seconds() // 60) + 16)
    assert (101, "Relu et corrigé") in state(archive)[1]


def test_a_restart_goes_on_where_it_stopped(world: World, tmp_path: Path, archive: Archive) -> None:
    """What was asked lately is not asked again because a process began anew."""
    grown(world, 3)
    archive.import_forum(world.forum())
    archive.reconcile(world.forum())
    world.asked.clear()
    again = Archive(archive._store.engine, 1, tmp_path / "files", clock=world.clock)
    again.reconcile(world.forum())
    assert not [one for one in world.asked if "categories" in one or "posts.json" in one]


def test_the_history_of_a_forum_is_read_once(archive: Archive, world: World) -> None:
    """Importing from the forum a second time reads what is new, and nothing else."""
    grown(world, 35)
    first = archive.import_forum(world.forum())
    assert (first.read, first.finished) == (35, True)
    world.topic(99, "Depuis", 5, 2, "Un sujet depuis lors")
    second = archive.import_forum(world.forum())
    assert second.read == 1
    assert len(state(archive)[0]) == 36


def test_a_member_anonymised_unheard_is_noticed(archive: Archive, world: World) -> None:
    """Nobody tells when a member is anonymised; his made-up name does, within the round over all members."""
    world.topic(1, "Une question", 5, 3, "Des mots de Bruno dans ce sujet")
    archive.import_forum(world.forum())
    minutes(archive, world, 1)
    world.people[3] = {"id": 3, "username": "anon98765432", "name": ""}
    world.posts[101] |= {"username": "anon98765432", "name": ""}
    minutes(archive, world, 10)
    assert archive.member(3) is None
    assert archive.member_named("bruno") is None
