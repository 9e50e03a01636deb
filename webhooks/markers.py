"""How we know our own again: a comment in the raw text of a post (readers never see it), an external id on a topic."""

import hashlib
import hmac
import re

_MARKER = re.compile(r"<!-- passerelle:([0-9a-f]{32}) -->")
_ANY = re.compile(r"<!--\s*passerelle:[^>]{0,80}-->")


def marker_of(key: str, site: int, plugin: str, once: str) -> str:
    """32 hexadecimal digits that nobody without our key can make for this act."""
    said = f"{site}\0{plugin}\0{once}".encode()
    return hmac.new(key.encode(), said, hashlib.sha256).hexdigest()[:32]


def external_id_of(marker: str) -> str:
    """The external id of a topic or conversation that carries this marker."""
    return f"passerelle-{marker}"


def marked(text: str, marker: str) -> str:
    """The text with our marker at its end, and no other one in it."""
    return f"{_ANY.sub('', text).rstrip()}\n\n<!-- passerelle:{marker} -->"


def marker_in(raw: str | None) -> str | None:
    """The marker that a post's raw text carries: of ours, or of another installation."""
    found = _MARKER.search(raw or "")
    return found.group(1) if found else None


def is_marked(raw: str | None) -> bool:
    """Whether some installation of Passerelle wrote this."""
    return _ANY.search(raw or "") is not None
