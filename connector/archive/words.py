"""From a post as the forum serves it to the columns we keep: own words, code, links, language, content hash."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from connector.archive.forgotten import Forgotten
from connector.archive.language import language
from connector.models import Post
from connector.text import OwnWords, own_words

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_LINKS = 50


def to_embed(title: str, post_number: int, text: str) -> str:
    """What stands for a post in semantic search: its words, under the topic's title where it opens the topic."""
    body = text.strip()
    return f"{title}\n{body}".strip() if post_number == 1 else body


def content_hash(words: str) -> str:
    """128 bits of SHA-256 in hex; "" where there are no words, hence nothing to embed."""
    return hashlib.sha256(words.encode("utf-8")).hexdigest()[:32] if words else ""


def columns_of(
    post: Post,
    title: str,
    languages: Sequence[str],
    forum_url: str | None,
    forgotten: Forgotten,
) -> dict[str, Any]:
    """The columns of a readable post, whose words name none of the forgotten.

    Hidden and withdrawn posts and small actions leave no words behind.
    """
    shown = post.is_shown
    created = post.created_at or post.updated_at or EPOCH
    number = post.post_number or 0
    return {
        "id": post.id,
        "post_number": number,
        "user_id": post.user_id,
        "created_at": created,
        "updated_at": post.updated_at or created,
        "post_type": post.post_type,
        "reply_to_post_number": post.reply_to_post_number,
        "hidden": post.hidden,
        "shown": shown,
        **(_words_of(post, title, languages, forum_url, forgotten) if shown else NO_WORDS),
    }


NO_WORDS: Mapping[str, Any] = {"text": "", "code": "", "links": [], "lang": "unknown", "content_hash": ""}


def without(forgotten: Forgotten, words: Mapping[Any, Any]) -> dict[str, Any]:
    """`text`, `code` and `links` without the names of erased members; addresses that hold one are left out."""
    return {
        "text": forgotten.scrubbed(words["text"]),
        "code": forgotten.scrubbed(words["code"]),
        "links": [link for link in words["links"] if forgotten.scrubbed(link) == link],
    }


def _words_of(
    post: Post, title: str, languages: Sequence[str], forum_url: str | None, forgotten: Forgotten
) -> dict[str, Any]:
    own = own_words(post.cooked, forum_url)
    found: dict[str, Any] = {"text": own.text, "code": "\n\n".join(own.code), "links": _links(own, post.topic_id)}
    words = without(forgotten, found) if forgotten else found
    return {
        **words,
        "lang": language(own.text, languages),
        "content_hash": content_hash(to_embed(title, post.post_number or 0, words["text"])),
    }


def _links(own: OwnWords, topic_id: int | None) -> list[str]:
    """The addresses of a post, then those of other topics that it quotes from: of a quote no word is kept, but whoever
    quotes a topic sends his readers there.
    """
    quoted = [f"/t/{one.topic_id}/{one.post_number or 1}" for one in own.quotes if one.topic_id not in (None, topic_id)]
    return list(dict.fromkeys([*own.links, *quoted]))[:_MOST_LINKS]
