"""Plugins: found by the entry point group `passerelle.plugins`, checked one by one before anything runs."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from connector.events import KNOWN_EVENTS
from plugins.contract import MODES, Plugin
from plugins.settings import SettingsError, fields_of

GROUP = "passerelle.plugins"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_TAKEN = frozenset({"host", "archive", "alembic", "console", "passerelle"})


class PluginError(Exception):
    """A plugin cannot be used; the message is a sentence for its author that names what to change."""


@dataclass(frozen=True, slots=True)
class Registry:
    """The plugins that passed, by name, and a sentence for each that did not."""

    plugins: dict[str, Plugin] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Plugin]:
        return iter(self.plugins.values())

    def get(self, name: str) -> Plugin | None:
        return self.plugins.get(name)


def load_plugins(points: Iterable[EntryPoint] | None = None) -> Registry:
    """Every installed plugin in the order of names; one that is broken is left out and told in `faults`."""
    found: list[Plugin] = []
    faults: list[str] = []
    for point in sorted(entry_points(group=GROUP) if points is None else points, key=lambda one: one.name):
        try:
            found.append(_loaded(point))
        except PluginError as error:
            faults.append(str(error))
    registry = registry_of(found)
    return Registry(registry.plugins, (*faults, *registry.faults))


def registry_of(plugins: Iterable[Plugin]) -> Registry:
    """A registry of plugins that are at hand (for tests and the example), with the same checks."""
    passed: dict[str, Plugin] = {}
    faults: list[str] = []
    for plugin in sorted(plugins, key=lambda one: one.name):
        try:
            check(plugin)
            if plugin.name in passed:
                raise PluginError(f"Two plugins are named {plugin.name}: uninstall one of them.")
        except PluginError as error:
            faults.append(str(error))
        else:
            passed[plugin.name] = plugin
    return Registry(passed, tuple(faults))


def check(plugin: Plugin) -> None:
    """What every plugin must keep to. :raises PluginError: the first thing it does not."""
    name = plugin.name
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise PluginError(f"The plugin name {name!r} must be lower-case letters, digits and _, and not one of ours.")
    if not plugin.about_in("en").strip():
        raise PluginError(f"Plugin {name} does not say what it is: give it about=__doc__.")
    _check_events(plugin)
    _check_times(plugin)
    _check_settings(plugin)
    _check_tables(plugin)
    _check_pages(plugin)
    _check_titles(plugin)


def _loaded(point: EntryPoint) -> Plugin:
    try:
        plugin = point.load()
    except (ImportError, AttributeError, SyntaxError, TypeError, ValueError, SettingsError) as error:
        raise PluginError(f"Plugin {point.name} cannot be loaded: {type(error).__name__}: {error}.") from error
    if not isinstance(plugin, Plugin):
        raise PluginError(f"The entry point {point.name} = {point.value} is no plugins.contract.Plugin.")
    if plugin.name != point.name:
        raise PluginError(f"The entry point {point.name} names a plugin that calls itself {plugin.name}: use one name.")
    return plugin


def _check_events(plugin: Plugin) -> None:
    for listener in plugin.listeners:
        unknown = [event for event in listener.events if event not in KNOWN_EVENTS]
        if unknown or not listener.events:
            what = ", ".join(unknown) or "no event at all"
            raise PluginError(f"Plugin {plugin.name}: {listener.name} listens to {what}, which no forum sends.")
        if listener.ceiling not in MODES:
            raise PluginError(f"Plugin {plugin.name}: {listener.name} has the ceiling {listener.ceiling!r}.")
    names = [one.name for one in plugin.listeners] + [one.name for one in plugin.clockworks]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise PluginError(f"Plugin {plugin.name} has two handlers named {sorted(twice)[0]}: rename one of them.")


def _check_times(plugin: Plugin) -> None:
    for clockwork in plugin.clockworks:
        if clockwork.minutes is not None and clockwork.minutes < 1:
            raise PluginError(f"Plugin {plugin.name}: {clockwork.name} runs every {clockwork.minutes} minutes.")
        try:
            if clockwork.cron is not None:
                CronTrigger.from_crontab(clockwork.cron)
        except ValueError as error:
            raise PluginError(f"Plugin {plugin.name}: {clockwork.cron!r} is no cron line of five fields.") from error


def _check_settings(plugin: Plugin) -> None:
    if plugin.settings is None:
        return
    try:
        fields_of(plugin.settings)
        plugin.settings()
    except (SettingsError, TypeError) as error:
        raise PluginError(f"Plugin {plugin.name}: {error}") from error


def _check_tables(plugin: Plugin) -> None:
    metadata = table_metadata(plugin)
    if metadata is None:
        return
    alien = [name for name in metadata.tables if not name.startswith(f"{plugin.name}_")]
    if alien:
        raise PluginError(f"Plugin {plugin.name}: its table {alien[0]} must be named {plugin.name}_….")


def table_metadata(plugin: Plugin) -> Any | None:
    """The SQLAlchemy metadata of a plugin's tables; None where it has none."""
    if plugin.tables is None:
        return None
    metadata = getattr(plugin.tables, "metadata", None)
    if metadata is None or not hasattr(metadata, "tables"):
        raise PluginError(f"Plugin {plugin.name}: tables has no SQLAlchemy `metadata`.")
    return metadata


