"""A word about conduct from one end to the other: hint, signature, contest, apology; over HTTP, with a real forum."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from plugins.netiquette import plugin as netiquette
from plugins.netiquette.ladder.rewording import reworded
from tests.journeys.people import Browser, held, settings
from tests.webhooks.inline_page import ForumPage
from tests.webhooks.place import Place
from webhooks.pace import SharedPacer

ATTACK = "You are a pathetic idiot, Omar, a complete moron, and everybody knows it."
MATTER = "The figures of line three are wrong since Monday."
HARSH = "This plan is rubbish and I will say so: the figures are wrong, and nobody has thought of the night shift."
PHONE = "Ring Susan on her own mobile, it is 07911 123456, she will not mind."
JOKE = "We have teased each other like that for ten years."
CONTESTS = "/console/plugins/netiquette/page/contests"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A forum with a topic of Omar's, Claire who looks after it, and a plugin that may act."""
    with Place(tmp_path, plugins=(netiquette,), settings=settings(inline_patience=100.0)) as place:
        forum = place.forum
        forum.add_member("omar", name="Omar Farouk")
        forum.add_member("claire", name="Claire Le Goff")
        forum.staff.set_roles("claire", moderator=True)
        forum.add_group("animation", "claire")
        forum.allow_login_for("127.0.0.1", str(place.service.config.connect_secret.get_secret_value()))
        place.let("netiquette")
        place.settle()
        yield place


def topic_of_omar(place: Place, line: str = "three") -> int:
    topic = place.ask(f"Where do the figures of line {line} come from?", who="omar")
    place.settle()
    return topic


def say(place: Place, topic: int, text: str, who: str = "lea") -> int:
    post = int(place.forum.as_member(who).reply(topic, text))
    place.settle()
    place.pass_time(minutes=7)
    return post


def letters(place: Place, who: str = "lea") -> list[str]:
    """What our bot wrote to a member in private."""
    bot = place.forum.as_member(place.bot).id
    found = []
    for topic in place.forum.as_member(who).inbox():
        found += [post["raw"] for post in place.forum.posts(topic["id"]) if post["user_id"] == bot]
    return [one for one in found if "Greetings" not in one]


def test_a_hint_comes_before_a_post_and_leaves_nothing_behind(place: Place) -> None:
    """The composer shows clause and words and waits once; reworded it is free; no file holds a word of either."""
    topic = topic_of_omar(place)
    page = ForumPage(place, "lea").identify()
    asked = {"action": "reply", "topic_id": topic, "lang": "en", "sending": True}
    [shown] = page.post("/inline/composer", {**asked, "text": f"{ATTACK} {MATTER} CANARI-42"}).json()["suggestions"]
    assert (shown["plugin"], shown["holds_save"], shown["answers"]) == ("netiquette", True, [])
    assert "Ideas, not people" in shown["title"]
    assert "pathetic idiot" in shown["why"]
    assert page.post("/inline/composer", {**asked, "text": MATTER}).json()["suggestions"] == []
    assert page.post("/inline/composer", {**asked, "text": HARSH}).json()["suggestions"] == []
    assert reworded(f"{ATTACK} {MATTER}", [ATTACK], "en") == MATTER
    assert held(place, "CANARI-42") == {}


def test_a_word_that_a_human_signs_is_contested_and_taken_back(place: Place) -> None:
    """Posted, proposed, signed by Claire, contested with one click, agreed with; the same words are then free."""
    topic = topic_of_omar(place)
    say(place, topic, ATTACK)
    assert letters(place) == []
    claire = Browser(place, "claire").login()
    queue = claire.get("/console/queue").text
    [path] = {urlsplit(one).path for one in re.findall(r'action="([^"]*/approve)"', queue)}
    claire.send(path)
    place.settle()
    [word] = letters(place)
    assert "Claire Le Goff" in word
    assert "You are a pathetic idiot" in word

    link = re.search(r"\[this is wrong\]\(([^)]+)\)", word)
    assert link is not None
    lea = Browser(place)
    lea.get(urlsplit(link[1]).path)
    assert "human" in lea.send(urlsplit(link[1]).path, reason=JOKE).text
    place.settle()

    page = claire.get(CONTESTS).text
    assert JOKE in page
    [number] = set(re.findall(r'value="agree:(\d+)"', page))
    apology = re.search(r"<textarea[^>]*>([^<]*right[^<]*)</textarea>", page)
    assert apology is not None
    claire.send(CONTESTS, action=f"agree:{number}", answer=apology[1])
    place.settle()
    [sorry] = [one for one in letters(place) if "You were right" in one]
    assert "sorry" in sorry.lower()
    tests = claire.get("/console/plugins/netiquette/page/charter?clause=respect").text
    assert "everybody knows it" in tests

    before = len(place.acts(plugin="netiquette"))
    say(place, topic, ATTACK + " :)")
    assert len(place.acts(plugin="netiquette")) == before
    public = Browser(place).get("/pages/netiquette/charter").text
    assert "contest" in public


def test_a_matter_of_form_is_a_machines_and_says_so(place: Place) -> None:
    """Somebody else's phone number brings an automatic word; harsh criticism beside it brings none, from nobody."""
    topic = topic_of_omar(place)
    say(place, topic, HARSH)
    say(place, topic, HARSH.replace("night", "early"), who="claire")
    assert letters(place) == []
    say(place, topic, PHONE)
    [word] = letters(place)
    assert "automatic" in word
    assert "07911 123456" in word
    assert place.acts(plugin="netiquette", verb="alert") == []


def test_whoever_mends_a_post_in_time_hears_nothing(place: Place) -> None:
    """Five minutes of rest, over real web hooks."""
    topic = topic_of_omar(place)
    post = int(place.forum.as_member("lea").reply(topic, PHONE))
    place.settle()
    place.pass_time(minutes=2)
    place.forum.as_member("lea").edit(post, "Ask Susan, I send you her number in private.")
    place.settle()
    place.pass_time(minutes=20)
    assert letters(place) == []
    assert place.acts(plugin="netiquette") == []


def test_two_posts_of_one_turn_are_both_answered(place: Place) -> None:
    """The forum is asked whether posts stand under our shared pace, which writes too: neither waits for the other."""
    place.service.pacer = SharedPacer(place.service.database, 1, 60_000)
    place.service.__dict__.pop("forum", None)
    topics = topic_of_omar(place), topic_of_omar(place, "four")
    for topic in topics:
        place.forum.as_member("lea").reply(topic, PHONE.replace("56", f"5{topic % 10}"))
    place.settle()
    place.pass_time(minutes=7)
    assert len(letters(place)) == 2
