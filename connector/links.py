"""Addresses found in posts: which are safe to keep, and which lead to a topic of this forum."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

# A slug is never digits alone: /t/12/3 is the third post of topic 12.
_TOPIC_PATH = re.compile(r"/t/(?:(?!\d+/)[^/?#]{1,300}/)?(\d{1,12})(?:/(\d{1,9}))?/?")


@dataclass(frozen=True, slots=True)
class TopicLink:
    """A link to a topic of the same forum; `post_number` where it leads to one post."""

    topic_id: int
    post_number: int | None = None


def topic_link(address: str, site: str | None = None) -> TopicLink | None:
    """The topic that an address leads to, when it is one of this forum (a relative address, or one below `site`)."""
    try:
        parts = urlsplit(address)
        home = urlsplit(site or "")
    except ValueError:
        return None
    path = parts.path
    if parts.netloc:
        if parts.netloc.lower() != home.netloc.lower():
            return None
        if not path.startswith(home.path.rstrip("/") + "/"):
            return None
    path = path.removeprefix(home.path.rstrip("/"))
    match = _TOPIC_PATH.fullmatch(path)
    if match is None:
        return None
    return TopicLink(int(match[1]), int(match[2]) if match[2] else None)


def absolute(href: str, site: str | None) -> str | None:
    """An http(s) or relative address, made absolute where the forum's address is known; None for anything else."""
    href = href.strip()[:2000]
    try:
        address = urljoin(site, href) if site else href
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme in ("http", "https") or (not parts.scheme and address.startswith("/")):
        return address
    return None
