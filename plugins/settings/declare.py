"""How a setting is declared: `setting(...)` as the default of a field of a frozen dataclass."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Words = Mapping[str, str]
"""A text per language: `{"en": …, "fr": …}`."""

Kind = Literal["bool", "int", "float", "str", "duration", "strs", "ints"]
"""What a setting holds once read: `strs` and `ints` are tuples, `duration` a `timedelta`."""

WIDGETS: Mapping[str, tuple[Kind, ...]] = {
    "line": ("str",),
    "text": ("str",),
    "lines": ("strs",),
    "number": ("int", "float"),
    "toggle": ("bool",),
    "choice": ("str",),
    "choices": ("strs",),
    "category": ("int",),
    "categories": ("ints",),
    "tag": ("str",),
    "tags": ("strs",),
    "group": ("str",),
    "groups": ("strs",),
    "member": ("str",),
    "secret": ("str",),
    "language": ("str",),
    "duration": ("duration",),
    "time": ("str",),
    "url": ("str",),
}
"""Every widget with the kinds it can fill in.

`lines` takes one entry a line, `time` is an hour of the day as `HH:MM`, `duration` takes `90 min`, `36 h`, `5 d`
(`j` for days in French) and their sums; `category` holds an id, `group` and `tag` a name; a `secret` is never shown
again.
"""

METADATA_KEY = "passerelle.setting"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to choose from, with its label per language."""

    value: str
    label: Words


@dataclass(frozen=True, slots=True)
class Declaration:
    """What `setting()` was told; `SettingField` is this together with the field's name and type."""

    label: Words
    help: Words
    min: Any
    max: Any
    choices: tuple[Choice, ...]
    widget: str | None
    per_category: bool


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting, ready for a form: `min` and `max` are inclusive (for texts and lists they bound the length)."""

    name: str
    kind: Kind
    optional: bool
    default: Any
    label: Words
    help: Words
    min: Any
    max: Any
    choices: tuple[Choice, ...]
    widget: str
    per_category: bool


def setting(
    default: Any,
    *,
    label: Words,
    help: Words | None = None,
    min: Any = None,
    max: Any = None,
    choices: Mapping[str, Words] | Sequence[str] = (),
    widget: str | None = None,
    per_category: bool = True,
) -> Any:
    """Declare a setting with its default.

    `label` and `help` are texts per language, both languages required (`help` may be left out altogether). `choices`
    maps each value to its label; a plain sequence labels values with themselves. `per_category=False` keeps a setting
    from being overridden for one category. Everything is checked when the plugin is loaded, see `fields_of`.
    """
    labelled = choices if isinstance(choices, Mapping) else {value: {"en": value, "fr": value} for value in choices}
    declared = Declaration(
        label=label,
        help=help or {},
        min=min,
        max=max,
        choices=tuple(Choice(value, words) for value, words in labelled.items()),
        widget=widget,
        per_category=per_category,
    )
    return dataclasses.field(default=default, metadata={METADATA_KEY: declared})
