"""The demonstration that stays up: everything is ready, and a few lines say where to look and as whom to log in."""

from collections.abc import Callable

from webhooks.demo.scene import DAYS, PLUGIN, Scene
from webhooks.demo.stage import Stage


def stay_up(stage: Stage, tell: Callable[[str], None]) -> None:
    """Start all, say where to look, and stay until interrupted."""
    scene = Scene(stage, tell)
    scene.say("up_forum")
    stage.open_forum()
    scene.say("up_memory")
    stage.learn()
    stage.passerelle_says("replay", PLUGIN, "--days", DAYS)
    stage.open_passerelle()
    stage.control.run()
    solene, karim, lucas, bruno = (scene.username(key) for key in ("solene", "karim", "lucas", "bruno"))
    tell("")
    scene.say(
        "up",
        forum=stage.control.url,
        console=stage.url + "/console",
        link=stage.passerelle_says("console-link").splitlines()[-1],
        solene=solene,
        karim=karim,
        lucas=lucas,
        bruno=bruno,
        me=stage.url + "/me",
        why=stage.url + "/why",
        folder=str(stage.folder.absolute()),
    )
    try:
        stage.stay()
    except KeyboardInterrupt:
        scene.say("down")
