"""A text made plain for exact patterns, with the way back to the author's own words.

Digits and signs of other scripts become plain ones, invisible characters go; every place of the plain text knows where
it stood. Linear in the text's length.
"""

import unicodedata
from dataclasses import dataclass

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_SPACES = dict.fromkeys([9, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_SIGNS = {**_DASHES, **_SPACES, ord("＠"): "@", ord("﹫"): "@", ord("．"): ".", ord("＋"): "+", ord("’"): "'"}
_LOOK_ALIKE = dict(zip("аеорсухіјѕАВЕКМНОРСТХІЈЅ", "aeopcyxijsABEKMHOPCTXIJS", strict=True))


@dataclass(frozen=True, slots=True)
class Written:
    """`plain` is what patterns look at; `own(start, end)` gives the author's own words of a stretch of it."""

    plain: str
    source: str
    places: tuple[int, ...] | None

    def own(self, start: int, end: int) -> str:
        """The author's own words between two places of the plain text."""
        if start >= end:
            return ""
        if self.places is None:
            return self.source[start:end].strip()
        return self.source[self.places[start] : self.places[end - 1] + 1].strip()


def written(text: str) -> Written:
    """A text made plain."""
    if text.isascii():
        return Written(text.replace("\t", " "), text, None)
    made: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for one in _plain(sign):
            made.append(one)
            places.append(place)
    plain = "".join(made)
    same = len(made) == len(text)
    return Written(plain, text, None if same else tuple(places))


def _plain(sign: str) -> str:
    """One sign made plain: "" where it is invisible or only piles marks on another."""
    if sign < "\x80":
        return sign
    known = _SIGNS.get(ord(sign)) or _LOOK_ALIKE.get(sign)
    if known:
        return known
    category = unicodedata.category(sign)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(sign))
    if "\uff01" <= sign <= "\uff5e":
        return chr(ord(sign) - 0xFEE0)
    return sign
