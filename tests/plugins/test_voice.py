"""Members' texts: the right language and address, varied, and safe whatever a member calls himself."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from plugins.voice import HouseVoice, Markdown, Voice, VoiceError, escape, link, plural, written

ENGLISH = """
[hello]
title = "About {topic}"
text = ["Hello {name},", "Hi {name},", "Good morning {name},"]
[hello.ask]
tu = "Would you have a look?"
vous = "Would you have a look?"
[people]
one = "one person"
other = "{count} people"
[closing]
text = "See you,\\n{signature}"
"""
FRENCH = """
[hello]
title = "Au sujet de {topic}"
text = ["Bonjour {name},", "Salut {name},", "Bien le bonjour {name},"]
[hello.ask]
tu = "Peux-tu regarder ?"
vous = "Pouvez-vous regarder ?"
[people]
one = "{count} personne"
other = "{count} personnes"
[closing]
text = "À bientôt,\\n{signature}"
"""


def texts(folder: Path, english: str = ENGLISH, french: str = FRENCH) -> Path:
    """A plugin's folder with these texts."""
    (folder / "locales").mkdir(exist_ok=True)
    (folder / "locales" / "en.toml").write_text(english, encoding="utf-8")
    (folder / "locales" / "fr.toml").write_text(french, encoding="utf-8")
    return folder


def test_one_setting_changes_tu_to_vous_everywhere(tmp_path: Path) -> None:
    """A house that says tu says it in every text; nobody edits templates for that."""
    texts(tmp_path)
    assert Voice(tmp_path, HouseVoice(address="tu")).say("hello.ask", "fr") == "Peux-tu regarder ?"
    assert Voice(tmp_path, HouseVoice(address="vous")).say("hello.ask", "fr") == "Pouvez-vous regarder ?"


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Voice:
    return Voice(texts(tmp_path_factory.mktemp("voice")))


@settings(deadline=None)
@given(member=st.integers(1, 10_000), turn=st.integers(0, 50))
def test_nobody_reads_the_same_wording_before_having_read_all(voice: Voice, member: int, turn: int) -> None:
    """Each person goes through all wordings before one comes back, and never meets one twice running."""
    said = [voice.say("hello.text", "en", seed=member, turn=turn + more, name="Léa") for more in range(4)]
    assert all(one != other for one, other in pairwise(said))
    assert len({voice.say("hello.text", "en", seed=member, turn=one, name="Léa") for one in range(3)}) == 3


def test_the_same_question_gives_the_same_wording(tmp_path: Path) -> None:
    """A handler that runs twice says the same thing twice: the choice depends on nothing but person and turn."""
    one, other = Voice(texts(tmp_path)), Voice(tmp_path)
    for member in range(20):
        assert one.say("hello.text", "fr", seed=member, name="x") == other.say(
            "hello.text", "fr", seed=member, name="x"
        )


def test_different_people_meet_different_wordings_first(tmp_path: Path) -> None:
    """Two neighbours comparing their messages do not find the same form letter."""
    voice = Voice(texts(tmp_path))
    assert len({voice.say("hello.text", "en", seed=member, name="x") for member in range(30)}) == 3


@pytest.mark.parametrize(("lang", "count", "said"), [
    ("fr", 0, "0 personne"), ("fr", 1, "1 personne"), ("fr", 2, "2 personnes"), ("fr", 1_800, "1 800 personnes"),
    ("en", 0, "0 people"), ("en", 1, "one person"), ("en", 1_800, "1,800 people"),
])  # fmt: skip
def test_numbers_agree_as_each_language_wants(tmp_path: Path, lang: str, count: int, said: str) -> None:
    """French counts nought as singular and writes thousands with a narrow space; English does neither."""
    assert said == Voice(texts(tmp_path)).say("people", lang, count=count).replace("\u202f", " ")


def test_a_language_nobody_wrote_texts_in_falls_back_to_the_houses(tmp_path: Path) -> None:
    """A Portuguese member of a French forum is written to in French, a `fr_CA` one too."""
    voice = Voice(texts(tmp_path), HouseVoice(language="fr", address="tu"))
    assert voice.say("hello.ask", "pt-BR") == voice.say("hello.ask", "fr_CA") == "Peux-tu regarder ?"


