"""Values that members wrote, made harmless inside Markdown: shown as they are, breaking nothing, pinging nobody."""

import re

_ALWAYS = re.compile(r"([\\`*_\[\]|<>~&$])")
_AT_START = re.compile(r"^(\d{0,9})([#+\-=.)])")
"""Signs that mean something at a line's start only: headings, lists, rules; a backslash elsewhere would be noise."""
_SPACE = re.compile(r"[\s\u0000-\u001f\u007f\u2028\u2029]+")
_JOINER = "\u2060"
"""WORD JOINER: invisible, without width, and no word character; what follows it is neither mention nor address."""


class Markdown(str):
    """A text that is Markdown already (a link, a list the plugin made): put into a text as it is, without escaping."""

    __slots__ = ()


def escape(value: str) -> Markdown:
    """A member's words as Markdown that shows just these words, on one line.

    Brackets, backticks, stars and HTML lose their meaning by a backslash (CommonMark 2.4: any ASCII punctuation).
    Mentions (`@`), hashtags, emoji codes and bare addresses are found by Discourse after that, in the text itself: an
    invisible word joiner behind the sign keeps them from being recognised.
    """
    if isinstance(value, Markdown):
        return value
    line = _SPACE.sub(" ", value).strip()
    line = re.sub(r"([@#])(?=\S)", rf"\1{_JOINER}", line)
    line = re.sub(r":(?=[\w+\-]{1,60}:)", f":{_JOINER}", line)
    line = re.sub(r"(?i)(://|www\.|mailto:)", rf"\1{_JOINER}", line)
    return Markdown(_AT_START.sub(r"\1\\\2", _ALWAYS.sub(r"\\\1", line)))


def plain(value: str) -> str:
    """A member's words for a place that is not Markdown (a title, a reason shown in the console): one line, as is."""
    return _SPACE.sub(" ", value).strip()


def link(text: str, address: str) -> Markdown:
    """A Markdown link: the text escaped, the address kept from ending the link or holding spaces."""
    safe = re.sub(r"[\s<>()\[\]\\\"']", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), address)
    return Markdown(f"[{escape(text)}]({safe})")
