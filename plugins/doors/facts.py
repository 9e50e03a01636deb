"""The facts that pass the doors: who looks, what was asked for, what members said of it, what supports it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from connector.records import Audience

Urgency = Literal["now", "normal", "whenever"]
Answer = Literal["useful", "not_useful", "not_now", "never", "not_here", "accept", "contest"]
"""`not_now` silences the plugin for a month, `never` for good, `not_here` is about this one act alone: pass
it on; `accept` says yes to what was asked, `contest` that a word about one's conduct is wrong: a human answers."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: signed identity of a member, or nobody (`member_id` None, anonymous)."""

    member_id: int | None
    username: str = ""
    groups: tuple[str, ...] = ()
    is_manager: bool = False
    lang: str = "en"
    audience: Audience | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """An act that was asked for: the handle a plugin may keep. `once` identifies it within the plugin for ever."""

    once: str
    verb: str
    state: str
    post_id: int | None = None
    topic_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a member said about an act or a suggestion: `once` or suggestion key, answer, optional reason."""

    once: str
    member_id: int
    answer: Answer
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A post that supports an act: shown beside it in the console, and in the reason line where readers may open it."""

    topic_id: int
    post_number: int | None = None
    label: str = ""
