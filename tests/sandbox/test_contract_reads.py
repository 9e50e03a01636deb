"""Every reading call that Passerelle makes, held against the recording of a running Discourse 3.1."""

from typing import Any

import pytest

from tests.recorded import exchanges
from tests.sandbox.conftest import Place
from tests.sandbox.documents import Form

LOOSE = frozenset({"suggested_topics", "reply_to_user", "notice", "readers_count", "external_id", "parent_category_id"})
PROFILE = frozenset(
    {
        "bio_raw",
        "bio_cooked",
        "bio_excerpt",
        "location",
        "website",
        "website_name",
        "is_group_user",
        "is_group_owner",
        "has_messages",
    }
)
BADGES = frozenset({"badges", "badge_types", "users"})
KEEP = frozenset(
    {"topic_html_title", "pm_with_non_human_user", "accepted_answer", "more_topics_url", "subcategory_list"}
)
READ = frozenset(
    {"last_read_post_number", "unread", "new_posts", "unread_posts", "notification_level"}
)  # what was read is not kept
ROLES = frozenset({"admin", "moderator", "can_undo"})  # there only when true
FREE = LOOSE | PROFILE | BADGES | KEEP | READ | ROLES
BOT, ADMIN, NOBODY = "passerelle", "admin1", None


def recorded(start: str, actor: str | None, folders: tuple[str, ...], status: int = 200, end: str = "") -> Form:
    """The form of all recorded answers to paths that begin (and, before the query, end) so, asked as this member."""
    found = [
        one.content
        for one in exchanges()
        if one.method == "GET" and one.folder in folders and one.actor == actor and one.status == status
        and one.path.split("?")[0].startswith(start) and one.path.split("?")[0].endswith(end or ".json")
    ]  # fmt: skip
    assert found, f"nothing recorded for {start}"
    return Form(found)


ALL = ("1-life", "2-rights", "3-more", "4-limits", "8-end")
CASES: list[tuple[str, str | None, str, dict[str, Any]]] = [
    ("/about.json", ADMIN, "/about.json", {}),
    ("/about.json", BOT, "/about.json", {}),
    ("/site.json", BOT, "/site.json", {}),
    ("/site/basic-info.json", ADMIN, "/site/basic-info.json", {}),
    ("/site/settings.json", BOT, "/site/settings.json", {}),
    ("/site/settings.json", NOBODY, "/site/settings.json", {}),
    ("/categories.json", BOT, "/categories.json?include_subcategories=true", {}),
    ("/categories.json", NOBODY, "/categories.json?include_subcategories=true", {}),
    ("/latest.json", BOT, "/latest.json", {}),
    ("/latest.json", ADMIN, "/latest.json?order=created", {}),
    ("/posts.json", BOT, "/posts.json", {}),
    ("/posts.json", ADMIN, "/posts.json", {}),
    ("/posts.json", NOBODY, "/posts.json", {}),
    ("/private-posts.json", BOT, "/private-posts.json", {}),
    ("/t/", BOT, "/t/{topic}.json?include_raw=true", {"folders": ("8-end",)}),
    ("/t/", NOBODY, "/t/{topic}.json", {"folders": ("1-life", "8-end")}),
    ("/posts/", BOT, "/posts/{post}.json", {"folders": ("8-end",)}),
    ("/posts/by_number/", ADMIN, "/posts/by_number/{topic}/2.json", {}),
    ("/u/", BOT, "/u/bruno.json", {"folders": ("8-end", "3-more")}),
    ("/u/passerelle", BOT, "/u/passerelle.json", {"folders": ("8-end",)}),
    ("/u/", NOBODY, "/u/bruno.json", {"folders": ("1-life",)}),
    ("/user-cards.json", BOT, "/user-cards.json?user_ids=3,4,5", {}),
    ("/directory_items.json", BOT, "/directory_items.json?period=all&order=post_count", {}),
    ("/groups.json", BOT, "/groups.json", {}),
    ("/groups.json", NOBODY, "/groups.json", {}),
    ("/groups/", ADMIN, "/groups/greeters/members.json?limit=2", {"end": "members.json"}),
    ("/session/scopes.json", BOT, "/session/scopes.json", {"folders": ("8-end",)}),
    ("/search.json", ADMIN, "/search.json?q=rosier", {}),
    ("/topics/similar_to.json", "elsa", "/topics/similar_to.json?title=rosier+grimpant&raw=tailler", {}),
    ("/notifications.json", ADMIN, "/notifications.json?username=amelie", {}),
    ("/topics/private-messages/", BOT, "/topics/private-messages/passerelle.json", {}),
]


