"""Threads that heat up and pile-ons: managers are warned in time, with what would calm it; nobody is judged."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugins.netiquette import Settings, plugin
from plugins.netiquette.detectors.finding import Turn
from plugins.netiquette.detectors.heating import FROM, forecast
from plugins.netiquette.detectors.pile_on import MANY, pile_on_one
from plugins.testing import Bench

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

PLAIN = [
    "The export fails as soon as a cell is merged, any idea?",
    "Which version do you use? Here it works since the last update.",
    "Version 4. I tried with an empty sheet too, same message.",
    "Then it may be the language of the system, have a look at the settings.",
    "It was that indeed, thanks a lot.",
    "Glad it works now.",
]
QUARREL = [
    "The export fails as soon as a cell is merged, any idea?",
    "Read the page before you ask. You people are lazy, that is ridiculous.",
    "I did read it. Who are you to insult me? You are arrogant.",
    "You did not, or you would not whine here. Stop wasting my time!!",
    "You are pathetic, and rude as always. Shut up if you have nothing to say.",
    "Grow up. You are the one who insults, you liar.",
]
DISPUTE = [
    "Ce choix est mauvais, il va coûter trois fois plus cher.",
    "Je ne suis pas d'accord : les chiffres de mars disent le contraire.",
    "Ces chiffres sont faux, la maintenance n'y est pas.",
    "Elle y est, page 12. Mais l'hypothèse est contestable, c'est vrai.",
    "Elle est même absurde. Ce projet est un gâchis, je le dis depuis un an.",
    "Et je maintiens qu'il est utile. On verra bien en juin.",
]


def turns(texts: list[str], minutes: int = 6, people: int = 2) -> list[Turn]:
    """A conversation: people take turns, each answering the one before."""
    return [
        Turn(1 + n % people, START + timedelta(minutes=minutes * n), text, 1 + (n - 1) % people if n else None, n + 1)
        for n, text in enumerate(texts)
    ]


def test_a_quarrel_heats_and_plain_talk_does_not() -> None:
    """Two people at each other within minutes is heating; the same pace about the matter itself is not."""
    assert forecast(turns(QUARREL)).state == "heating"
    assert forecast(turns(PLAIN)).state == "calm"
    assert forecast(turns(DISPUTE)).state == "calm", "a hard dispute about a thing is free"


def test_one_sharp_voice_is_a_temper_and_no_quarrel() -> None:
    """However sharp one person writes, a thread heats only once somebody answers in kind."""
    texts = list(QUARREL)
    for n in (0, 2, 4):
        texts[n] = PLAIN[n]
    assert forecast(turns(texts)).state == "calm"


def test_where_people_find_back_to_each_other_it_says_wait() -> None:
    """An excuse and plain words again: the best move is to wait, and nobody is told."""
    found = forecast(turns([*QUARREL, "Sorry, that was too much. You're right about the page.", "Thanks, same here."]))
    assert found.state == "wait"
    later = forecast(turns([*QUARREL, *PLAIN, *PLAIN]))
    assert later.state == "calm"


def test_surely_found_attacks_add_to_what_words_alone_tell() -> None:
    """Contempt without a sharp word counts too, where the attack head has found it."""
    cold = ["People of your sort should stick to simple tasks.", "We all know what your opinion is worth."] * 3
    assert forecast(turns(cold)).heat < FROM
    assert forecast(turns(cold), [0.9] * 6).state == "heating"


@given(st.lists(st.tuples(st.integers(1, 4), st.text(max_size=80), st.integers(0, 900)), max_size=25))
def test_no_thread_is_too_odd(said: list[tuple[int, str, int]]) -> None:
    """Whatever is written, and in whatever order of time, heat is a number from 0 to 1."""
    odd = [Turn(who, START + timedelta(minutes=at), text, None) for who, text, at in said]
    found = forecast(odd)
    assert 0.0 <= found.heat <= 1.0
    assert pile_on_one(odd).people <= 4


@given(st.permutations([11, 12, 13, 14, 15, 16]))
def test_who_the_people_are_changes_nothing(numbers: list[int]) -> None:
    """Heat is in the thread: other people in the same places give the same heat."""
    names = dict(zip(range(1, 7), numbers, strict=True))
    before = turns(QUARREL, people=3)
    after = [Turn(names[one.author_id or 0], one.at, one.text, names.get(one.answers or 0), 1) for one in before]
    assert forecast(before).heat == forecast(after).heat


def test_many_against_one_is_a_pile_on() -> None:
    """Four people who turn sharply on one within two days are a pile-on; over two weeks, or calmly, they are not."""
    sharp = "You are ridiculous, and lazy."
    against = [Turn(1, START, "I think we should drop the old format.", None, 1)]
    against += [Turn(n, START + timedelta(hours=n), sharp, 1, n) for n in range(2, 2 + MANY)]
    assert pile_on_one(against).people == MANY
    slow = [Turn(one.author_id, START + (one.at - START) * 72, one.text, one.answers, 1) for one in against]
    assert pile_on_one(slow).people < MANY
    calm = [Turn(one.author_id, one.at, "I would rather keep it, for the archives.", one.answers, 1) for one in against]
    assert pile_on_one(calm).people == 0


def _play(bench: Bench, texts: list[str]) -> int:
    people = [bench.add_member("lea"), bench.add_member("omar")]
    topic = bench.add_topic(people[0], "The export fails", texts[0])
    for n, text in enumerate(texts[1:], 1):
        bench.pass_time(minutes=6)
        bench.dispatch("post_created", bench.add_post(topic, people[n % 2], text, reply_to=n))
    return topic.id


def test_managers_are_told_once_of_a_thread_that_heats_up() -> None:
    """One alert a thread, before it derails, with a first move; it names nobody."""
    bench = Bench(plugin, mode="propose")
    bench.run_twice()
    topic = _play(bench, [*QUARREL, *QUARREL[1:]])
    alerts = [act for act in bench.acts if act.verb == "alert"]
    assert [(one.topic_id, one.details["kind"]) for one in alerts] == [(topic, "heating")]
    assert "in private" in alerts[0].text
    assert "lea" not in alerts[0].text + alerts[0].title
    assert (alerts[0].evidence[0].post_number or 99) <= len(QUARREL)


def test_nobody_is_told_of_plain_talk_or_of_a_hard_dispute() -> None:
    """Criticism, disagreement and bad news heat nothing."""
    for texts in (PLAIN, DISPUTE):
        bench = Bench(plugin, mode="propose")
        _play(bench, texts)
        assert [act for act in bench.acts if act.verb == "alert"] == []


def test_the_alert_goes_to_the_group_that_a_forum_named() -> None:
    """With a group in the settings the alert is a message to it."""
    bench = Bench(plugin, mode="propose", settings=Settings(alert_group="moderators"), lang="fr")
    _play(bench, QUARREL)
    [told] = [act for act in bench.acts if act.verb == "message_group"]
    assert (told.details["group"], told.title) == ("moderators", "Un sujet s'échauffe")


def test_the_page_says_wait_where_waiting_is_best() -> None:
    """Worth a look: what heats stands there with its move, what calms down with "wait"; and no name."""
    bench = Bench(plugin, mode="propose")
    _play(bench, QUARREL)
    page = str(bench.page("cases").blocks)
    assert "heating up" in page
    assert "omar" not in page
