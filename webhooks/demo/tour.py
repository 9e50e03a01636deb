"""The tour: one day of the invented community, played for real over HTTP and checked at every step."""

import time
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from webhooks.demo.browsing import PageSays, Seen
from webhooks.demo.charter import charter, clause, contest, hint, signed
from webhooks.demo.control import ForumSays
from webhooks.demo.publishing import KARIM, SOLENE, publish_and_let_act
from webhooks.demo.scene import DAYS, PLUGIN, Scene, without_links
from webhooks.demo.stage import StageError

PARIS = ZoneInfo("Europe/Paris")
CLAIRE = "claire"
SIGNATURE = "Solène, pour l'équipe du Quai"
OWN_WORDS = "Personne n'est prévenu, rien ne presse : un mot de vous à l'une d'elles, et la discussion repart."
AGAIN = (
    "Porosités en bout de cordon, fil fourré sur S355 à Casablanca",
    "Bonjour, à Casablanca aussi : porosités au redémarrage du cordon, soudage 136, fil fourré rutile, gaz M21, "
    "S355. Vous commencez par quoi ? Le débit de gaz, la torche, le DMOS ?",
)


def play(scene: Scene) -> bool:
    """The whole story; False when a step did not go as told, after saying which."""
    started = time.monotonic()
    scene.tell(f"\n  {scene.words['title']}")
    try:
        for step in STEPS:
            scene.heading(step.__name__)
            step(scene)
    except (StageError, ForumSays, PageSays) as error:
        scene.tell(f"  ✗ {scene.words['failed'].format(reason=error)}")
        return False
    scene.tell(f"\n  {scene.words['end'].format(seconds=round(time.monotonic() - started))}\n")
    return True


def memory(scene: Scene) -> None:
    """The forum's history is learned, restricted rooms are not; what the plugin would have done is there to read."""
    scene.say("memory_working")
    scene.stage.open_forum()
    scene.stage.learn()
    with scene.inside() as service:
        archive = service.archive
        topics = archive.topics(archive.audience_public(), limit=10_000)
        rooms = {one.id: one.name for one in archive.categories()}
    closed = {one.name for one in scene.community.categories if one.read_restricted}
    leaked = [one for one in topics if rooms.get(one.category_id or 0) in closed]
    scene.check(len(topics) >= 80 and not leaked, "memory_done", topics=len(topics))
    said = scene.stage.passerelle_says("replay", PLUGIN, "--days", DAYS)
    cases = int(said.split(" acts,")[0].split(", ")[-1].split()[-1])
    scene.check(cases >= 3, "cases_done", cases=cases)
    scene.stage.open_passerelle()
    scene.control.run()


def promise(scene: Scene) -> None:
    """No plugin leaves watch before why-page and announcement are published by somebody who read ten cases."""
    scene.check(not _may_act(scene.plugin_page(SOLENE)), "promise_blocked")
    publish_and_let_act(scene)
    public = scene.stage.fetch(scene.url("/why"))
    named = scene.community.category("comptoir").name
    scene.check(_may_act(scene.plugin_page(SOLENE)) and "Solène" in public, "promise_done", room=named)


def voice(scene: Scene) -> None:
    """The community speaks in its own words: who signs, and one sentence rewritten, with a preview before it counts."""
    solene = scene.visitor(SOLENE)
    solene.send(solene.open(scene.url("/console/voice")), "/console/voice", signature=SIGNATURE)
    sentence = solene.open(scene.url(f"/console/voice/{PLUGIN}/names.outro"))
    seen = solene.send(sentence, "names.outro", **{"fr|vous": OWN_WORDS, "do": "preview"})
    solene.send(seen, "names.outro", **{"fr|vous": OWN_WORDS, "do": "save"})
    listed = solene.open(scene.url("/console/voice")).text
    scene.check(OWN_WORDS in seen.text and OWN_WORDS in listed, "voice_done", words=OWN_WORDS)


def question(scene: Scene) -> None:
    """A question is asked."""
    scene.ask("lundi-8h40")
    scene.say("question_text", title=scene.title_of("lundi-8h40"))


def patience(scene: Scene) -> None:
    """Nobody is disturbed while the community may still answer by itself."""
    scene.pass_time(timedelta(hours=1))
    scene.check(not scene.acts_about(scene.topics["lundi-8h40"]), "patience_done")


def criticism(scene: Scene) -> None:
    """Blunt but civil criticism: nothing is written, proposed or noted about it."""
    topic = scene.ask("critique-inventaire")
    scene.pass_time(timedelta(hours=1))
    scene.check(not scene.acts_about(topic), "criticism_done")


def names(scene: Scene) -> None:
    """When the room's usual answer time has passed, the asker gets names, reasons and links by message."""
    title = scene.title_of("lundi-8h40")
    message = scene.until(lambda: scene.message_to(title))
    raw = message["raw"]
    named = scene.named(raw)
    when = scene.control.now().astimezone(PARIS).strftime("%d/%m, %H:%M")
    fitting = len(scene.expected("lundi-8h40") & set(named)) >= 2 and len(named) <= 3 and "/t/" in raw
    scene.check(fitting, "names_done", when=when, names=scene.full(named))
    scene.check("fabrice" not in named and "@" not in without_links(raw), "names_never")
    scene.check(OWN_WORDS in raw and SIGNATURE in raw, "names_voice", who=SIGNATURE)


