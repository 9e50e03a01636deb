r"""Reads one ``threads/YYYY-MM.md`` file: the discussions that began in that month.

::

    === key | room | tag, tag | question closed unlisted
    Title of the discussion

    @ solene 09-22 08:41 ♥ yann fabrice
    Text in Markdown, any number of lines.

    @ yann 09-22 09:02 + re:1 ♥ solene
    >> 1: words taken from post 1
    My answer, see {{other-key}} or {{other-key#3}}.

``@ member MM-DD HH:MM`` opens a post (Paris time; a month earlier than the file's belongs to the next year). Then, in
this order and all optional: ``+`` this post really helps the asker (``++`` and the asker accepted it), ``re:N``
replies to post N, ``hidden``, ``deleted``, ``♥`` and the members who like it. ``>> N: words`` quotes post N of the
same discussion (``>> key#N: words`` another one); the words must be there. ``{{key}}`` links to a discussion.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connector.sandbox.community.model import CommunityError

PARIS = ZoneInfo("Europe/Paris")
TOPIC_MARKS = frozenset({"question", "closed", "unlisted"})

_POST = re.compile(
    r"^@ (?P<author>[a-z]+) (?P<month>\d\d)-(?P<day>\d\d) (?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?P<helps> \+{1,2})?(?: re:(?P<reply>\d+))?(?P<hidden> hidden)?(?P<deleted> deleted)?(?: ♥(?P<likes>[ a-z]+))?$"
)


@dataclass(frozen=True)
class SourcePost:
    """A post as written in the file; people and discussions are still keys."""

    where: str
    author: str
    created_at: datetime
    text: str
    helps: bool
    accepted: bool
    reply_to: int | None
    hidden: bool
    deleted: bool
    likes: tuple[str, ...]


@dataclass(frozen=True)
class SourceTopic:
    """A discussion as written in the file."""

    where: str
    key: str
    category: str
    tags: tuple[str, ...]
    marks: frozenset[str]
    title: str
    posts: tuple[SourcePost, ...]


def read_threads(text: str, filename: str) -> list[SourceTopic]:
    """The discussions of one file named ``YYYY-MM.md``; CommunityError names the file and line of what is wrong."""
    named = re.fullmatch(r"(\d{4})-(\d\d)\.md", filename)
    if not named:
        raise CommunityError(f"{filename}: the file's name must be YYYY-MM.md")
    year, month = int(named[1]), int(named[2])
    topics: list[SourceTopic] = []
    for number, lines in _chunks(text.splitlines(), "=== ", 1, filename):
        topics.append(_topic(lines, number, filename, (year, month)))
    return topics


def _chunks(lines: list[str], opening: str, first: int, filename: str) -> list[tuple[int, list[str]]]:
    """Splits at lines that begin with ``opening`` outside code fences; each chunk with its line number."""
    found: list[tuple[int, list[str]]] = []
    fenced = False
    for number, line in enumerate(lines, first):
        if line.startswith("```"):
            fenced = not fenced
        if line.startswith(opening) and not fenced:
            found.append((number, [line]))
        elif found:
            found[-1][1].append(line)
        elif line.strip():
            raise CommunityError(f"{filename}:{number}: expected a line beginning with {opening!r}, found {line!r}")
    if fenced:
        raise CommunityError(f"{filename}:{first}: a code fence (```) is never closed")
    return found


def _topic(lines: list[str], number: int, filename: str, month: tuple[int, int]) -> SourceTopic:
    where = f"{filename}:{number}"
    parts = [part.strip() for part in lines[0].removeprefix("=== ").split("|")]
    if len(parts) != 4 or not re.fullmatch(r"[a-z0-9-]+", parts[0]):
        raise CommunityError(f"{where}: expected '=== key | room | tags | marks', found {lines[0]!r}")
    marks = frozenset(parts[3].split())
    if not marks <= TOPIC_MARKS:
        raise CommunityError(f"{where}: unknown marks {sorted(marks - TOPIC_MARKS)}; known: {sorted(TOPIC_MARKS)}")
    title = lines[1].strip() if len(lines) > 1 else ""
    if not title or title.startswith("@ "):
        raise CommunityError(f"{where}: the title must stand on the line after '==='")
    posts = tuple(_post(chunk, at, filename, month) for at, chunk in _chunks(lines[2:], "@ ", number + 2, filename))
    if not posts:
        raise CommunityError(f"{where}: the discussion {parts[0]!r} has no post")
    tags = tuple(tag.strip() for tag in parts[2].split(",") if tag.strip())
    return SourceTopic(where, parts[0], parts[1], tags, marks, title, posts)


def _post(lines: list[str], number: int, filename: str, month: tuple[int, int]) -> SourcePost:
    where = f"{filename}:{number}"
    found = _POST.match(lines[0])
    if not found:
        raise CommunityError(f"{where}: expected '@ member MM-DD HH:MM [+] [re:N] [♥ …]', found {lines[0]!r}")
    text = "\n".join(lines[1:]).strip()
    if not text:
        raise CommunityError(f"{where}: this post is empty")
    helps = (found["helps"] or "").strip()
    return SourcePost(
        where=where,
        author=found["author"],
        created_at=_moment(found, month, where),
        text=text,
        helps=bool(helps),
        accepted=helps == "++",
        reply_to=int(found["reply"]) if found["reply"] else None,
        hidden=bool(found["hidden"]),
        deleted=bool(found["deleted"]),
        likes=tuple((found["likes"] or "").split()),
    )


def _moment(found: re.Match[str], month: tuple[int, int], where: str) -> datetime:
    year = month[0] + (int(found["month"]) < month[1])
    day = (year, int(found["month"]), int(found["day"]))
    try:
        local = datetime(*day, int(found["hour"]), int(found["minute"]), tzinfo=PARIS)
    except ValueError as error:
        raise CommunityError(f"{where}: no such day or time ({error})") from error
    return local.astimezone(UTC)
