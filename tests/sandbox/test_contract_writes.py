"""Every writing call that Passerelle makes, and every refusal, held against the recording of a
running Discourse 3.1.
"""

import base64
from datetime import timedelta
from typing import Any

import pytest
import requests

from tests.recorded import Exchange, exchange
from tests.sandbox.conftest import QUESTION, Place, live
from tests.sandbox.documents import Form

FREE = frozenset({"notice", "reply_to_user", "external_id", "can_undo", "topic_html_title"})
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def same(answer: requests.Response, *files: str, words: bool = False) -> None:
    """The answer has the status, kind and form of the recorded ones; with `words`, their very texts."""
    recorded: list[Exchange] = [exchange(file) for file in files]
    assert answer.status_code in {one.status for one in recorded}, answer.text
    kind = recorded[0].headers.get("Content-Type")
    assert answer.headers.get("Content-Type") == kind or kind is None
    if recorded[0].content is None:
        assert answer.text == ""
        return
    if isinstance(recorded[0].content, str):
        assert not words or answer.text == recorded[0].content
        return
    faults = Form(one.content for one in recorded).faults(answer.json(), free=FREE)
    assert not faults, "\n".join(faults)
    if words:
        assert answer.json() == recorded[0].content


def topic_of(place: Place) -> int:
    live(place)
    return int(place.forum.board.store.value("SELECT id FROM topics WHERE title = ?", QUESTION))


def test_what_the_companion_writes(place: Place) -> None:
    """Topic, reply, message, edits, deletion and upload with the six-right key answer as recorded."""
    topic = topic_of(place)
    opened = place.ask(
        "POST",
        "/posts.json",
        json={
            "title": "Un sujet ouvert par le compagnon",
            "raw": "Le texte du sujet ouvert.",
            "category": place.rooms["open"],
        },
    )
    same(opened, "2-rights/reader_writer__new_topic")
    place.ask("POST", "/posts.json", "bruno", json={"topic_id": topic, "raw": "Une réponse entre deux, pour la forme."})
    reply = place.ask(
        "POST", "/posts.json", json={"topic_id": topic, "raw": "Réponse du compagnon avec sa clé à six droits."}
    )
    same(reply, "8-end/runtime_reply")
    number = reply.json()["id"]
    same(
        place.ask(
            "PUT", f"/posts/{number}.json", json={"post": {"raw": "Réponse du compagnon, corrigée un peu après."}}
        ),
        "8-end/runtime_edit",
    )
    same(place.ask("DELETE", f"/posts/{number}.json"), "8-end/runtime_delete")
    same(
        place.ask("PUT", f"/t/-/{opened.json()['topic_id']}.json", json={"title": "Un sujet renommé par le compagnon"}),
        "2-rights/reader_writer__topic_update_own",
    )
    message = {
        "title": "Un mot",
        "raw": "Bonjour Chloé, un mot pour vous.",
        "archetype": "private_message",
        "target_recipients": "chloe",
    }
    same(place.ask("POST", "/posts.json", json=message), "8-end/runtime_message")
    sent = place.ask(
        "POST",
        "/uploads.json",
        data={"upload_type": "composer", "synchronous": "true"},
        files={"file": ("dot.png", DOT)},
    )
    same(sent, "2-rights/reader_writer__upload")
    assert requests.get(place.url + sent.json()["short_path"], timeout=5).content == DOT


def test_a_form_is_as_good_as_json(place: Place) -> None:
    """Posting takes form data as well as JSON, and nested names of forms."""
    data: dict[str, Any] = {
        "title": "Un sujet ouvert par formulaire",
        "raw": "Le texte du sujet ouvert ainsi.",
        "category": place.rooms["open"],
        "tags[]": ["un", "deux"],
    }
    made = place.ask("POST", "/posts.json", data=data)
    same(made, "2-rights/reader_writer__new_topic")
    assert place.forum.topic(made.json()["topic_id"])["tags"] == '["un", "deux"]'
    edited = place.ask(
        "PUT", f"/posts/{made.json()['id']}.json", data={"post[raw]": "Un texte changé par formulaire ensuite."}
    )
    same(edited, "8-end/runtime_edit")


