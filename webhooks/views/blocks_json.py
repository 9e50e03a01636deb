"""Blocks as plain JSON, for whoever takes what a page says elsewhere: words and numbers, nothing to run or to click."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from plugins.blocks import Anchor, Picture


def as_plain(value: object) -> Any:
    """What `json.dumps` takes as it is: a block becomes an object with its `type` in lower case and its own fields.

    Times are ISO 8601; a link is `{"text", "path"}`, where `path` is one of the forum. Our own addresses are left out,
    since some hold a signed word that answers for the member; so are pictures, of which the alternative text stays.
    """
    if isinstance(value, Anchor):
        return {"text": value.text, "path": value.path} if value.forum else value.text
    if isinstance(value, Picture):
        return {"type": "picture", "alt": value.alt}
    if is_dataclass(value):
        told = {one.name: as_plain(getattr(value, one.name)) for one in fields(value)}
        return {"type": type(value).__name__.lower(), **told}
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): as_plain(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [as_plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
