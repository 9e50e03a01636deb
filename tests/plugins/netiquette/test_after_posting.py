"""After posting: a time of rest, one private word, and nothing else; the ladder belongs to one thread and fades."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.records import StoredMember, StoredPost, StoredTopic
from plugins.netiquette import Settings, plugin
from plugins.netiquette.tables.ladder import settling, steps
from plugins.testing import Bench

PHONE = "Appelle Sylvie sur son portable perso, c'est le 06 12 34 56 78, elle ne dira rien."
CONDUCT_FR = "Tu es un crétin fini, Karim, et tout le monde le sait."
CONDUCT_EN = "You are a complete idiot, Karim, and everybody knows it."
HARSH = "Ce plan est nul, je l'ai dit et je le redis : il ne tient pas debout et vous le savez."


class Thread:
    """A topic of Karim's on a bench, and Léa who writes in it."""

    def __init__(self, *, mode: str = "act", lang: str = "fr", staff: bool = False, twice: bool = True) -> None:
        self.bench = Bench(plugin, mode=mode, lang=lang, settings=Settings())  # type: ignore[arg-type]
        self.bench.run_twice(twice)
        self.lea: StoredMember = self.bench.add_member("lea", lang=lang, staff=staff)
        karim = self.bench.add_member("karim", name="Karim Berrada")
        self.topic: StoredTopic = self.bench.add_topic(karim, "La prime de juin", "Qui sait quand elle tombe ?")

    def say(self, text: str, *, wait: float = 6, topic: StoredTopic | None = None) -> StoredPost:
        post = self.bench.add_post(topic or self.topic, self.lea, text)
        self.bench.dispatch("post_created", post)
        if wait:
            self.rest(wait)
        return post

    def edit(self, post: StoredPost, text: str) -> None:
        self.bench.world.change_post(post.id, text=text, updated_at=self.bench.now)
        self.bench.dispatch("post_edited", post)

    def rest(self, minutes: float = 6) -> None:
        self.bench.pass_time(minutes=minutes)
        self.bench.tick("settled")

    def words(self) -> list[str]:
        return [one.text for one in self.bench.acts if one.verb == "message"]


def test_a_word_opens_with_what_its_author_wants_and_says_how_to_contest() -> None:
    """First the matter, then clause and words, then that it is automatic, then one click to contest."""
    thread = Thread()
    thread.say(PHONE)
    [act] = thread.bench.acts
    assert (act.verb, act.state, act.member_id, act.conduct) == ("message", "sent", thread.lea.id, False)
    opening = act.text.split("\n")[0]
    assert opening.startswith("Bonjour")
    assert "service" in opening or "coup de main" in opening
    assert "06 12 34 56 78" in act.text
    assert "Les coordonnées des autres restent chez eux" in act.text
    assert "automatique" in act.text
    assert act.text.rstrip().split("\n\n")[-1].count("/contest") == 1
    assert act.rule == "personal-data.fr"


def test_nothing_is_said_before_the_post_has_settled() -> None:
    """Whoever takes the number out within five minutes hears nothing."""
    thread = Thread()
    post = thread.say(PHONE, wait=2)
    thread.edit(post, "Appelle Sylvie, elle ne dira rien, je te donne son numéro par message.")
    thread.rest(10)
    assert thread.bench.acts == []


def test_the_same_words_are_judged_once() -> None:
    """Adding a comma later does not bring a second message."""
    thread = Thread()
    post = thread.say(PHONE)
    thread.edit(post, PHONE.replace(", elle", " ; elle"))
    thread.rest(10)
    assert len(thread.bench.acts) == 1


def test_a_draft_message_lapses_when_the_post_is_mended_or_deleted() -> None:
    """What waits for a manager's yes goes once its reason is gone."""
    for mend in (True, False):
        thread = Thread(mode="propose")
        post = thread.say(PHONE)
        assert [one.state for one in thread.bench.acts] == ["proposed"]
        if mend:
            thread.edit(post, "Appelle Sylvie, je te donne son numéro par message.")
            thread.rest(10)
        else:
            thread.bench.dispatch("post_destroyed", post)
        assert thread.bench.acts[0].state == "lapsed"
        assert thread.bench.rows(steps) == []


def test_a_post_that_is_gone_when_it_would_be_answered_is_left_alone() -> None:
    """The post is read again before anything is asked for."""
    thread = Thread()
    post = thread.say(PHONE, wait=0)
    thread.bench.world.remove_post(post.id)
    thread.rest()
    assert thread.bench.acts == []


def test_whoever_wants_no_messages_gets_none() -> None:
    """A member who said never hears nothing from this plugin."""
    thread = Thread()
    thread.bench.consent.refused.add((thread.lea.id, None))
    thread.say(PHONE)
    assert thread.words() == []


def test_one_word_a_thread() -> None:
    """A second slip of the same kind in the same thread brings no second message, in another thread it does."""
    thread = Thread()
    thread.say(PHONE)
    thread.say(PHONE.replace("78", "79"))
    assert len(thread.words()) == 1
    other = thread.bench.add_topic(thread.lea, "Le planning", "Où est-il ?")
    thread.say(PHONE.replace("78", "80"), topic=other)
    assert len(thread.words()) == 2


