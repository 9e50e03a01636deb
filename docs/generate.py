"""Writes the parts of the docs that repeat the code: `python docs/generate.py`; with `--check` it only compares.

A part stands between `<!-- generated: NAME -->` and `<!-- end -->`. Whatever is between is made anew from the code:
settings of the service, the plugin contract, the example plugin.
"""

import dataclasses
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
EXAMPLE = DOCS / "example_plugin"
_PART = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def configuration() -> str:
    """Every environment variable: name, default, what it is."""
    from webhooks.config import PREFIX, SECRETS, Config

    rows = []
    for name, field in Config.model_fields.items():
        also = " (or `…_FILE`)" if name in SECRETS else ""
        rows.append(f"| `{PREFIX}{name.upper()}`{also} | {_default(field.default)} | {_cell(field.description)} |")
    return "\n".join(["| Variable | Default | What it is |", "|---|---|---|", *rows])


def decorators() -> str:
    """Every way into a plugin, with its exact arguments."""
    from plugins.contract import Plugin

    parts = []
    for name, method in inspect.getmembers(Plugin, inspect.isfunction):
        # What gives a text is no way in.
        if not name.startswith("_") and method.__annotations__.get("return") is not str:
            parts.append(f"### `{_signature('@plugin.' + name, method)}`\n\n{_said(method)}")
    return "\n\n".join(parts)


def doors() -> str:
    """Everything a handler may touch."""
    from plugins import doors as module

    parts = []
    for title, protocol in (
        ("ctx", module.InlineContext),
        ("ctx.forum (not for inline handlers)", module.ForumDoor),
        ("ctx.archive", module.ArchiveDoor),
        ("ctx.calendar", module.CalendarDoor),
        ("ctx.shared", module.SharedDoor),
        ("ctx.consent", module.ConsentDoor),
        ("ctx.desk", module.DeskDoor),
    ):
        parts += [f"### {title}", _said(protocol), "\n".join(_members(title, protocol))]
    return "\n\n".join(parts)


def blocks() -> str:
    """What pages are made of."""
    from plugins import blocks as module

    return "\n".join(_fields(_dataclasses(module)))


def inline() -> str:
    """What inline handlers get and give."""
    from plugins import inline as module

    return "\n".join(_fields(_dataclasses(module)))


def widgets() -> str:
    """Every widget of a settings form and what it fills in."""
    from plugins.settings import WIDGETS

    rows = [f"| `{name}` | {', '.join(f'`{kind}`' for kind in kinds)} |" for name, kinds in WIDGETS.items()]
    return "\n".join(["| Widget | Fills in |", "|---|---|", *rows])


def events() -> str:
    """Every event name that Discourse sends, by what it is about."""
    from connector.events import EVENTS_OF_TYPE, TOPIC_STATUSES

    rows = [
        f"| {kind} | {', '.join(f'`{name}`' for name in sorted(names))} |" for kind, names in EVENTS_OF_TYPE.items()
    ]
    rows.append(f"| topic | {', '.join(f'`topic_{status}_status_updated`' for status in TOPIC_STATUSES)} |")
    return "\n".join(["| About | Events |", "|---|---|", *rows])


def example_code() -> str:
    return _file("thanks_reminder/__init__.py", "python")


def example_texts() -> str:
    return _file("thanks_reminder/locales/en.toml", "toml") + "\n\n" + _file("thanks_reminder/locales/fr.toml", "toml")


def example_setup() -> str:
    return _file("setup.cfg", "ini")


def example_tests() -> str:
    return _file("tests/test_thanks_reminder.py", "python")


PARTS: dict[str, Callable[[], str]] = {
    "configuration": configuration,
    "decorators": decorators,
    "doors": doors,
    "blocks": blocks,
    "inline": inline,
    "widgets": widgets,
    "events": events,
    "example-code": example_code,
    "example-texts": example_texts,
    "example-setup": example_setup,
    "example-tests": example_tests,
}


def written(text: str) -> str:
    """A page with its generated parts made anew."""
    return _PART.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}\n{found[3]}", text)


def stale() -> Iterator[tuple[Path, str]]:
    """Pages that differ from what the code says, with what they should be."""
    for path in sorted(DOCS.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        if written(text) != text:
            yield path, written(text)


def _file(name: str, language: str) -> str:
    return f"```{language}\n{(EXAMPLE / name).read_text(encoding='utf-8').rstrip()}\n```"


def _default(value: Any) -> str:
    shown = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    return "" if shown in ("", None) else f"`{shown}`"


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|")


def _said(thing: object) -> str:
    return inspect.getdoc(thing) or ""


def _signature(name: str, function: Callable[..., Any]) -> str:
    """The call as it is written, without `self` and without annotations of what comes back."""
    shown = []
    star = False
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            shown.append("*")
        star = star or parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL)
        prefix = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
        default = "" if parameter.default is parameter.empty else f"={_literal(parameter.default)}"
        shown.append(f"{prefix}{parameter.name}{default}")
    return name if shown == ["func"] else f"{name}({', '.join(shown)})"


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _members(title: str, protocol: type) -> Iterator[str]:
    prefix = title.split()[0]
    for name, member in vars(protocol).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            yield f"- `{prefix}.{name}`: {_said(member)}"
        elif inspect.isfunction(member):
            yield f"- `{_signature(f'{prefix}.{name}', member)}`: {' '.join(_said(member).split())}"


def _dataclasses(module: Any) -> list[type]:
    found = [one for one in vars(module).values() if inspect.isclass(one) and dataclasses.is_dataclass(one)]
    return [one for one in found if one.__module__ == module.__name__]


def _fields(classes: Iterable[type]) -> Iterator[str]:
    for one in classes:
        shown = []
        for field in dataclasses.fields(one):
            default = field.default
            if field.default_factory is not dataclasses.MISSING:
                default = field.default_factory()
            needed = default is dataclasses.MISSING
            shown.append(field.name if needed else f"{field.name}={_literal(default)}")
        yield f"- `{one.__name__}({', '.join(shown)})`: {' '.join(_said(one).split())}"


def main(arguments: list[str]) -> int:
    found = list(stale())
    for path, text in found:
        if "--check" in arguments:
            sys.stderr.write(f"{path.relative_to(DOCS.parent)} is behind the code: run python docs/generate.py\n")
        else:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(DOCS.parent)} written\n")
    return 1 if found and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
