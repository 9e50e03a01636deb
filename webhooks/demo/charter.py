"""The tour's steps about the charter: a hint while writing, a word that a human signs, and being wrong openly."""

import re
from datetime import timedelta

from webhooks.demo.browsing import Seen
from webhooks.demo.publishing import KARIM, SOLENE
from webhooks.demo.scene import DAYS, Row, Scene
from webhooks.demo.stage import StageError

CHARTER = "netiquette"
CLAUSE = "respect"
AT_HIM = "Patrick, tu n'es qu'un pauvre type, un abruti fini."
AT_THE_MATTER = "Ton chiffrage oublie les deux jours d'arrêt de la ligne 3."
TEASED = ("Baby-foot du midi : les résultats", "Quatre matchs, quatre victoires. Qui veut sa revanche jeudi ?")
TEASE = "Tu es un crétin fini, Julien, et tout le monde le sait."
JOKE = "On se chambre comme ça depuis dix ans, Julien en rit encore."
_PATIENCE = 180.0
"""Seconds that a busy machine may take."""
NOT_ALLOWED = "Tu es un abruti, comme d'habitude."


def let_it_act(scene: Scene, days: str = DAYS) -> int:
    """Solène goes over the history with the charter, has seen what came of it, and lets it act.

    Gives how often it would have spoken.
    """
    solene = scene.visitor(SOLENE)
    said = scene.stage.passerelle_says("replay", CHARTER, "--days", days)
    solene.send(scene.plugin_page(SOLENE, CHARTER), f"/{CHARTER}/cases")
    solene.send(scene.plugin_page(SOLENE, CHARTER), f"/{CHARTER}/mode", mode="act")
    return int(said.split(" acts,")[0].split()[-1])


def charter(scene: Scene) -> None:
    """The charter is there from the start: replayed over the history, its cases read, and then let act."""
    acts = let_it_act(scene)
    public = scene.stage.fetch(scene.url(f"/pages/{CHARTER}/charter"))
    scene.check("Les idées, pas les personnes" in public or "Ideas, not people" in public, "charter_public", acts=acts)


def hint(scene: Scene) -> None:
    """Somebody is about to answer at the person: the composer shows clause and words, and the post waits once."""
    topic = scene.topics["critique-inventaire"]
    writer = scene.writer("denis")
    shown = writer.shown(topic, f"{AT_HIM} {AT_THE_MATTER}", sending=True)
    right = shown is not None and shown["plugin"] == CHARTER and shown["holds_save"]
    if shown is None or not right:
        raise StageError("no hint came")
    scene.check(AT_THE_MATTER in shown["text"] and not shown["answers"], "hint_shown", title=shown["title"])
    quiet = writer.shown(topic, AT_THE_MATTER, sending=True)
    before = len(scene.acts_about(topic))
    scene.control.member(scene.username("denis"), "reply", topic_id=topic, raw=AT_THE_MATTER)
    _let_settle(scene)
    scene.check(quiet is None and len(scene.acts_about(topic)) == before, "hint_reworded", words=AT_THE_MATTER)


def signed(scene: Scene) -> None:
    """What was posted at somebody leads to a word that only a human sends, in that human's name."""
    topic = scene.ask_this("tease", scene.username("julien"), scene.category("comptoir"), *TEASED)
    scene.control.member(scene.username("erwan"), "reply", topic_id=topic, raw=TEASE)
    _let_settle(scene)
    scene.stage.wait("the drafted word", lambda: "proposed" in scene.states_about(topic), seconds=_PATIENCE)
    solene = scene.visitor(SOLENE)
    queue = solene.open(scene.url("/console/queue"))
    scene.check("/approve" in queue.html and scene.message_to(TEASED[0]) is None, "signed_waits")
    solene.send(queue, "/approve")
    word = scene.stage.wait("the signed word", lambda: scene.message_to(TEASED[0]), seconds=_PATIENCE)
    scene.check("Solène Guillou" in word["raw"] and TEASE.split(",")[0] in word["raw"], "signed_sent")


def contest(scene: Scene) -> None:
    """It was a joke among friends: one click, a human reads again, agrees, and the apology arrives."""
    word = scene.message_to(TEASED[0])
    found = re.search(r"\[je conteste\]\(([^)\s]+)\)", word["raw"] if word else "")
    if found is None:
        raise StageError("the message does not say how to contest it")
    erwan = scene.visitor("erwan")
    erwan.send(erwan.open(found[1]), "/feedback/", reason=JOKE)
    karim = scene.visitor(KARIM)
    page = scene.stage.wait("the contest", lambda: _open_contest(scene), seconds=_PATIENCE)
    scene.check(TEASE in page.text and JOKE in page.text, "contest_read", words=JOKE)
    karim.send(page, "/page/contests")
    sorry = scene.stage.wait("the apology", lambda: _apology(scene), seconds=_PATIENCE)
    scene.check("Karim" in sorry["raw"] or scene.username(KARIM) in sorry["raw"], "contest_sorry")
    tests = karim.open(scene.url(f"/console/plugins/{CHARTER}/page/charter?clause={CLAUSE}")).text
    before = set(scene.acts_about(scene.topics["tease"]))
    scene.control.member(scene.username("erwan"), "reply", topic_id=scene.topics["tease"], raw=TEASE + " 🙂")
    _let_settle(scene)
    same = set(scene.acts_about(scene.topics["tease"])) == before
    scene.check("et tout le monde le sait" in tests and same, "contest_test")


def clause(scene: Scene) -> None:
    """A clause is edited in the console; an example that would fail stops it, and the charter in force stays."""
    solene = scene.visitor(SOLENE)
    here = f"/console/plugins/{CHARTER}/page/charter"
    form = solene.open(scene.url(f"{here}?clause={CLAUSE}"))
    answer = solene.send(form, "/page/charter", allowed_fr=NOT_ALLOWED)
    stopped = "Pas enregistré" in answer.text or "Not saved" in answer.text
    public = scene.stage.fetch(scene.url(f"/pages/{CHARTER}/charter"))
    scene.check(stopped and NOT_ALLOWED not in public, "clause_stopped", words=NOT_ALLOWED)


def _let_settle(scene: Scene) -> None:
    """Let what was written rest and be looked at: the minutes of rest, and the turn after them."""
    for _ in range(2):
        scene.pass_time(timedelta(minutes=8))


def _open_contest(scene: Scene) -> Seen | None:
    page = scene.visitor(KARIM).open(scene.url(f"/console/plugins/{CHARTER}/page/contests"))
    return page if JOKE in page.text else None


def _apology(scene: Scene) -> Row | None:
    found = [post for post in scene.bot_posts() if "vous aviez raison" in post["raw"].lower()]
    return found[-1] if found else None