def test_a_person_signs(tmp_path: Path) -> None:
    """Messages are signed by the person who agreed to; without one the line is left out."""
    texts(tmp_path)
    assert (
        Voice(tmp_path, HouseVoice(signature="Claire, who looks after the forum")).say("closing.text", "en")
        == "See you,\nClaire, who looks after the forum"
    )
    assert Voice(tmp_path).say("closing.text", "en") == "See you,"


def test_the_house_uses_its_own_words(tmp_path: Path) -> None:
    """What people here call things replaces the plugin's word, capital kept, and never inside a value."""
    folder = texts(tmp_path, 'a = "Ask the forum. Forum people know {name}."', 'a = "Le forum connaît {name}."')
    house = HouseVoice(use={"en": {"forum": "network"}})
    assert Voice(folder, house).say("a", "en", name="forum") == "Ask the network. Network people know forum."


def test_two_houses_alike_are_one() -> None:
    """The host keeps one voice per house: equal settings are equal keys, word lists included."""
    one, other = (HouseVoice(address="tu", use={"en": {"forum": "network"}}) for _ in range(2))
    assert {one: "voice"}[other] == "voice"
    assert one != HouseVoice(address="tu")


def test_managers_reword_a_text_without_code(tmp_path: Path) -> None:
    """A forum's own wording takes the place of the plugin's; a value it does not have, or an order, is refused."""
    texts(tmp_path)
    changed = Voice(tmp_path, changes={"en": {"hello.text": ["Ahoy {name},"]}})
    assert changed.say("hello.text", "en", name="Léa") == "Ahoy Léa,"
    with pytest.raises(VoiceError, match=r"hello.text \(en\): nothing fills in \{nmae\}"):
        Voice(tmp_path, changes={"en": {"hello.text": "Ahoy {nmae},"}})
    with pytest.raises(VoiceError, match="sonne comme un ordre"):
        Voice(tmp_path, changes={"fr": {"hello.text": "Vous devez répondre, {name}."}})


@pytest.mark.parametrize(("english", "french", "says"), [
    ('a = "x"', 'b = "x"', r"en.toml, b: the text is missing"),
    ('a = "x {name}"', 'a = "x"', r"fr.toml, a: no wording uses \{name\}"),
    ('a = "x {name.secret}"', 'a = "x"', r"en.toml, a: \{name.secret\} is no plain name"),
    ('a = "x {0}"', 'a = "x"', "is no plain name"),
    ('a = "x {seed}"', 'a = "x {seed}"', "cannot be the name of a value"),
    ('a = "x {name"', 'a = "x"', "en.toml, a: "),
    ('a = 3', 'a = "x"', "en.toml, a: no text"),
    ('a = []', 'a = "x"', "en.toml, a: no text"),
    ('a = ', 'a = "x"', "en.toml: "),
    ('a = "x"', '[a]\ntu = "x"', "fr.toml, a: tu and vous are both needed"),
    ('a = "x"', '[a]\nother = "x"', "fr.toml, a: one and other are both needed"),
    ('a = "x"', '[a]\ntu = "x"\nvous = "x"\nb = "x"', "fr.toml, a: tu, vous cannot stand beside b"),
    ('a = "x"', 'a = "x"\n[b]\nplain = true\n', None),
])  # fmt: skip
def test_a_broken_text_is_named_with_file_and_key_at_load(tmp_path: Path, english: str, french: str, says: str | None) -> None:  # fmt: skip # noqa: E501
    """Texts fail when the plugin is loaded, not in front of a member."""
    folder = texts(tmp_path, english, french)
    if says is None:
        assert Voice(folder).say("a", "fr") == "x"
        return
    with pytest.raises(VoiceError, match=says):
        Voice(folder)


def test_a_missing_language_is_told(tmp_path: Path) -> None:
    """Every plugin speaks French and English."""
    texts(tmp_path)
    (tmp_path / "locales" / "fr.toml").unlink()
    with pytest.raises(VoiceError, match=r"fr.toml is missing in locales"):
        Voice(tmp_path)


def test_an_unknown_key_or_a_forgotten_value_is_named(tmp_path: Path) -> None:
    """The author reads which text and which value, not a KeyError."""
    voice = Voice(texts(tmp_path))
    with pytest.raises(VoiceError, match=r"en.toml holds no text for 'helo'"):
        voice.say("helo", "en")
    with pytest.raises(VoiceError, match=r"hello.text: the value \{name\} was not given"):
        voice.say("hello.text", "en")
    with pytest.raises(VoiceError, match="people: the number is missing"):
        voice.say("people", "en")


