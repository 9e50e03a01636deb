"""Blocks for pages: plugins return these, the host draws them; there is no HTML in a plugin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of plain text, a heading (`heading`), or a quiet explanation (`quiet`)."""

    text: str
    heading: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A boxed sentence: `kind` is info, good, or warning."""

    text: str
    kind: str = "info"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its label, 95 % interval, baseline and unit."""

    label: str
    value: float | int | str | None
    low: float | None = None
    high: float | None = None
    baseline: float | None = None
    unit: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """A row of figures."""

    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link in a cell: a path of this service (`/console/…`) or a forum path (`/t/12/3`, `forum=True`)."""

    text: str
    path: str
    forum: bool = True


Cell = str | int | float | None | datetime | Anchor | Sequence[Anchor]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column titles; `empty` is the sentence shown when there are none."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """Series over time: `xs` are datetimes or labels, `series` maps a name to values aligned with `xs`."""

    title: str
    xs: Sequence[datetime | str]
    series: Mapping[str, Sequence[float | None]]
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG made by the plugin, with its alternative text."""

    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Reorder:
    """A list that can be reordered; the new order comes back as `order` to the page's handler through `action`."""

    name: str
    items: Sequence[tuple[str, str]]
    action: str


@dataclass(frozen=True, slots=True)
class Editor:
    """A text to edit with preview; comes back under `name`.

    Markdown is previewed by the host; with `preview` the page's handler gets that as `action`, reads only, and gives
    the `Page` whose blocks are shown below while the text is written.
    """

    name: str
    text: str
    label: str
    action: str
    format: str = "markdown"
    preview: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; `widget` as in `plugins.settings`."""

    name: str
    label: str
    value: Any = None
    widget: str = "line"
    choices: Sequence[tuple[str, str]] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form; with `action=None` it is a search form that sends its fields as the query string.

    One that `reads` changes nothing: the handler of a console page gets the fields without a way to write, and the
    `Page` it gives is shown at once. Nothing that was typed there is kept, nor does it stand in an address.
    """

    fields: Sequence[Field]
    submit: str
    action: str | None = None
    reads: bool = False


@dataclass(frozen=True, slots=True)
class RawList:
    """The rows behind a number, folded away until asked for."""

    title: str
    rows: Sequence[Mapping[str, Any]]


Block = Text | Notice | Figures | Table | Curve | Picture | Reorder | Editor | Form | RawList


@dataclass(frozen=True, slots=True)
class Page:
    """A page: a title, blocks in order, and the members it is about (each view is logged where they can read it)."""

    title: str
    blocks: Sequence[Block]
    about_members: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """Something that deserves a manager's minutes: why, how long, where."""

    key: str
    title: str
    why: str
    minutes: int
    path: str
    weight: float = 0.5


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed."""

    key: str
    title: str
    text: str
    path: str
    updated: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