def test_likes_and_flags_of_members(place: Place) -> None:
    """A like, a second like, a like taken back, a flag and a second flag answer as recorded."""
    topic = topic_of(place)
    post = place.forum.posts(topic)[2]["id"]
    like = {"id": post, "post_action_type_id": 2}
    same(place.ask("POST", "/post_actions.json", "chloe", json=like), "1-life/like")
    same(place.ask("POST", "/post_actions.json", "chloe", json=like), "1-life/like_twice", words=True)
    same(place.ask("DELETE", f"/post_actions/{post}.json?post_action_type_id=2", "chloe"), "1-life/unlike")
    flag = {"id": post, "post_action_type_id": 4}
    same(place.ask("POST", "/post_actions.json", "bruno", json=flag), "1-life/flag_inappropriate")
    same(place.ask("POST", "/post_actions.json", "bruno", json=flag), "1-life/flag_twice", words=True)


def test_what_staff_does_by_api(place: Place) -> None:
    """Whisper, close, move posts, turn into a message, delete and recover answer as recorded."""
    topic = topic_of(place)
    post = place.forum.posts(topic)[2]["id"]
    same(
        place.ask(
            "POST",
            "/posts.json",
            "admin1",
            json={"topic_id": topic, "raw": "Un chuchotement réservé à l'équipe.", "whisper": "true"},
        ),
        "1-life/whisper",
    )
    moved = {"title": "Les rosiers de David, sujet détaché", "post_ids": [post], "category_id": place.rooms["open"]}
    same(place.ask("POST", f"/t/{topic}/move-posts.json", "admin1", json=moved), "1-life/move_posts")
    same(
        place.ask("PUT", f"/t/{topic}/status.json", "admin1", json={"status": "closed", "enabled": "true"}),
        "1-life/topic_closed",
        words=True,
    )
    same(
        place.ask(
            "POST", "/posts.json", "bruno", json={"topic_id": topic, "raw": "Peut-on encore répondre à ce sujet ?"}
        ),
        "1-life/reply_to_closed",
        words=True,
    )
    same(place.ask("PUT", f"/t/{topic}/convert-topic/private.json", "admin1", json={}), "1-life/topic_to_message")
    same(place.ask("DELETE", f"/t/{topic}.json", "admin1"), "1-life/topic_delete")
    same(place.ask("GET", f"/t/{topic}.json", "chloe"), "1-life/topic_deleted_show", words=True)


def test_refusals_say_it_in_the_same_words(place: Place) -> None:
    """Short, unclear, without category, taken, unknown, forbidden: status, shape and text are the recorded ones."""
    forum, room = place.forum, place.rooms["open"]
    topic = topic_of(place)
    closed = int(forum.board.store.value("SELECT id FROM topics WHERE category_id = ?", place.rooms["closed"]))
    long = "un texte tout à fait assez long pour passer"

    def post(actor: str = "bruno", **given: Any) -> requests.Response:
        return place.ask("POST", "/posts.json", actor, json=given)

    same(post(topic_id=topic, raw="court"), "1-life/err_too_short", words=True)
    same(post(title="x", raw=long, category=room), "1-life/err_title_short", words=True)
    same(post(title="Un titre assez long pour passer", raw=long), "1-life/err_no_category", words=True)
    same(post(topic_id=999_999, raw=long), "1-life/err_topic_missing", words=True)
    same(post("amelie", topic_id=topic, raw="court"), "2-rights/locale_default_fr_error", words=True)
    same(
        post(title="Un titre assez long ici", raw=long, category="nulle-part"),
        "2-rights/topic_bad_category",
        words=True,
    )
    message = {"title": "Un mot en privé", "raw": "bonjour bonjour bonjour", "archetype": "private_message"}
    same(post("amelie", **message, target_recipients="nobody-here"), "1-life/message_to_nobody", words=True)
    same(post("admin1", **message, target_recipients="greeters"), "3-more/message_to_group", words=True)
    same(place.ask("GET", f"/t/{closed}.json", "chloe"), "1-life/err_forbidden_topic", words=True)
    same(place.ask("GET", f"/t/{closed}.json", None), "1-life/err_forbidden_topic_anonymous", words=True)
    same(place.ask("GET", "/latest.json", "nobody-here"), "1-life/err_unknown_actor", words=True)
    same(place.ask("GET", "/u/nobody-here.json"), "1-life/user_missing", words=True)
    same(place.ask("GET", "/search.json?q=a"), "1-life/search_short", words=True)
    same(place.ask("GET", "/t/external_id/none-such.json"), "1-life/topic_by_external_id_missing", words=True)
    edit = {"post": {"raw": "Un conflit volontaire avec un ancien texte.", "raw_old": "autre chose"}}
    same(
        place.ask("PUT", f"/posts/{forum.posts(topic)[0]['id']}.json", "admin1", json=edit),
        "1-life/post_edit_conflict",
        words=True,
    )


