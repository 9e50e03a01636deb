"""Read topic documents as Discourse serves them (`/t/{id}.json`): a folder, a .zip, a .jsonl or a .jsonl.gz.

A pure reader for `evaluate --archive`: only what is dated, regular and written by people is taken; likes, accepted
answers, reads, scores, trust levels and categories are undated and never looked at.
"""

import gzip
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from connector.text import own_words
from plugins.expert_finder.past import PastPost

REGULAR = 1


class UnreadableArchiveError(Exception):
    """The path holds no topic documents; the text names the mend."""


def documents(path: Path) -> Iterator[Mapping[str, Any]]:
    """Topic documents; broken ones are skipped. Raises `UnreadableArchiveError` where there is nothing to read."""
    if not path.exists():
        raise UnreadableArchiveError(f"There is no file or folder {path}.")
    for text in _texts(path):
        try:
            document = json.loads(text)
        except ValueError:
            continue
        if isinstance(document, dict) and isinstance(document.get("post_stream"), dict):
            yield document


def _texts(path: Path) -> Iterator[str | bytes]:
    if path.is_dir():
        for file in sorted(path.rglob("*.json")):
            yield file.read_bytes()
        for file in sorted([*path.rglob("*.jsonl"), *path.rglob("*.jsonl.gz")]):
            yield from _texts(file)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as box:
            for name in sorted(box.namelist()):
                if name.endswith(".json"):
                    yield box.read(name)
                elif name.endswith(".jsonl"):
                    yield from box.read(name).splitlines()
    elif path.name.endswith(".gz"):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
            yield from lines
    elif path.suffix in {".jsonl", ".ndjson"}:
        with path.open(encoding="utf-8", errors="replace") as lines:
            yield from lines
    elif path.suffix == ".json":
        yield path.read_bytes()
    else:
        raise UnreadableArchiveError(
            f"{path.name}: expected a folder, .zip, .json, .jsonl or .jsonl.gz of topic documents."
        )


def read_posts(path: Path) -> list[PastPost]:
    """All regular posts of people, in time order. Raises `UnreadableArchiveError` where none is found."""
    posts = [post for document in documents(path) for post in posts_of(document)]
    if not posts:
        raise UnreadableArchiveError(f"{path.name} holds no topic documents with posts (as served by /t/ID.json).")
    posts.sort(key=lambda post: (post.at, post.id))
    return posts


def posts_of(document: Mapping[str, Any]) -> Iterator[PastPost]:
    if document.get("archetype", "regular") != "regular":
        return
    title = str(document.get("title") or "")
    for payload in document["post_stream"].get("posts") or ():
        post = _post(payload, document, title)
        if post is not None:
            yield post


def _post(payload: Mapping[str, Any], document: Mapping[str, Any], title: str) -> PastPost | None:
    author, created = payload.get("user_id"), payload.get("created_at")
    number, post_type = payload.get("post_number"), payload.get("post_type", REGULAR)
    topic = document.get("id") or payload.get("topic_id")
    if not (isinstance(author, int) and author > 0 and isinstance(number, int) and isinstance(topic, int)):
        return None
    if post_type != REGULAR or not isinstance(created, str):
        return None
    try:
        at = seconds_of(created)
        known_at = seconds_of(payload["updated_at"]) if (payload.get("version") or 1) > 1 else at
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    words = own_words(str(payload.get("cooked") or ""))
    return PastPost(
        id=int(payload.get("id") or 0),
        topic_id=topic,
        author=author,
        at=at,
        known_at=max(at, known_at),
        number=number,
        text=words.text,
        title=title if number == 1 else "",
        has_code=bool(words.code),
    )


def seconds_of(stamp: str) -> float:
    return datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()
