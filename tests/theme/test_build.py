"""The zip that a forum imports: the files that its core can read, no secret, the same bytes whenever it is made."""

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from connector.sandbox import SandboxServer
from connector.theme.build import ThemeError, component, flavour_for, packed
from connector.theme.joining import joined, weight
from webhooks.cli import main

SERVICE = "https://passerelle.example.org"
SECRETS = {
    "PASSERELLE_API_KEY": "5ecret-api-key-0123456789",
    "PASSERELLE_HOOK_SECRET": "5ecret-hook-0123456789",
    "PASSERELLE_CONNECT_SECRET": "5ecret-connect-0123456789",
    "PASSERELLE_SECRET_KEY": "5ecret-signing-0123456789",
}
PLACES = {
    "3.1": r"about\.json|settings\.yml|locales/(en|fr)\.yml|javascripts/discourse/"
    r"(api-initializers/[\w-]+\.js|lib/[\w-]+\.js|connectors/[\w-]+/[\w-]+\.hbs)",
    "newest": r"about\.json|settings\.yml|locales/(en|fr)\.yml|javascripts/discourse/"
    r"(api-initializers/[\w-]+\.gjs|lib/[\w-]+\.js|components/[\w-]+\.gjs)",
}
"""Where Discourse looks for files of a component, of the kinds that each core compiles."""

SEEN_IN_3_1 = {
    "topic-above-post-stream", "topic-above-suggested", "after-title-and-category", "composer-fields",
    "composer-after-composer-editor", "composer-fields-below",
}  # fmt: skip
"""Outlets that a running 3.1 was seen to have."""

NEWEST_OUTLETS = {
    "topic-above-post-stream",
    "topic-area-bottom",
    "nested-roots-between",
    "composer-after-composer-editor",
}


def passerelle(*words: str, **environment: str) -> Result:
    """A command with these settings alone."""
    known = {"PASSERELLE_PUBLIC_URL": SERVICE, **environment}
    return CliRunner().invoke(main, list(words), env={"PASSERELLE_FORUM_URL": "", **known})


def files(path: Path) -> dict[str, str]:
    """Name to content of a zip's files."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture(params=["3.1", "newest"])
def flavour(request: pytest.FixtureRequest) -> str:
    """Both flavours, one after the other."""
    return str(request.param)


@pytest.fixture
def built(tmp_path: Path, flavour: str) -> dict[str, str]:
    """The files of the zip that the command writes with an operator's secrets around it."""
    version = {"3.1": "3.1.0.beta2", "newest": "2026.8.0"}[flavour]
    done = passerelle("theme", "build", "--discourse", version, "--output", str(tmp_path / "theme.zip"), **SECRETS)
    assert done.exit_code == 0, done.output
    return files(tmp_path / "theme.zip")


def test_every_file_is_where_its_core_looks_for_it(built: dict[str, str], flavour: str) -> None:
    """Nothing lies where Discourse would not find it, or is of a kind that it cannot compile."""
    assert [name for name in built if not re.fullmatch(PLACES[flavour], name)] == []
    needed = {"about.json", "settings.yml", "locales/en.yml", "locales/fr.yml"}
    assert needed | {"javascripts/discourse/lib/passerelle.js"} <= set(built)