def _check_pages(plugin: Plugin) -> None:
    slugs = [page.slug for page in plugin.pages] + [page.slug for page in plugin.public_pages]
    slugs += [page.slug for page in plugin.member_pages] + [feed.name for feed in plugin.feeds]
    for slug in slugs:
        if not _SLUG.fullmatch(slug):
            raise PluginError(f"Plugin {plugin.name}: the page name {slug!r} may hold a-z, 0-9 and - only.")
    if len({page.slug for page in plugin.pages}) < len(plugin.pages):
        raise PluginError(f"Plugin {plugin.name} has two pages of one name.")
    _check_members_doors(plugin)


def _check_titles(plugin: Plugin) -> None:
    """What people read is there in both languages; a plugin without a title goes by its name."""
    titled: list[tuple[str, object]] = [("itself", plugin.title)] if plugin.title else []
    titled += [(f"the page {page.slug}", page.title) for page in plugin.pages]
    titled += [(f"the public page {page.slug}", page.title) for page in plugin.public_pages]
    titled += [(f"the member page {page.slug}", page.title) for page in plugin.member_pages]
    titled += [(f"the measure {one.name}", one.definition) for one in plugin.measures if one.definition]
    for what, given in titled:
        texts = given if isinstance(given, Mapping) else {}
        lacking = [lang for lang in ("en", "fr") if not str(texts.get(lang) or "").strip()]
        if lacking:
            kind = "definition" if what.startswith("the measure") else "title"
            raise PluginError(
                f"Plugin {plugin.name}: {what} has no {kind} in {' and '.join(lacking)}:"
                f' give {kind}={{"en": "…", "fr": "…"}}.'
            )


def _check_members_doors(plugin: Plugin) -> None:
    """Offers, member pages and member forms are found by their names."""
    kinds = {
        "offers": [one.name for one in plugin.offers],
        "feeds": [one.name for one in plugin.feeds],
        "member pages": [one.slug for one in plugin.member_pages],
        "member forms": [one.name for one in plugin.member_forms],
        "inline handlers": [one.name for one in plugin.inlines],
    }
    for kind, names in kinds.items():
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise PluginError(f"Plugin {plugin.name} has two {kind} named {sorted(twice)[0]}: rename one of them.")
    if any(one.budget_ms <= 0 for one in plugin.inlines):
        raise PluginError(f"Plugin {plugin.name} has an inline handler without any time: budget_ms is above 0.")
