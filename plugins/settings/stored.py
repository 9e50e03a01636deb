"""Settings at rest: to JSON and back, and one category's overrides.

Reading is tolerant, because a plugin's new version adds and drops fields: what is unknown is left out, what is missing
or no longer fits its bounds takes the default. What was left out is told, so that the console can show it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from plugins.settings.declare import SettingField
from plugins.settings.fields import SettingsError, fields_of
from plugins.settings.values import fault

S = TypeVar("S")


def to_json(settings: Any) -> dict[str, Any]:
    """Plain JSON values by field name; durations are seconds, lists are arrays. Secrets are included: store it so."""
    return {field.name: _plain(getattr(settings, field.name)) for field in fields_of(type(settings))}


def from_json(settings: type[S], stored: Mapping[str, Any], on_dropped: Callable[[str, Any], None] | None = None) -> S:
    """A settings object from what `to_json` gave, perhaps of another version of the class.

    `on_dropped(name, value)` hears of every value that could not be kept: its field is gone, or it no longer fits.
    """
    known = {field.name: field for field in fields_of(settings)}
    values: dict[str, Any] = {}
    for name, raw in stored.items():
        value = _read(known[name], raw) if name in known else None
        if name in known and fault(known[name], value) is None:
            values[name] = value
        elif on_dropped is not None:
            on_dropped(name, raw)
    return settings(**values)


def apply_overrides(settings: S, overrides: Mapping[str, Any]) -> S:
    """The settings with a category's overrides (JSON or Python values) in place of the general ones.

    Overrides of unknown fields, and of fields that may not vary by category, are left out.

    :raises SettingsError: an override breaks its field's bounds.
    """
    changed: dict[str, Any] = {}
    for field in fields_of(type(settings)):
        if field.name not in overrides or not field.per_category:
            continue
        value = _read(field, overrides[field.name])
        wrong = fault(field, value)
        if wrong is not None:
            raise SettingsError(f"{type(settings).__name__}.{field.name}: {wrong['en']}")
        changed[field.name] = value
    return replace(settings, **changed) if changed else settings  # type: ignore[type-var]


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return list(value) if isinstance(value, tuple) else value


def _read(field: SettingField, raw: Any) -> Any:
    number = isinstance(raw, (int, float)) and not isinstance(raw, bool)
    if field.kind == "duration" and number:
        return timedelta(seconds=raw)
    if field.kind == "float" and number:
        return float(raw)
    return tuple(raw) if isinstance(raw, list) else raw
