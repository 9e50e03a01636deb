"""What every plugin must keep to, built in or from a third party: `check_plugin` and its findings."""

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from connector.events import KNOWN_EVENTS
from plugins.contract import Draft, Place, Plugin
from plugins.settings import SettingsError, fields_of
from plugins.testing.acts import BenchError
from plugins.testing.bench import Bench, NotMerged
from plugins.voice import Voice, VoiceError, check_locales

FORBIDDEN_IMPORTS = (
    "flask",
    "requests",
    "urllib3",
    "urllib.request",
    "http.client",
    "socket",
    "pydiscourse",
    "apscheduler",
    "webhooks",
    "connector.archive",
    "connector.client",
    "connector.forum",
    "connector.sandbox",
)
"""A plugin touches no network and no host: everything comes through the context."""

_CLOCKS = frozenset({"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time"})
_FAILURES = (ArithmeticError, AttributeError, BenchError, LookupError, RuntimeError, TypeError, ValueError, VoiceError)


def check_plugin(plugin: Plugin) -> list[str]:
    """Everything that is wrong with a plugin, as sentences for its author; an empty list is good news.

    The same checks run on every installed plugin in this project's own tests: `assert check_plugin(plugin) == []`.
    """
    return [
        *_identity(plugin),
        *_events(plugin),
        *_settings(plugin),
        *_tables(plugin),
        *_texts(plugin),
        *_sources(plugin),
        *_empty_forum(plugin),
    ]


def _identity(plugin: Plugin) -> Iterator[str]:
    if not plugin.name.isidentifier() or plugin.name != plugin.name.lower():
        yield f"the name {plugin.name!r} must be lower-case letters, digits and _"
    if not (plugin.about_in("en").strip() and plugin.about_in("fr").strip()):
        yield "about is empty: give it about=__doc__, the console shows it"
    titled: list[tuple[str, Mapping[str, str]]] = [("the plugin", plugin.title)]
    titled += [(f"page {one.slug}", one.title) for one in plugin.pages]
    titled += [(f"public page {one.slug}", one.title) for one in plugin.public_pages]
    titled += [(f"member page {one.slug}", one.title) for one in plugin.member_pages]
    titled += [(f"measure {one.name}", one.definition) for one in plugin.measures]
    for what, title in titled:
        for lang in ("en", "fr"):
            if not title.get(lang, "").strip():
                yield f"{what} has no {'definition' if what.startswith('measure') else 'title'} in {lang}"


def _events(plugin: Plugin) -> Iterator[str]:
    for listener in plugin.listeners:
        for name in listener.events:
            if name not in KNOWN_EVENTS:
                yield f"{listener.name} listens to {name!r}, which Discourse does not send"
    names = [one.name for one in plugin.listeners] + [one.name for one in plugin.clockworks]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"two handlers are named {name}: the console could not tell them apart"


def _settings(plugin: Plugin) -> Iterator[str]:
    if plugin.settings is not None:
        try:
            fields_of(plugin.settings)
        except SettingsError as error:
            yield str(error)


def _tables(plugin: Plugin) -> Iterator[str]:
    if plugin.tables is None:
        return
    metadata = getattr(plugin.tables, "metadata", None)
    if metadata is None:
        yield "tables has no SQLAlchemy metadata"
        return
    for name in metadata.tables:
        if not name.startswith(f"{plugin.name}_"):
            yield f"the table {name} must be named {plugin.name}_…"
        if "site" not in metadata.tables[name].c:
            yield f"the table {name} has no column site: every row carries ctx.site, the forum it belongs to"
    if metadata.tables and not plugin.forget_hooks:
        yield "there are tables but no @plugin.forget: a member who leaves could not be forgotten"


def _texts(plugin: Plugin) -> Iterator[str]:
    if plugin.folder is None:
        return
    try:
        voice = Voice(plugin.folder)
        yield from check_locales(plugin.folder)
    except VoiceError as error:
        yield str(error)
        return
    keys = set(voice.keys())
    for path, call in _said(plugin.folder):
        key = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        if not isinstance(key, str):
            continue
        if key not in keys:
            yield f"{path.name}, line {call.lineno}: no text for {key!r} in the locales"
            continue
        given = {one.arg for one in call.keywords}
        missing = sorted(voice.entry(key, "en").placeholders - {name for name in given if name})
        if missing and None not in given:
            yield f"{path.name}, line {call.lineno}: {key!r} needs {missing[0]}=…"