def public(scene: Scene) -> None:
    """Where names are given in public: consent first, a manager's approval, then one signed reply."""
    solene = scene.visitor(SOLENE)
    room = scene.category("outils")
    form = solene.open(scene.url(f"/console/plugins/{PLUGIN}/settings?category={room}"))
    solene.send(form, "/settings", own="place", place="reply")
    solene.send(scene.plugin_page(SOLENE), f"/{PLUGIN}/mode", category=str(room), mode="propose")
    scene.share_out()
    for person in ("priya", "julien"):
        visitor = scene.visitor(person)
        visitor.send(visitor.open(scene.url("/me")), "/me", **{f"named:{PLUGIN}": "1"})
    topic = scene.ask("power-query-sap")
    scene.say("public_asked", title=scene.title_of("power-query-sap"))
    queue = scene.until(lambda: _queued(scene))
    refused = _refuses(scene, "/console/house", "/house")
    scene.check("/console/why" not in queue.html and refused, "public_proposed")
    scene.visitor(CLAIRE).send(queue, "/approve")
    reply = scene.stage.wait("the public reply", lambda: scene.public_reply(topic))
    named = scene.named(reply["raw"])
    agreed = bool(named) and set(named) <= {"priya", "julien"} and "@" not in without_links(reply["raw"])
    scene.check(agreed, "public_done", names=scene.full(named))


def decline(scene: Scene) -> None:
    """An expert says "not now" on his own page: nobody is told, and his name does not come up again."""
    bruno = scene.visitor("bruno")
    links = bruno.open(scene.url("/me")).links("/f/")
    if not links:
        raise StageError("Bruno's page offers no way to say no")
    before = {post["id"] for post in scene.bot_posts()}
    bruno.send(bruno.open(links[0]), "/f/")
    scene.pass_time(timedelta(minutes=5))
    scene.ask_this("again", scene.username("dounia"), scene.category("methodes"), *AGAIN)
    message = scene.until(lambda: scene.message_to(AGAIN[0]))
    told = [post for post in scene.bot_posts() if post["id"] not in before and "Bruno" in post["raw"]]
    scene.check("bruno" not in scene.named(message["raw"]) and not told, "decline_done")


def leave(scene: Scene) -> None:
    """The manager goes on leave, her deputy takes over; with nobody there everything falls back to watch."""
    first = (scene.control.now().astimezone(PARIS) + timedelta(days=1)).date()
    days = {"first_day": first.isoformat(), "last_day": (first + timedelta(days=9)).isoformat()}
    solene = scene.visitor(SOLENE)
    duty = solene.open(scene.url("/console/duty"))
    solene.send(duty, "/duty/absences", deputy=scene.username(KARIM), **days)
    scene.pass_time(timedelta(days=1))
    scene.ask("vision-gravure")
    on_duty = scene.visitor(KARIM).open(scene.url("/console/duty"))
    message = scene.until(lambda: scene.message_to(scene.title_of("vision-gravure")))
    scene.check(scene.username(KARIM) in on_duty.text and message, "leave_done")
    karim = scene.visitor(KARIM)
    karim.send(karim.open(scene.url("/console/duty")), "/duty/absences", **days)
    topic = scene.ask("verin-derive")
    scene.pass_time(timedelta(days=4))
    silent = scene.message_to(scene.title_of("verin-derive")) is None
    scene.check(silent and scene.states_about(topic) <= {"watched"}, "unattended")
    scene.pass_time(timedelta(days=8))
    home = scene.visitor(SOLENE).open(scene.url("/console"))
    things = LexborHTMLParser(home.html).css("section[aria-labelledby=back] li")
    told = " ".join(one.text() for one in things)
    scene.check(1 <= len(things) <= 10 and scene.username(KARIM) in told, "back", count=len(things))
    activity = scene.visitor(SOLENE).open(scene.url("/console/activity"))
    scene.check(activity.links("/t/") and "/undo" in activity.html, "audit")


STEPS: tuple[Callable[[Scene], None], ...] = (
    memory, promise, charter, voice, question, patience, criticism, hint, signed, contest, clause, names, public,
    decline, leave,
)  # fmt: skip


def _may_act(page: Seen) -> bool:
    """Whether the plugin's page shows it in the mode `act`."""
    chosen = LexborHTMLParser(page.html).css_first("input[name=mode][value=act][checked]")
    return chosen is not None


def _refuses(scene: Scene, page: str, form: str) -> bool:
    """Whether the page opens for looking, and whoever looks after one room may change nothing in it."""
    claire = scene.visitor(CLAIRE)
    try:
        claire.send(claire.open(scene.url(page)), form)
    except PageSays:
        return True
    return False


def _queued(scene: Scene) -> Seen | None:
    """The queue of whoever looks after the room, once something waits in it."""
    page = scene.visitor(CLAIRE).open(scene.url("/console/queue"))
    return page if "/approve" in page.html else None
