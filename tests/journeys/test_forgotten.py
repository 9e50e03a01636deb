"""A member leaves the forum (P9): name, username, words and vectors leave every file that Passerelle holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plugins.contract import Plugin
from plugins.expert_finder import plugin as expert_finder
from tests.journeys.people import held, settings
from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import greeter
from webhooks import duty
from webhooks.erasure import erase
from webhooks.modes import set_mode

NAME, USERNAME = "Zénobie Quartzmann", "zenobiaq"
WORDS = "zqparolequi"
TRACES = (USERNAME, "Quartzmann", WORDS)


def gossip() -> Plugin:
    """Writes to others about whoever wrote, with name and words, and does not tell the host whom that concerns."""
    plugin = Plugin("gossip", about="Parle des autres.")

    @plugin.on("post_created")
    def tell(event: Any, ctx: Any) -> None:
        post = event.post()
        author = ctx.archive.member(post.user_id)
        if author is not None and author.username == USERNAME:
            said = ctx.archive.post(post.id)
            text = f"{author.name} ({author.username}) peut aider: {said.text}"[:400]
            ctx.forum.reply(post.topic_id, text, once=f"g:{post.id}", why=f"{author.username} a écrit.")

    return plugin


def _destroy(place: Place) -> None:
    place.forum.staff.destroy(USERNAME)


def _anonymise(place: Place) -> None:
    place.forum.staff.anonymise(USERNAME)


def _merge(place: Place) -> None:
    place.forum.staff.merge(USERNAME, into="karim")


def _live(place: Place) -> None:
    """Somebody writes, is liked, and told of by a plugin; everything is indexed."""
    forum = place.forum
    karim, she, lea = forum.as_member("karim"), forum.as_member(USERNAME), forum.as_member("lea")
    asked = lea.topic("general", "Comment réparer une dérive fendue ?", "La dérive est fendue sur dix centimètres.")
    post = she.reply(asked, f"Il faut de la résine et du tissu, {WORDS}, deux couches suffisent.")
    lea.like(post)
    karim.reply(asked, "Merci pour cette explication très claire sur la résine.")
    she.topic("general", "Où trouver du tissu de verre ?", f"J'en cherche pour ma coque, {WORDS}.")
    place.settle()
    place.service.archive.catch_up()


@pytest.mark.parametrize("leave", [_destroy, _anonymise])
@pytest.mark.parametrize("heard", [True, False], ids=["heard", "unheard"])
def test_who_leaves_vanishes_everywhere(
    tmp_path: Path, leave: Callable[[Place], None], heard: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    """Destroyed or made anonymous, by web hook or found out by asking: no file and no log holds name or words."""
    plugins = (gossip(), expert_finder)
    with Place(tmp_path, plugins=plugins, settings=settings()) as place:
        place.forum.add_member("karim")
        number = place.forum.add_member(USERNAME, name=NAME).id
        _live(place)
        assert set(held(place, *TRACES)) >= {USERNAME, WORDS}
        assert any(USERNAME in act["text"] for act in place.acts())

        place.forum.faults.lose_hooks = not heard
        leave(place)
        place.settle()
        for _ in range(1 if heard else 14):
            place.pass_time(minutes=10)

        assert place.service.archive.member(number) is None
        assert not [act for act in place.acts() if USERNAME in repr(dict(act))]
    # A reader may keep the write-ahead log from being emptied for a while: at the latest a restart has done it.
    assert held(place, *TRACES) == {}
    out, err = capfd.readouterr()
    assert not [word for word in TRACES if word in out + err]


def echo() -> Plugin:
    """Repeats in an act of its own what it reads on the forum itself."""
    plugin = Plugin("echo", about="Répète.")

    @plugin.on("post_edited", "post_created", "topic_edited")
    def repeat(event: Any, ctx: Any) -> None:
        topic_id = event.topic().id if event.type == "topic" else event.post().topic_id
        topic = ctx.forum.topic(topic_id)
        for post in topic.posts if topic is not None else ():
            ctx.forum.reply(topic_id, f"{topic.title} : {post.raw}", once=f"e:{post.id}:{post.version}", why=post.raw)

    return plugin


@pytest.mark.parametrize("leave", [_destroy, _anonymise])
@pytest.mark.parametrize("heard", [True, False], ids=["heard", "unheard"])
def test_what_others_say_of_who_left_does_not_bring_him_back(
    tmp_path: Path, leave: Callable[[Place], None], heard: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    """Others quote and mention somebody after he was erased; their posts are read again, and nothing of him returns."""
    with Place(tmp_path, plugins=(gossip(), echo(), expert_finder), settings=settings()) as place:
        place.forum.add_member("karim")
        place.forum.add_member(USERNAME, name=NAME)
        place.let("echo", "off")
        _live(place)
        topic = place.forum.as_member("lea").topic("general", "Un autre sujet sur la coque", "Qui sait la poncer ?")
        answer = place.forum.as_member("karim").reply(topic, "Moi, avec du papier de verre, comme on me l'a appris.")
        place.settle()
        place.forum.faults.lose_hooks = not heard
        leave(place)
        place.settle()
        for _ in range(14):
            place.pass_time(minutes=10)

        place.let("echo", "watch")
        said = f'[quote="{USERNAME}, post:2, topic:{topic}"]\nDu tissu, {WORDS}, et de la résine.\n[/quote]\n\n'
        karim, lea = place.forum.as_member("karim"), place.forum.as_member("lea")
        karim.edit(answer, f"{said}Merci à @{USERNAME} et à {NAME.upper()}, voir /u/{USERNAME}/summary pour la suite.")
        lea.reply(topic, f"{said}Je pense comme Zenobie Quartzmann, et merci pour ce rappel.")
        lea.edit_topic(topic, title=f"La méthode de {USERNAME} pour poncer la coque")
        place.settle()
        for _ in range(14):
            place.pass_time(minutes=10)

        read = [post.text for post in place.service.archive.posts_of_topic(topic)]
        assert any("Je pense comme …" in text for text in read)
        assert bool(place.acts(plugin="echo")) is heard
        assert not [act for act in place.acts() if USERNAME in repr(dict(act)) or "Quartzmann" in repr(dict(act))]
        place.service.archive.catch_up()
    assert held(place, *TRACES) == {}
    out, err = capfd.readouterr()
    assert not [word for word in TRACES if word in out + err]


def test_who_answered_for_the_forum_and_left_signs_nothing_any_more(tmp_path: Path) -> None:
    """A community manager who leaves: no decision, no line of duty and no change of a setting bears his name."""
    with Place(tmp_path, plugins=(greeter(),), settings=settings()) as place:
        place.forum.add_member(USERNAME, name=NAME)
        place.forum.as_member(USERNAME).topic(
            "general", "Bonjour à vous toutes et tous", "Je reprends l'animation ici."
        )
        place.settle()
        now = place.service.clock.now()
        with place.service.database.begin() as connection:
            duty.put_on_duty(connection, 1, USERNAME, now)
            set_mode(connection, 1, "greeter", "off", who=USERNAME, now=now)
        place.forum.staff.destroy(USERNAME)
        place.settle()
    assert held(place, USERNAME, "Quartzmann") == {}


def test_merged_account_leaves_no_name(tmp_path: Path) -> None:
    """When one account swallows another, the name that is no more vanishes; the words belong to who stays."""
    with Place(tmp_path, plugins=(gossip(), expert_finder), settings=settings()) as place:
        place.forum.add_member("karim")
        number = place.forum.add_member(USERNAME, name=NAME).id
        _live(place)

        _merge(place)
        place.settle()
        for _ in range(14):
            place.pass_time(minutes=10)

        assert place.service.archive.member(number) is None
        karim = place.forum.as_member("karim").id
        texts = [post.text for post in place.service.archive.posts_of_member(
            karim, place.service.archive.audience_public())]  # fmt: skip
        assert any(WORDS in text for text in texts)
    assert held(place, USERNAME, "Quartzmann") == {}


def test_questions_vectors_go_with_the_member(tmp_path: Path) -> None:
    """The vectors of questions that the expert finder keeps are personal data: an erasure takes them along."""
    with Place(tmp_path, plugins=(expert_finder,), settings=settings()) as place:
        folder = place.service.folder_of("expert_finder")
        (folder / "questions-0123456789abcdef.npz").write_bytes(b"vectors of somebody's questions")

        erase(place.service, place.forum.as_member("lea").id)

        assert list(folder.glob("questions-*")) == []
