"""From a settings class to its fields, with every mistake of its author told at load, in one sentence."""

import dataclasses
import types
import typing
from datetime import timedelta
from typing import Any, Literal

from plugins.settings.declare import METADATA_KEY, WIDGETS, Choice, Declaration, Kind, SettingField, Words
from plugins.settings.values import fault

LANGUAGES = ("en", "fr")

_KINDS: dict[Any, Kind] = {bool: "bool", int: "int", float: "float", str: "str", timedelta: "duration"}
_LISTS: dict[Any, Kind] = {str: "strs", int: "ints"}
_USUAL_WIDGET: dict[Kind, str] = {
    "bool": "toggle",
    "int": "number",
    "float": "number",
    "str": "line",
    "duration": "duration",
    "strs": "lines",
    "ints": "categories",
}


class SettingsError(Exception):
    """A settings class that cannot be used; the message names class, field and mend."""


def fields_of(settings: type[Any]) -> tuple[SettingField, ...]:
    """The settings of a class in the order they were written.

    :raises SettingsError: not a frozen dataclass, a field without `setting()`, a type that no form can show, a widget
        that does not fit, a label missing in a language, bounds the wrong way round, or a default that breaks them.
    """
    if not dataclasses.is_dataclass(settings) or not isinstance(settings, type):
        raise SettingsError(f"{settings!r} is no dataclass: write @dataclass(frozen=True) above it")
    if not settings.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise SettingsError(f"{settings.__name__} can be changed: write @dataclass(frozen=True)")
    hints = typing.get_type_hints(settings)
    return tuple(_field(settings.__name__, one, hints[one.name]) for one in dataclasses.fields(settings))


def _field(owner: str, one: "dataclasses.Field[Any]", hint: Any) -> SettingField:
    where = f"{owner}.{one.name}"
    declared = one.metadata.get(METADATA_KEY)
    if not isinstance(declared, Declaration):
        raise SettingsError(f"{where} has no label: declare it with setting(default, label=…)")
    kind, optional, listed = _read_type(where, hint)
    choices = declared.choices or listed
    widget = declared.widget or _widget_for(kind, bool(choices))
    made = SettingField(
        name=one.name,
        kind=kind,
        optional=optional,
        default=one.default,
        label=declared.label,
        help=declared.help,
        min=declared.min,
        max=declared.max,
        choices=choices,
        widget=widget,
        per_category=declared.per_category,
    )
    _check(where, made)
    return made


def _read_type(where: str, hint: Any) -> tuple[Kind, bool, tuple[Choice, ...]]:
    """Kind, whether None is allowed, and the choices that a Literal lists."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union) and type(None) in inner and len(inner) == 2:
        kind, _, listed = _read_type(where, next(one for one in inner if one is not type(None)))
        return kind, True, listed
    if hint in _KINDS:
        return _KINDS[hint], False, ()
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis and inner[0] in _LISTS:
        return _LISTS[inner[0]], False, ()
    if origin is Literal and all(isinstance(one, str) for one in inner):
        return "str", False, tuple(Choice(one, {"en": one, "fr": one}) for one in inner)
    raise SettingsError(f"{where} has a type that no form can show: {hint!r}; see plugins.settings for those it can")


def _widget_for(kind: Kind, choices: bool) -> str:
    if choices:
        return "choices" if kind == "strs" else "choice"
    return _USUAL_WIDGET[kind]


def _check(where: str, one: SettingField) -> None:
    if one.widget not in WIDGETS:
        raise SettingsError(f"{where}: there is no widget {one.widget!r}; there are {', '.join(WIDGETS)}")
    if one.kind not in WIDGETS[one.widget]:
        raise SettingsError(f"{where}: the widget {one.widget!r} cannot fill in a {one.kind}")
    _check_words(where, "label", one.label)
    if one.help:
        _check_words(where, "help", one.help)
    for choice in one.choices:
        _check_words(where, f"label of the choice {choice.value!r}", choice.label)
    if one.widget in ("choice", "choices") and not one.choices:
        raise SettingsError(f"{where}: nothing to choose from, give choices=…")
    if one.min is not None and one.max is not None and one.min > one.max:
        raise SettingsError(f"{where}: min {one.min} is above max {one.max}")
    if one.default is dataclasses.MISSING:
        raise SettingsError(f"{where} has no default: a plugin must run before anybody has filled in a form")
    wrong = fault(one, one.default)
    if wrong is not None:
        raise SettingsError(f"{where}: the default {one.default!r} would be refused: {wrong['en']}")


def _check_words(where: str, what: str, words: Words) -> None:
    missing = [lang for lang in LANGUAGES if not str(words.get(lang, "")).strip()]
    if missing:
        raise SettingsError(f"{where}: the {what} is missing in {' and '.join(missing)}")
