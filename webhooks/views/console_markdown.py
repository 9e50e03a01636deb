"""Markdown that managers wrote, as HTML that can do no harm: no raw HTML, no scripts, no pictures from elsewhere."""

import re

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


_ANSWER_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*/feedback/[^)\s]*\)")
_OWN_PATH = re.compile(r"\]\((/[^)\s]*)\)")
_UNSEEN = re.compile(r"<!--.*?-->|</?small>", re.DOTALL)


def as_said(text: str, forum_url: str) -> Markup:
    """A text for members as they will read it, for the people who decide about it.

    Links by which a member answers are shown as words: nobody else is to press them. Paths lead to the forum.
    """
    shown = _ANSWER_LINK.sub(r"\1", _UNSEEN.sub("", text))
    return as_html(_OWN_PATH.sub(rf"]({forum_url}\1)", shown) if forum_url else shown)
