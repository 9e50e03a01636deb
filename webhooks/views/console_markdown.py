"""Markdown that managers wrote, as HTML that can do no harm: no raw HTML, no scripts, no pictures from elsewhere."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
_TAGS = {
    "p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto"}


def as_html(text: str) -> Markup:
    """The text as safe HTML."""
    made = nh3.clean(_PARSER.render(text), tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES)
    return Markup(made)  # noqa: S704 -- nh3 has just cleaned it
