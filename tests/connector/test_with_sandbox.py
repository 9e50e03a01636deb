"""Every verb against a living forum over HTTP: what is written can be read, every fault is told for what it is."""

from collections.abc import Iterator

import pytest

from connector.client import Client, Unpaced
from connector.errors import ForumRefused, ForumUnavailable, ForumUnsure
from connector.forum import Forum
from connector.sandbox import SandboxServer
from connector.scopes import RUNTIME_SCOPES

RAW = "Bonjour, voici qui pourrait aider sur ce sujet."
TITLE = "Comment préparer la bascule de l'ERP ?"


class Place:
    """A small forum with two rooms, its bot, and our `Forum` on it."""

    def __init__(self, server: SandboxServer) -> None:
        self.server = server
        self.control = server.forum
        self.control.set(discourse_narrative_bot_enabled=False)
        for name, level in {"lea": 2, "max": 1, "passerelle": 2}.items():
            self.control.add_member(name, name=name.title(), trust_level=level)
        self.control.add_group("equipe", "lea")
        self.open = self.control.add_category("Outils & SI")
        self.closed = self.control.add_category("Fusion", permissions={"equipe": 1})
        self.question = self.control.as_member("lea").topic(self.open, TITLE, "Qui a déjà fait une bascule en juin ?")
        lea = self.control.as_member("lea")
        self.secret = lea.topic(self.closed, "Entre nous seulement", "CANARI-FUSION : le calendrier de la fusion.")
        self.forum = self.with_key(RUNTIME_SCOPES)

    def with_key(self, scopes: tuple[str, ...]) -> Forum:
        key = self.control.make_key("passerelle", scopes)
        return Forum(Client(self.server.url, "passerelle", key, pacer=Unpaced(), read_timeout=0.5))


@pytest.fixture
def place() -> Iterator[Place]:
    with SandboxServer(background_hooks=False) as server:
        yield Place(server)


def test_what_is_written_can_be_read(place: Place) -> None:
    """Reply, edit, message, topic, upload and deletion arrive, and reading tells them as they were written."""
    forum = place.forum
    reply = forum.send(forum.prepare_reply(place.question, RAW))
    assert reply.post_id is not None
    forum.send(forum.prepare_edit(reply.post_id, RAW + " Corrigé.", "précision"))
    topic = forum.topic(place.question)
    message = forum.send(forum.prepare_message(["lea"], "Qui a aidé là-dessus", RAW, external_id="m-1"))
    opened = forum.send(forum.prepare_topic(place.open, "La lettre de la semaine", RAW, external_id="lettre-1"))
    file = forum.send(forum.prepare_upload("courbe.png", b"\x89PNG\r\n\x1a\n", "image/png"))

    assert topic is not None
    assert topic.posts[-1].raw == RAW + " Corrigé."
    assert topic.posts[-1].username == "passerelle"
    assert opened.topic_id is not None
    assert opened.topic_id == forum.topic_id_by_external_id("lettre-1")
    assert file.facts["short_url"].startswith("upload://")
    assert message.topic_id is not None
    conversation = forum.topic(message.topic_id)
    assert conversation is not None
    assert conversation.is_private_message

    forum.send(forum.prepare_topic_edit(opened.topic_id, title="La lettre de cette semaine"))
    forum.send(forum.prepare_delete(reply.post_id))
    gone = forum.post(reply.post_id)
    retitled = forum.topic(opened.topic_id)
    assert gone is None or not gone.is_shown
    assert retitled is not None
    assert retitled.title == "La lettre de cette semaine"


