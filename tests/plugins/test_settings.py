"""A plugin's settings: declared once; the form, its checks and what is stored all follow."""

import json
from dataclasses import dataclass, field, make_dataclass
from datetime import timedelta
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from plugins.settings import (
    WIDGETS,
    FormErrors,
    SettingsError,
    apply_overrides,
    fields_of,
    from_json,
    parse_form,
    parse_overrides,
    setting,
    to_json,
)

NAMED = {"en": "A name", "fr": "Un nom"}


@dataclass(frozen=True)
class Settings:
    per_week: int = setting(3, min=0, max=20, label=NAMED)
    share: float = setting(0.5, min=0.0, max=1.0, label=NAMED)
    wait: timedelta = setting(timedelta(hours=24), min=timedelta(hours=1), label=NAMED)
    enabled: bool = setting(True, label=NAMED)
    tone: Literal["warm", "short"] = setting("warm", label=NAMED)
    rooms: tuple[int, ...] = setting((), label=NAMED)
    words: tuple[str, ...] = setting(("a",), label=NAMED)
    token: str = setting("", widget="secret", label=NAMED, per_category=False)
    opens: str = setting("09:00", widget="time", label=NAMED)
    limit: int | None = setting(None, label=NAMED)


FILLED = {
    "per_week": "5",
    "share": "0,25",
    "wait": "2 d",
    "enabled": "on",
    "tone": "short",
    "rooms": ["4", "7"],
    "words": "first\r\nsecond\r\nfirst\r\n",
    "token": "s3cret",
    "opens": "08:30",
    "limit": "",
}


def test_a_form_fills_in_every_kind_of_setting() -> None:
    """What a manager types comes out as the values the plugin reads, decimal comma and doubled lines included."""
    wanted = Settings(
        per_week=5,
        share=0.25,
        wait=timedelta(days=2),
        enabled=True,
        tone="short",
        rooms=(4, 7),
        words=("first", "second"),
        token="s3cret",
        opens="08:30",
        limit=None,
    )
    assert wanted == parse_form(Settings, FILLED)


def test_each_wrong_field_is_told_in_both_languages_and_nothing_is_taken() -> None:
    """Several mistakes at once are all shown, each beside its field, in French and in English."""
    wrong = parse_form(
        Settings,
        FILLED | {"per_week": "99", "share": "nan", "wait": "soon", "tone": "loud", "rooms": "x", "opens": "25:00"},
    )
    assert isinstance(wrong, FormErrors)
    assert {"per_week", "share", "wait", "tone", "rooms", "opens"} == set(wrong.by_field)
    assert wrong.by_field["per_week"] == {"en": "At most 20, please.", "fr": "Au plus 20."}
    assert all(words["en"] and words["fr"] and words["en"] != words["fr"] for words in wrong.by_field.values())


def test_an_unticked_box_is_off_and_an_empty_secret_stays() -> None:
    """Browsers leave out unticked boxes, and a page never shows a secret again: saving must not lose it."""
    before = Settings(token="kept", enabled=True)
    sent = {name: value for name, value in FILLED.items() if name != "enabled"} | {"token": ""}
    after = parse_form(Settings, sent, before)
    assert isinstance(after, Settings)
    assert (after.enabled, after.token) == (False, "kept")


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("36 h", 36),
        ("90", 1.5),
        ("1 day 12 hours", 36),
        ("5 j", 120),
        ("1,5 h", 1.5),
        ("2 semaines", 336),
        ("90min", 1.5),
    ],
)
def test_durations_are_read_as_people_write_them(text: str, hours: float) -> None:
    """In French or English, with or without spaces; a bare number counts minutes."""
    parsed = parse_form(Settings, FILLED | {"wait": text})
    assert isinstance(parsed, Settings)
    assert timedelta(hours=hours) == parsed.wait


@hypothesis_settings(deadline=None)
@given(
    st.builds(
        Settings,
        per_week=st.integers(0, 20),
        share=st.floats(0, 1),
        wait=st.timedeltas(timedelta(hours=1), timedelta(days=400)),
        enabled=st.booleans(),
        tone=st.sampled_from(["warm", "short"]),
        rooms=st.lists(st.integers(1, 99)).map(tuple),
        words=st.lists(st.text(max_size=9), max_size=5).map(tuple),
        limit=st.none() | st.integers(),
    )
)
def test_what_is_stored_comes_back_the_same(settings: Settings) -> None:
    """Settings survive the database as JSON, to the microsecond."""
    assert settings == from_json(Settings, json.loads(json.dumps(to_json(settings))))


