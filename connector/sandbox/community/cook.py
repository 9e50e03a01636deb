"""A small cook for files: Discourse Markdown to the HTML Discourse makes, as far as this community uses it."""

import html
import re

from markdown_it import MarkdownIt

_QUOTE = re.compile(
    r'\[quote="(?P<name>[^,"]+), post:(?P<post>\d+), topic:(?P<topic>\d+)"\]\n(?P<words>.*?)\n\[/quote\]', re.DOTALL
)
_MENTION = re.compile(r"(?<![\w@./])@(?P<name>[a-z-]+\.[a-z]+)")
_PLAIN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def cook(raw: str) -> str:
    """HTML of one post: quotes become ``aside.quote``, mentions become ``a.mention``, HTML in ``raw`` is escaped."""
    parts: list[str] = []
    end = 0
    for found in _QUOTE.finditer(raw):
        parts.append(_markdown(raw[end : found.start()]))
        parts.append(_aside(found))
        end = found.end()
    parts.append(_markdown(raw[end:]))
    return "\n".join(part for part in parts if part)


def _markdown(raw: str) -> str:
    pieces = re.split(r"(<(?:pre|code|a)\b.*?</(?:pre|code|a)>)", _PLAIN.render(raw).strip(), flags=re.DOTALL)
    for index in range(0, len(pieces), 2):
        pieces[index] = _MENTION.sub(r'<a class="mention" href="/u/\g<name>">@\g<name></a>', pieces[index])
    return "".join(pieces)


def _aside(found: re.Match[str]) -> str:
    name = html.escape(found["name"])
    return (
        f'<aside class="quote no-group" data-username="{name}" data-post="{found["post"]}" '
        f'data-topic="{found["topic"]}">\n<div class="title">\n<div class="quote-controls"></div>\n {name}:</div>\n'
        f"<blockquote>\n{_markdown(found['words'])}\n</blockquote>\n</aside>"
    )
