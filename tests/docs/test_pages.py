"""The documentation says what the code does: links, commands, variables, events and targets are held against it."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from connector.events import KNOWN_EVENTS
from connector.scopes import RUNTIME_SCOPES
from tests.docs.pages import DOCS, PAGES, ROOT, code, named
from webhooks.config import PREFIX, SECRETS, Config, load
from webhooks.metrics import REGISTRY


def test_what_repeats_the_code_is_up_to_date() -> None:
    """Settings, contract and example in the pages are the code's own words: `python docs/generate.py` was run."""
    checked = subprocess.run(
        [sys.executable, str(DOCS / "generate.py"), "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_every_setting_of_the_service_is_told_with_what_it_is() -> None:
    """An operator finds each variable with a sentence, and no variable that does not exist."""
    table = (DOCS / "configuration.md").read_text("utf-8")
    for name, field in Config.model_fields.items():
        assert field.description, f"{name} has no description in webhooks/config.py"
        assert f"`{PREFIX}{name.upper()}`" in table


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link to a page, a file or a heading of ours opens."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{named(page)} links to {target}"
        if heading:
            headings = re.findall(r"^#+ (.+)$", found.read_text("utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
            assert heading in anchors, f"{named(page)} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_variable_exists(page: Path) -> None:
    """A page names no setting that the service does not know; `_FILE` only where a secret may stand in a file."""
    known = {PREFIX + name.upper() for name in Config.model_fields} | {f"{PREFIX}{one.upper()}_FILE" for one in SECRETS}
    named_here = set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", page.read_text("utf-8")))
    assert named_here <= known


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_event_is_one_that_discourse_sends(page: Path) -> None:
    """An event name that a reader copies works."""
    told = {
        one for line in code(page.read_text("utf-8")) for one in re.findall(r'(?:plugin\.on|dispatch)\("(\w+)"', line)
    }
    assert told <= KNOWN_EVENTS


def test_the_reference_lists_every_event() -> None:
    """A plugin author finds in one table all that may be listened to."""
    reference = (DOCS / "plugin-contract.md").read_text("utf-8")
    assert {name for name in KNOWN_EVENTS if f"`{name}`" not in reference} == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_target_exists(page: Path) -> None:
    """`make …` in a page is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = {one for line in code(page.read_text("utf-8")) for one in re.findall(r"(?:^|\s)make ([a-z]+)", line)}
    assert told <= targets


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_is_known(page: Path) -> None:
    """`passerelle …` in a page is a command of the command line, with its options."""
    main = pytest.importorskip("webhooks.cli", reason="the command line is not there yet").main
    for line in code(page.read_text("utf-8")):
        found = re.search(r"(?:^|/|\s)passerelle ((?:[a-z][a-z-]*)(?: .*)?)$", line)
        if found:
            _known(main, found[1].split(), f"{named(page)}: {line}")


def _known(main: click.Command, words: list[str], where: str) -> None:
    command: click.Command = main
    context = click.Context(main)
    while isinstance(command, click.Group) and words:
        inner = command.get_command(context, words[0])
        assert inner is not None, f"{where}: there is no command {words[0]!r}"
        command, words = inner, words[1:]
    taken = {option for parameter in command.params for option in parameter.opts}
    free = command.context_settings.get("ignore_unknown_options", False)
    for word in words:
        assert free or not word.startswith("--") or word.split("=")[0] in taken, f"{where}: no option {word}"


def test_addresses_and_measures_in_operations_exist(tmp_path: Path) -> None:
    """What an operator is told to watch is there: addresses answer, measures are exported."""
    from webhooks.app import create_app

    text = (DOCS / "operations.md").read_text("utf-8")
    exported = {family.name for family in REGISTRY.collect()}
    told = set(re.findall(r"`(passerelle_\w+)`", text))
    assert told
    assert told == exported
    app = create_app(load({}, data_dir=tmp_path))
    try:
        routes = {str(rule) for rule in app.url_map.iter_rules()}
        unsigned = app.test_client().post("/webhooks/discourse", data=b"{}").status_code
    finally:
        app.extensions["passerelle"].database.engine.dispose()
    assert set(re.findall(r"\| `(/\w+)` \|", text)) <= routes
    assert unsigned == 401


@pytest.mark.parametrize("page", ["start.md", "fr/demarrer.md"])
def test_the_start_names_just_the_scopes_that_are_needed(page: str) -> None:
    """An admin grants the six scopes the connector works with, and none beyond."""
    told = re.findall(r"`([a-z]+:[a-z]+)`", (DOCS / page).read_text("utf-8"))
    assert sorted(told) == sorted(RUNTIME_SCOPES)


@pytest.mark.parametrize(
    ("english", "french"),
    [("how-it-works.md", "fr/fonctionnement.md"), ("start.md", "fr/demarrer.md"), ("console.md", "fr/console.md")],
)
def test_french_pages_say_as_much_as_english_ones(english: str, french: str) -> None:
    """Same sections, same lists, same tables, same commands: neither language is the poor relation."""

    def shape(name: str) -> dict[str, int]:
        text = (DOCS / name).read_text("utf-8")
        return {
            sign: len(re.findall(sign, text, re.MULTILINE)) for sign in (r"^#+ ", r"^- ", r"^\d\. ", r"^\|", r"^```")
        }

    assert shape(english) == shape(french)
    assert "manager" not in (DOCS / french).read_text("utf-8").lower()
    assert "animateur·rice" in (DOCS / "fr/fonctionnement.md").read_text("utf-8")


def test_the_tutorials_plugin_is_small() -> None:
    """A working plugin fits in forty lines."""
    source = (DOCS / "example_plugin" / "thanks_reminder" / "__init__.py").read_text("utf-8")
    assert len(source.splitlines()) <= 40
    assert source.rstrip() in (DOCS / "write-a-plugin.md").read_text("utf-8")
