"""Draws the blocks that plugins return: text only, escaped by the templates; never HTML from a plugin."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from flask import render_template
from markupsafe import Markup

from plugins.blocks import (
    Anchor,
    Block,
    Curve,
    Editor,
    Figures,
    Form,
    Notice,
    Picture,
    RawList,
    Reorder,
    Table,
    Text,
)
from webhooks.views.console_words import Words

_TEMPLATES: Mapping[type[Any], str] = {
    Text: "text",
    Notice: "notice",
    Figures: "figures",
    Table: "table",
    Curve: "curve",
    Picture: "picture",
    Reorder: "reorder",
    Editor: "editor",
    Form: "form",
    RawList: "rawlist",
}
_PNG = b"\x89PNG\r\n\x1a\n"
_LARGEST_PICTURE = 2 * 1024 * 1024


def draw(
    blocks: Iterable[Block],
    *,
    forum_url: str,
    words: Words,
    here: str = "",
    csv: bool = False,
    level: int = 2,
    look: str = "",
) -> Markup:
    """All blocks in order; `here` is the address that forms post to, `look` that of forms and previews that only read,
    `csv` offers each table as a file, `level` is that of headings.
    """
    drawn = (
        render_template(
            f"blocks/{_TEMPLATES[type(block)]}.html",
            block=block,
            number=number,
            here=here,
            look=look or here,
            csv=csv,
            level=level,
            href=lambda anchor: href(anchor, forum_url),
            words=words,
            curve=curve_data(block, words) if isinstance(block, Curve) else None,
            picture=picture_data(block) if isinstance(block, Picture) else None,
        )
        for number, block in enumerate(blocks)
    )
    # The pieces come from our own autoescaped templates.
    return Markup("\n").join(Markup(piece) for piece in drawn)  # noqa: S704


def href(anchor: Anchor, forum_url: str) -> str | None:
    """Where an anchor leads: a path of the forum or of ours; None for anything that is no plain path."""
    path = anchor.path
    if not path.startswith("/") or path.startswith(("//", "/\\")) or any(ord(sign) < 33 for sign in path):
        return None
    safe = quote(path, safe="/?&=#%:@!$'()*+,;~-._")
    return forum_url.rstrip("/") + safe if anchor.forum else safe


def cell_kind(cell: object) -> str:
    """How a table's cell is drawn: anchor, anchors, moment, day, number, yesno, nothing or text."""
    kinds: tuple[tuple[type[Any], str], ...] = (
        (Anchor, "anchor"),
        (datetime, "moment"),
        (date, "day"),
        (bool, "yesno"),
        (int, "number"),
        (float, "number"),
        (str, "text"),
        (Sequence, "anchors"),
    )
    if cell is None:
        return "nothing"
    return next((kind for known, kind in kinds if isinstance(cell, known)), "text")


def curve_data(curve: Curve, words: Words) -> dict[str, Any]:
    """What the browser's plotter needs, as plain JSON: numbers on x, and labels where x is no time."""
    is_time = bool(curve.xs) and all(isinstance(x, datetime) for x in curve.xs)
    labels = [words.day(x) if isinstance(x, datetime) else str(x) for x in curve.xs]
    xs = [x.timestamp() if isinstance(x, datetime) and is_time else place for place, x in enumerate(curve.xs)]
    length = len(xs)
    # A list of pairs, because JSON keeps no order of keys.
    series = [(name, (list(values) + [None] * length)[:length]) for name, values in curve.series.items()]
    label = words("common.when") if is_time else curve.title
    return {
        "time": is_time,
        "xs": xs,
        "labels": labels,
        "series": series,
        "label": label,
        "lang": words.lang,
        "zone": words.zone.key,
    }


def picture_data(picture: Picture) -> str | None:
    """The picture as a data address, which the content security policy allows for images; None if it is no PNG."""
    if not picture.png.startswith(_PNG) or len(picture.png) > _LARGEST_PICTURE:
        return None
    return "data:image/png;base64," + base64.b64encode(picture.png).decode("ascii")
