"""Open alerts, and topics that are left in peace."""

import re

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from webhooks import peace
from webhooks.tables import alerts as alerts_table
from webhooks.tables import outbox
from webhooks.tables import peace as peace_table
from webhooks.views.console_acts import Names, proofs, said_by_host
from webhooks.views.console_guard import MANAGERS, needs, someone
from webhooks.views.console_here import forum_path, now, service, words
from webhooks.views.console_scope import alerts_of, sees_topic

blueprint = Blueprint("console_alerts", __name__, url_prefix="/console/alerts")

_TOPIC = re.compile(r"(?:/t/(?:[^/?#]*[^/?#\d][^/?#]*/|-/)?)?(\d{1,12})(?:/\d+)?/?(?:[?#].*)?")


@blueprint.get("")
@needs(*MANAGERS)
def page() -> ResponseReturnValue:
    """What needs a human eye, oldest first."""
    names, site = Names(), service().site
    with service().database.read() as connection:
        found = peace.open_alerts(connection, site, *alerts_of(someone()))
        acts = select(outbox.c.id, outbox.c.why, outbox.c.evidence).where(
            outbox.c.site == site, outbox.c.id.in_([one["outbox_id"] for one in found])
        )
        behind = {row.id: row for row in connection.execute(acts)}
        quiet = connection.execute(
            select(peace_table)
            .where(peace_table.c.site == site, or_(peace_table.c.until.is_(None), peace_table.c.until > now()))
            .order_by(peace_table.c.since.desc())
        ).all()
    shown = []
    for alert in found:
        told = said_by_host(alert)
        act = None if told.get("closed") else behind.get(alert["outbox_id"])
        topic = alert["topic_id"]
        shown.append(
            {
                **told,
                "plugin_title": names.plugin(str(alert["plugin"])),
                "path": forum_path(topic if isinstance(topic, int) else None),
                "topic_title": names.topic(topic) if isinstance(topic, int) else "",
                "why": act.why if act else "",
                "evidence": proofs(act.evidence, names) if act else (),
            }
        )
    return render_template(
        "console/alerts.html",
        alerts=shown,
        peace=[
            {**row._mapping, "title": names.topic(row.topic_id), "path": forum_path(row.topic_id)}
            for row in quiet
            if sees_topic(someone(), row.topic_id)
        ],
        may_decide=someone().may(*MANAGERS),
    )


@blueprint.post("/<int:alert_id>/close")
@needs(*MANAGERS)
def close(alert_id: int) -> ResponseReturnValue:
    """It was dealt with; the topic is free again."""
    was_right = {"yes": True, "no": False}.get(request.form.get("right", ""))
    with service().database.begin() as connection:
        known = select(alerts_table.c.id).where(
            alerts_table.c.site == service().site, alerts_table.c.id == alert_id, *alerts_of(someone())
        )
        if connection.execute(known).first() is None:
            abort(404)
        peace.close_alert(connection, service().site, alert_id, someone().username, now(), was_right)
    flash(words()("alerts.closed"), "good")
    return redirect(url_for("console_alerts.page"), 303)


@blueprint.post("/peace")
@needs(*MANAGERS, calming=True)
def leave() -> ResponseReturnValue:
    """Leave a topic in peace, named by its number or its address."""
    topic_id = topic_of(request.form.get("topic", ""))
    if topic_id is None:
        flash(words()("alerts.no_topic"), "warning")
        return redirect(url_for("console_alerts.page"), 303)
    if not sees_topic(someone(), topic_id):
        flash(words()("alerts.not_yours"), "warning")
        return redirect(url_for("console_alerts.page") + "#peace", 303)
    with service().database.begin() as connection:
        peace.leave_in_peace(connection, service().site, topic_id, kind="manager", who=someone().username, now=now())
    flash(words()("alerts.left"), "good")
    return redirect(url_for("console_alerts.page") + "#peace", 303)


@blueprint.post("/peace/<int:topic_id>/release")
@needs(*MANAGERS)
def release(topic_id: int) -> ResponseReturnValue:
    """The topic may be spoken to again."""
    if not sees_topic(someone(), topic_id):
        abort(404)
    with service().database.begin() as connection:
        peace.release(connection, service().site, topic_id)
    flash(words()("alerts.released"), "good")
    return redirect(url_for("console_alerts.page") + "#peace", 303)


def topic_of(text: str) -> int | None:
    """The topic's number in `12`, `/t/slug/12/3` or the same with our forum's address in front; else None."""
    base = service().config.forum_url
    text = text.strip()
    if base and text.startswith(base):
        text = text[len(base) :]
    found = _TOPIC.fullmatch(text)
    return int(found[1]) if found and int(found[1]) > 0 else None
