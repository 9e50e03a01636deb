"""The charter in the console: saved when its examples hold, refused with line and clause when they do not."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plugins.blocks import Editor, Form, Notice, Page, Table, Text
from plugins.netiquette import plugin, tables
from plugins.netiquette.charter.kept import SHARED
from plugins.netiquette.charter.problems import CharterError, Problem
from plugins.netiquette.charter.reading import default_text, read_charter
from plugins.testing import Bench, check_plugin


def bench(lang: str = "en") -> Bench:
    return Bench(plugin, lang=lang)


def notices(page: Page) -> str:
    return " ".join(block.text for block in page.blocks if isinstance(block, Notice))


def told(page: Page) -> str:
    """All that a page says, table cells included."""
    found = []
    for block in page.blocks:
        if isinstance(block, Text | Notice):
            found.append(block.text)
        elif isinstance(block, Table):
            found += [str(cell) for row in block.rows for cell in row]
    return "\n".join(found)


def in_force(forum: Bench) -> str:
    rows = [row for row in forum.rows(tables.charters) if row["state"] == "saved"]
    return str(max(rows, key=lambda row: row["version"])["text"]) if rows else default_text()


def changed(old: str, new: str) -> str:
    assert old in default_text()
    return default_text().replace(old, new, 1)


def test_the_plugin_keeps_to_the_contract() -> None:
    """What every plugin must keep to."""
    assert check_plugin(plugin) == []


def test_the_charter_that_ships_holds_its_own_examples() -> None:
    """About ten clauses in both languages, and no example of form that comes out otherwise than its clause says."""
    charter = read_charter(default_text())

    assert 9 <= len(charter.clauses) <= 12
    assert all(one.title["fr"] and one.title["en"] and one.text["fr"] and one.text["en"] for one in charter.clauses)
    assert "does not come out" not in notices(bench().page("charter", {"action": "preview", "text": default_text()}))


def test_a_saved_charter_is_in_force_with_who_and_when() -> None:
    """Editing a clause changes what holds without code: a new version, by the manager who saved it."""
    forum = bench()
    forum.page_form("charter", {"action": "save", "text": changed("No shouting", "Softly, please")}, by="claire")

    (row,) = forum.rows(tables.charters)
    assert (row["version"], row["by"], row["state"], row["at"]) == (1, "claire", "saved", forum.now)
    assert "Softly, please" in told(forum.public_page("charter"))
    assert any(one["title"]["en"] == "Softly, please" for one in forum.shared.get(SHARED))


def test_a_failing_example_stops_the_clause() -> None:
    """A clause whose example fails is refused with the reason; the charter in force stays, the text is not lost."""
    forum = bench()
    text = changed("I HAVE ASKED THIS THREE TIMES NOW AND NOBODY EVER ANSWERS, HOW HARD CAN IT BE",
                   "I have asked this three times now")  # fmt: skip
    forum.page_form("charter", {"action": "save", "text": text})

    assert in_force(forum) == default_text()
    page = forum.page("charter")
    assert "I have asked this three times now" in told(page)
    assert "Should be noticed, and is not" in told(page)
    assert next(one for one in page.blocks if isinstance(one, Editor)).text == text


def test_an_allowed_example_that_is_noticed_stops_it_too() -> None:
    """What a clause calls allowed must be let be, or the clause is not saved."""
    forum = bench("fr")
    text = changed("Le CSE et la DSI ont validé l'API REST pour SAP MM, voir le PDF.",
                   "ARRÊTEZ DE POSTER PARTOUT ET LISEZ ENFIN LA DOCUMENTATION")  # fmt: skip
    forum.page_form("charter", {"action": "save", "text": text})

    assert in_force(forum) == default_text()
    assert "Devrait passer, et se fait remarquer" in told(forum.page("charter"))


@pytest.mark.parametrize(
    ("old", "new", "clause", "word"),
    [
        ("first_step: queue", "first_step: kick", "threats", "kick"),
        ("id: hate", "id: threats", "threats", "threats"),
        ("id: hate", "id: hate\n    colour: red", "hate", "colour"),
        ("use: shouting", "use: whispering", "shouting", "whispering"),
        ("    formal: true\n    title: {fr: \"Sans crier\"", "    formal: perhaps\n    title: {fr: \"Sans crier\"",
         "shouting", "formal"),
        ("use: quoting", "use: attack", "quoting", "attack"),
        ("first_step: queue\n    ladder: [look, hint, message, queue]", "first_step: queue\n    ladder: [look, hint]",
         "threats", "queue"),
        ("title: {fr: \"Sans crier\", en: \"No shouting\"}", "title: {fr: \"Sans crier\"}", "shouting", "en"),
        ("number: 3", "number: 2", "hate", "2"),
        ("formal: true\n    title: {fr: \"Sans crier\"",
         "formal: true\n    formal: true\n    title: {fr: \"Sans crier\"",
         "shouting", "formal"),
    ],
)  # fmt: skip
def test_a_broken_charter_leaves_the_old_one_in_force(old: str, new: str, clause: str, word: str) -> None:
    """The error names the line and the clause; what holds goes on holding."""
    forum = bench()
    text = changed(old, new)
    forum.page_form("charter", {"action": "save", "text": text})

    assert in_force(forum) == default_text()
    table = next(one for one in forum.page("charter").blocks if isinstance(one, Table))
    line, named, what = (str(cell) for cell in table.rows[0])
    assert named == clause
    assert word in what
    near = text[: default_text().index(old)].count("\n") + 1
    assert near <= int(line) <= near + new.count("\n") + 1


@pytest.mark.parametrize(
    "text", ["", "a: [", "&a [*a, *a]", "[" * 5_000, "- 1\n- 2", "\x00", "? [a]\n: b", "x" * 500_000]
)
def test_what_is_no_charter_is_told_and_kept_out(text: str) -> None:
    """Empty, exploding, endlessly nested or plain wrong texts are one sentence on the page, never an error."""
    forum = bench()
    forum.page_form("charter", {"action": "save", "text": text})

    assert in_force(forum) == default_text()
    assert "charter in force is another one" in notices(forum.page("charter"))


@given(st.data())
def test_any_damage_to_the_text_is_a_charter_or_a_list_of_problems(data: st.DataObject) -> None:
    """Whatever is cut out of a charter or typed into it, reading ends with a charter or with lines to look at."""
    text = default_text()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 400)))
    typed = data.draw(st.text(max_size=12))
    damaged = text[:start] + typed + text[end:]
    problems: tuple[Problem, ...] = ()
    try:
        clauses = read_charter(damaged).clauses
    except CharterError as error:
        clauses, problems = (), error.problems

    assert clauses or problems
    assert all(0 <= one.line <= damaged.count("\n") + 2 for one in problems)


def test_a_clause_is_changed_by_its_form_alone() -> None:
    """Who does not like YAML fills in a form; a new example there is tried like any other."""
    forum = bench()
    values = {"action": "clause", "id": "shouting", "title_fr": "Doucement", "title_en": "Gently", "first_step": "hint",
              "furthest": "hint", "categories": "", "text_fr": "Plus bas.", "text_en": "Lower."}  # fmt: skip
    forum.page_form("charter", {**values, "breach_en": "please be quiet"})
    assert in_force(forum) == default_text(), "its new example is no breach"

    forum.page_form("charter", {"action": "drop"})
    forum.page_form("charter", {**values, "breach_en": "STOP POSTING THE SAME QUESTION IN EVERY TOPIC PLEASE"})
    clause = read_charter(in_force(forum)).clause("shouting")
    assert clause is not None
    assert (clause.title["en"], clause.ladder) == ("Gently", ("look", "hint"))
    assert clause.breach[-1].text.startswith("STOP")


def test_an_earlier_version_comes_back() -> None:
    """Every version is kept; the one that ships and every later one can be put in force again."""
    forum = bench()
    for title in ("First", "Second"):
        forum.page_form("charter", {"action": "save", "text": changed("No shouting", title)}, by=title.lower())
    forum.page_form("charter", {"action": "restore", "version": "1"}, by="claire")
    assert "First" in told(forum.public_page("charter"))
    assert [row["by"] for row in forum.rows(tables.charters)] == ["first", "second", "claire"]


def test_a_text_is_tried_and_kept_nowhere() -> None:
    """The page says clause, words and step of a text to try, and writes nothing, not even to a log."""
    forum = bench()
    page = forum.page("charter", {"action": "try", "words": "Ring Susan on her own mobile, 07911 123456."})

    assert "07911 123456" in told(page)
    assert "Other people's details stay with them" in told(page)
    assert forum.rows(tables.charters) == []
    assert not forum.log.lines
    assert "Nothing at all" in notices(forum.page("charter", {"action": "try", "words": "Thank you, it works now."}))


def test_the_forums_own_guidelines_become_a_draft() -> None:
    """Headings become clauses with the detectors of their subject; nothing comes into force before somebody saves."""
    forum = bench()
    staff = forum.add_member("claire", staff=True)
    html = "<p>Welcome.</p><h2>Be agreeable</h2><p>Criticise ideas, not people.</p>"
    html += "<h2>No advertising</h2><p>None.</p><h2>Coffee</h2><p>is free</p>"
    forum.add_topic(staff, "Which rules for the raffle?", "Guidelines welcome.")
    topic = forum.add_topic(staff, "FAQ/Guidelines", html)
    form = next(one for one in forum.page("charter").blocks if isinstance(one, Form) and one.action == "import")
    assert form.fields[0].value == topic.id, "the page has found it already"
    forum.page_form("charter", {"action": "import", "topic": str(topic.id), "lang": "en"}, by="claire")
    assert in_force(forum) == default_text()

    text = next(one for one in forum.page("charter").blocks if isinstance(one, Editor)).text
    uses = [[use.detector for use in one.uses] for one in read_charter(text).clauses]
    assert uses == [["attack"], ["advertising"], []]
    forum.page_form("charter", {"action": "save", "text": text}, by="claire")
    assert "Coffee" in told(forum.public_page("charter"))


def test_pasted_guidelines_become_a_draft_too() -> None:
    """Where our account may not read the topic, its text is pasted."""
    forum = bench("fr")
    pasted = (
        "# Bienvenue\nPar ici.\n\n**Vie privée**\nPas de coordonnées des autres.\n\n1. Ne criez pas\nPas de majuscules."
    )
    forum.page_form("charter", {"action": "import", "pasted": pasted, "lang": "fr"})
    text = next(one for one in forum.page("charter").blocks if isinstance(one, Editor)).text
    assert [one.title["fr"] for one in read_charter(text).clauses] == ["Bienvenue", "Vie privée", "Ne criez pas"]


def test_a_charter_of_an_earlier_release_gives_way_to_the_one_before() -> None:
    """What was saved under other rules and can no longer be read leaves the newest readable one in force."""
    forum = bench()
    forum.page_form("charter", {"action": "save", "text": changed("No shouting", "Softly")})
    data = yaml.safe_load(default_text())
    data["clauses"][0]["gone"] = "with a release"
    with forum._tables.session() as session:
        values = {"site": 1, "version": 2, "text": yaml.safe_dump(data), "by": "old", "at": forum.now, "state": "saved"}
        session.execute(tables.charters.insert().values(**values))
        session.commit()
    assert "Softly" in told(forum.public_page("charter"))


def test_the_public_page_speaks_the_readers_language() -> None:
    """Everybody reads the charter, in French or in English, without a word about anybody."""
    assert "Sans crier" in told(bench("fr").public_page("charter"))
    assert "No shouting" in told(bench("en").public_page("charter"))


def test_other_plugins_quote_the_clauses() -> None:
    """Through the host, as plain data, also where nobody ever saved a charter."""
    forum = bench()
    forum.tick("share_charter")
    shared = forum.shared.get(SHARED)
    assert [one["number"] for one in shared] == list(range(1, len(shared) + 1))
    assert set(shared[0]) == {"number", "id", "title", "text", "categories"}


def test_the_clause_in_the_documentation_is_one() -> None:
    """What a manager copies from the page on the charter can be saved, and its examples hold."""
    page = (Path(__file__).parents[3] / "docs" / "charter.md").read_text(encoding="utf-8")
    (clause,) = re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    forum = bench()
    forum.page_form("charter", {"action": "save", "text": f"title: {{fr: Charte, en: Charter}}\nclauses:\n{clause}"})
    assert [one["state"] for one in forum.rows(tables.charters)] == ["saved"]


def test_a_clause_that_waits_for_categories_has_tests_too() -> None:
    """Doubles are tried by examples that say what is there already, though no category asked for the clause yet."""
    forum = bench()
    places = "detectors:\n      - {use: duplicate}\n      - {use: wrong_place}\n"
    breach = "{lang: en, opens_topic: true, title: Merge two cells, text: Losing no text, earlier: [EARLIER]}"
    for earlier, state in (("Merge two cells losing no text", "saved"), ("Paint a door", "draft")):
        examples = f"    examples:\n      breach:\n        - {breach.replace('EARLIER', earlier)}\n"
        forum.page_form("charter", {"action": "save", "text": changed(places, f"{places}{examples}")})
        assert [row["state"] for row in forum.rows(tables.charters)][-1] == state