def test_a_word_about_conduct_waits_for_a_human() -> None:
    """However high the mode, what is about conduct is proposed and never sent by a machine."""
    for lang, text in (("fr", CONDUCT_FR), ("en", CONDUCT_EN)):
        thread = Thread(lang=lang)
        thread.say(text)
        [act] = [one for one in thread.bench.acts if one.verb == "message"]
        assert act.conduct
        assert act.state == "proposed"
        assert act.member_id == thread.lea.id


def test_harsh_criticism_is_free() -> None:
    """Nothing is said, proposed or kept about it, whoever writes it."""
    for staff in (False, True):
        thread = Thread(staff=staff)
        thread.say(HARSH)
        assert thread.bench.acts == []
        assert thread.bench.rows(steps) == []


def test_the_next_step_waits_for_the_one_before() -> None:
    """While nobody has signed the first word, a second attack brings no second one; after it, managers hear of it."""
    thread = Thread()
    thread.say(CONDUCT_FR)
    [word] = [one for one in thread.bench.acts if one.verb == "message"]
    thread.say("Franchement t'es vraiment un abruti, Karim, comme d'habitude.")
    assert len(thread.bench.acts) == 1
    thread.bench.decide(word.once, "approved")
    thread.say("Tu es un imbécile, Karim, un pauvre type, et tu le resteras.")
    later = thread.bench.acts[1:]
    assert [one.verb for one in later] == ["alert"]
    thread.say("Karim, espèce de crétin, tu es la honte du service.")
    assert thread.bench.acts[1:] == later


def test_a_word_that_a_manager_declined_was_never_said() -> None:
    """The next slip begins at the first step again."""
    thread = Thread(mode="propose")
    thread.say(PHONE)
    thread.bench.decide(thread.bench.acts[0].once, "declined", reason="fine")
    thread.say(PHONE.replace("78", "79"))
    assert len(thread.words()) == 2


def test_a_thread_is_forgotten_after_ninety_days() -> None:
    """What a thread remembers is gone then, and what a member leaves behind goes with the member."""
    thread = Thread()
    thread.say(PHONE)
    thread.bench.pass_time(days=89)
    thread.bench.tick("forget_threads")
    assert len(thread.bench.rows(steps)) == 1
    thread.bench.pass_time(days=2)
    thread.bench.tick("forget_threads")
    assert thread.bench.rows(steps) == []
    assert thread.bench.rows(settling) == []
    thread = Thread()
    thread.say(PHONE)
    thread.bench.forget(thread.lea)
    assert thread.bench.rows(steps) == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_title_is_looked_at_with_its_post(lang: str) -> None:
    """A new topic that shouts from title to end gets the word of that clause, once for both events."""
    thread = Thread(lang=lang)
    shouted = {
        "fr": "ÇA FAIT TROIS FOIS QUE JE POSE LA QUESTION ET PERSONNE NE RÉPOND, C'EST QUAND MÊME INCROYABLE",
        "en": "I HAVE ASKED THIS THREE TIMES NOW AND NOBODY EVER ANSWERS, HOW HARD CAN IT BE TO ANSWER ONCE",
    }[lang]
    topic = thread.bench.add_topic(thread.lea, shouted[:60], shouted)
    thread.bench.dispatch("topic_created", topic)
    thread.bench.dispatch("post_created", thread.bench.first_post(topic))
    thread.rest()
    assert len(thread.words()) <= 1
    assert all(one.rule.startswith("shouting") for one in thread.bench.acts)


def test_one_odd_post_keeps_no_other_from_being_looked_at() -> None:
    """Whatever is wrong with one post, the next one is judged, and the odd one is not tried for ever."""
    thread = Thread()
    odd = thread.bench.add_post(thread.topic, thread.lea, "Tout va bien ici, rien à signaler.")
    thread.bench.world.change_post(odd.id, text=None)
    thread.bench.dispatch("post_created", odd)
    thread.say(PHONE)
    assert len(thread.words()) == 1
    assert [one["due_at"] for one in thread.bench.rows(settling)] == [None, None]
    assert "could not be judged" in str(thread.bench.log.lines)


_TEXTS = ["Rien à signaler ici.", PHONE, PHONE.replace("78", "79"), "Je te réponds par message."]


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(_TEXTS)), min_size=1, max_size=5), st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_in_which_edits_are_heard_of_changes_nothing(edits: list[tuple[int, str]], random: object) -> None:
    """Web hooks overtake each other; what is judged is what stands at the end, and when is the same."""
    outcomes = []
    for order in (edits, random.sample(edits, len(edits))):  # type: ignore[attr-defined]
        thread = Thread(twice=False)
        begun = thread.bench.now
        post = thread.bench.add_post(thread.topic, thread.lea, "Bonjour à tous.")
        final = max(edits, key=lambda one: one[0])
        for second, _ in order:
            moment = begun + timedelta(seconds=second)
            thread.bench.world.change_post(post.id, updated_at=moment, text=final[1])
            thread.bench.now = begun + timedelta(seconds=31)
            thread.bench.dispatch("post_edited", post)
        [row] = thread.bench.rows(settling)
        thread.rest(30)
        outcomes.append((row["due_at"], [(one.once, one.text) for one in thread.bench.acts]))
    assert outcomes[0] == outcomes[1]
