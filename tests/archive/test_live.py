"""What happens on the forum, told by a web hook or not, and what the memory then says."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from connector.archive import Archive
from connector.errors import ForumUnavailable
from tests.archive.world import START, World, everything


def told(archive: Archive, world: World, *numbers: int) -> None:
    for number in numbers:
        archive.apply(world.topic_event(number, "topic_created"), world.forum())


def found(archive: Archive, words: str) -> list[int]:
    return [hit.topic_id for hit in archive.search(words, archive.audience_public(), mode="lexical").hits]


def test_a_question_and_its_answer_are_remembered(archive: Archive, world: World) -> None:
    """A topic and a reply are held with their author's own words, and found by them."""
    world.topic(1, "Vidanger la pompe", 5, 2, "Comment vidanger la pompe du bassin sans démonter le filtre ?")
    told(archive, world, 1)
    world.clock.forward(hours=3)
    world.post(150, 1, 3, 'Il suffit d\'ouvrir la vanne.</p><aside class="quote"><blockquote>sans démonter'
               "</blockquote></aside><pre><code>vanne --ouvrir</code></pre><p>")  # fmt: skip
    archive.apply(world.post_event(150), world.forum())
    reply = archive.post(150)
    assert reply is not None
    assert (reply.text, reply.code) == ("Il suffit d'ouvrir la vanne.", "vanne --ouvrir")
    assert archive.topics(archive.audience_public(), unanswered=True) == []
    assert found(archive, "ouvrir les vannes") == [1]
    member = archive.member_named("AMELIE")
    assert member is not None
    assert (member.id, member.lang) == (2, "fr")


@pytest.mark.parametrize("fate", ["deleted", "unlisted", "restricted room", "message"])
def test_a_topic_that_closes_is_in_no_answer_any_more(
    archive: Archive, world: World, engine: Engine, fate: str
) -> None:
    """Deleted, unlisted, moved to a restricted room or made a message: gone from lists, posts and search at once."""
    world.topic(1, "Le code du portail", 5, 2, "Le portail s'ouvre avec le code CANARI quatre fois.")
    told(archive, world, 1)
    assert found(archive, "portail") == [1]
    if fate == "deleted":
        del world.topics[1]
    else:
        world.topics[1] |= {
            "unlisted": {"visible": False},
            "restricted room": {"category_id": 8},
            "message": {"archetype": "private_message", "category_id": None},
        }[fate]
    archive.apply(world.topic_event(1), world.forum())
    public = archive.audience_public()
    assert found(archive, "portail") == []
    assert list(archive.all_posts(public)) == []
    assert archive.topics(public) == []
    assert archive.posts_of_topic(1) == []
    assert archive.posts_of_member(2, public) == []
    if fate != "unlisted":
        assert "CANARI" not in everything(engine)


@pytest.mark.parametrize("more", [{"hidden": True}, {"user_deleted": True}, {"post_type": 4}, {"post_type": 3}])
def test_hidden_withdrawn_and_whispered_words_are_not_kept(
    archive: Archive, world: World, engine: Engine, more: dict[str, object]
) -> None:
    """A post hidden by flags, withdrawn by its author, whispered, or a mere small action leaves no words."""
    world.topic(1, "Une question simple", 5, 2, "Qui connaît cette machine dans l'atelier ?")
    world.post(150, 1, 3, "CANARI des mots que personne ne doit relire")
    told(archive, world, 1)
    assert found(archive, "relire") == [1]
    world.posts[150] |= more
    archive.apply(world.post_event(150, "post_edited"), world.forum())
    assert "CANARI" not in everything(engine)
    assert found(archive, "relire") == []


def test_a_room_that_closes_takes_its_words_with_it_at_once(archive: Archive, world: World, engine: Engine) -> None:
    """When a category becomes restricted, one event purges all its topics; when it opens again they are read anew."""
    world.topic(1, "Dans la salle", 6, 2, "CANARI ce que la salle a dit")
    told(archive, world, 1)
    world.rooms[6]["read_restricted"] = True
    archive.apply(world.event("category_updated", "category", world.rooms[6]), world.forum())
    assert "CANARI" not in everything(engine)
    assert archive.audience_of_topic(1).classes == frozenset()
    world.rooms[6]["read_restricted"] = False
    archive.apply(world.event("category_updated", "category", world.rooms[6]), world.forum())
    archive.reconcile(world.forum())
    assert found(archive, "salle") == [1]


