"""The names of members who were erased, kept as keyed hashes: enough to know a name again, too little to tell it.

Others still write it and quote it, and their posts are read again and again. What is compared are words alone, whatever
stands between them and however they are accented: "Zénobie Quartz", "zenobie-quartz" and "@Zenobie.Quartz" are one.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from connector.archive.tables import forgotten_names, members

REPLACED = "…"
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\s._-]{1,3}")
_MOST_WORDS = 6
_SHORTEST = 2
# Letters that may carry an accent in one spelling of a name and none in another.
_MAY_VARY = frozenset("aeiouycnszl")
_STATEMENT = select(
    forgotten_names.c.digest, forgotten_names.c.words, forgotten_names.c.letters, forgotten_names.c.common
).where(forgotten_names.c.site == bindparam("of_site"))


class _Hashed(NamedTuple):
    """A name as it is kept. `common`: others bear it as well or may well do so, a first name for instance."""

    digest: str
    words: int
    letters: int
    common: bool


class Forgotten:
    """Finds forgotten names in texts."""

    def __init__(self, key: bytes, names: Collection[_Hashed] = ()) -> None:
        self._key = key
        self._common = {one.digest: one.common for one in names}
        counts = sorted({one.words for one in names}, reverse=True)
        self._lengths = [(count, {one.letters for one in names if one.words == count}) for count in counts]
        self._is_common = lru_cache(maxsize=50_000)(self._look_up)

    def __bool__(self) -> bool:
        return bool(self._common)

    def scrubbed(self, text: str) -> str:
        """The text with an ellipsis for each forgotten name; common ones stay, since somebody else may be meant."""
        if not self._common or not text:
            return text
        return self._replaced(text, everybody=False)

    def scrubbed_whole(self, text: str) -> str:
        """The text with an ellipsis for each forgotten name, common ones too."""
        return self._replaced(text, everybody=True) if self._common and text else text

    def speaks_of(self, text: str) -> bool:
        """Whether a text holds a forgotten name, common ones too."""
        return bool(self._common) and any(True for _ in self._found(text, everybody=True))

    def knows(self, name: str) -> bool:
        """Whether exactly this is one of them, common ones left out."""
        return self.kind_of(name) is False

    def kind_of(self, name: str) -> bool | None:
        """Whether exactly this name is a common one; None where it is not forgotten at all."""
        words = _words(name)
        return self._is_common(" ".join(words)) if words else None

    def _replaced(self, text: str, everybody: bool) -> str:
        composed = unicodedata.normalize("NFC", text)
        pieces, last = [], 0
        for start, end in self._found(composed, everybody):
            pieces += [composed[last:start], REPLACED]
            last = end
        return "".join([*pieces, composed[last:]]) if pieces else text

    def _found(self, text: str, everybody: bool) -> Iterator[tuple[int, int]]:
        text = unicodedata.normalize("NFC", text)
        places = [match.span() for match in _WORD.finditer(text)]
        words = [_folded(text[start:end]) for start, end in places]
        # Where the words that came before end, so that most spans are ruled out by their length alone.
        ends = list(accumulate(map(len, words), initial=0))
        at = 0
        while at < len(words):
            for count, lengths in self._lengths:
                if at + count > len(words) or ends[at + count] - ends[at] + count - 1 not in lengths:
                    continue
                if count > 1 and not self._hangs_together(text, places[at : at + count]):
                    continue
                common = self._is_common(" ".join(words[at : at + count]))
                if common is not None and (everybody or not common):
                    yield places[at][0], places[at + count - 1][1]
                    at += count - 1
                    break
            at += 1

    def _hangs_together(self, text: str, places: list[tuple[int, int]]) -> bool:
        return all(_BETWEEN.fullmatch(text, one[1], other[0]) for one, other in pairwise(places))

    def _look_up(self, name: str) -> bool | None:
        """Whether the name is a common one; None where it is not forgotten at all."""
        return self._common.get(_digest(self._key, name))


class ForgottenNames:
    """Those of one site; what was read last serves again as long as it is the same."""

    def __init__(self, site: int, secret: str) -> None:
        self._site = site
        # Kept beside the database, never in it.
        self._key = blake2b(secret.encode()).digest()
        self._read: tuple[frozenset[_Hashed], Forgotten] = (frozenset(), Forgotten(self._key))

    def of(self, connection: Connection) -> Forgotten:
        """As this transaction sees them."""
        rows = frozenset(_Hashed(*row) for row in connection.execute(_STATEMENT, {"of_site": self._site}))
        held, forgotten = self._read
        if held != rows:
            forgotten = Forgotten(self._key, rows)
            self._read = rows, forgotten
        return forgotten

    def rows_for(self, connection: Connection, member_id: int, usernames: Iterable[str], name: str) -> list[Any]:
        """What is to be kept of a member's names; a full name that somebody else bears as well is a common one."""
        known = self.of(connection)
        rows = [_row(self._key, one, common=False) for one in usernames if not known.knows(one)]
        if name and known.kind_of(name) is None:
            common = len(_words(name)) == 1 or self._is_borne(connection, member_id, name)
            rows.append(_row(self._key, name, common))
        return list({row["digest"]: row for row in reversed(rows) if row is not None}.values())

    def _is_borne(self, connection: Connection, member_id: int, name: str) -> bool:
        same = func.lower(members.c.name) == name.lower()
        others = select(members.c.id).where(members.c.site == self._site, members.c.id != member_id, same)
        return connection.execute(others.limit(1)).first() is not None


def pattern_of(name: str) -> str:
    """A pattern for LIKE that fits whatever text holds this name, and some texts besides."""
    return "%" + "%".join("".join(_wild(sign) for sign in word) for word in _words(name)) + "%"


def _wild(sign: str) -> str:
    return "_" if sign in _MAY_VARY or not sign.isascii() else sign


def _row(key: bytes, name: str, common: bool) -> dict[str, Any] | None:
    words = _words(name)
    told = " ".join(words)
    if not words or len(words) > _MOST_WORDS or len(told) < _SHORTEST:
        return None
    return {"digest": _digest(key, told), "words": len(words), "letters": len(told), "common": common}


def _words(name: str) -> list[str]:
    composed = unicodedata.normalize("NFC", name)
    return [_folded(match.group()) for match in _WORD.finditer(composed)]


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    folded = word.casefold()
    if folded.isascii():
        return folded
    return "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))


def _digest(key: bytes, name: str) -> str:
    return blake2b(name.encode(), key=key, digest_size=16).hexdigest()
