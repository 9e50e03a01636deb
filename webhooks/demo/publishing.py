"""What a community manager does before the first name is given: why-page, announcement, ten cases, people on duty."""

from selectolax.lexbor import LexborHTMLParser

from webhooks.demo.browsing import Seen
from webhooks.demo.scene import PLUGIN, Scene
from webhooks.demo.stage import StageError

SOLENE, KARIM = "solene", "karim"


def publish_and_let_act(scene: Scene) -> None:
    """Solène signs and publishes, has read the cases, says who is on duty, and lets the plugin act."""
    solene = scene.visitor(SOLENE)
    page = solene.open(scene.url("/console/why"))
    french, english = _texts(page)
    signed = french + "\n\nUne question ? Écrivez à Solène."
    solene.send(page, "/console/why", kind="why", do="publish", fr=signed, en=english)
    page = solene.open(scene.url("/console/why"))
    room = scene.category("comptoir")
    solene.send(page, "/console/why", kind="announcement", category=str(room), do="publish")
    solene.send(scene.plugin_page(SOLENE), f"/{PLUGIN}/cases")
    for person, deputy in ((SOLENE, ""), (KARIM, "1")):
        duty = solene.open(scene.url("/console/duty"))
        solene.send(duty, "/duty/people", username=scene.username(person), deputy=deputy)
    solene.send(scene.plugin_page(SOLENE), f"/{PLUGIN}/mode", mode="act")
    scene.stage.wait("the announcement", scene.bot_posts)


def _texts(page: Seen) -> tuple[str, str]:
    """The why-page's drafts, French and English."""
    tree = LexborHTMLParser(page.html)
    french, english = (tree.css_first(f"textarea[name={lang}]") for lang in ("fr", "en"))
    if french is None or english is None:
        raise StageError("the why-page has no drafts to edit")
    return french.text(), english.text()