def test_a_restricted_room_is_kept_only_when_opted_in_and_for_its_groups(archive: Archive, world: World) -> None:
    """Nothing of a restricted room is kept; once an admin lets it in, only the groups he named find it."""
    world.topic(1, "Entre nous", 8, 2, "Ce que l'équipe se raconte le vendredi")
    told(archive, world, 1)
    assert archive.topic(1) is None
    archive.opt_in(8, ["equipe"])
    archive.reconcile(world.forum())
    insiders = archive.audience_for(["equipe"], member_id=2)
    assert insiders.classes == {"public", "cat:8"}
    assert [hit.topic_id for hit in archive.search("vendredi", insiders, mode="lexical").hits] == [1]
    for outsiders in (archive.audience_public(), archive.audience_for(["autres"]), archive.audience_anonymous()):
        assert archive.search("vendredi", outsiders, mode="lexical").hits == ()
        assert list(archive.all_posts(outsiders)) == []
    narrowed = {**world.rooms[8], "group_permissions": [{"group_name": "direction", "permission_type": 1}]}
    archive.apply(world.event("category_updated", "category", narrowed), world.forum())
    assert archive.audience_for(["equipe"]).classes == {"public"}
    archive.opt_out(8)
    assert archive.search("vendredi", insiders, mode="lexical").hits == ()


def test_an_anonymous_reader_gets_nothing_where_login_is_required(archive: Archive, world: World) -> None:
    """Until the forum says that it is open to everybody, who is not logged in finds nothing anywhere."""
    world.topic(1, "Un sujet public", 5, 2, "Des mots que les membres lisent")
    told(archive, world, 1)
    assert archive.audience_anonymous().classes == frozenset()
    archive.refresh_categories(world.forum())
    assert [hit.topic_id for hit in archive.search("mots", archive.audience_anonymous(), mode="lexical").hits] == [1]
    world.login_required = True
    archive.refresh_categories(world.forum())
    assert archive.search("mots", archive.audience_anonymous(), mode="lexical").hits == ()


def test_a_moved_post_is_followed(archive: Archive, world: World) -> None:
    """A post split into a new topic, of which no web hook tells, is found in its new place."""
    world.topic(1, "Le premier sujet", 5, 2, "Une longue discussion sur les rosiers")
    world.post(150, 1, 3, "Et au fait, qui vend des tondeuses ?")
    told(archive, world, 1)
    world.topics[28] = {**world.topics[1], "id": 28, "title": "Les tondeuses"}
    world.posts[150] |= {"topic_id": 28, "post_number": 1}
    world.post(151, 1, 2, "Un message a été déplacé", post_type=3, action_code="split_topic")
    archive.apply(world.post_event(151), world.forum())
    assert found(archive, "tondeuses") == [28]
    assert [post.id for post in archive.posts_of_topic(1)] == [101]


def test_messages_are_dropped_and_ours_leave_only_ids(archive: Archive, world: World, engine: Engine) -> None:
    """Of a private message nothing is kept; of one that our outbox opened, who wrote and when, and no word."""
    for number in (40, 41):
        world.topic(number, "CANARI titre", 5, 2, "CANARI texte", archetype="private_message")
        world.topics[number]["category_id"] = None
    archive.opened_conversation(41, START)
    for number in (40, 41):
        archive.apply(world.topic_event(number, "topic_created"), world.forum())
        archive.apply(world.post_event(number * 100 + 1), world.forum())
    rows = everything(engine)
    assert "CANARI" not in rows
    assert "4101" in rows
    assert "4001" not in rows
    assert not any("/t/40" in asked for asked in world.asked)


def test_a_renamed_member_is_the_same_member(archive: Archive, world: World) -> None:
    """A new name replaces the old one, whichever event comes late."""
    told_before = world.event("user_updated", "user", dict(world.people[3]))
    archive.apply(told_before, world.forum())
    world.people[3]["username"] = "bruno.petit"
    archive.apply(world.event("user_updated", "user", dict(world.people[3])), world.forum())
    archive.apply(told_before, world.forum())
    assert archive.member_named("bruno") is None
    renamed = archive.member_named("bruno.petit")
    assert renamed is not None
    assert renamed.id == 3