def test_a_bad_key_is_refused(place: Place) -> None:
    """A wrong key, a revoked one and one of somebody else open nothing."""
    wrong = {"Api-Key": "0" * 64, "Api-Username": "admin1"}
    same(requests.get(place.url + "/latest.json", headers=wrong, timeout=5), "1-life/bad_key", words=True)
    stranger = {"Api-Key": place.keys["passerelle"], "Api-Username": "bruno"}
    assert requests.get(place.url + "/latest.json", headers=stranger, timeout=5).status_code == 403
    place.forum.board.store.run("UPDATE api_keys SET revoked_at = 'now'")
    same(place.ask("GET", "/latest.json"), "2-rights/revoked_key_used")


RIGHTS = [
    ("reader", ("global:read",)),
    ("writer", ("topics:write", "topics:update", "posts:edit", "posts:delete", "uploads:create")),
    ("reader_writer", ("global:read", "topics:write", "topics:update", "posts:edit", "uploads:create")),
    ("bot_unscoped", ()),
]


@pytest.mark.parametrize(("kind", "scopes"), RIGHTS, ids=[kind for kind, _ in RIGHTS])
def test_a_key_may_what_its_scopes_say(place: Place, kind: str, scopes: tuple[str, ...]) -> None:
    """The table of rights: every call with four kinds of keys gets the recorded status (403 for the key, 404 for the
    member).
    """
    topic = topic_of(place)
    place.keys["passerelle"] = place.forum.make_key("passerelle", scopes)
    other = place.forum.posts(topic)[0]["id"]
    own_topic = place.forum.as_member("passerelle").topic(
        place.rooms["open"], "Un sujet du compagnon à lui seul", "Le texte du sujet du compagnon."
    )
    own = place.forum.posts(own_topic)[0]["id"]
    reply = place.forum.as_member("passerelle").reply(own_topic, "Une réponse du compagnon à lui-même.")
    message = {
        "title": "Un mot à vous",
        "raw": "Bonjour, un mot pour vous.",
        "archetype": "private_message",
        "target_recipients": "chloe",
    }
    calls: dict[str, tuple[str, str, Any]] = {
        "latest": ("GET", "/latest.json", None),
        "posts": ("GET", "/posts.json", None),
        "topic": ("GET", f"/t/{topic}.json", None),
        "post": ("GET", f"/posts/{other}.json", None),
        "site": ("GET", "/site.json", None),
        "user": ("GET", "/u/bruno.json", None),
        "user_admin": ("GET", "/admin/users/3.json", None),
        "user_emails": ("GET", "/u/bruno/emails.json", None),
        "search": ("GET", "/search.json?q=rosier", None),
        "review": ("GET", "/review.json", None),
        "hooks": ("GET", "/admin/api/web_hooks.json", None),
        "group_members": ("GET", "/groups/greeters/members.json", None),
        "private_posts": ("GET", "/private-posts.json", None),
        "scopes": ("GET", "/session/scopes.json", None),
        "notifications": ("GET", "/notifications.json", None),
        "messages": ("GET", "/topics/private-messages/passerelle.json", None),
        "new_topic": (
            "POST",
            "/posts.json",
            {
                "title": "Encore un sujet du compagnon",
                "raw": "Le texte de ce sujet-là, assez long.",
                "category": place.rooms["open"],
            },
        ),
        "message_to_tl0": ("POST", "/posts.json", message),
        "whisper": (
            "POST",
            "/posts.json",
            {"topic_id": topic, "raw": "Un chuchotement du compagnon, refusé.", "whisper": "true"},
        ),
        "edit_other": ("PUT", f"/posts/{other}.json", {"post": {"raw": "Le texte d'un autre, changé par nous."}}),
        "edit_own": ("PUT", f"/posts/{own}.json", {"post": {"raw": "Le texte du compagnon, changé par lui."}}),
        "topic_close_own": ("PUT", f"/t/{own_topic}/status.json", {"status": "closed", "enabled": "true"}),
        "like": ("POST", "/post_actions.json", {"id": other, "post_action_type_id": 2}),
        "group_add": ("PUT", "/groups/41/members.json", {"usernames": "elsa"}),
        "silence": ("PUT", "/admin/users/4/silence.json", {"silenced_till": "2027-01-01"}),
        "delete_other": ("DELETE", f"/posts/{other}.json", None),
        "delete_own": ("DELETE", f"/posts/{reply}.json", None),
    }
    found = {name: place.ask(method, path, json=body).status_code for name, (method, path, body) in calls.items()}
    expected = {}
    for name in calls:
        if kind == "reader" and name in ("edit_own", "delete_own", "topic_close_own"):
            expected[name] = 403
            continue
        expected[name] = exchange(f"2-rights/{kind}__{name}").status
    assert found == expected