def _sources(plugin: Plugin) -> Iterator[str]:
    for path, tree in _trees(_home(plugin)):
        for node in ast.walk(tree):
            for name in _imported(node):
                if any(name == barred or name.startswith(barred + ".") for barred in FORBIDDEN_IMPORTS):
                    yield f"{_place(path, node)}: imports {name}; a plugin gets all it may touch by ctx"
            if isinstance(node, ast.Call) and _tail(node.func) in _CLOCKS:
                yield f"{_place(path, node)}: asks a clock; the time is ctx.now, so that history can be replayed"


def _place(path: Path, node: ast.AST) -> str:
    return f"{path.name}, line {getattr(node, 'lineno', 0)}"


def _tail(func: ast.expr) -> str:
    """The last two names of what is called: `datetime.now` of `datetime.datetime.now`."""
    return ".".join(ast.unparse(func).split(".")[-2:])


def _empty_forum(plugin: Plugin) -> Iterator[str]:
    """On a forum where nothing has happened, clock handlers, pages and numbers must work, and run twice."""
    try:
        bench = Bench(plugin)
    except (TypeError, ValueError) as error:
        yield f"it does not start: {error}"
        return
    bench.run_twice()
    for what, run in _calls(plugin, bench):
        try:
            run()
        except NotMerged as error:
            yield str(error)
        except (
            ArithmeticError,
            AttributeError,
            BenchError,
            LookupError,
            RuntimeError,
            TypeError,
            ValueError,
            VoiceError,
        ) as error:
            yield f"on an empty forum, {what} fails: {type(error).__name__}: {error}"
    if bench.acts:
        yield f"on an empty forum it asks for {bench.acts[0].verb} {bench.acts[0].once!r}"


def _calls(plugin: Plugin, bench: Bench) -> Iterator[tuple[str, Callable[[], object]]]:
    for clockwork in plugin.clockworks:
        yield f"the clock handler {clockwork.name}", partial(bench.tick, clockwork.name)
    for page in plugin.pages:
        yield f"the page {page.slug}", partial(bench.page, page.slug)
    for public in plugin.public_pages:
        yield f"the public page {public.slug}", partial(bench.public_page, public.slug)
    for measure in plugin.measures:
        yield f"the measure {measure.name}", partial(bench.measure, measure.name)
    for feed in plugin.feeds:
        yield f"the feed {feed.name}", partial(bench.feed, feed.name)
    yield "the actions", bench.tasks
    yield "a member's card", partial(bench.card, 999)
    yield "forgetting a member", partial(bench.forget, 999)
    # From here on there is one member, who looks and writes.
    member = bench.add_member("visitor")
    for own in plugin.member_pages:
        yield f"the member page {own.slug}", partial(bench.member_page, own.slug, member)
    places: tuple[Place, ...] = ("topic", "composer")
    for place in places:
        draft = Draft(place, bench.viewer(member), title="A title of some words", text="A text of some words. " * 3)
        yield f"the inline handlers for a {place}", partial(bench.inline, place, draft)


def _home(plugin: Plugin) -> Path | None:
    """The plugin's folder, or the one file that holds its handlers."""
    if plugin.folder is not None:
        return plugin.folder
    handlers = [one.func for one in plugin.listeners] + [one.func for one in plugin.clockworks]
    handlers += [one.func for one in plugin.pages] + [one.func for one in plugin.inlines]
    handlers += [one.func for one in plugin.member_pages]
    return Path(handlers[0].__code__.co_filename) if handlers else None


def _trees(home: Path | None) -> Iterator[tuple[Path, ast.Module]]:
    if home is None:
        return
    for path in [home] if home.is_file() else sorted(home.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _said(folder: Path) -> Iterator[tuple[Path, ast.Call]]:
    """Every `….say("key", …)` in the plugin's sources."""
    for path, tree in _trees(folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                yield path, node