@pytest.mark.parametrize(
    "answer",
    [
        (503, {"Content-Type": "application/json"}, b'{"errors": ["read only"], "error_type": "read_only"}'),
        (502, {"Content-Type": "text/html"}, b"<html>bad gateway</html>"),
        (200, {"Content-Type": "text/html"}, b"<html>please log in</html>"),
    ],
)
def test_a_forum_that_does_not_answer_changes_nothing(
    archive: Archive, world: World, engine: Engine, answer: tuple[int, dict[str, str], bytes]
) -> None:
    """Forum down, read-only, or answering HTML: the memory stays as it was, and the caller hears why."""
    world.topic(1, "Un sujet", 5, 2, "Des mots qui doivent rester")
    told(archive, world, 1)
    before = everything(engine)
    world.broken = answer
    with pytest.raises(ForumUnavailable):
        archive.apply(world.topic_event(1), world.forum())
    with pytest.raises(ForumUnavailable):
        archive.reconcile(world.forum())
    assert everything(engine) == before


def test_likes_are_counted_by_the_forum_and_named_by_events(archive: Archive, world: World) -> None:
    """Repeated deliveries of one like count once; a like taken back is gone."""
    world.topic(1, "Un sujet aimé", 5, 2, "Des mots qui plaisent à tout le monde")
    told(archive, world, 1)
    world.posts[101]["actions_summary"] = [{"id": 2, "count": 1}]
    post = {**world.posts[101], "topic_archetype": "regular", "category_id": 5}
    like = world.event("post_liked", "like", {"post": post, "user": {"id": 3, "username": "bruno"}})
    for _ in range(3):
        archive.apply(like, world.forum())
    liked = archive.post(101)
    assert liked is not None
    assert (liked.like_count, archive.likers(101)) == (1, [3])
    world.posts[101]["actions_summary"] = []
    archive.apply(world.topic_event(1), world.forum())
    assert archive.likers(101) == []


def test_bots_do_not_answer_questions(archive: Archive, world: World) -> None:
    """A reply of the forum's own bots or of ours leaves a question unanswered."""
    world.person(10, "passerelle")
    world.topic(1, "Qui sait cela ?", 5, 2, "Une vraie question sans réponse humaine")
    world.post(150, 1, 10, "Des gens qui ont aidé à ce sujet")
    world.post(151, 1, -1, "Ce sujet a été rouvert")
    told(archive, world, 1)
    assert [one.id for one in archive.topics(archive.audience_public(), unanswered=True)] == [1]


def test_two_sites_share_a_database_and_nothing_else(world: World, engine: Engine, tmp_path: Path) -> None:
    """Several forums live in one installation; none sees a word of another."""
    one = Archive(engine, 1, tmp_path / "files")
    other = Archive(engine, 2, tmp_path / "files")
    world.topic(1, "Chez le premier", 5, 2, "Des mots du premier forum")
    told(one, world, 1)
    assert found(one, "premier") == [1]
    assert found(other, "premier") == []
    assert other.topic(1) is None


def test_a_picture_alone_is_an_answer_without_words(archive: Archive, world: World) -> None:
    """Who answers with a screenshot has answered; no made-up words stand for it, and search does not find it."""
    world.topic(1, "Où règle-t-on la pompe ?", 5, 2, "Je ne trouve pas le réglage de la pompe dans le menu.")
    picture = ('</p><div class="lightbox-wrapper"><a class="lightbox" href="/uploads/menu.png"><img src="/m.png" '
               'alt="menu"><div class="meta">menu.png 12 Ko</div></a></div><p>')  # fmt: skip
    world.clock.forward(hours=1)
    world.post(150, 1, 3, picture)
    told(archive, world, 1)
    post = archive.post(150)
    assert post is not None
    assert (post.text, post.links, post.lang) == ("", (), "unknown")
    assert [one.id for one in archive.posts_of_topic(1)] == [101, 150]
    assert archive.topics(archive.audience_public(), unanswered=True) == []
    assert found(archive, "png") == []

    world.posts[150] |= {"cooked": "<p>(post deleted by author)</p>", "user_deleted": True}
    archive.apply(world.post_event(150, "post_edited"), world.forum())
    assert [topic.id for topic in archive.topics(archive.audience_public(), unanswered=True)] == [1]
