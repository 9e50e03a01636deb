"""The verbs, against the recorded forum's end state and over a real server where paging matters."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from connector.client import Client, Unpaced
from connector.errors import ForumRefused
from connector.forum import Forum
from connector.writing import WriteRequest
from tests.connector.faults import FaultServer, answers
from tests.recorded import BOT, END, SITE, Exchange, exchange, exchanges
from tests.recorded.forum import KEY, Answer, EndState, EndStateAdapter, EndStateServer, recorded_forum


class Scripted(EndState):
    """The end state, with other answers for some paths: address → JSON."""

    def __init__(self, answers: dict[str, object], status: int = 200) -> None:
        super().__init__()
        self.changed = {address: (status, json.dumps(content).encode()) for address, content in answers.items()}

    def answer(self, method: str, address: str) -> Answer:
        if address in self.changed:
            self.asked.append(f"{method} {address}")
            status, body = self.changed[address]
            return status, {"Content-Type": "application/json; charset=utf-8"}, body
        return super().answer(method, address)


def reads(kind: str) -> list[Exchange]:
    """The end state's reads of topics or posts with the runtime key."""
    return [one for one in exchanges(END) if one.name.startswith(kind) and not one.name.endswith("__anonymous")]


def test_every_topic_at_the_end_is_as_the_forum_showed_it() -> None:
    """A topic comes with all its posts and their raw; what this member may not see is None, not an error."""
    forum = recorded_forum()
    shown = 0
    for one in reads("topic_"):
        number = int(one.name.removeprefix("topic_"))
        topic = forum.topic(number)
        assert (topic is None) == (one.status != 200)
        if topic is not None:
            shown += 1
            assert topic.id == number
            assert topic.stream == tuple(post.id for post in topic.posts)
            assert all(post.raw is not None and post.topic_id == number for post in topic.posts)
    assert shown > 25


def test_every_post_at_the_end_is_as_the_forum_showed_it() -> None:
    """A post that was deleted (404) or belongs to somebody's message (403) is None for this member."""
    forum = recorded_forum()
    for one in reads("post_"):
        number = int(one.name.removeprefix("post_"))
        post = forum.post(number)
        assert (post is None) == (one.status in (403, 404))
        assert post is None or post.id == number


def test_http_and_in_process_reading_are_the_same() -> None:
    """What the quick transport of the tests answers is what goes over a real socket."""
    near = recorded_forum()
    with EndStateServer() as server:
        far = Forum(Client(server.url, BOT, KEY, pacer=Unpaced()))
        for number in (1, 5, 22, 28, 34, 5120):
            assert far.topic(number) == near.topic(number)
            assert far.post(number) == near.post(number)
        assert far.categories() == near.categories()
        assert far.site() == near.site()
        assert far.groups() == near.groups()
        assert far.member("amelie") == near.member("amelie")
        assert server.state.asked[0] == "GET /t/1.json?include_raw=true"


def test_the_forum_s_frame_is_read() -> None:
    """Categories, settings, rights of the key, groups and members are what the forum said."""
    forum = recorded_forum()

    assert {one.id for one in forum.categories()} == {1, 3, 5, 6}
    assert all(one.is_public for one in forum.categories())
    assert forum.scopes() == [
        "global:read",
        "topics:write",
        "topics:update",
        "posts:edit",
        "posts:delete",
        "uploads:create",
    ]
    assert forum.client_settings()["min_post_length"] == 20
    assert {one.name for one in forum.groups()} == {"greeters", "moderators"}
    assert dict(forum.site().flags)["notify_moderators"] == 7


def test_a_broken_key_is_never_taken_for_something_gone() -> None:
    """When the key was revoked, every read says so; nothing looks as if it had been deleted."""
    refused = answers(403, {"errors": ["no"], "error_type": "invalid_access"})
    with FaultServer(refused) as server:
        forum = Forum(server.client())
        for read in (lambda: forum.post(2), lambda: forum.topic(2), lambda: forum.member("amelie")):
            with pytest.raises(ForumRefused, match="global:read"):
                read()