@pytest.mark.parametrize(("start", "actor", "path", "more"), CASES, ids=[f"{case[2]} as {case[1]}" for case in CASES])
def test_an_answer_has_the_keys_and_types_of_a_real_forum(
    garden: Place, start: str, actor: str | None, path: str, more: dict[str, Any]
) -> None:
    """What Passerelle reads from the sandbox looks like what it reads from a real forum."""
    topic = garden.forum.board.store.value(
        "SELECT min(topic_id) FROM posts WHERE topic_id IN (SELECT id FROM topics WHERE category_id = ?)",
        garden.rooms["open"],
    )
    post = garden.forum.board.store.value("SELECT id FROM posts WHERE topic_id = ? AND post_number = 2", topic)
    form = recorded(start, actor, more.get("folders", ALL), end=more.get("end", ""))
    answer = garden.ask("GET", path.format(topic=topic, post=post), actor)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    faults = form.faults(answer.json(), free=FREE)
    assert not faults, "\n".join(faults)


def test_posts_of_a_topic_by_id(garden: Place) -> None:
    """Posts fetched by their ids come as the recording has them, raw only when asked for."""
    topic = garden.forum.board.store.value("SELECT min(id) FROM topics WHERE category_id = ?", garden.rooms["open"])
    ids = [post["id"] for post in garden.forum.posts(topic)]
    form = recorded("/t/", "passerelle", ("2-rights",), end="posts.json")
    query = "&".join(f"post_ids[]={number}" for number in [*ids, 999_999])
    answer = garden.ask("GET", f"/t/{topic}/posts.json?{query}&include_raw=true").json()
    assert form.faults(answer, free=FREE) == []
    assert [post["id"] for post in answer["post_stream"]["posts"]] == ids[:-1], (
        "the deleted one and the unknown are left out"
    )
    assert "raw" not in garden.ask("GET", f"/t/{topic}/posts.json?{query}").json()["post_stream"]["posts"][0]


def test_the_window_of_posts_json_is_fifty_ids(place: Place) -> None:
    """/posts.json?before=ID holds only ids in (ID - 50, ID]: a page may be empty though older posts exist."""
    bruno = place.forum.as_member("bruno")
    first = bruno.topic(place.rooms["open"], "Un premier sujet public ici", "Un texte assez long pour passer la barre.")
    place.forum.board.store.run("UPDATE sqlite_sequence SET seq = 500 WHERE name = 'posts'")
    bruno.topic(
        place.rooms["open"], "Un second sujet public ici même", "Un autre texte assez long pour passer la barre."
    )
    assert len(place.ask("GET", "/posts.json").json()["latest_posts"]) == 1
    assert place.ask("GET", "/posts.json?before=400").json()["latest_posts"] == []
    old = place.ask("GET", "/posts.json?before=40").json()["latest_posts"]
    assert [post["topic_id"] for post in old] == [first]


def test_posts_json_holds_only_what_everybody_could_read(garden: Place) -> None:
    """No message, no small action, no restricted, hidden, unlisted or deleted post in /posts.json of an ordinary
    member.
    """
    posts = garden.ask("GET", "/posts.json").json()["latest_posts"]
    assert posts
    assert all(post["post_type"] == 1 and not post["hidden"] and not post["deleted_at"] for post in posts)
    assert not [post for post in posts if "CANARI" in post["raw"]]


def test_a_list_says_where_it_goes_on(place: Place) -> None:
    """Thirty topics a page, and more_topics_url as long as there are more."""
    for number in range(32):
        place.forum.as_member("admin1").topic(
            place.rooms["open"], f"Un sujet numéro {number} de la liste", f"Le texte du sujet numéro {number}."
        )
    first = place.ask("GET", "/latest.json?order=created").json()["topic_list"]
    second = place.ask("GET", "/latest.json?order=created&page=1").json()["topic_list"]
    assert len(first["topics"]) == 30
    assert "page=1" in first["more_topics_url"]
    assert len(second["topics"]) == 2
    assert "more_topics_url" not in second
    assert not {topic["id"] for topic in first["topics"]} & {topic["id"] for topic in second["topics"]}


def test_a_long_topic_gives_twenty_posts_and_all_ids(place: Place) -> None:
    """/t/{id}.json has 20 posts and the ids of all; page=2 and print=true give the rest."""
    admin = place.forum.as_member("admin1")
    topic = admin.topic(
        place.rooms["open"], "Un sujet avec beaucoup de messages", "Le premier message de ce long sujet."
    )
    for number in range(24):
        admin.reply(topic, f"La réponse numéro {number} dans ce long sujet.")
    whole = place.ask("GET", f"/t/{topic}.json").json()
    assert len(whole["post_stream"]["posts"]) == 20
    assert len(whole["post_stream"]["stream"]) == 25
    assert len(place.ask("GET", f"/t/{topic}.json?page=2").json()["post_stream"]["posts"]) == 5
    assert len(place.ask("GET", f"/t/{topic}.json?print=true").json()["post_stream"]["posts"]) == 25
    assert place.ask("GET", f"/t/{topic}.json?page=3").status_code == 404


def test_a_category_without_slug_redirects(garden: Place) -> None:
    """/c/ID/l/latest.json answers 301 to the address with the slug, as recorded."""
    answer = garden.ask("GET", f"/c/{garden.rooms['open']}/l/latest.json")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{garden.url}/c/entraide/{garden.rooms['open']}/l/latest.json"
    assert answer.text.startswith("<html><body>You are being")