def shown(markdown: str) -> str:
    """The text that a reader sees of a Markdown paragraph, which must hold no tag of its own."""
    rendered = (
        MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"]).render(markdown)
    )
    inner = re.fullmatch(r"<p>(.*)</p>\n", rendered, re.DOTALL)
    assert inner, f"more than one plain paragraph: {rendered!r}"
    assert "<" not in inner[1], f"markup came through: {rendered!r}"
    return html.unescape(inner[1]).replace("\u2060", "")


NASTY = st.text(st.sampled_from(list("ab1 @#[]()<>*_`~|!\\&;:=+-./$\"'\n\té")), min_size=1, max_size=25)


@settings(deadline=None)
@given(NASTY)
@example("@all")
@example("[click](javascript:alert(1))")
@example("<img src=x onerror=alert(1)>")
@example("```\ncode")
@example("1. one")
@example("--- \n===")
@example("&lt;b&gt;")
@example('[quote="lea"]x[/quote]')
def test_a_name_shows_as_it_is_whatever_it_holds(name: str) -> None:
    """Brackets, backticks, HTML and list signs in a name or title neither break the text nor do anything."""
    wanted = re.sub(r"\s+", " ", name).strip()
    assert f"x {wanted} y" == shown(f"x {escape(name)} y") if wanted else True
    if wanted:
        assert wanted == shown(escape(name))


@settings(deadline=None)
@given(NASTY)
def test_no_value_can_ping_anybody(name: str) -> None:
    """An at sign in a name is never followed by what could be an account, a hash never by a category."""
    assert not re.search(r"[@#][\w]", escape(name + "@all #general"))


def test_titles_stay_plain_text(tmp_path: Path) -> None:
    """A message's title is no Markdown: a bracket in it must not show a backslash."""
    said = Voice(texts(tmp_path)).say("hello.title", "en", topic="[Excel]\nmacros")
    assert said == "About [Excel] macros"


def test_a_link_leads_where_it_says() -> None:
    """A title with brackets cannot end its own link early, nor an address with spaces or brackets."""
    assert link("a [b] c", "/t/5 )x") == r"[a \[b\] c](/t/5%20%29x)"
    assert escape(link("x", "/t/5")) == "[x](/t/5)"


def test_lists_of_names_are_joined_and_escaped(tmp_path: Path) -> None:
    """`a, b and c` in English, `a, b et c` in French; ready-made Markdown goes in as it is."""
    folder = texts(tmp_path, 'a = "{names}"', 'a = "{names}"')
    names = ["Léa", "O*mar", Markdown("**Zoé**")]
    assert Voice(folder).say("a", "en", names=names) == r"Léa, O\*mar and **Zoé**"
    assert Voice(folder).say("a", "fr", names=names) == r"Léa, O\*mar et **Zoé**"


@pytest.mark.parametrize(("value", "english", "french"), [
    (1234.5, "1,234.5", "1 234,5"),
    (date(2026, 5, 1), "1 May 2026", "1er mai 2026"),
    (datetime(2026, 8, 14, 7, 5, tzinfo=UTC), "14 August 2026 at 9:05", "14 août 2026 à 9 h 05"),
    (timedelta(hours=36), "36 hours", "36 heures"),
    (timedelta(days=3), "3 days", "3 jours"),
    (timedelta(seconds=30), "1 minute", "1 minute"),
])  # fmt: skip
def test_figures_and_days_are_written_as_the_language_does(value: object, english: str, french: str) -> None:
    """Times stand in the forum's own zone; durations are rounded to what people say."""
    assert english == written(value, "en", "Europe/Paris")
    assert french == written(value, "fr", "Europe/Paris").replace("\u202f", " ")


def test_plural_for_words_in_code() -> None:
    """The same rule is there for a plugin's own tables."""
    assert [plural("fr", n, "réponse", "réponses") for n in (0, 1, 2)] == ["réponse", "réponse", "réponses"]
    assert [plural("en", n, "reply", "replies") for n in (0, 1, 2)] == ["replies", "reply", "replies"]
