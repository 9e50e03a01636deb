"""From what a browser sends to a settings object, or to what is wrong with it, field by field."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from plugins.settings.declare import SettingField, Words
from plugins.settings.fields import fields_of
from plugins.settings.values import EMPTY, fault, parse_duration

S = TypeVar("S")
Sent = Mapping[str, str | Sequence[str]]
"""A form's values by field name; a field sent several times holds a list."""

_TRUE = {"on", "true", "1", "yes", "oui"}


@dataclass(frozen=True, slots=True)
class FormErrors:
    """What is wrong, by field name and language; nothing was changed."""

    by_field: Mapping[str, Words]


class _Unreadable(Exception):  # noqa: N818 -- the sentence is what matters
    def __init__(self, words: Words) -> None:
        super().__init__(words["en"])
        self.words = words


def parse_form(settings: type[S], sent: Sent, base: S | None = None) -> S | FormErrors:
    """A settings object from a form that shows every field.

    A toggle that was not sent is off, as browsers do it; a list that was not sent is empty; any other field that was
    not sent, and a secret left empty, keep the value they have in `base` (the defaults where there is none). Fields
    that the form sends and the class does not know are ignored.
    """
    kept = base if base is not None else settings()
    values: dict[str, Any] = {}
    errors: dict[str, Words] = {}
    for field in fields_of(settings):
        try:
            values[field.name] = _value(field, sent, getattr(kept, field.name))
        except _Unreadable as wrong:
            errors[field.name] = wrong.words
    return FormErrors(errors) if errors else settings(**values)


def parse_overrides(settings: type[Any], sent: Sent, chosen: Sequence[str]) -> Mapping[str, Any] | FormErrors:
    """The values of the `chosen` fields alone, for a category's overrides; see `apply_overrides`."""
    values: dict[str, Any] = {}
    errors: dict[str, Words] = {}
    for field in fields_of(settings):
        if field.name not in chosen or not field.per_category:
            continue
        try:
            values[field.name] = _value(field, sent, field.default)
        except _Unreadable as wrong:
            errors[field.name] = wrong.words
    return FormErrors(errors) if errors else values


def _value(field: SettingField, sent: Sent, kept: Any) -> Any:
    given = _given(sent.get(field.name))
    if field.kind == "bool":
        return bool(given) and given[-1].strip().lower() in _TRUE
    if field.kind in ("strs", "ints"):
        value: Any = _list(field, given)
    elif not given:
        return kept
    elif not given[-1].strip():
        value = kept if field.widget == "secret" else _blank(field)
    else:
        value = _one(field, given[-1])
    wrong = fault(field, value)
    if wrong is not None:
        raise _Unreadable(wrong)
    return value


def _given(raw: str | Sequence[str] | None) -> Sequence[str]:
    if raw is None:
        return ()
    return (raw,) if isinstance(raw, str) else raw


def _blank(field: SettingField) -> Any:
    if field.optional:
        return None
    if field.kind == "str":
        return ""
    raise _Unreadable(EMPTY)


def _list(field: SettingField, given: Sequence[str]) -> tuple[Any, ...]:
    """The entries of a list: several values, or one text with an entry a line; doubles folded, order kept."""
    texts = [line.strip() for one in given for line in one.splitlines()]
    entries = list(dict.fromkeys(text for text in texts if text))
    return tuple(_whole(text) for text in entries) if field.kind == "ints" else tuple(entries)


def _one(field: SettingField, text: str) -> Any:
    if field.kind == "int":
        return _whole(text)
    if field.kind == "float":
        return _number(text)
    if field.kind == "duration":
        duration = parse_duration(text)
        if duration is None:
            raise _Unreadable(
                {
                    "en": "Write a duration such as 90 min, 36 h or 5 d.",
                    "fr": "Écrivez une durée, par exemple 90 min, 36 h ou 5 j.",
                }
            )
        return duration
    # Browsers end lines with CR LF; the text of a text area keeps its inner lines only.
    return text.replace("\r\n", "\n").strip("\n") if field.widget == "text" else text.strip()


def _whole(text: str) -> int:
    try:
        return int(text.strip().replace(" ", "").replace("\u202f", "").replace("\u00a0", ""))
    except ValueError as error:
        raise _Unreadable({"en": "Write a whole number.", "fr": "Écrivez un nombre entier."}) from error


def _number(text: str) -> float:
    try:
        number = float(text.strip().replace("\u202f", "").replace("\u00a0", "").replace(",", "."))
    except ValueError as error:
        raise _Unreadable({"en": "Write a number.", "fr": "Écrivez un nombre."}) from error
    if not math.isfinite(number):
        raise _Unreadable({"en": "Write a number.", "fr": "Écrivez un nombre."})
    return number
