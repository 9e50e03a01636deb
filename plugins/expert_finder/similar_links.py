"""Links from topic to topic: what members themselves called "see there", dated, and by which addresses it is known.

Which addresses are the forum's own is read from the links: an address `/t/slug/12` whose slug is that of topic 12 here
leads here, and so does every other topic link below the same address. No setting is needed, http and https, an old
domain and a subfolder are found alike, and a link to another Discourse with a topic 12 is not taken for ours.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_PATH = re.compile(r"^(.{0,200}?)/t/(?:(?!\d+(?:/|$))([^/]{1,300})/)?(\d{1,12})(?:/.{0,200})?$")
MOST = 50
"""Links of one post that count; a list of a hundred topics answers no question."""


@dataclass(frozen=True, slots=True)
class Link:
    """A post of topic `source` leads to topic `target`; known since `at` (seconds since 1970; of an edit, its time)."""

    source: int
    target: int
    at: float
    opens: bool = False
    """It stands in the opening post: the asker had found that topic by himself."""


@dataclass(frozen=True, slots=True)
class Address:
    """A topic link taken apart: `home` is what stands before `/t/` ("" for a relative one)."""

    home: str
    slug: str
    topic_id: int


def address(link: str) -> Address | None:
    """The parts of an address that has the form of a topic's; None for any other."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    found = _PATH.match(parts.path)
    if found is None:
        return None
    return Address(f"{parts.netloc.lower()}{found[1]}", found[2] or "", int(found[3]))


class Homes:
    """The forum's own addresses, learnt from links and the slugs of its topics."""

    def __init__(self, slugs: Mapping[int, str]) -> None:
        self._slugs = slugs
        self._right: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()

    def learn(self, addresses: Iterable[Address]) -> None:
        for one in addresses:
            slug = self._slugs.get(one.topic_id)
            if one.slug and slug:
                (self._right if slug == one.slug else self._wrong)[one.home] += 1

    def own(self, one: Address) -> bool:
        """A title that was edited changes its slug, so one link in four may be wrong; relative links are always own."""
        right = self._right[one.home]
        return not one.home or (right > 0 and right * 3 >= self._wrong[one.home])


def addresses(links: Iterable[str]) -> list[Address]:
    """The topic links among addresses, at most fifty."""
    found = (address(link) for link in links if "/t/" in link)
    return [one for one in found if one is not None][:MOST]
