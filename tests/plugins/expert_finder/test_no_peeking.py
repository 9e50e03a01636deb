"""The evaluation reads nothing that is later than the question, undated facts included."""

import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from plugins.expert_finder.archive_file import read_posts
from plugins.expert_finder.evaluation import Ours, Terms
from plugins.expert_finder.features import portrait
from plugins.expert_finder.past import PastPost, as_asked
from plugins.expert_finder.ranking import rank
from plugins.expert_finder.words import stems
from tests.plugins.expert_finder.forums import past


def meaning(post: PastPost) -> NDArray[np.float32]:
    """A stand-in for a model's vector of a question: its words, hashed into thirty-two directions."""
    vector = np.full(32, 0.01, np.float32)
    for word in stems(as_asked(post).whole):
        vector[zlib.crc32(word.encode()) % 32] += 1
    found: NDArray[np.float32] = vector / np.linalg.norm(vector)
    return found


def ranking_at(posts: list[PastPost], topic_id: int) -> list[tuple[int, float]]:
    """Whom the product would have named for one topic and with what chance, replaying everything it is given."""
    ours = Ours(Terms())
    for post in posts:
        vector = meaning(post) if post.opens else None
        if post.opens and post.topic_id == topic_id:
            ranking = rank(ours.evidence, portrait(ours.evidence, as_asked(post), vector), None)
            named = list(ours.name(as_asked(post), vector).ranked)
            assert named == ranking.ids
            rows = ranking.portrait.rows[ranking.order].sum(axis=1)
            return list(zip(named, rows.tolist(), strict=True))
        if post.opens and post.topic_id > 10:
            ours.study(as_asked(post), vector)
        ours.evidence.tell(post, vector)
    raise AssertionError("the topic was never opened")


@settings(max_examples=10, deadline=None)
@given(st.integers(40, 110), st.sampled_from(["gone", "garbled", "others"]))
def test_what_comes_later_changes_nothing(topic_id: int, change: str) -> None:
    """Later posts may vanish, say something else or be by somebody else: that minute's ranking is the same, and every
    number that it was made from.
    """
    posts = past()
    asked_at = next(post.at for post in posts if post.topic_id == topic_id and post.opens)

    def changed(post: PastPost) -> PastPost | None:
        if post.at <= asked_at:
            return post
        if change == "gone":
            return None
        if change == "garbled":
            return replace(post, text="zzz sensor", title="sensor" if post.opens else "")
        return replace(post, author=99)

    altered = [kept for kept in map(changed, posts) if kept is not None]
    assert ranking_at(altered, topic_id) == ranking_at(posts, topic_id)


def test_an_edit_is_known_from_its_own_minute_only() -> None:
    """A reply edited after the question says nothing by its new words, and the question edited later only its title."""
    posts = past()
    late = posts[-1].at + 1
    edited = [replace(post, known_at=late, text="new words") if post.topic_id % 5 == 0 else post for post in posts]
    copy = posts[1].text + " as somebody said before"
    other = [replace(post, text=copy) if post.known_at == late else post for post in edited]
    assert ranking_at(edited, 100) == ranking_at(other, 100)


def document(topic_id: int, *, liked: bool) -> dict[str, Any]:
    """A topic as Discourse serves it, with or without the undated facts that gather over the years."""
    mine = [post for post in past() if post.topic_id == topic_id]
    asked = next(post for post in mine if post.opens)
    facts = {"reads": 900, "score": 88.5, "accepted_answer": True, "trust_level": 4, "like_count": 70} if liked else {}
    posts = [
        {
            "id": post.id,
            "user_id": post.author,
            "created_at": datetime.fromtimestamp(post.at, UTC).isoformat(),
            "post_number": post.number,
            "post_type": 1,
            "cooked": f"<p>{post.text}</p>",
            **facts,
        }
        for post in mine
    ]
    extra = {"like_count": 99, "views": 9, "category_id": 3, "accepted_answer": {"post_number": 2}} if liked else {}
    return {"id": topic_id, "title": asked.title, "post_stream": {"posts": posts}, **extra}


def test_undated_facts_are_never_read(tmp_path: Path) -> None:
    """With or without likes, accepted answers, reads, scores, trust levels and categories the same is read."""
    for liked in (True, False):
        lines = [json.dumps(document(topic_id, liked=liked)) for topic_id in range(1, 121)]
        (tmp_path / f"{liked}.jsonl").write_text("\n".join(lines))
    assert read_posts(tmp_path / "True.jsonl") == read_posts(tmp_path / "False.jsonl") == past()


def test_all_shapes_of_an_archive_are_read_alike(tmp_path: Path) -> None:
    """A folder, a .zip, a .jsonl and a .jsonl.gz of the same topics give the same posts; broken lines are skipped."""
    import gzip
    import zipfile

    lines = [json.dumps(document(topic_id, liked=False)) for topic_id in range(1, 121)]
    (tmp_path / "folder").mkdir()
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as box:
        for number, line in enumerate(lines):
            (tmp_path / "folder" / f"{number}.json").write_text(line)
            box.writestr(f"{number}.json", line)
    (tmp_path / "all.jsonl").write_text("\n".join([lines[0], "{broken", *lines[1:]]))
    (tmp_path / "all.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    for name in ("folder", "all.zip", "all.jsonl", "all.jsonl.gz"):
        assert read_posts(tmp_path / name) == past()
