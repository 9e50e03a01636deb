"""What is wrong with a value, in both languages: the same check for defaults, forms, files and overrides."""

import re
from datetime import timedelta
from typing import Any

from plugins.settings.declare import SettingField, Words

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_PYTHON: dict[str, type | tuple[type, ...]] = {
    "bool": bool,
    "int": int,
    "float": (int, float),
    "str": str,
    "duration": timedelta,
    "strs": tuple,
    "ints": tuple,
}
_LIMIT = {"line": 500, "lines": 500, "text": 20_000, "secret": 1_000, "url": 2_000}
"""Longest text that a widget takes where the setting names no `max`, in characters (entries for lists)."""


def fault(field: SettingField, value: Any) -> Words | None:
    """Why this value cannot be taken, per language; None when it can."""
    if value is None:
        return None if field.optional else EMPTY
    if not isinstance(value, _PYTHON[field.kind]) or (isinstance(value, bool) and field.kind != "bool"):
        return _said(f"This is no {field.kind}.", "Cette valeur n'est pas du bon type.")
    if field.kind in ("strs", "ints") and isinstance(value, tuple):
        wanted = str if field.kind == "strs" else int
        if not all(isinstance(one, wanted) and not isinstance(one, bool) for one in value):
            return _said("One of the entries is of the wrong type.", "Une des entrées n'est pas du bon type.")
    return _outside(field, value) or _not_offered(field, value) or _misshapen(field, value)


EMPTY: Words = {"en": "Please fill this in.", "fr": "Ce champ est à remplir."}


def _outside(field: SettingField, value: Any) -> Words | None:
    sized = field.kind in ("str", "strs", "ints")
    size = len(value) if sized else value
    low, high = field.min, field.max
    if high is None and sized:
        high = _LIMIT.get(field.widget, 500)
    if value != value:  # not a number
        return _said("This is no number.", "Ce n'est pas un nombre.")
    unit_en, unit_fr = (" characters", " caractères") if field.kind == "str" else ("", "")
    if field.kind in ("strs", "ints"):
        unit_en, unit_fr = " entries", " entrées"
    if low is not None and size < low:
        return _said(f"At least {shown(low)}{unit_en}, please.", f"Au moins {shown(low)}{unit_fr}.")
    if high is not None and size > high:
        return _said(f"At most {shown(high)}{unit_en}, please.", f"Au plus {shown(high)}{unit_fr}.")
    return None


def _not_offered(field: SettingField, value: Any) -> Words | None:
    if not field.choices:
        return None
    offered = {choice.value for choice in field.choices}
    strange = [one for one in (value if field.kind == "strs" else (value,)) if one not in offered]
    if not strange:
        return None
    listed = ", ".join(choice.value for choice in field.choices)
    return _said(f"“{strange[0]}” is not one of: {listed}.", f"« {strange[0]} » ne fait pas partie de : {listed}.")


def _misshapen(field: SettingField, value: Any) -> Words | None:
    if field.widget == "time" and not _TIME.fullmatch(value):
        return _said("Write the time as HH:MM, 09:30 for instance.", "Écrivez l'heure ainsi : 09:30.")
    if field.widget == "language" and value and not _LANGUAGE.fullmatch(value):
        return _said("Write a language code such as fr or en.", "Écrivez un code de langue, fr ou en par exemple.")
    if field.widget == "url" and value and not value.startswith(("https://", "http://")):
        return _said("A web address begins with https://.", "Une adresse web commence par https://.")
    if field.widget in ("line", "tag", "group", "member", "secret") and re.search(r"[\r\n]", value):
        return _said("One line only, please.", "Une seule ligne, s'il vous plaît.")
    return None


def shown(value: Any) -> str:
    """A value as people write it: durations as `2 d 3 h`, numbers without a needless `.0`."""
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def duration_text(value: timedelta) -> str:
    """A duration as `2 d 3 h 15 min`, which `parse_duration` reads back."""
    seconds = int(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    parts = []
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return sign + (" ".join(parts) or "0 min")


_DURATION = re.compile(r"(\d{1,9}(?:[.,]\d{1,6})?)\s*(weeks?|semaines?|w|days?|jours?|d|j|hours?|heures?|h|minutes?|mins?|min|m|s)?")  # fmt: skip  # noqa: E501
_SECONDS = {"w": 604_800, "d": 86_400, "j": 86_400, "h": 3_600, "m": 60, "s": 1}


def parse_duration(text: str) -> timedelta | None:
    """The duration that a text such as `36 h`, `1 day 12 hours`, `5 j` or `90` (minutes) says; None if it says none."""
    rest, total = text.strip().lower(), timedelta()
    if not rest:
        return None
    while rest:
        found = _DURATION.match(rest)
        if found is None:
            return None
        unit = found[2] or "m"
        # "s" alone is seconds; "semaine" begins with the same letter.
        size = 604_800 if unit.startswith("semaine") else _SECONDS[unit[0]]
        total += timedelta(seconds=float(found[1].replace(",", ".")) * size)
        rest = rest[found.end() :].lstrip(" ,")
    return total


def _said(english: str, french: str) -> Words:
    return {"en": english, "fr": french}
