"""Every sentence that anybody reads exists in both languages, with the same values to fill in, and gets them."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.voice import Voice
from tests.words.spoken import ROOT, Asked, faults, gaps, in_python, in_template, unspoken
from webhooks.views.console_words import LANGUAGES, sentences

PLUGIN_FOLDERS = (
    ROOT / "plugins" / "expert_finder",
    ROOT / "plugins" / "netiquette",
    ROOT / "docs" / "example_plugin" / "thanks_reminder",
)


def console_needs(lang: str) -> dict[str, frozenset[str]]:
    """The console's keys as code names them: of `….one` and `….other` the beginning, which needs `n` too."""
    found: dict[str, frozenset[str]] = {}
    for key, text in sentences(lang).items():
        stem = re.sub(r"\.(one|other)$", "", key)
        found[stem] = found.get(stem, frozenset()) | gaps(text) | (frozenset() if stem == key else {"n"})
    return found


def of_console() -> list[Asked]:
    asked: list[Asked] = []
    for path in sorted((ROOT / "webhooks").rglob("*.py")):
        if "demo" not in path.parts and "saying" not in path.stem:
            asked += in_python(path, ("say", "words()", "_say", "self"))
    for path in sorted((ROOT / "webhooks" / "templates").rglob("*.html")):
        asked += in_template(path, ("words", "say"))
    return [one for one in asked if "." in one.key and " " not in one.key]


def test_console_gets_every_sentence_with_its_values() -> None:
    """No page of the console can break on a sentence nobody wrote, or show a gap in braces instead of a value."""
    asked = of_console()

    assert len(asked) > 250
    for lang in LANGUAGES:
        assert faults(asked, console_needs(lang)) == []
    assert console_needs("fr") == console_needs("en")


def named_elsewhere() -> frozenset[str]:
    """Keys that tables in the host's code spell out, by a name that is said later."""
    found = set()
    for path in (ROOT / "webhooks").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return frozenset(found)


def test_console_holds_no_sentence_that_nobody_says() -> None:
    """What translators keep up to date is said somewhere."""
    needs = {key: gap for key, gap in console_needs("en").items() if not key.startswith("notes.")}
    spelt = named_elsewhere()

    begun = tuple(word for word in spelt if re.fullmatch(r"[a-z_]+\.([a-z]+_)*", word))
    assert [key for key in unspoken(of_console(), needs) if key not in spelt and not key.startswith(begun)] == []


def notes() -> Iterator[str]:
    """The short words by which the outbox says why an act waits or how it ended."""
    for path in sorted((ROOT / "webhooks").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            given: list[ast.expr | None] = []
            if isinstance(node, ast.Call):
                given += [one.value for one in node.keywords if one.arg == "note"]
                given += node.args[:1] if isinstance(node.func, ast.Name) and node.func.id == "Objection" else []
            elif isinstance(node, ast.Dict):
                given += [value for key, value in zip(node.keys, node.values, strict=True) if _says(key, "note")]
            elif isinstance(node, ast.Assign) and any(
                isinstance(to, ast.Name) and to.id == "note" for to in node.targets
            ):
                given.append(node.value)
            for value in given:
                choices = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                yield from (str(one.value) for one in choices if isinstance(one, ast.Constant) and one.value)


def _says(node: ast.expr | None, word: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == word


def test_every_reason_why_an_act_waits_is_a_sentence() -> None:
    """Whatever holds an act back or ends it, the console says so in words, not in a code."""
    found = {*notes(), *(f"peace_{held}" for held in ("alert", "author", "manager", "breaker"))}

    assert len(found) > 35
    assert sorted(note for note in found if f"notes.{note}" not in sentences("en")) == []


def flat(path: Path, lang: str | None = None) -> dict[str, frozenset[str]]:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return {key: gaps(text) for key, text in (told[lang] if lang else told).items()}


def test_sandbox_gets_every_sentence_with_its_values() -> None:
    """No page and no refusal of the sandbox forum lacks a word, in either language."""
    folder = ROOT / "connector" / "sandbox"
    asked: list[Asked] = []
    for path in sorted(folder.glob("*.py")):
        asked += in_python(path, ("say", "word"))
    for path in sorted((folder / "templates").glob("*.html")):
        asked += in_template(path, ("t",))
    english, french = (flat(folder / "locales" / f"{lang}.toml") for lang in ("en", "fr"))

    assert len(asked) > 100
    assert english == french
    assert faults(asked, english) == []


def test_story_of_the_demonstration_is_told_in_both_languages() -> None:
    """The tour finds every line of its story, with the same gaps, in French and in English."""
    path = ROOT / "webhooks" / "demo" / "story.toml"
    english, french = flat(path, "en"), flat(path, "fr")
    asked: list[Asked] = []
    for source in sorted(path.parent.glob("*.py")):
        asked += in_python(source, ("say", "heading"))
        asked += in_python(source, ("check",), place=1)

    assert len(asked) > 20
    assert english == french
    assert faults(asked, english) == []


@pytest.mark.parametrize("folder", PLUGIN_FOLDERS, ids=lambda folder: folder.name)
def test_plugin_gets_every_text_with_its_values(folder: Path) -> None:
    """No text of a plugin lacks a value that one of its wordings, in one of the languages, wants."""
    voice = Voice(folder)
    asked = [
        one
        for path in sorted(folder.rglob("*.py"))
        for one in in_python(path, ("say", "_say"))
        if "." in one.key and " " not in one.key
    ]
    for lang in LANGUAGES:
        needs = {}
        for key in voice.keys():  # noqa: SIM118 -- a Voice is no mapping
            entry = voice.entry(key, lang)
            counted = any(form for _, form in entry.forms)
            needs[key] = frozenset(entry.placeholders) | ({"count"} if counted else frozenset())
        assert asked
        assert faults(asked, needs) == []
        spelt = {
            node.value
            for path in folder.rglob("*.py")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert [key for key in unspoken(asked, needs) if key not in spelt] == []
