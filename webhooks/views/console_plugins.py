"""The plugins, how far each may go, its ten cases, and who changed what."""

from typing import Any, cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugins.contract import MODES, Mode
from webhooks import cases, modes
from webhooks.modes import ModeRefused
from webhooks.settings_store import EVERYWHERE
from webhooks.views.console_changes import put_back_change, shown_changes
from webhooks.views.console_guard import LEADS, MANAGERS, needs, someone
from webhooks.views.console_here import now, service, words
from webhooks.views.console_plugin_facts import (
    blocked_reasons,
    categories,
    known_plugin,
    plugin_card,
    shown_cases,
    shown_plugin,
)
from webhooks.views.console_replay import replay_facts

blueprint = Blueprint("console_plugins", __name__, url_prefix="/console/plugins")


@blueprint.get("")
@needs(*MANAGERS)
def page() -> ResponseReturnValue:
    """All plugins with their mode."""
    with service().database.read() as connection:
        cards = [plugin_card(connection, plugin) for plugin in service().registry]
    return render_template("console/plugins.html", plugins=cards, faults=service().registry.faults)


@blueprint.get("/<name>")
@needs(*MANAGERS)
def detail(name: str) -> ResponseReturnValue:
    """One plugin: mode, what keeps it in watch, cases, overrides, pages, changes."""
    plugin = known_plugin(name)
    site = service().site
    with service().database.read() as connection:
        said = modes.overrides(connection, site, name)
        seen = cases.seen(connection, site, name)
        calm = cases.found_none(connection, site, name)
        blocked = blocked_reasons(connection, plugin)
    rooms = categories()
    named = dict(rooms)
    mode = said.get((EVERYWHERE, ""), "watch")
    places = [
        {"category": category or None, "rule": rule, "mode": chosen, "label": place_label(named, category, rule)}
        for (category, rule), chosen in sorted(said.items())
        if (category, rule) != (EVERYWHERE, "") and (category == EVERYWHERE or someone().sees(category))
    ]
    return render_template(
        "console/plugin.html",
        plugin=shown_plugin(plugin, mode, someone()),
        modes=MODES,
        blocked=blocked,
        may_change=someone().may(*LEADS),
        cases=shown_cases(plugin) if mode in ("off", "watch") else None,
        cases_seen=seen,
        cases_calm=calm,
        overrides=places,
        categories=rooms,
        changes=shown_changes(plugin.name, plugin.settings),
        **replay_facts(name),
    )


@blueprint.post("/<name>/mode")
@needs(*LEADS)
def set_mode(name: str) -> ResponseReturnValue:
    """Set the plugin's mode, or that of one category or rule; an empty mode takes such an override back."""
    plugin = known_plugin(name)
    say = words()
    wanted = request.form.get("mode", "")
    category = request.form.get("category", type=int) or EVERYWHERE
    rule = request.form.get("rule", "")[:100]
    if wanted not in (*MODES, "") or (not wanted and category == EVERYWHERE and not rule):
        abort(400)
    mode = cast("Mode | None", wanted or None)
    with service().database.begin() as connection:
        if mode in ("propose", "act") and (blocked := blocked_reasons(connection, plugin)):
            flash(" ".join([say("plugins.blocked"), *(one["text"] for one in blocked)]), "warning")
            return redirect(url_for("console_plugins.detail", name=name), 303)
        try:
            modes.set_mode(
                connection,
                service().site,
                name,
                mode,
                who=someone().username,
                now=now(),
                category_id=category,
                rule=rule,
            )
        except ModeRefused as refused:
            flash(str(refused), "warning")
            return redirect(url_for("console_plugins.detail", name=name), 303)
    title = say.pick(plugin.title, plugin.name)
    flash(say("plugins.mode_saved", plugin=title, mode=say(f"modes.{mode}")) if mode else say("common.saved"), "good")
    return redirect(url_for("console_plugins.detail", name=name), 303)


@blueprint.post("/<name>/cases")
@needs(*LEADS)
def cases_seen(name: str) -> ResponseReturnValue:
    """A manager says that he or she has looked at the cases."""
    plugin = known_plugin(name)
    shown = shown_cases(plugin)
    with service().database.begin() as connection:
        if not shown and not cases.found_none(connection, service().site, name):
            abort(400)
        cases.mark_seen(connection, service().site, name, who=someone().username, now=now())
    flash(words()("plugins.cases_seen_now"), "good")
    return redirect(url_for("console_plugins.detail", name=name), 303)


@blueprint.post("/<name>/put-back")
@needs(*LEADS)
def put_back(name: str) -> ResponseReturnValue:
    """Take one change back."""
    plugin = known_plugin(name)
    change = request.form.get("change", type=int)
    with service().database.begin() as connection:
        problem = put_back_change(connection, plugin.name, change or 0, who=someone().username, now=now())
    flash(problem or words()("plugins.put_back_done"), "warning" if problem else "good")
    return redirect(url_for("console_plugins.detail", name=name), 303)


def place_label(named: dict[int, str], category: int, rule: str) -> str:
    """Where an override holds, in words."""
    say = words()
    parts: list[Any] = []
    if category != EVERYWHERE:
        parts.append(named.get(category) or say("common.category_number", id=category))
    if rule:
        parts.append(say("plugins.rule", rule=rule))
    return ", ".join(parts)
