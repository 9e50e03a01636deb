"""What every plugin must keep to: the same checks on every installed plugin, third parties' included."""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest

from connector.models import Event
from plugins.blocks import Page
from plugins.contract import Context, Plugin
from plugins.testing import check_plugin

INSTALLED = sorted(entry_points(group="passerelle.plugins"), key=lambda point: point.name)
TITLE = {"en": "A plugin", "fr": "Un plugin"}


@pytest.mark.parametrize("point", INSTALLED, ids=lambda point: point.name)
def test_every_installed_plugin_keeps_to_the_contract(point: EntryPoint) -> None:
    """Name, texts in both languages in plain speech, settings, tables, imports, and a first day on an empty forum."""
    plugin = point.load()
    assert isinstance(plugin, Plugin)
    assert plugin.name == point.name
    assert check_plugin(plugin) == []


def test_decorators_return_the_function_itself() -> None:
    """A handler stays a plain function that can be called and tested alone."""
    plugin = Plugin("plain", about="x")

    def handler(*_: object) -> None: ...

    for decorate in (
        plugin.on("post_created"),
        plugin.every(minutes=5),
        plugin.inline("topic"),
        plugin.offer("o"),
        plugin.member_page("mine"),
        plugin.member_form("choose"),
        plugin.page("p"),
        plugin.measure("m"),
        plugin.action,
        plugin.public_page("q"),
        plugin.feed("f"),
        plugin.command("words"),
        plugin.verdict,
        plugin.card,
        plugin.forget,
    ):
        assert decorate(handler) is handler


def test_the_clock_takes_one_rhythm() -> None:
    """Neither none nor two."""
    plugin = Plugin("plain", about="x")
    with pytest.raises(ValueError, match="either cron or minutes"):
        plugin.every()
    with pytest.raises(ValueError, match="either cron or minutes"):
        plugin.every(cron="0 9 * * *", minutes=5)


def a_plugin(**changes: object) -> Plugin:
    return Plugin(**({"name": "sample", "about": "What it does.", "title": TITLE} | changes))  # type: ignore[arg-type]


def untitled() -> Plugin:
    plugin = a_plugin()
    plugin.page("x", title={"en": "X", "fr": ""})(lambda query, ctx: Page("X", []))
    return plugin


def unheard() -> Plugin:
    plugin = a_plugin()

    @plugin.on("post_createt")
    def handler(event: Event, ctx: Context) -> None: ...

    return plugin


def eager() -> Plugin:
    plugin = a_plugin()

    @plugin.every(minutes=5)
    def chatter(ctx: Context) -> None:
        ctx.forum.alert("odd", "Odd", "Nothing happened.", once="odd", why="To be seen.")

    return plugin


def breaking() -> Plugin:
    plugin = a_plugin()

    @plugin.every(minutes=5)
    def first(ctx: Context) -> None:
        ctx.log.info(ctx.archive.topics(ctx.archive.audience_public())[0].title)

    return plugin


def mixed_tables() -> Plugin:
    from sqlalchemy import Column, Integer, MetaData, Table

    class Tables:
        metadata = MetaData()

    Table("notes", Tables.metadata, Column("id", Integer, primary_key=True))
    return a_plugin(tables=Tables)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: a_plugin(name="My Plugin"), "must be lower-case letters"),
        (lambda: a_plugin(about=" "), "about is empty"),
        (lambda: a_plugin(title={"en": "x"}), "the plugin has no title in fr"),
        (lambda: a_plugin(settings=dict), "is no dataclass"),
        (untitled, "page x has no title in fr"),
        (unheard, "handler listens to 'post_createt'"),
        (mixed_tables, "the table notes must be named sample_"),
        (mixed_tables, "the table notes has no column site"),
        (mixed_tables, "no @plugin.forget"),
        (breaking, "on an empty forum, the clock handler first fails: IndexError"),
        (eager, "on an empty forum it asks for alert 'odd'"),
    ],
)
def test_what_is_wrong_is_told_to_the_author(make: Callable[[], Plugin], says: str) -> None:
    """One sentence for each fault, naming what to change."""
    assert any(says in found for found in check_plugin(make())), check_plugin(make())


def folder(tmp_path: Path, source: str, english: str = 'hi = "Hi {name}"', french: str = 'hi = "Salut {name}"') -> Path:
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "en.toml").write_text(english, "utf-8")
    (tmp_path / "locales" / "fr.toml").write_text(french, "utf-8")
    (tmp_path / "__init__.py").write_text(source, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("import flask", "__init__.py, line 1: imports flask"),
        ("from connector import client", "imports connector.client"),
        ("import os\nimport urllib.request as web", "line 2: imports urllib.request"),
        ("from webhooks.outbox import send", "imports webhooks"),
        ("import datetime\ndef f(ctx): return datetime.datetime.now()", "line 2: asks a clock; the time is ctx.now"),
        ("def f(ctx): ctx.say('helo')", "line 1: no text for 'helo' in the locales"),
        ("def f(ctx): ctx.say('hi', 3)", "'hi' needs name=…"),
    ],
)
def test_sources_are_read_for_what_no_plugin_may_do(tmp_path: Path, source: str, says: str) -> None:
    """Network, host and archive are out of reach; texts that are said must exist, with their values."""
    found = check_plugin(a_plugin(folder=folder(tmp_path, source)))
    assert any(says in one for one in found), found


def test_a_plugin_whose_texts_order_people_about_is_sent_back(tmp_path: Path) -> None:
    """Plain speech is part of the contract."""
    found = check_plugin(a_plugin(folder=folder(tmp_path, "", english='hi = "You must read this, {name}."')))
    assert found == ["en.toml, hi (“You must read this, {name}.…”): “You must” sounds like an order; say: “could you”"]
