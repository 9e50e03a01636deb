"""The evaluation of similar topics reads nothing that is later than the question; it counts the links it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from plugins.expert_finder.evaluate_similar import Replay
from plugins.expert_finder.similar_history import History, from_files
from tests.plugins.expert_finder.linked import DAY, HOME, LATE, START, changed_after, forum, post, slug, stamp


def history(folder: Path, documents: list[dict[str, Any]]) -> History:
    path = folder / "topics.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in documents))
    return from_files(path)


def shown(past: History, topic_id: int) -> dict[str, list[int]]:
    """What every ranker shows for one question, asked in its own minute."""
    replay = Replay(past, None, {}, lambda _: None)
    question = next(iter(replay.questions({topic_id})))
    return {name: list(ranker(question)) for name, ranker in replay.rankers.items()}


@pytest.mark.parametrize("topic_id", [9, 19, 31])
def test_what_comes_later_changes_nothing(tmp_path: Path, topic_id: int) -> None:
    """Whatever is said, linked or retitled after a question, all rankers show the same topics for it."""
    before, after = forum(), changed_after(forum(), topic_id)
    assert shown(history(tmp_path, before), topic_id) == shown(history(tmp_path, after), topic_id)


def test_an_edit_is_known_from_its_own_minute_only(tmp_path: Path) -> None:
    """Words edited into earlier posts after the question, and into the question itself, say nothing yet."""
    asked = START + 31 * DAY

    def edited(words: str) -> list[dict[str, Any]]:
        found = forum()
        for document in found:
            if document["id"] in (1, 9, 17, 31):
                first = document["post_stream"]["posts"][0]
                first |= {"version": 2, "updated_at": stamp(asked + DAY), "cooked": f"<p>{words}</p>"}
        return found

    one = shown(history(tmp_path, edited("the solder reflow oven")), 31)
    assert one == shown(history(tmp_path, edited(LATE)), 31)


def test_an_edit_counts_once_it_is_known(tmp_path: Path) -> None:
    """What an old topic was edited into before the question is asked does find it."""
    documents = forum()
    chat = documents[1]["post_stream"]["posts"][0]
    chat |= {"version": 2, "updated_at": stamp(START + 20 * DAY), "cooked": "<p>quince marmalade kettle</p>"}
    late = [post(1, 9, START + 90 * DAY, "<p>My marmalade kettle burns the quince.</p>")]
    documents.append({"id": 900, "title": "Quince burns", "slug": "quince-burns", "post_stream": {"posts": late}})
    assert shown(history(tmp_path, documents), 900)["bm25_first_post"][0] == 2


def test_links_in_replies_to_earlier_topics_are_what_is_judged_by(tmp_path: Path) -> None:
    """One round links to the one before; links of the opening post, to itself, forward, or elsewhere do not count."""
    documents = forum(2)
    assert history(tmp_path, documents).answers() == {9: {1}, 11: {3}, 13: {5}, 15: {7}}
    third = documents[2]
    elsewhere = "".join(
        f'<a href="{link}">x</a>'
        for link in (
            f"{HOME}/t/{slug(third['title'])}/3",
            f"{HOME}/t/{slug(documents[8]['title'])}/9",
            "https://other.example/t/their-topic/1",
            f"{HOME}/u/somebody/1",
            f"{HOME}/t/no-such-topic/4000",
            "/t/relative/2",
        )
    )
    third["post_stream"]["posts"][1]["cooked"] = f"<p>{elsewhere}</p>"
    third["post_stream"]["posts"][0]["cooked"] += f'<a href="{HOME}/t/-/1">mine</a>'
    assert history(tmp_path, documents).answers()[3] == {2}


def test_a_quote_of_another_topic_and_a_moderators_note_are_links_too(tmp_path: Path) -> None:
    """The title above a quote leads to its topic, and so does the small action that a moderator left."""
    documents = forum(2)
    at = START + 3 * DAY
    quote = (
        f'<aside class="quote" data-topic="1"><div class="title"><a href="{HOME}/t/{slug(documents[0]["title"])}/1">'
        "there</a></div><blockquote><p>words</p></blockquote></aside>"
    )
    documents[2]["post_stream"]["posts"].append(post(3, 4, at + 9_000, quote))
    note = post(4, 4, at + 9_900, f'<a href="{HOME}/t/x/2">moved</a>', post_type=3)
    documents[2]["post_stream"]["posts"].append(note)
    assert history(tmp_path, documents).answers()[3] == {1, 2}
