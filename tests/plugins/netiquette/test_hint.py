"""The hint in the composer: clause, words, another way to say it, and "as it is"; nothing of a draft is kept."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.inline import Draft
from plugins.netiquette import plugin
from plugins.netiquette.charter.same_words import words_of
from plugins.netiquette.ladder.draft_words import words_of_draft
from plugins.netiquette.ladder.rewording import reworded
from plugins.testing import Bench

CONDUCT_FR = "Tu es un crétin fini, Karim, et tout le monde le sait."
CONDUCT_EN = "You are a complete idiot, Karim, and everybody knows it."
PHONE = "Appelle Sylvie sur son portable perso, c'est le 06 12 34 56 78, elle ne dira rien."


def draft_of(bench: Bench, text: str, *, lang: str = "fr", action: str = "reply", staff: bool = False) -> Draft:
    writer = bench.add_member("lea", lang=lang, staff=staff)
    topic = bench.add_topic(bench.add_member("omar", name="Karim Berrada"), "La paie", "Qui s'en occupe ?")
    topic_id = topic.id if action == "reply" else None
    return Draft("composer", bench.viewer(writer), topic_id=topic_id, text=text, action=action)  # type: ignore[arg-type]


def test_a_hint_names_the_clause_and_the_very_words_and_lets_the_post_wait_once() -> None:
    """Whoever is about to give away somebody's phone sees which clause, which words, and that sending again is fine."""
    bench = Bench(plugin)
    [hint] = bench.inline("composer", draft_of(bench, PHONE))
    assert "Les coordonnées des autres" in hint.title
    assert "06 12 34 56 78" in hint.why
    assert "5" in hint.why
    assert hint.holds_save
    assert "tel quel" in hint.text
    assert bench.acts == []


def test_nothing_of_a_draft_is_kept() -> None:
    """Neither tables nor log hold a word of it, and a hint asks for no verdict that would be a record of it."""
    bench = Bench(plugin)
    before = {table: bench.rows(table) for table in plugin.tables.metadata.tables.values()}
    [hint] = bench.inline("composer", draft_of(bench, PHONE))
    assert {table: bench.rows(table) for table in plugin.tables.metadata.tables.values()} == before
    assert "06 12" not in json.dumps(bench.log.lines, default=str)
    assert hint.answers == ()
    assert hint.data == {}
    assert hint.offers == ()


def test_the_same_rule_for_staff() -> None:
    """A moderator sees the hint that anybody sees."""
    for staff in (False, True):
        bench = Bench(plugin)
        assert len(bench.inline("composer", draft_of(bench, PHONE, staff=staff))) == 1


def test_what_somebody_else_said_is_not_the_writers() -> None:
    """Quotes and code are set apart: only the writer's own words are judged."""
    for text in (f"[quote=\"omar, post:1, topic:2\"]\n{PHONE}\n[/quote]\nMerci, je l'appelle.",
                 f"> {PHONE}\n\nMerci, je l'appelle.", f"```\n{PHONE}\n```\nVoilà le journal."):  # fmt: skip
        bench = Bench(plugin)
        assert bench.inline("composer", draft_of(bench, text)) == []


def test_an_attack_gets_a_hint_and_harsh_criticism_none() -> None:
    """At the person: a hint. At the thing, however harsh: nothing."""
    for lang, attack, harsh in (
        ("fr", CONDUCT_FR, "Ce plan est nul, je l'ai dit et je le redis : il ne tient pas debout."),
        ("en", CONDUCT_EN, "This plan is rubbish and I will say so: it does not hold water."),
    ):
        bench = Bench(plugin)
        [hint] = bench.inline("composer", draft_of(bench, attack, lang=lang))
        assert hint.holds_save
        bench = Bench(plugin)
        assert bench.inline("composer", draft_of(bench, harsh, lang=lang)) == []


def test_a_rewording_keeps_the_criticism_and_leaves_the_insult_out() -> None:
    """What is about the matter stays word for word; where nothing is, an open question takes its place."""
    said = "Le calcul de la prime est faux depuis trois mois. Tu es un crétin fini."
    assert reworded(said, ["Tu es un crétin fini."], "fr") == "Le calcul de la prime est faux depuis trois mois."
    said = "You idiot, the export has been broken for three weeks and nobody answers."
    assert reworded(said, ["You idiot"], "en") == "The export has been broken for three weeks and nobody answers."
    assert reworded(CONDUCT_FR, ["Tu es un crétin fini"], "fr") == ""
    bench = Bench(plugin)
    [hint] = bench.inline("composer", draft_of(bench, CONDUCT_FR))
    assert "?" in hint.text


def test_no_rewording_where_the_rest_would_hang_in_the_air() -> None:
    """A sentence that leans on the insult before it is not offered alone: that would claim something else."""
    said = "Tu es un crétin fini. Donc je refuse de relire ce rapport jusqu'au bout."
    assert reworded(said, ["Tu es un crétin fini."], "fr") == ""


_PIECES = st.sampled_from(
    ["Tu es un crétin.", "abruti", "le plan est faux,", "Et donc", "pauvre type,", "la ligne 12 est fausse.", "\n",
     "You idiot,", "the total is wrong.", "!", "?", "…", "parce que", "vous êtes nuls", "🙂", "(", "\u202e"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=14), st.sampled_from(["fr", "en"]))
@settings(max_examples=150, deadline=None)
def test_a_rewording_only_ever_leaves_words_out(pieces: list[str], lang: str) -> None:
    """No word is added, none changes its place: a rewording cannot claim what its author did not."""
    text = " ".join(pieces)
    left = iter(words_of(text))
    new = reworded(text, [one for one in pieces if "crétin" in one or "idiot" in one or "nuls" in one], lang)
    assert all(word in left for word in words_of(new))


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_draft_can_be_read(text: str) -> None:
    """Whatever is typed, half a quote, an open fence, right to left, is read in peace."""
    parts = words_of_draft(text * 3)
    assert len(parts.text) <= 3 * len(text) + 3
    assert len(reworded(text, [text[:20]], "fr")) <= len(text) + 2