def test_a_new_version_keeps_what_still_fits_and_tells_the_rest() -> None:
    """A plugin's update adds and drops settings: the others stay, and what was dropped is reported."""
    dropped: list[tuple[str, Any]] = []
    stored = {"per_week": 7, "gone": 1, "share": 9.5, "tone": "shouting"}
    settings = from_json(Settings, stored, lambda name, value: dropped.append((name, value)))
    assert Settings(per_week=7) == settings
    assert dropped == [("gone", 1), ("share", 9.5), ("tone", "shouting")]


def test_a_category_may_differ_where_the_setting_allows_it() -> None:
    """Overrides change their own fields only; what is kept for the whole forum stays."""
    chosen = parse_overrides(Settings, {"per_week": "1", "token": "x", "wait": "3 h"}, ["per_week", "token"])
    assert chosen == {"per_week": 1}
    assert Settings(per_week=1, token="kept") == apply_overrides(Settings(token="kept"), {"per_week": 1, "token": "no"})


def test_an_override_out_of_bounds_is_refused() -> None:
    """A category cannot be given what the form would refuse."""
    with pytest.raises(SettingsError, match=r"per_week: At most 20"):
        apply_overrides(Settings(), {"per_week": 99})


def test_the_widget_follows_from_the_type() -> None:
    """Nobody declares a form: type, choices and one word where several widgets fit are enough."""
    assert {one.name: one.widget for one in fields_of(Settings)} == {
        "per_week": "number",
        "share": "number",
        "wait": "duration",
        "enabled": "toggle",
        "tone": "choice",
        "rooms": "categories",
        "words": "lines",
        "token": "secret",
        "opens": "time",
        "limit": "number",
    }


def one(default: Any, kind: type, **declared: Any) -> type:
    """A frozen settings class with a single field `x`."""
    return make_dataclass("Broken", [("x", kind, setting(default, **({"label": NAMED} | declared)))], frozen=True)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda: one(3, int, label={"en": "Number"}), "label is missing in fr"),
        (lambda: one(3, int, help={"fr": "Un nombre"}), "help is missing in en"),
        (lambda: one(30, int, max=20), "default 30 would be refused"),
        (lambda: one(3, int, min=5, max=2), "min 5 is above max 2"),
        (lambda: one("x", str, widget="slider"), "there is no widget 'slider'"),
        (lambda: one("x", str, widget="toggle"), "cannot fill in a str"),
        (lambda: one("x", str, widget="choice"), "nothing to choose from"),
        (lambda: one("x", str, choices={"y": NAMED}), "not one of: y"),
        (lambda: one((), tuple[float, ...]), "a type that no form can show"),
        (lambda: make_dataclass("Bare", [("x", int, field(default=3))], frozen=True), "has no label"),
        (lambda: make_dataclass("Open", [("x", int, setting(3, label=NAMED))]), "can be changed"),
        (lambda: dict, "is no dataclass"),
    ],
)
def test_an_authors_mistake_is_told_at_load_with_its_field(broken: Any, says: str) -> None:
    """A settings class that would fail in front of a manager fails in front of its author, in one sentence."""
    with pytest.raises(SettingsError, match=says):
        fields_of(broken())


def test_every_widget_can_be_declared() -> None:
    """The list of widgets in the docs is the list that works."""
    kinds: dict[str, tuple[Any, type]] = {
        "bool": (True, bool),
        "int": (1, int),
        "float": (1.0, float),
        "str": ("", str),
        "duration": (timedelta(), timedelta),
        "strs": ((), tuple[str, ...]),
        "ints": ((), tuple[int, ...]),
    }
    for widget, fillable in WIDGETS.items():
        for kind in fillable:
            default, type_ = kinds[kind]
            if widget == "time":
                default = "08:00"
            choices = {"": NAMED} if widget == "choice" else ({"a": NAMED} if widget == "choices" else ())
            (made,) = fields_of(one(default, type_, widget=widget, choices=choices))
            assert widget == made.widget