def test_the_frame_of_a_forum_is_read(place: Place) -> None:
    """Rooms, members, groups, lists and latest posts come as models; a closed room and its topic do not come at all."""
    forum = place.forum
    lea = forum.member("lea")

    assert place.open in {one.id for one in forum.categories() if one.is_public}
    assert place.closed not in {one.id for one in forum.categories()}
    assert forum.topic(place.secret) is None
    assert lea is not None
    assert lea.trust_level == 2
    assert [one.username for one in forum.members_by_id([lea.id, 99_999])] == ["lea"]
    assert place.question in {one.id for one in forum.topics_page(0).topics}
    assert place.question in {one.id for one in forum.category_topics(place.open).topics}
    assert place.secret not in {one.id for one in forum.topics_page(0).topics}
    assert any(post.topic_id == place.question for post in forum.latest_posts())
    assert set(forum.scopes()) == set(RUNTIME_SCOPES)
    assert forum.about()["version"]
    assert forum.client_settings()["min_post_length"]
    assert [one.username for one in forum.group_members("equipe")] == ["lea"]


def test_a_long_topic_comes_whole(place: Place) -> None:
    """A topic of 130 posts is read whole and in order, across the requests it takes."""
    place.control.set(rate_limit_create_post=0, max_consecutive_replies=1000, unique_posts_mins=0)
    for number in range(129):
        name = "lea" if number % 2 else "max"
        place.control.as_member(name).reply(place.question, f"Réponse numéro {number} à cette question de bascule.")
    topic = place.forum.topic(place.question)

    assert topic is not None
    assert [post.post_number for post in topic.posts] == list(range(1, 131))
    assert all(post.raw for post in topic.posts)


def test_a_key_without_a_right_is_told_which_one(place: Place) -> None:
    """A key that may not write names the right it lacks; one that may not read never makes anything look deleted."""
    reader = place.with_key(("global:read",))
    with pytest.raises(ForumRefused, match="topics:write"):
        reader.send(reader.prepare_reply(place.question, RAW))
    writer = place.with_key(("topics:write",))
    with pytest.raises(ForumRefused, match="global:read"):
        writer.topic(place.question)


@pytest.mark.parametrize("kind", ["error_after", "cut_after", "html_after"])
def test_a_write_whose_answer_was_lost_is_made_once(place: Place, kind: str) -> None:
    """After a lost answer we are unsure; sending the very same bytes again makes no second post."""
    request = place.forum.prepare_reply(place.question, RAW)
    place.control.faults.add(kind, method="POST", path="/posts")
    with pytest.raises(ForumUnsure):
        place.forum.send(request)
    again = place.forum.send(request)

    made = [post for post in place.control.posts(place.question) if post["raw"] == RAW]
    assert [post["id"] for post in made] == [again.post_id]


@pytest.mark.parametrize("kind", ["too_many", "too_many_search", "too_many_address"])
def test_every_slow_down_is_surely_not_done(place: Place, kind: str) -> None:
    """A "slow down" of any shape leaves nothing behind and says when to come back."""
    place.control.faults.add(kind, method="POST", path="/posts")
    with pytest.raises(ForumUnavailable) as caught:
        place.forum.send(place.forum.prepare_reply(place.question, RAW))

    assert caught.value.retry_after is not None
    assert len(place.control.posts(place.question)) == 1


@pytest.mark.parametrize("kind", ["error_before", "html", "down", "cut_before"])
def test_a_forum_in_trouble_is_never_taken_for_an_empty_one(place: Place, kind: str) -> None:
    """While the forum answers errors, pages or nothing, reading says so; nothing looks deleted."""
    place.control.faults.add(kind, times=None)
    for read in (lambda: place.forum.topic(place.question), place.forum.categories, lambda: place.forum.member("lea")):
        with pytest.raises(ForumUnavailable):
            read()


def test_a_refusal_of_the_forum_is_final_and_explained(place: Place) -> None:
    """A text that is too short, and a second topic of the same external id, are refused with the forum's sentences."""
    forum = place.forum
    with pytest.raises(ForumRefused) as short:
        forum.send(forum.prepare_reply(place.question, "ok"))
    forum.send(forum.prepare_topic(place.open, "La lettre de la semaine", RAW, external_id="lettre-1"))
    with pytest.raises(ForumRefused) as taken:
        forum.send(forum.prepare_topic(place.open, "Une autre lettre encore", RAW + "!", external_id="lettre-1"))

    assert (short.value.status, taken.value.status) == (422, 422)
    assert short.value.errors
