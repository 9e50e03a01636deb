"""What happened on a forum, as light records in time order: all that ranking may know, and when it could be known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from plugins.expert_finder.words import counted, stems

DAY = 86_400.0
WEEK = 7 * DAY
_SOLVED = re.compile(
    r"^\s*[\[(](solved|résolu|resolu|closed|fixed)[\])]\s*|\s*[\[(](solved|résolu|resolu)[\])]\s*$", re.I
)


@dataclass(frozen=True, slots=True)
class PastPost:
    """A regular post. Times are seconds since 1970; `known_at` is when its text became what it is now (an edit).

    Where its words were counted before (`counted`, and those of its title as it was asked), it comes without text.
    """

    id: int
    topic_id: int
    author: int
    at: float
    known_at: float
    number: int
    text: str
    title: str = ""
    has_code: bool = False
    counted: Mapping[str, int] | None = None
    counted_title: Mapping[str, int] | None = None

    @property
    def opens(self) -> bool:
        return self.number == 1


@dataclass(frozen=True, slots=True)
class Question:
    """A question in its asker's own words, as they stood in the minute it was asked."""

    topic_id: int
    asker: int
    at: float
    title: str
    text: str
    has_code: bool = False

    @property
    def whole(self) -> str:
        """Title and body, the title first, as it is searched and embedded."""
        return f"{self.title}. {self.text[:1200]}".strip()


def words_of(post: PastPost) -> Mapping[str, int]:
    """Counted stems of a post's text."""
    return counted(stems(post.text)) if post.counted is None else post.counted


def words_asked(post: PastPost) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Counted stems of title and text of an opening post, as it was asked."""
    if post.counted is not None:
        return post.counted_title or {}, post.counted
    asked = as_asked(post)
    return counted(stems(asked.title)), counted(stems(asked.text))


def as_asked(post: PastPost) -> Question:
    """The question as it stood when it was asked.

    Edits are undated in an archive except for the last one: an opening post edited later counts with its title alone,
    less the mark "[solved]", since nobody can say what its text was in the first minute.
    """
    edited = post.known_at > post.at
    title = _SOLVED.sub("", post.title)
    return Question(post.topic_id, post.author, post.at, title, "" if edited else post.text, post.has_code)


def seconds(moment: datetime) -> float:
    return moment.timestamp()


def moment(seconds_since: float) -> datetime:
    return datetime.fromtimestamp(seconds_since, UTC)
