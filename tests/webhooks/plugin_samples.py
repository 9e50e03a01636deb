"""Small plugins for the host's tests: one that greets, one that breaks, one that dawdles."""

import threading
from collections.abc import Callable
from typing import Any

from plugins.contract import Plugin


def greeter(name: str = "greeter", verb: str = "reply") -> Plugin:
    """Answers every new topic, by a reply or by a message to its author."""
    plugin = Plugin(name, about="Greets the author of every new topic.")

    @plugin.on("topic_created")
    def greet(event: Any, ctx: Any) -> None:
        topic = event.topic()
        if verb == "reply":
            ctx.forum.reply(topic.id, "Welcome here, somebody will come.", once=f"greet:{topic.id}", why="A new topic.")
        else:
            ctx.forum.message(topic.user_id, "Welcome to this place", "Somebody will come and help.",
                              once=f"greet:{topic.id}", why="A new topic.", topic=topic.id)  # fmt: skip

    return plugin


def hostile(name: str = "hostile") -> Plugin:
    """Raises at every event."""
    plugin = Plugin(name, about="Breaks.")

    @plugin.on("topic_created")
    def break_down(event: Any, ctx: Any) -> None:
        raise RuntimeError("CANARI in an error's words")

    return plugin


def dawdler(release: threading.Event, name: str = "dawdler") -> Plugin:
    """Asks for an act, then thinks until it is released."""
    plugin = Plugin(name, about="Takes its time.")

    @plugin.on("topic_created")
    def think(event: Any, ctx: Any) -> None:
        ctx.forum.reply(event.topic().id, "Too late, I am afraid.", once=f"late:{event.topic().id}", why="Slow.")
        release.wait(30)

    return plugin


def doing(call: Callable[[Any, Any], None], *events: str, name: str = "sample") -> Plugin:
    """A plugin with one handler."""
    plugin = Plugin(name, about="A sample.")
    plugin.on(*(events or ("topic_created",)))(call)
    return plugin
