"""Whoever keeps an index of his own follows the memory by what changed, and never reads all of it again."""

import random
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from connector.archive import Archive
from connector.archive.tables import metadata
from connector.records import StoredPost
from tests.archive.test_replay import Patient, events
from tests.archive.world import World
from tests.recorded import BOT
from tests.recorded.forum import recorded_forum


class Follower:
    """Keeps every post that all members may read, by nothing but the changes."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.generation = -1
        self.held: dict[int, tuple[StoredPost, str]] = {}
        self.given = 0

    def follow(self) -> None:
        changes = self.archive.changed_since(self.generation, self.archive.audience_public())
        if changes.anew:
            self.held.clear()
        for number in changes.gone:
            self.held.pop(number, None)
        for one in changes.posts:
            self.held[one.post.id] = (one.post, one.title)
            self.given += 1
        self.generation = changes.generation

    def told(self) -> dict[int, tuple[str, int | None, int, str]]:
        return {key: (post.text, post.user_id, post.topic_id, title) for key, (post, title) in self.held.items()}

    def truth(self) -> dict[int, tuple[str, int | None, int, str]]:
        archive = self.archive
        titles = {topic.id: topic.title for topic in archive.topics(archive.audience_public(), limit=10_000)}
        posts = archive.all_posts(archive.audience_public())
        return {post.id: (post.text, post.user_id, post.topic_id, titles[post.topic_id]) for post in posts}


@pytest.mark.parametrize("seed", range(6))
def test_what_changed_is_all_there_is_to_know(seed: int, tmp_path: Path) -> None:
    """A running forum's deliveries in any order, looked at now and then: what was followed is what is readable now."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    archive, forum, chance = Archive(engine, 1, tmp_path, bots=[BOT]), Patient(recorded_forum()), random.Random(seed)
    follower = Follower(archive)
    for event in chance.sample(events(), len(events())):
        archive.apply(event, forum)
        if chance.random() < 0.1:
            follower.follow()
            assert follower.told() == follower.truth()
    for member in chance.sample([member.id for member in archive.members() if member.id > 0], 2):
        archive.erase_member(member)
        follower.follow()
        assert follower.told() == follower.truth()
        assert member not in {author for _, author, _, _ in follower.told().values()}


def test_of_an_unchanged_memory_nothing_is_told_again(archive: Archive, world: World) -> None:
    """Of forty posts only the one that was edited comes again; after a restored backup everything is told anew."""
    world.topic(1, "Vidanger la pompe", 5, 2, "Comment vidanger la pompe du bassin ?")
    for number in range(200, 240):
        world.post(number, 1, 3, f"Réponse {number} à propos de la pompe")
    archive.apply(world.topic_event(1, "topic_created"), world.forum())
    follower = Follower(archive)
    follower.follow()
    everything = follower.given
    assert everything > 20
    world.posts[210] |= {"cooked": "<p>Il fallait couper le courant.</p>"}
    archive.apply(world.post_event(210, "post_edited"), world.forum())
    follower.follow()
    assert follower.given == everything + 1
    assert follower.told()[210][0] == "Il fallait couper le courant."
    follower.generation += 1_000
    follower.follow()
    assert follower.given == 2 * everything + 1
    assert follower.told() == follower.truth()
