"""A small forum whose members send one another to earlier topics, as Discourse serves it."""

from datetime import UTC, datetime
from typing import Any

from plugins.expert_finder.past import DAY

START = 1_600_000_000.0
HOME = "https://forum.example"
TROUBLES = {
    "printer": "the laser printer jams on thick paper and blinks orange",
    "oven": "the solder reflow oven overshoots its temperature profile",
    "badge": "my badge no longer opens the workshop door in the morning",
    "crane": "the overhead crane stops halfway and its pendant stays dark",
}
CHATTER = ["lunch", "menu", "football", "weekend", "weather", "parking", "bicycle", "coffee"]
LATE = "zzzz quite other words about gardening and roses"


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")


def slug(title: str) -> str:
    return "-".join(word.strip("?!.").lower() for word in title.split())


def post(number: int, author: int, at: float, cooked: str, **facts: Any) -> dict[str, Any]:
    return {
        "id": int(at - START) + number, "user_id": author, "created_at": stamp(at), "updated_at": stamp(at),
        "post_number": number, "post_type": 1, "version": 1, "cooked": cooked, **facts,
    }  # fmt: skip


def forum(rounds: int = 5) -> list[dict[str, Any]]:
    """Every round asks after each trouble again, amid chatter; from the second on, the first answer links the topic of
    the round before.
    """
    found: list[dict[str, Any]] = []
    asked: dict[str, tuple[int, str]] = {}
    number = 0
    for turn in range(rounds):
        for name, words in TROUBLES.items():
            number += 1
            at = START + number * DAY
            title = f"Trouble {turn} with the {name} again"
            text = f"Hello, {words}, what do you do about the {name}?"
            reply = "Have a look at the fuse."
            if name in asked:
                earlier, its_title = asked[name]
                reply = f'See <a href="{HOME}/t/{slug(its_title)}/{earlier}/2">there</a>.'
            posts = [
                post(1, 100 + number % 7, at, f"<p>{text}</p>"),
                post(2, 1 + number % 3, at + 7_200, f"<p>{reply}</p>"),
            ]
            found.append({"id": number, "title": title, "slug": slug(title), "post_stream": {"posts": posts}})
            asked[name] = (number, title)
            number += 1
            small = f"Chat about {CHATTER[number % 8]} {number}"
            chat = [post(1, 50, at + DAY / 2, f"<p>{' '.join(CHATTER[number % 5 :])}</p>")]
            found.append({"id": number, "title": small, "slug": slug(small), "post_stream": {"posts": chat}})
    return found


def changed_after(documents: list[dict[str, Any]], topic_id: int) -> list[dict[str, Any]]:
    """The same forum in which everything later than that question reads differently: other words, links and titles."""
    asked = next(one for one in documents if one["id"] == topic_id)["post_stream"]["posts"][0]["created_at"]
    found = []
    for document in documents:
        posts = []
        for one in document["post_stream"]["posts"]:
            later = one["created_at"] > asked
            posts.append({**one, "cooked": f"<p>{LATE}</p>", "user_id": 77} if later else dict(one))
        opened_later = posts[0]["created_at"] > asked
        title = LATE if opened_later else f"[SOLVED] {document['title']}"
        found.append({**document, "title": title, "post_stream": {"posts": posts}})
    return found