def test_a_key_that_may_not_read_is_never_taken_for_something_gone() -> None:
    """A key that only writes gets 403 for reads while it still works: that is no deletion either."""
    refused = answers(403, {"errors": ["no"], "error_type": "invalid_access"})
    scopes = answers(200, {"scopes": [{"resource": "topics", "action": "write"}]})
    with FaultServer(refused, scopes, refused) as server:
        forum = Forum(server.client())
        with pytest.raises(ForumRefused):
            forum.post(2)


def test_many_refused_posts_cost_one_question_about_the_key() -> None:
    """A member-level key meets many posts that are not for it; asking about the key each time would waste requests."""
    state = EndState()
    forum = recorded_forum(state)
    for number in (2, 4, 5, 6, 7, 8, 9):
        assert forum.post(number) is None

    assert state.asked.count("GET /session/scopes.json") == 1


def test_a_long_topic_is_fetched_by_hundreds() -> None:
    """A topic of 250 posts comes whole and in order: 20 with the topic, the rest by their ids in three requests."""
    stream = list(range(1000, 1250))
    chunks = [stream[20:120], stream[120:220], stream[220:]]
    topic = {
        "id": 9,
        "archetype": "regular",
        "post_stream": {"stream": stream, "posts": [post(n) for n in stream[:20]]},
    }
    script = [answers(200, topic)]
    script += [answers(200, {"post_stream": {"posts": [post(n) for n in reversed(chunk)]}}) for chunk in chunks]
    with FaultServer(*script) as server:
        found = Forum(server.client()).topic(9)
        asked = [parse_qs(urlsplit(one.path).query).get("post_ids[]") for one in server.requests]

    assert found is not None
    assert [one.id for one in found.posts] == stream
    assert asked[1:] == [[str(number) for number in chunk] for chunk in chunks]
    assert all(len(one.path) < 4000 for one in server.requests)


def test_a_post_that_vanishes_meanwhile_is_left_out() -> None:
    """Between two requests posts may be deleted; what is still there comes."""
    topic = {"id": 9, "archetype": "regular", "post_stream": {"stream": [1, 2, 3], "posts": [post(1)]}}
    with FaultServer(answers(200, topic), answers(200, {"post_stream": {"posts": [post(3)]}})) as server:
        found = Forum(server.client()).topic(9)

    assert found is not None
    assert [one.id for one in found.posts] == [1, 3]


def test_topic_lists_and_latest_posts_are_pages() -> None:
    """Lists say whether there is more, are ordered so that topics do not jump, and carry no bodies."""
    latest = exchange("1-life/latest").content
    with FaultServer(
        answers(200, {**latest, "topic_list": {**latest["topic_list"], "more_topics_url": "/x"}})
    ) as server:
        forum = Forum(server.client())
        page = forum.topics_page(2, ascending=True)
        forum.category_topics(6)
        first, second = server.requests

    assert page.more
    assert 7 in {one.id for one in page.topics}
    assert first.path == "/latest.json?page=2&order=created&ascending=true"
    assert second.path == "/latest.json?category=6&no_subcategories=true&page=0&order=created&ascending=false"

    with FaultServer(answers(200, exchange("1-life/posts_latest_member").content)) as server:
        posts = Forum(server.client()).latest_posts(before=28)
    assert server.requests[0].path == "/posts.json?before=28"
    assert posts == sorted(posts, key=lambda one: -one.id)
    assert all(one.topic_title and one.category_id for one in posts)


def test_members_by_id_come_in_few_calls() -> None:
    """Many people are read in one call, and only those that were asked for."""
    with FaultServer(answers(200, exchange("3-more/member_view_by_id_list").content)) as server:
        members = Forum(server.client()).members_by_id([3, 4, 3, 99])

    assert server.requests[0].path == "/user-cards.json?user_ids=3%2C4%2C99"
    assert [one.id for one in members] == [3, 4]


def test_group_members_are_paged_until_the_end() -> None:
    """Groups of any size are read whole, a thousand at a time."""
    full = [{"id": number, "username": f"m{number}"} for number in range(1, 1001)]
    rest = [{"id": 1001, "username": "m1001"}]
    with FaultServer(answers(200, {"members": full}), answers(200, {"members": rest})) as server:
        members = Forum(server.client()).group_members("chargés de projet")

    assert len(members) == 1001
    assert server.requests[1].path == "/groups/charg%C3%A9s%20de%20projet/members.json?limit=1000&offset=1000"


