"""From Discourse's HTML (`cooked`) to the author's own words, apart from what others wrote, code and previews.

Built for hostile input: bounded length, bounded number of nodes, no recursion, no patterns over HTML.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from connector.links import TopicLink, absolute, topic_link

LONGEST_INPUT = 1_000_000
"""Characters of HTML that are looked at: six times the largest post that a forum can allow."""

LONGEST_TEXT = 200_000
MOST_NODES = 60_000
_MOST_FOUND = 200

_SILENT = frozenset({"script", "style", "svg", "noscript", "template", "iframe", "video", "audio", "picture", "head"})
_BLOCK_NAMES = (
    "p div br li ul ol h1 h2 h3 h4 h5 h6 table tr td th dl dt dd details summary hr section article header footer"
    " figure figcaption center"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CHROME = frozenset({"meta", "quote-controls", "poll-info", "poll-buttons", "poll-title", "anchor", "onebox-loading"})
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_FEW_TAGS = 2_000
_DEEPEST = 500


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody else; who and where from is None for a plain Markdown quote."""

    text: str
    username: str | None = None
    topic_id: int | None = None
    post_number: int | None = None


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a post consists of.

    `text` is plain text, one line a block, emoji as `:name:`; inline code stays in it. A picture leaves nothing in it,
    not even a mark: its description is mostly a file's name, and no words of the author's. `code` holds blocks of code,
    `oneboxes` the addresses shown as previews, `links` every http(s) address (previews included, absolute where the
    forum's address was given), `topic_links` those among them that lead to a topic of this forum.
    """

    text: str
    quotes: tuple[Quote, ...] = ()
    code: tuple[str, ...] = ()
    oneboxes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    topic_links: tuple[TopicLink, ...] = ()
    mentions: tuple[str, ...] = ()
    group_mentions: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    site: str | None
    parts: list[str] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    oneboxes: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    group_mentions: list[str] = field(default_factory=list)


def own_words(cooked: str, site: str | None = None) -> OwnWords:
    """The parts of a post's HTML. `site` is the forum's address, by which links to its topics are known."""
    if "<" not in cooked and "&" not in cooked:
        return OwnWords(text=_tidied(cooked[:LONGEST_TEXT]))
    body = LexborHTMLParser(_shallow(cooked[:LONGEST_INPUT])).body
    found = _Found(site)
    if body is not None:
        _walk(body, found)
    links = tuple(dict.fromkeys(found.links))
    return OwnWords(
        text=_tidied("".join(found.parts))[:LONGEST_TEXT],
        quotes=tuple(found.quotes),
        code=tuple(found.code),
        oneboxes=tuple(dict.fromkeys(found.oneboxes)),
        links=links,
        topic_links=tuple(dict.fromkeys(_topic_links(links, site))),
        mentions=tuple(dict.fromkeys(found.mentions)),
        group_mentions=tuple(dict.fromkeys(found.group_mentions)),
    )


def _shallow(html: str) -> str:
    """The HTML up to where it nests absurdly deep: the parser's time grows with the square of the depth."""
    if html.count("<") < _FEW_TAGS:
        return html
    open_tags: list[str] = []
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if match[1]:
            # Only the innermost element counts as closed: what does not match, a parser may ignore.
            if open_tags and open_tags[-1] == name:
                open_tags.pop()
        elif name not in _VOID:
            open_tags.append(name)
            if len(open_tags) > _DEEPEST:
                return html[: match.start()]
    return html


def _walk(root: LexborNode, found: _Found) -> None:
    """Through the tree in reading order, without recursion: hostile HTML nests a hundred thousand deep."""
    parts = found.parts
    end = root.mem_id
    node: LexborNode | None = root.first_child
    seen = 0
    while node is not None:
        seen += 1
        if seen > MOST_NODES:
            return
        tag = node.tag
        descend = False
        if tag == "-text":
            parts.append(node.text_content or "")
        elif tag is not None and tag not in _SILENT and tag[0] != "-":
            if tag in _BLOCKS:
                parts.append("\n")
            descend = _enter(node, tag, found)
        node = (node.first_child if descend else None) or _following(node, end, parts)


def _following(node: LexborNode, end: int, parts: list[str]) -> LexborNode | None:
    """The next node in reading order that is not below this one; leaving a block ends its line."""
    here: LexborNode | None = node
    # Comparing nodes themselves would write out and compare their whole HTML.
    while here is not None and here.mem_id != end:
        if here.tag in _BLOCKS:
            parts.append("\n")
        if here.next is not None:
            return here.next
        here = here.parent
    return None


def _enter(node: LexborNode, tag: str, found: _Found) -> bool:
    """Note what an element is; True when its content is the author's own words."""
    if tag in ("p", "br", "li", "ul", "em", "strong"):
        return True
    if tag == "pre":
        return _add_code(node, found)
    if tag == "blockquote":
        _add(found.quotes, Quote(_tidied(_all_text(node))))
        return False
    if tag == "img":
        if "emoji" in _classes(node):
            found.parts.append(_attribute(node, "alt") or "")
        return False
    if tag == "a":
        return _add_link(node, found)
    if tag == "aside":
        return _add_aside(node, found)
    classes = _classes(node)
    if "onebox" in classes or "lazyYT" in classes or "lazy-video-container" in classes:
        _add_onebox(node, found)
        return False
    return not (classes & _CHROME)


def _add_code(node: LexborNode, found: _Found) -> bool:
    if "onebox" not in _classes(node):
        _add(found.code, _all_text(node).strip("\n"))
        found.parts.append("\n")
    return False


def _add_link(node: LexborNode, found: _Found) -> bool:
    classes = _classes(node)
    href = _attribute(node, "href") or ""
    if "mention" in classes or "mention-group" in classes:
        name = _all_text(node).strip().lstrip("@")[:100]
        _add(found.group_mentions if "mention-group" in classes else found.mentions, name)
        return True
    if "anchor" in classes or "lightbox" in classes or "attachment" in classes:
        return "attachment" in classes
    if classes & {"hashtag", "hashtag-cooked"}:
        return True
    address = absolute(href, found.site)
    if address:
        _add(found.links, address)
    if classes & {"onebox", "inline-onebox", "inline-onebox-loading"}:
        # What it shows is the other page's title, or the bare address.
        if address:
            _add(found.oneboxes, address)
        return False
    return True


def _add_aside(node: LexborNode, found: _Found) -> bool:
    classes = _classes(node)
    if "quote" in classes:
        said = node.css_first("blockquote")
        _add(
            found.quotes,
            Quote(
                text=_tidied(_all_text(said)) if said is not None else "",
                username=_attribute(node, "data-username") or None,
                topic_id=_number(_attribute(node, "data-topic")),
                post_number=_number(_attribute(node, "data-post")),
            ),
        )
        return False
    if "onebox" in classes:
        _add_onebox(node, found)
        return False
    return True


def _add_onebox(node: LexborNode, found: _Found) -> None:
    source = _attribute(node, "data-onebox-src")
    if not source:
        link = node.css_first("a[href]")
        source = _attribute(link, "href") if link is not None else None
    address = absolute(source or "", found.site)
    if address:
        _add(found.oneboxes, address)
        _add(found.links, address)


def _topic_links(links: tuple[str, ...], site: str | None) -> Iterator[TopicLink]:
    for link in links:
        found = topic_link(link, site)
        if found is not None:
            yield found


def _add(items: list[Any], item: object) -> None:
    if len(items) < _MOST_FOUND and item:
        items.append(item)


def _all_text(node: LexborNode) -> str:
    return (node.text(deep=True) or "")[:LONGEST_TEXT]


def _attribute(node: LexborNode, name: str) -> str | None:
    value = node.attributes.get(name)
    return value[:4000] if value else None


def _classes(node: LexborNode) -> frozenset[str]:
    value = node.attributes.get("class")
    return frozenset(value[:1000].split()) if value else frozenset()


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) <= 12 else None


def _tidied(text: str) -> str:
    """Single spaces, single line breaks, no NUL."""
    lines = (" ".join(line.split()) for line in text.replace("\x00", "").split("\n"))
    return "\n".join(line for line in lines if line)


__all__ = ["OwnWords", "Quote", "TopicLink", "own_words", "topic_link"]
