"""What staff changes, who sees what afterwards, and what the web hooks say of it (recorded lessons 2, 13 and 14)."""

from datetime import timedelta

from tests.sandbox.conftest import SECRET, Place
from tests.sandbox.test_rules_of_writing import a_topic


def names(place: Place) -> list[str]:
    """The events waiting to be sent, in their order."""
    rows = place.forum.board.store.all(
        "SELECT event_name FROM hook_jobs WHERE event_name <> 'notification_created' ORDER BY id"
    )
    return [row["event_name"] for row in rows]


def listening(place: Place) -> None:
    place.forum.add_hook("http://127.0.0.1:9/", SECRET)


def test_a_split_topic_is_never_announced(place: Place) -> None:
    """Moving a post to a new topic sends one small action in the old topic, and no topic_created."""
    topic = a_topic(place)
    post = place.forum.as_member("david").reply(topic, "Une réponse qui ira vivre ailleurs.")
    listening(place)
    new = place.forum.staff.move_posts(topic, [post], "Un sujet tout neuf, détaché de l'autre")
    assert names(place) == ["post_created"]
    last = place.forum.posts(topic)[-1]
    assert (last["post_type"], last["action_code"]) == (3, "split_topic")
    assert f"/{new})" in last["raw"]
    moved = place.ask("GET", f"/posts/{post}.json").json()
    assert (moved["topic_id"], moved["post_number"]) == (new, 1)


def test_hiding_a_post_only_writes_to_its_author(place: Place) -> None:
    """A hidden post sends the system's message and nothing about itself; members see no text of it, /posts.json omits
    it.
    """
    topic = a_topic(place)
    post = place.forum.as_member("david").reply(topic, "CANARI-CACHE une réponse bien trop vive.")
    listening(place)
    place.forum.staff.hide(post)
    assert names(place) == ["topic_created", "post_created"]
    assert place.forum.as_member("david").inbox()[0]["user_id"] == -1
    shown = place.ask("GET", f"/posts/{post}.json").json()
    assert (shown["hidden"], shown["cooked_hidden"]) == (True, True)
    assert (
        "CANARI"
        not in place.ask("GET", f"/t/{topic}.json?include_raw=true").text + place.ask("GET", "/posts.json").text
    )
    assert "CANARI" not in place.ask("GET", f"/t/x/{topic}", None, headers={"Accept": "text/html"}).text


def test_a_topic_that_becomes_a_message_is_closed_to_others(place: Place) -> None:
    """A topic turned into a message is 404 to who did not write in it, open to who did; announced as edited."""
    topic = a_topic(place)
    place.forum.as_member("david").reply(topic, "Une réponse, donc de la partie.")
    listening(place)
    place.forum.staff.to_message(topic)
    assert names(place) == ["topic_edited", "post_created"]
    assert place.ask("GET", f"/t/{topic}.json", "elsa").status_code == 404
    assert place.ask("GET", f"/t/{topic}.json", "david").json()["archetype"] == "private_message"


def test_a_category_that_closes_takes_its_topics_along(place: Place) -> None:
    """When a category becomes restricted its topics are 404, its posts 403 and gone from lists; only category_updated
    says so.
    """
    topic = a_topic(place)
    post = place.forum.posts(topic)[0]["id"]
    listening(place)
    place.forum.staff.set_permissions("entraide", {"greeters": 1})
    assert names(place) == ["category_updated"]
    assert place.ask("GET", f"/t/{topic}.json").status_code == 404
    assert place.ask("GET", f"/posts/{post}.json").status_code == 403
    assert place.ask("GET", "/latest.json").json()["topic_list"]["topics"] == []
    assert place.ask("GET", f"/t/{topic}.json", "amelie").status_code == 200


