"""Going over the past from the console: a button, how far it has come, and then the ten cases."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webhooks import replaying
from webhooks.views.console_guard import LEADS, MANAGERS, needs, someone
from webhooks.views.console_here import now, service, words
from webhooks.views.console_plugin_facts import known_plugin

blueprint = Blueprint("console_replay", __name__, url_prefix="/console/plugins")


@blueprint.post("/<name>/replay")
@needs(*LEADS)
def start(name: str) -> ResponseReturnValue:
    """Ask the worker to go over the past."""
    plugin = known_plugin(name)
    with service().database.begin() as connection:
        begun = replaying.ask(connection, service().site, plugin.name, who=someone().username, now=now())
    flash(words()("plugins.replay_asked" if begun else "plugins.replay_under_way"), "good")
    return redirect(url_for("console_plugins.detail", name=name) + "#cases", 303)


@blueprint.get("/<name>/replay")
@needs(*MANAGERS)
def part(name: str) -> ResponseReturnValue:
    """How far it has come; once it is through, the browser loads the page again, with the cases on it."""
    plugin = known_plugin(name)
    facts = replay_facts(plugin.name)
    may_change = someone().may(*LEADS)
    answer = make_response(
        render_template("console/replay.html", plugin={"name": plugin.name}, may_change=may_change, **facts)
    )
    if facts["replay"] is None or not facts["replay"].is_open:
        answer.headers["HX-Refresh"] = "true"
    return answer


def replay_facts(name: str) -> dict[str, Any]:
    """What the template `console/replay.html` needs to know of a plugin's newest replay."""
    with service().database.read() as connection:
        replay = replaying.asked(connection, service().site, name)
    percent = 0 if replay is None else int(replay.share * 100)
    return {"replay": replay, "percent": percent, "replay_days": replaying.DAYS}
