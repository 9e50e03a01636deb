"""The demonstration that stays up: everything is ready, and a few lines say where to look and as whom to log in."""

import signal
from collections.abc import Callable
from types import FrameType

from webhooks.demo.charter import let_it_act
from webhooks.demo.publishing import publish_and_let_act
from webhooks.demo.scene import DAYS, PLUGIN, Scene
from webhooks.demo.stage import Stage

QUESTION = "lundi-8h40"
_FEW_DAYS = "30"
"""How far back the charter looks here, so that whoever waits does not wait long."""
PEOPLE = ("mehdi", "solene", "karim", "claire", "zineb", "nadege", "helene", "lucas", "bruno")
"""One of each kind: administration, community manager, deputy, one room's, greeter, mediator, sponsor, two members."""


def stay_up(stage: Stage, tell: Callable[[str], None]) -> None:
    """Start all, say where to look, and stay until interrupted (Ctrl-C, a closed terminal, `kill`)."""
    for reason in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(reason, _interrupted)
    scene = Scene(stage, tell)
    try:
        _stay(stage, scene, tell)
    except KeyboardInterrupt:
        tell("")
        scene.say("down")


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stay(stage: Stage, scene: Scene, tell: Callable[[str], None]) -> None:
    scene.say("up_forum")
    stage.open_forum()
    scene.say("up_memory")
    stage.learn()
    stage.passerelle_says("replay", PLUGIN, "--days", DAYS)
    stage.open_passerelle()
    stage.control.run()
    scene.say("up_people")
    scene.share_out()
    publish_and_let_act(scene)
    let_it_act(scene, _FEW_DAYS)
    question = scene.ask(QUESTION)
    tell("")
    scene.say(
        "up",
        forum=stage.control.url,
        console=stage.url + "/console",
        link=stage.passerelle_says("console-link").splitlines()[-1],
        **{key: scene.username(key) for key in PEOPLE},
        me=stage.url + "/me",
        why=stage.url + "/why",
        question=f"{stage.control.url}/t/{question}",
        folder=str(stage.folder.absolute()),
    )
    stage.stay()
