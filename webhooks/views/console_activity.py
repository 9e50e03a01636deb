"""Everything that was done and would have been done, with why, evidence, and undo where the forum allows it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webhooks import desk
from webhooks.outbox import STATES
from webhooks.tables import outbox
from webhooks.views.console_acts import VERBS, act_by_id, acts, plugin_choices
from webhooks.views.console_guard import MANAGERS, needs, someone
from webhooks.views.console_here import now, service, words

blueprint = Blueprint("console_activity", __name__, url_prefix="/console/activity")

_PAGE = 30


@blueprint.get("")
@needs(*MANAGERS)
def page() -> ResponseReturnValue:
    """The newest acts, filtered by plugin, state and kind."""
    chosen = {name: request.args.get(name, "") for name in ("plugin", "state", "verb")}
    conditions = [outbox.c[name] == value for name, value in chosen.items() if value]
    before = request.args.get("before", type=int)
    if before:
        conditions.append(outbox.c.id < before)
    found = acts(*conditions, limit=_PAGE)
    return render_template(
        "console/activity.html",
        acts=found,
        plugins=plugin_choices(),
        states=STATES,
        verbs=VERBS,
        chosen=chosen,
        chosen_any=any(chosen.values()),
        older=found[-1].id if len(found) == _PAGE else None,
        may_decide=someone().may(*MANAGERS),
    )


@blueprint.post("/<int:act_id>/undo")
@needs(*MANAGERS)
def undo(act_id: int) -> ResponseReturnValue:
    """Take an act back as far as the forum allows."""
    if act_by_id(act_id) is None:
        abort(404)
    say, lang = words(), service().config.language_list[0]
    try:
        with service().database.begin() as connection:
            desk.undo(connection, service().site, act_id, someone().username, now(), lang)
        flash(say("activity.undo_now"), "good")
    except desk.Refusal as refusal:
        flash(say("activity.undo_failed", reason=say(refusal.key) if refusal.key else refusal), "warning")
    return redirect(url_for("console_activity.page"), 303)


@blueprint.post("/<int:act_id>/settle")
@needs(*MANAGERS)
def settle(act_id: int) -> ResponseReturnValue:
    """Somebody looked whether an act that may have been sent stands in the forum."""
    if act_by_id(act_id) is None:
        abort(404)
    there = request.form.get("there") == "1"
    try:
        with service().database.begin() as connection:
            desk.answer_unsure(connection, service().site, act_id, someone().username, now(), was_sent=there)
        flash(words()("activity.unsure_done"), "good")
    except desk.Refusal:
        flash(words()("queue.gone"), "warning")
    return redirect(url_for("console_activity.page"), 303)