def test_unlisted_and_deleted_topics(place: Place) -> None:
    """An unlisted topic is out of lists but open by address; a deleted one sends topic_destroyed and one
    post_destroyed.
    """
    topic = a_topic(place)
    place.forum.as_member("david").reply(topic, "Une réponse dans un sujet bientôt retiré.")
    place.forum.staff.unlist(topic)
    assert place.ask("GET", "/latest.json").json()["topic_list"]["topics"] == []
    assert place.ask("GET", "/posts.json").json()["latest_posts"] == []
    assert place.ask("GET", f"/t/{topic}.json").status_code == 200
    listening(place)
    place.forum.staff.delete_topic(topic)
    assert sorted(names(place)) == ["post_destroyed", "topic_destroyed"]
    assert place.ask("GET", f"/t/{topic}.json").status_code == 404
    place.forum.staff.recover_topic(topic)
    assert place.ask("GET", f"/t/{topic}.json").status_code == 200


def test_members_who_leave(place: Place) -> None:
    """Anonymising arrives as user_updated with an .invalid address; destroying sends the posts' destruction, then the
    member's.
    """
    topic = a_topic(place)
    place.forum.as_member("david").reply(topic, "Une réponse de David, que voici, à @elsa.")
    listening(place)
    new = place.forum.staff.anonymise("elsa")
    assert names(place) == ["user_updated"]
    assert place.forum.as_member(new).row["email"] == f"{new}@anonymized.invalid"
    assert f"@{new}" in place.forum.posts(topic)[1]["raw"]
    place.forum.staff.destroy("david")
    assert names(place)[1:] == ["post_destroyed", "user_destroyed"]
    assert place.ask("GET", "/u/david.json").status_code == 404


def test_a_merged_member_leaves_with_a_made_up_address(place: Place) -> None:
    """Merging moves the posts without a word and sends user_destroyed with an address …@no-email.invalid."""
    topic = a_topic(place)
    place.forum.as_member("david").reply(topic, "Une réponse qui changera de mains.")
    listening(place)
    place.forum.staff.merge("david", "elsa")
    assert names(place) == ["user_updated", "user_destroyed"]
    body = place.forum.board.store.value("SELECT body FROM hook_jobs WHERE event_name = 'user_destroyed'")
    assert b"@no-email.invalid" in body
    assert place.forum.posts(topic)[1]["user_id"] == place.forum.as_member("elsa").id


def test_inactive_and_waiting_accounts(place: Place) -> None:
    """An inactive account is 404 to members; one that awaits approval has no login; approving it is announced."""
    listening(place)
    place.forum.add_member("jules", active=False)
    place.forum.add_member("iris", approved=False)
    assert "user_logged_in" not in names(place)
    assert place.ask("GET", "/u/jules.json").status_code == 404
    assert place.ask("GET", "/u/jules.json", "admin1").status_code == 200
    place.forum.staff.approve("iris")
    assert names(place)[-1] == "user_approved"


def test_a_new_member_is_greeted_by_discobot(place: Place) -> None:
    """With the default settings every new member gets a private message of discobot, user -2."""
    place.forum.set(discourse_narrative_bot_enabled=True)
    place.forum.add_member("jules")
    assert [topic["user_id"] for topic in place.forum.as_member("jules").inbox()] == [-2]


def test_a_suspended_member_is_out(place: Place) -> None:
    """A suspension ends the sessions and is announced as a logout; it ends by itself."""
    token = place.forum.as_member("david").login()
    listening(place)
    place.forum.staff.suspend("david", place.forum.clock() + timedelta(days=1), "repos")
    assert names(place) == ["user_logged_out"]
    assert place.ask("GET", "/notifications.json", None, cookies={"_t": token}).status_code == 403
    place.forum.pass_time(timedelta(days=1, seconds=1))
    assert place.ask("GET", "/latest.json", "david").status_code == 200


def test_state_tells_whether_anything_changed(place: Place) -> None:
    """Reading changes nothing; one like does."""
    topic = a_topic(place)
    before = place.forum.state()
    place.ask("GET", f"/t/{topic}.json")
    assert place.forum.state() == before
    place.forum.as_member("david").like(place.forum.posts(topic)[0]["id"])
    assert place.forum.state() != before
