"""Looking for members who are gone costs requests like everything else, and stays within those of the minute."""

from connector.archive import Archive
from connector.archive.reconcile import PER_MINUTE
from tests.archive.world import World


def _minutes(archive: Archive, world: World, count: int) -> int:
    """Let so many minutes pass; the most requests of one."""
    most = 0
    for _ in range(count):
        before = len(world.asked)
        archive.reconcile(world.forum())
        most = max(most, len(world.asked) - before)
        world.clock.forward(minutes=1)
    return most


def _crowd(world: World, count: int) -> None:
    """Many members, each with three topics of his own."""
    for number in range(100, 100 + count):
        world.person(number, f"membre{number}")
        for place in range(3):
            world.topic(number * 10 + place, f"Sujet {place} de {number}", 5, number, f"Des mots du membre {number}")


def test_many_members_gone_at_once_are_found_within_the_budget(archive: Archive, world: World) -> None:
    """Twenty accounts were destroyed unheard: twelve requests a minute at most, and in the end none of them is left."""
    _crowd(world, 20)
    archive.import_forum(world.forum())
    for number in range(100, 120):
        del world.people[number]
        for place in range(3):
            del world.topics[number * 10 + place], world.posts[(number * 10 + place) * 100 + 1]
    assert _minutes(archive, world, 90) <= PER_MINUTE
    assert [one.id for one in archive.members() if one.id >= 100] == []
    assert sorted(archive.erased_unheard()) == list(range(100, 120))


def test_a_member_whom_the_forum_hides_stays(archive: Archive, world: World) -> None:
    """No card and no profile, but his posts stand: hidden or inactive, he keeps his words, and is left alone a day."""
    _crowd(world, 2)
    archive.import_forum(world.forum())
    del world.people[100]
    assert _minutes(archive, world, 60) <= PER_MINUTE
    assert archive.member(100) is not None
    assert len(archive.posts_of_member(100, archive.audience_public())) == 3
    world.asked.clear()
    _minutes(archive, world, 60)
    assert not [one for one in world.asked if "/u/membre100" in one]
    world.clock.forward(hours=24)
    _minutes(archive, world, 10)
    assert [one for one in world.asked if "/u/membre100" in one]


def test_who_comes_back_to_the_cards_is_no_longer_looked_for(archive: Archive, world: World) -> None:
    """A member missing for a while and there again loses nothing."""
    _crowd(world, 1)
    archive.import_forum(world.forum())
    person = world.people.pop(100)
    _minutes(archive, world, 2)
    world.people[100] = person
    _minutes(archive, world, 30)
    assert archive.erased_unheard() == []
    assert len(archive.posts_of_member(100, archive.audience_public())) == 3
