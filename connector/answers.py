"""What an HTTP answer of a forum means: its JSON, what came of a write, or which of the three failures it is.

Discourse's refusals have five shapes, its "slow down" three (recorded lesson 9), and proxies in front of it answer in
HTML. The wording is in the acting member's language, so only status, headers and shape decide.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from connector.errors import ForumError, ForumRefused, ForumUnavailable, ForumUnsure
from connector.fields import listed, mapping, whole, words
from connector.models import Sent
from connector.scopes import UNSCOPED
from connector.sentences import said

LONGEST_WAIT = 3600.0
_WAIT_UNTOLD = 15.0
_NOTHING = object()
_KEPT_FACTS = ("post_number", "topic_slug", "short_url", "url", "original_filename", "pending_count", "updated_at")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, read to its end. `header` names are lower case. `writing`: it answers a write."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    writing: bool
    scope: str
    username: str

    @property
    def content(self) -> Any:
        """The body's JSON, None where it is empty, and a private marker where it is something else."""
        if not self.body.strip():
            return None
        if "json" not in self.headers.get("content-type", "").lower():
            return _NOTHING
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return _NOTHING

    @property
    def is_read_only(self) -> bool:
        """Whether the forum said that it takes no writes now."""
        return self.headers.get("discourse-readonly", "").lower() == "true"


def decoded(answer: Answer) -> Any:
    """The JSON of a success (None where it is empty). :raises ForumError: see `connector.errors`."""
    content = answer.content
    if not 200 <= answer.status < 300:
        raise failure(answer, content)
    if content is _NOTHING:
        raise ForumUnsure(said("no_data_write")) if answer.writing else ForumUnavailable(said("no_data"))
    if isinstance(content, Mapping) and (content.get("success") is False or _sentences(content.get("errors"))):
        raise _refusal(answer, content)
    return content


def failure(answer: Answer, content: Any) -> ForumError:
    """The error for an answer that is no success."""
    status = answer.status
    if status == 429:
        wait = wait_of(answer, content)
        return ForumUnavailable(said("slow_down", seconds=round(wait)), wait)
    if status >= 500:
        return _broken(answer, content)
    if status < 200 or 300 <= status < 400:
        return ForumUnavailable(said("redirect", status=status))
    if content is _NOTHING and status != 413:
        return ForumUnavailable(said("page", status=status))
    return _refusal(answer, content)


def wait_of(answer: Answer, content: Any = None) -> float:
    """How many seconds a 429 asks to wait: `Retry-After` or `extras.wait_seconds`; where neither is told, fifteen."""
    told = [_seconds(answer.headers.get("retry-after", "")), _number(mapping(mapping(content).get("extras")))]
    longest = max((seconds for seconds in told if seconds is not None), default=_WAIT_UNTOLD)
    return min(max(longest, 1.0), LONGEST_WAIT)


def slows_everybody(answer: Answer) -> bool:
    """Whether a 429 is a limit of the key or the address, which all requests share, rather than of one kind of act."""
    named = answer.headers.get("discourse-rate-limit-error-code")
    return answer.status == 429 and (bool(named) or answer.content is _NOTHING or answer.content is None)


def outcome(verb: str, content: Any) -> Sent:
    """What came of a write, from the JSON it was answered with. :raises ForumUnsure: it says nothing of a post."""
    told = mapping(content)
    if told.get("action") == "enqueued":
        pending = mapping(told.get("pending_post"))
        facts = {"pending_post_id": whole(pending.get("id")), "pending_count": whole(told.get("pending_count"))}
        return Sent(queued_for_review=True, facts=facts)
    if verb == "delete":
        return Sent()
    if verb == "upload":
        if not words(told.get("short_url")):
            raise ForumUnsure(said("no_file"))
        return Sent(url=words(told.get("url")) or None, facts=_facts(told))
    if verb == "topic_edit":
        topic = mapping(told.get("basic_topic"))
        return Sent(topic_id=whole(topic.get("id")), facts={"topic_slug": words(topic.get("slug"))})
    post = mapping(told.get("post")) or told
    post_id, topic_id = whole(post.get("id")), whole(post.get("topic_id"))
    if post_id is None:
        raise ForumUnsure(said("no_post"))
    number = whole(post.get("post_number"))
    slug = words(post.get("topic_slug")) or "-"
    url = None if topic_id is None else f"/t/{slug}/{topic_id}" + (f"/{number}" if number else "")
    return Sent(post_id=post_id, topic_id=topic_id, url=url, facts=_facts(post))


def _broken(answer: Answer, content: Any) -> ForumError:
    kind = words(mapping(content).get("error_type"))
    if answer.status == 503 and kind == "read_only":
        return ForumUnavailable(said("read_only"), 60.0)
    if answer.writing:
        return ForumUnsure(said("trouble_write", status=answer.status))
    wait = _seconds(answer.headers.get("retry-after", ""))
    wait = None if wait is None else min(wait, LONGEST_WAIT)
    return ForumUnavailable(said("trouble", status=answer.status), wait)


def _refusal(answer: Answer, content: Any) -> ForumRefused:
    told = mapping(content)
    sentences = _sentences(told.get("errors")) or _sentences([told.get("message"), told.get("error")])
    kind = words(told.get("error_type"))[:100]
    scope = answer.scope if answer.status in (401, 403) else None
    return ForumRefused(_sentence(answer, sentences), answer.status, kind, sentences, scope)


def _sentence(answer: Answer, sentences: tuple[str, ...]) -> str:
    facts = {"status": answer.status, "scope": answer.scope, "username": answer.username}
    if answer.status in (401, 403):
        return said("key_unscoped" if answer.scope == UNSCOPED else "key", **facts)
    if answer.status in (404, 410):
        return said("missing", **facts)
    return said("refused_because", said=" ".join(sentences), **facts) if sentences else said("refused", **facts)


def _sentences(errors: object) -> tuple[str, ...]:
    """Up to ten sentences of at most 300 characters, from a list, a mapping of fields, or one text."""
    if isinstance(errors, Mapping):
        flat = [f"{field} {one}" for field, many in errors.items() for one in (listed(many) or [many])]
    elif isinstance(errors, str):
        flat = [errors]
    else:
        flat = listed(errors)
    return tuple(words(one)[:300] for one in flat if words(one))[:10]


def _seconds(value: str) -> float | None:
    """`Retry-After`: seconds, or a date."""
    if value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _number(extras: Mapping[str, Any]) -> float | None:
    value = extras.get("wait_seconds")
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e9 else None


def _facts(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: content[name] for name in _KEPT_FACTS if content.get(name) is not None}
