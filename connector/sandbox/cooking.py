"""From Markdown as a member writes it to the HTML that the forum shows, the way Discourse does it.

Quotes become ``aside.quote``, mentions of existing members become links, a bare address becomes a link, HTML comments
vanish, code stays as it is, and the whole is cleaned by nh3. Not done: oneboxes with a preview, emoji pictures.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import nh3
from markdown_it import MarkdownIt

_OPEN = re.compile(r'^\s*\[quote(?:="(?P<about>[^"\]]*)"|=(?P<bare>[^\]]*))?\]\s*$', re.IGNORECASE)
_CLOSE = re.compile(r"^\s*\[/quote\]\s*$", re.IGNORECASE)
_FENCE = re.compile(r"^\s*(```|~~~)")
_TAG = re.compile(r"(<[^>]+>)")
_SKIPPED = ("a", "code", "pre")
_FOUND = re.compile(
    r"(?P<link>https?://[^\s<>\"]+)|(?<![\w@/.])@(?P<name>[\w][\w.-]*[\w]|\w)|(?<![\w#/&])#(?P<room>[\w-]+(?::[\w-]+)?)"
)
_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "del", "details", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
_MARKDOWN = MarkdownIt("commonmark", {"html": True, "breaks": True, "typographer": True}).enable(
    ["table", "strikethrough", "replacements", "smartquotes"]
)


def _nobody(_name: str) -> str | None:
    return None


@dataclass(frozen=True)
class Surroundings:
    """What cooking asks of the forum: `member` and `room` give the address of a name, or None for an unknown one."""

    member: Callable[[str], str | None] = _nobody
    room: Callable[[str], tuple[str, str] | None] = field(default=lambda _name: None)


def cook(raw: str, around: Surroundings | None = None) -> str:
    """The HTML of one post."""
    return _blocks(raw.split("\n"), around or Surroundings(), depth=0).strip()


def _blocks(lines: list[str], around: Surroundings, depth: int) -> str:
    done: list[str] = []
    waiting: list[str] = []
    position, fenced = 0, False
    while position < len(lines):
        line = lines[position]
        opened = None if fenced or depth > 8 else _OPEN.match(line)
        end = _closing(lines, position) if opened else None
        if opened and end is not None:
            done.append(_text("\n".join(waiting), around))
            waiting = []
            about = opened["about"] if opened["about"] is not None else opened["bare"] or ""
            done.append(_quote(about, _blocks(lines[position + 1 : end], around, depth + 1)))
            position = end + 1
            continue
        if _FENCE.match(line):
            fenced = not fenced
        waiting.append(line)
        position += 1
    done.append(_text("\n".join(waiting), around))
    return "\n".join(part for part in done if part)


def _closing(lines: list[str], start: int) -> int | None:
    depth = 0
    for position in range(start, len(lines)):
        if _OPEN.match(lines[position]):
            depth += 1
        elif _CLOSE.match(lines[position]):
            depth -= 1
            if depth == 0:
                return position
    return None


def _quote(about: str, inner: str) -> str:
    parts = [part.strip() for part in about.split(",")]
    facts = dict(part.split(":", 1) for part in parts[1:] if ":" in part)
    name = html.escape(parts[0], quote=True)
    data = f' data-username="{name}"' if name else ""
    for key in ("post", "topic"):
        if facts.get(key, "").strip().isdigit():
            data += f' data-{key}="{facts[key].strip()}"'
    title = f'\n<div class="title">\n<div class="quote-controls"></div>\n {name}:</div>' if name else ""
    return f'<aside class="quote no-group"{data}>{title}\n<blockquote>\n{inner}\n</blockquote>\n</aside>'


def _text(raw: str, around: Surroundings) -> str:
    if not raw.strip():
        return ""
    made = _MARKDOWN.render(raw).replace('"upload://', '"/uploads/short-url/')
    made = made.replace('<pre><code class="language-', '<pre><code class="lang-').replace(
        "<pre><code>", '<pre><code class="lang-auto">'
    )
    clean = nh3.clean(made, tags=_TAGS, attributes=_ATTRIBUTES, link_rel="noopener nofollow ugc")
    return _linked(clean, around).strip()


def _linked(clean: str, around: Surroundings) -> str:
    pieces, skipped = _TAG.split(clean), 0
    for index, piece in enumerate(pieces):
        if index % 2:
            name = piece.strip("</>").split()[0].lower() if piece.strip("</> ") else ""
            if name in _SKIPPED:
                skipped = max(0, skipped - 1) if piece.startswith("</") else skipped + 1
        elif piece and not skipped:
            alone = piece.strip() and pieces[index - 1 : index] == ["<p>"] and pieces[index + 1 : index + 2] == ["</p>"]
            pieces[index] = _FOUND.sub(lambda found, alone=alone: _link(found, around, bool(alone)), piece)
    return "".join(pieces)


def _link(found: "re.Match[str]", around: Surroundings, alone: bool) -> str:
    if found["link"]:
        address = found["link"].rstrip(".,;:!?)’”»")
        rest = found["link"][len(address) :]
        onebox = ' class="onebox" target="_blank"' if alone and not rest and found.string.strip() == address else ""
        return f'<a href="{address}"{onebox} rel="noopener nofollow ugc">{address}</a>{rest}'
    if found["name"]:
        where = around.member(found["name"])
        return f'<a class="mention" href="{where}">@{found["name"]}</a>' if where else found[0]
    room = around.room(found["room"])
    if room is None:
        return found[0]
    name = html.escape(room[0])
    return f'<a class="hashtag-cooked" href="{room[1]}" data-slug="{found["room"]}"><span>{name}</span></a>'


def mentioned(cooked: str) -> list[str]:
    """The usernames whom this post mentions, outside quotes."""
    outside = re.sub(r"<aside.*?</aside>", "", cooked, flags=re.DOTALL)
    return list(dict.fromkeys(re.findall(r'class="mention" href="/u/([^"]+)"', outside)))


def quoted(cooked: str) -> list[str]:
    """The usernames whom this post quotes."""
    return list(dict.fromkeys(re.findall(r'<aside class="quote no-group" data-username="([^"]+)"', cooked)))


def plain(cooked: str) -> str:
    """The text of a post without its tags, for lists and search."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cooked))).strip()
