"""Reading single fields of what a forum sends, whatever its version: a missing or odd value becomes None or empty.

Cores differ (tags as strings or objects, ids as text, JSON inside a string), and databases are strict (no NUL in
text, no integer above 63 bits), so every value of a payload passes here once.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from connector.errors import BadPayload

_LARGEST = 2**63 - 1


def whole(value: object) -> int | None:
    """An integer a database can hold, from a number or its digits; else None (a boolean is no number)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and len(value) <= 20:
        try:
            value = int(value)
        except ValueError:
            return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and -_LARGEST <= value <= _LARGEST else None


def id_of(payload: Mapping[str, Any], what: str) -> int:
    """The number of an object. :raises BadPayload: it has none, so it is no such object."""
    number = whole(payload.get("id"))
    if number is None:
        raise BadPayload(f"a {what} without an id")
    return number


def flag(value: object) -> bool:
    """True for true, "true", "t" and 1, as Discourse writes it in JSON, forms and DiscourseConnect."""
    return value is True or value == 1 or (isinstance(value, str) and value.lower() in {"true", "t", "1"})


def maybe(value: object) -> bool | None:
    """Like `flag`, but None where nothing was said."""
    return None if value is None else flag(value)


def words(value: object) -> str:
    """Text without what no database or file can hold (NUL, halves of a surrogate pair); "" for anything else."""
    if not isinstance(value, str):
        return ""
    clean = value.replace("\x00", "")
    return clean if clean.isascii() else clean.encode("utf-8", "replace").decode("utf-8")


def wording(value: object) -> str | None:
    """Like `words`, but None for what is missing or empty."""
    return words(value) or None


def moment(value: object) -> datetime | None:
    """An aware UTC datetime from ISO 8601 text; a time without zone is UTC, as all times of Discourse are."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        read = datetime.fromisoformat(value)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def mapping(value: object) -> Mapping[str, Any]:
    """A JSON object, also one that was put into a string (some plugins do); else an empty one."""
    value = _unpacked(value)
    return value if isinstance(value, Mapping) else {}


def listed(value: object) -> list[Any]:
    """A JSON array, also one that was put into a string; else an empty one."""
    value = _unpacked(value)
    return value if isinstance(value, list) else []


def mappings(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects of an array, leaving out whatever is none."""
    return (one for one in listed(value) if isinstance(one, Mapping))


def names(value: object) -> tuple[str, ...]:
    """Names from an array of strings (3.1) or of objects with a `name` (newest), in their order."""
    read = (words(one.get("name")) if isinstance(one, Mapping) else words(one) for one in listed(value))
    return tuple(name for name in read if name)


def wholes(value: object) -> tuple[int, ...]:
    """The integers of an array, in their order."""
    read = (whole(one) for one in listed(value))
    return tuple(number for number in read if number is not None)


def _unpacked(value: object) -> object:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value
