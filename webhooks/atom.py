"""A feed's entries as an Atom document (RFC 4287): plain text only, escaped, newest first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree import ElementTree as Xml

_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 cannot hold, however it is written.
_IMPOSSIBLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")

CONTENT_TYPE = "application/atom+xml; charset=utf-8"

Xml.register_namespace("", _ATOM)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `link` is an absolute address, None where there is nothing to open."""

    key: str
    title: str
    text: str
    link: str | None
    updated: datetime


def atom(address: str, title: str, author: str, lang: str, entries: Sequence[Entry], began: datetime) -> bytes:
    """The document of the feed at this address; a feed without entries was last changed when it `began`."""
    root = Xml.Element(f"{{{_ATOM}}}feed", {_LANG: lang})
    _put(root, "id", address)
    _put(root, "title", title)
    _put(root, "updated", _stamp(max((one.updated for one in entries), default=began)))
    _put(_put(root, "author"), "name", author)
    _put(root, "link", rel="self", type="application/atom+xml", href=address)
    for one in entries:
        entry = _put(root, "entry")
        _put(entry, "id", f"{address}#{quote(one.key, safe='')}")
        _put(entry, "title", one.title)
        _put(entry, "updated", _stamp(one.updated))
        if one.link is not None:
            _put(entry, "link", rel="alternate", href=one.link)
        _put(entry, "content", one.text, type="text")
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _put(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
    told = {key: _IMPOSSIBLE.sub("", value) for key, value in attributes.items()}
    element = Xml.SubElement(parent, f"{{{_ATOM}}}{name}", told)
    element.text = _IMPOSSIBLE.sub("", text) or None
    return element


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