def test_about_says_what_discourse_asks_for(built: dict[str, str], flavour: str) -> None:
    """A component with a name, an author, a version, and the versions of Discourse that it is for."""
    about = json.loads(built["about.json"])
    assert about["component"] is True
    assert about["name"] == "Passerelle"
    assert about["authors"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", about["theme_version"])
    known = {"name", "component", "authors", "about_url", "license_url", "learn_more", "theme_version", "assets",
             "minimum_discourse_version", "maximum_discourse_version", "modifiers"}  # fmt: skip
    assert set(about) <= known
    least, most = about["minimum_discourse_version"], about.get("maximum_discourse_version")
    assert flavour_for(least) == flavour
    assert most is None or flavour_for(most) == flavour


def test_no_secret_travels(built: dict[str, str]) -> None:
    """Settings and scripts of a component are public: none of the operator's secrets is in any file."""
    everything = "\n".join(built.values())
    for secret in (*SECRETS.values(), "5ecret"):
        assert secret not in everything
    assert not re.search(r"(api[_-]?key|password|connect_secret|sso_secret)", everything, re.IGNORECASE)


def test_settings_are_ones_that_discourse_knows(built: dict[str, str], flavour: str) -> None:
    """Types, choices and defaults are in order, each setting is described in both languages, the service is preset."""
    settings = yaml.safe_load(built["settings.yml"])
    assert settings["service_url"]["default"] == SERVICE
    for name, setting in settings.items():
        assert setting["type"] in {"integer", "float", "string", "bool", "list", "enum"}, name
        if setting["type"] == "enum":
            assert setting["default"] in setting["choices"]
    for language in ("en", "fr"):
        texts = yaml.safe_load(built[f"locales/{language}.yml"])
        assert list(texts) == [language]
        told = texts[language]["theme_metadata"]
        assert told["description"]
        assert set(told["settings"]) == set(settings)
        assert all(isinstance(text, str) and len(text) > 10 for text in told["settings"].values())
    # Groups: where the core offers it, pages learn only whether their reader is in them.
    assert settings["groups"]["list_type"] == "group"
    assert settings["groups"].get("resolve_group_membership") is (True if flavour == "newest" else None)
    used = set(re.findall(r"settings\.(\w+)", "\n".join(built.values())))
    assert used == set(settings) | {"user_in_groups"}


def test_3_1_gets_nothing_that_it_cannot_compile() -> None:
    """No `.gjs`, no `renderInOutlet`, no newer import path; connectors in outlets that a running 3.1 has."""
    made = {name: text.decode() for name, text in component("3.1", SERVICE).items()}
    assert [name for name in made if name.endswith(".gjs")] == []
    everything = "\n".join(made.values())
    assert "renderInOutlet" not in everything
    imported = set(re.findall(r'from "(discourse[^"]*)"', everything))
    assert imported == {"discourse/lib/api", "discourse/lib/url"}
    outlets = {name.split("/")[3] for name in made if "/connectors/" in name}
    assert outlets
    assert outlets <= SEEN_IN_3_1
    module = made["javascripts/discourse/lib/passerelle.js"]
    # Seen to compile there: classes, private fields, `?.`, `??=`, async. Not tried: these.
    for untried in (r"^\s+#\w+\(", r"^\s+static \{", r"\bimport\(", r"import\.meta", r"/v[;,)]"):
        assert not re.search(untried, module, re.MULTILINE), untried


def test_the_newest_gets_what_it_wants() -> None:
    """`.gjs` alone, rendered in outlets that the newest core has in its flat and its nested view of a topic."""
    made = {name: text.decode() for name, text in component("newest", SERVICE).items()}
    assert [name for name in made if name.endswith(".hbs") or "/connectors/" in name] == []
    initializer = made["javascripts/discourse/api-initializers/passerelle.gjs"]
    assert set(re.findall(r'renderInOutlet\("([\w-]+)"', initializer)) == NEWEST_OUTLETS


def test_both_flavours_follow_and_hold_the_composer(flavour: str) -> None:
    """Every fact of a draft reaches the element as an attribute, and `composerBeforeSave` may hold the post."""
    everything = "\n".join(text.decode() for text in component(flavour, SERVICE).values())
    for fact in ("action", "archetype", "topic", "title", "text", "category", "tags"):
        assert re.search(rf"data-{fact}=\{{\{{", everything), fact
    assert "composerBeforeSave" in everything


def test_imports_lead_to_files(flavour: str) -> None:
    """Each relative import names a file that is there."""
    made = component(flavour, SERVICE)
    for name, text in made.items():
        for wanted in re.findall(r'from "(\.[^"]+)"', text.decode()):
            target = (Path("/") / name).parent.joinpath(wanted).resolve().relative_to("/").as_posix()
            assert any(f"{target}.{kind}" in made for kind in ("js", "gjs")), (name, wanted)


def test_the_same_component_is_the_same_bytes(flavour: str) -> None:
    """Built twice, the zip is equal; all its times are the same, and nothing in it is executable or a link."""
    data = packed(component(flavour, SERVICE))
    assert data == packed(dict(reversed(component(flavour, SERVICE).items())))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}
        assert archive.testzip() is None


def test_the_module_is_small_and_needs_nothing() -> None:
    """Less than 15 kB compressed, no import, the elements and what holds a post exported."""
    assert weight() < 15_000
    assert not re.search(r"^\s*import\b", joined(), re.MULTILINE)
    assert joined().rstrip().endswith("export { configure, mayISave };")


def test_the_flavour_follows_what_the_forum_says(tmp_path: Path) -> None:
    """Without --discourse the forum is asked for its version: a 3.1 gets the flavour for 3.1."""
    with SandboxServer(background_hooks=False) as server:
        done = passerelle("theme", "build", "--output", str(tmp_path), PASSERELLE_FORUM_URL=server.url)
    assert done.exit_code == 0, done.output
    made = files(tmp_path / "passerelle-theme-3.1.zip")
    assert any(name.endswith(".hbs") for name in made)
    assert "3.1.0.beta2" in done.output


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        ([], {}, "PASSERELLE_FORUM_URL is not set"),
        ([], {"PASSERELLE_FORUM_URL": "http://127.0.0.1:9"}, "cannot be reached"),
        (["--discourse", "2.8.14"], {}, "too old"),
        (["--discourse", "newest"], {}, "no version"),
        (["--discourse", "3.1"], {"PASSERELLE_PUBLIC_URL": "ftp://x"}, "PASSERELLE_PUBLIC_URL"),
    ],
)
def test_what_cannot_be_built_is_one_sentence(
    tmp_path: Path, words: list[str], environment: dict[str, str], said: str
) -> None:
    """A forum that is down, no forum, no such version: one sentence that says what to do, and no file."""
    done = passerelle("theme", "build", *words, "--output", str(tmp_path / "theme.zip"), **environment)
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output
    if not words:
        assert "--discourse" in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("version", "expected"),
    [("3.1.0.beta2", "3.1"), ("3.1", "3.1"), ("3.4.7", "3.1"), ("3.5.0.beta3", "newest"), ("2026.8.0", "newest"),
     ("2026.10.0-latest", "newest"), (" v3.2.1 ", "3.1")],
)  # fmt: skip
def test_versions_are_read_leniently(version: str, expected: str) -> None:
    """Beta, calendar and plain versions each lead to a flavour."""
    assert flavour_for(version) == expected


def test_versions_that_are_none_are_refused() -> None:
    """Nothing is guessed from a word."""
    for version in ("", "latest", "3", "three.one", "-1.2", "99999.1"):
        with pytest.raises(ThemeError):
            flavour_for(version)


def test_an_address_with_quotes_stays_one_text(flavour: str) -> None:
    """Whatever the service's address holds, the settings stay settings."""
    odd = 'https://p.example/"\\x\ngroups: [1]'
    settings = yaml.safe_load(component(flavour, odd)["settings.yml"])
    assert settings["service_url"]["default"] == odd
    assert settings["groups"]["default"] == ""
