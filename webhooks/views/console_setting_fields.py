"""A settings class as form fields in the reader's language, and its values in words."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from plugins.blocks import Field
from plugins.settings import SettingField, fields_of
from webhooks.views.console_here import service, words
from webhooks.views.console_plugin_facts import categories

_WIDGETS = {
    "toggle": "switch",
    "choice": "line",
    "choices": "many",
    "categories": "many",
    "category": "line",
    "text": "text",
    "lines": "lines",
    "tags": "lines",
    "groups": "lines",
    "secret": "secret",
    "time": "time",
}


def form_fields(declared: type[Any], values: Any, typed: Mapping[str, Sequence[str]] | None = None) -> list[Field]:
    """The fields with the values of a settings object; `typed` is what was sent and could not be taken."""
    return [_field(field, getattr(values, field.name), typed) for field in fields_of(declared)]


def _field(field: SettingField, value: Any, typed: Mapping[str, Sequence[str]] | None) -> Field:
    say = words()
    choices = [(one.value, say.pick(one.label, one.value)) for one in field.choices]
    if field.widget in ("category", "categories"):
        choices = [(str(number), name) for number, name in categories()]
    if field.widget == "language":
        choices = [(code, code) for code in service().config.language_list]
    single = field.kind not in ("strs", "ints")
    if choices and single and field.optional:
        choices = [("", "–"), *choices]
    shown: Any = shown_input(field, value)
    if typed is not None:
        sent = list(typed.get(field.name, ()))
        shown = bool(sent) if field.kind == "bool" else ((sent[-1] if sent else "") if single else sent)
    widget = _WIDGETS.get(field.widget, "line")
    if field.widget == "number":
        widget = "whole" if field.kind == "int" else "number"
    if field.kind in ("strs", "ints") and not choices:
        widget = "lines"
    return Field(field.name, say.pick(field.label, field.name), shown, widget, choices, _help(field))


def _help(field: SettingField) -> str:
    say = words()
    text = say.pick(field.help)
    if field.kind in ("int", "float") and (field.min is not None or field.max is not None):
        low, high = (("" if bound is None else say.number(bound)) for bound in (field.min, field.max))
        bounds = say("plugins.bounds", low=low, high=high) if low and high else f"{low} – {high}"
        text = f"{text} {bounds}".strip()
    return text


def shown_input(field: SettingField, value: Any) -> Any:
    """A value as its input holds it."""
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return duration_text(value)
    if field.kind == "float" and words().lang == "fr" and field.widget != "number":
        return str(value).replace(".", ",")
    return list(value) if isinstance(value, tuple) else value


def shown_value(field: SettingField, value: Any) -> str:
    """A stored (JSON) value in words, for the list of changes; secrets stay hidden."""
    say = words()
    if field.widget == "secret":
        return say("plugins.secret")
    if isinstance(value, bool):
        return say("common.yes") if value else say("common.no")
    if field.kind == "duration" and isinstance(value, int | float):
        return duration_text(timedelta(seconds=value))
    labels = {one.value: say.pick(one.label, one.value) for one in field.choices}
    if field.widget in ("category", "categories"):
        labels = {str(number): name for number, name in categories()}
    entries = value if isinstance(value, list | tuple) else [value]
    return ", ".join(labels.get(str(one), str(one)) for one in entries) or "–"


def duration_text(length: timedelta) -> str:
    """`36 h`, `5 d` (`5 j` in French), `90 min`, as the forms take it."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    day = "j" if words().lang == "fr" else "d"
    parts = []
    for size, unit in ((1440, day), (60, "h"), (1, "min")):
        if minutes >= size and (size != 1440 or minutes % 1440 == 0):
            parts.append(f"{minutes // size} {unit}")
            minutes %= size
    if seconds:
        parts.append(f"{seconds} s")
    return " ".join(parts) or "0 min"