def test_categories_below_categories_are_found() -> None:
    """Subcategories come flat with their parents' ids, however a core nests or pages them, each once."""
    child = {"id": 2, "name": "Sous", "parent_category_id": 1, "read_restricted": True}
    many = [{"id": number, "name": "x", "read_restricted": False} for number in range(10, 40)]
    nested = {"category_list": {"categories": [{"id": 1, "name": "Haut", "subcategory_list": [child]}, *many]}}
    more = {"category_list": {"categories": [{"id": 50, "name": "Plus", "read_restricted": False}]}}
    with FaultServer(answers(200, nested), answers(200, more)) as server:
        found = {one.id: one for one in Forum(server.client()).categories()}

    assert set(found) == {1, 2, *range(10, 40), 50}
    assert found[2].parent_id == 1
    assert found[1].read_restricted is None
    assert not found[1].is_public


def test_sending_says_what_came_of_it() -> None:
    """The recorded answers to the runtime key's own writes become plain facts: ids, address, waiting for approval."""
    files = [
        "8-end/runtime_reply",
        "8-end/runtime_edit",
        "2-rights/post_enqueued",
        "1-life/upload",
        "1-life/topic_edit",
    ]
    with FaultServer(*(answers(200, exchange(file).content) for file in files)) as server:
        forum = Forum(server.client())
        reply = forum.send(forum.prepare_reply(5120, "Réponse du compagnon"))
        edit = forum.send(forum.prepare_edit(5147, "Corrigée", "précision"))
        queued = forum.send(forum.prepare_topic(6, "Un titre", "Un texte", tags=["rtt"], external_id="p-1"))
        upload = forum.send(forum.prepare_upload("courbe.png", b"\x89PNG\r\n\x00", "image/png"))
        retitled = forum.send(forum.prepare_topic_edit(21, title="Comment tailler"))
        bodies = [one.body for one in server.requests]

    assert (reply.post_id, reply.topic_id, reply.facts["post_number"]) == (5147, 5120, 2)
    assert reply.url == "/t/un-dernier-sujet-pour-la-cle-du-compagnon-1795392962/5120/2"
    assert edit.post_id == 5147
    assert queued.queued_for_review
    assert queued.post_id is None
    assert upload.facts["short_url"].startswith("upload://")
    assert retitled.topic_id == 21
    assert json.loads(bodies[0]) == {"topic_id": 5120, "raw": "Réponse du compagnon"}
    assert json.loads(bodies[1]) == {"post": {"raw": "Corrigée", "edit_reason": "précision"}}
    assert json.loads(bodies[2])["tags"] == ["rtt"]
    assert b"\x89PNG\r\n\x00" in bodies[3]
    assert not any("raw" in one.facts or "cooked" in one.facts for one in (reply, edit, queued))


def test_preparing_the_same_act_gives_the_same_bytes() -> None:
    """The same intent is the same request, uploads included: a replay is recognised by the forum itself."""
    forum = Forum(Client(SITE, BOT, KEY, pacer=Unpaced(), adapter=EndStateAdapter(EndState())))

    def all_of_them() -> list[WriteRequest]:
        return [
            forum.prepare_reply(1, "é ✓", reply_to=2, whisper=True),
            forum.prepare_message(["lea", "max"], "Bonjour", "Un mot", external_id="m-1"),
            forum.prepare_topic(6, "Titre", "Texte", ["a", "b"], "t-1"),
            forum.prepare_edit(3, "Nouveau", "pourquoi"),
            forum.prepare_topic_edit(3, tags=()),
            forum.prepare_delete(3),
            forum.prepare_upload('a"b\r\n.png', b"\x00\xff", "image/png"),
            forum.prepare_flag(3, 7, "à voir"),
        ]

    assert all_of_them() == all_of_them()
    assert [WriteRequest.from_json(one.to_json()) for one in all_of_them()] == all_of_them()
    assert json.loads(all_of_them()[4].body) == {"tags": []}
    assert b'filename="a%22b%0D%0A.png"' in all_of_them()[6].body


def post(number: int) -> dict[str, object]:
    return {"id": number, "topic_id": 9, "post_number": number, "cooked": "<p>x</p>", "raw": "x"}