def test_a_message_to_a_suspended_member_is_refused(place: Place) -> None:
    """A suspended recipient: 422 in the recorded words; a member of trust level 0 gets it."""
    place.forum.staff.suspend("elsa", place.forum.clock() + timedelta(days=1))
    message = {"title": "Un mot à vous", "raw": "Bonjour, un mot pour vous.", "archetype": "private_message"}
    same(
        place.ask("POST", "/posts.json", json=message | {"target_recipients": "elsa"}),
        "3-more/message_to_suspended",
        words=True,
    )
    assert place.ask("POST", "/posts.json", json=message | {"target_recipients": "chloe"}).status_code == 200
    assert place.ask("GET", "/u/elsa.json").json()["user"]["suspended_till"].startswith("2026-11-24")
    same(place.ask("GET", "/latest.json", "elsa"), "2-rights/suspended_actor", words=True)


def test_a_post_that_waits_for_approval(place: Place) -> None:
    """Where members' posts are read first, a reply is answered "enqueued" without an id, and appears when approved."""
    topic = topic_of(place)
    place.forum.set(approve_unless_trust_level=3)
    waiting = place.ask(
        "POST", "/posts.json", json={"topic_id": topic, "raw": "Ce message attend l'accord de l'équipe."}
    )
    same(waiting, "2-rights/post_enqueued")
    count = len(place.forum.posts(topic))
    review = place.forum.staff.waiting()[0]
    assert waiting.json()["pending_post"]["id"] == review
    message = {"title": "Un mot", "raw": "Bonjour, un mot pour vous.", "archetype": "private_message"}
    sent = place.ask("POST", "/posts.json", json=message | {"target_recipients": "chloe"})
    assert "topic_id" in sent.json(), "messages never wait"
    post = place.forum.staff.approve_post(review)
    assert len(place.forum.posts(topic)) == count + 1
    assert place.ask("GET", f"/posts/{post}.json").json()["username"] == "passerelle"
    place.ask("POST", "/posts.json", json={"topic_id": topic, "raw": "Un second message qui sera refusé."})
    place.forum.staff.reject_post(place.forum.staff.waiting()[0])
    assert place.forum.staff.waiting() == []
    assert len(place.forum.posts(topic)) == count + 1
