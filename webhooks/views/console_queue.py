"""The queue: acts that wait for a person's yes. Answers come back in place (htmx) or as a whole page without it."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from webhooks import desk, outbox
from webhooks.tables import outbox as outbox_table
from webhooks.views.console_acts import act_by_id, acts
from webhooks.views.console_guard import MANAGERS, needs, someone
from webhooks.views.console_here import now, service, words
from webhooks.views.console_menu import waiting_counts

blueprint = Blueprint("console_queue", __name__, url_prefix="/console/queue")

_MOST = 100


@blueprint.get("")
@needs(*MANAGERS)
def page() -> ResponseReturnValue:
    """Everything that waits, oldest first."""
    items = acts(outbox_table.c.state == "proposed", limit=_MOST, oldest_first=True)
    return render_template("console/queue.html", items=items)


@blueprint.post("/<int:act_id>/take")
@needs(*MANAGERS)
def take(act_id: int) -> ResponseReturnValue:
    """Say that one is on it; whoever was before is no longer."""

    def step(connection: Connection) -> None:
        row = outbox.get(connection, service().site, act_id)
        holder = desk.taken_by(row, now()) if row is not None else ""
        if holder and holder != someone().username:
            desk.leave(connection, service().site, act_id, holder, now())
        desk.take(connection, service().site, act_id, someone().username, now())

    return _decide(act_id, step, "")


@blueprint.post("/<int:act_id>/approve")
@needs(*MANAGERS)
def approve(act_id: int) -> ResponseReturnValue:
    """Let it go, perhaps in other words."""
    text = request.form.get("text")
    if text is not None and not text.strip():
        return _answer(act_id, words()("queue.empty_text"))
    wording = text.replace("\r\n", "\n") if text is not None else None

    def step(connection: Connection) -> None:
        desk.approve(connection, service().site, act_id, someone().username, now(), text=wording)

    return _decide(act_id, step, words()("queue.approved_now"))


@blueprint.post("/<int:act_id>/decline")
@needs(*MANAGERS, calming=True)
def decline(act_id: int) -> ResponseReturnValue:
    """Say no, and why."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _answer(act_id, words()("queue.reason"))

    def step(connection: Connection) -> None:
        desk.decline(connection, service().site, act_id, someone().username, now(), reason)

    return _decide(act_id, step, words()("queue.declined_now"))


def _decide(act_id: int, step: Callable[[Connection], None], done: str) -> ResponseReturnValue:
    if act_by_id(act_id) is None:
        abort(404)
    try:
        with service().database.begin() as connection:
            step(connection)
    except desk.Refusal:
        return _answer(act_id, _why_not(act_id))
    return _answer(act_id, "", done)


def _why_not(act_id: int) -> str:
    act = act_by_id(act_id)
    if act is None:
        abort(404)
    held = act.state == "proposed" and act.taken_by and act.taken_by != someone().username
    return words()("queue.held", who=act.taken_by) if held else words()("queue.gone")


def _answer(act_id: int, problem: str, done: str = "") -> ResponseReturnValue:
    """The item as it is now, or the whole queue with a sentence on top."""
    act = act_by_id(act_id)
    if act is None:
        abort(404)
    if request.headers.get("HX-Request"):
        left = waiting_counts(someone())[0]
        return render_template("console/queue_item.html", act=act, problem=problem, fresh=True, left=left)
    if problem or done:
        flash(problem or done, "warning" if problem else "good")
    return redirect(url_for("console_queue.page"), 303)
