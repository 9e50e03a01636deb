"""The first look: what waits for me, how things are in one sentence, the pause button, and what I missed while away."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from connector.archive import tables as memory
from webhooks import announce, duty, pause
from webhooks.tables import outbox
from webhooks.views.console_condition import condition, memory_counts, sentence
from webhooks.views.console_guard import ALL_ROLES, LEADS, MANAGERS, Person, needs, someone
from webhooks.views.console_here import now, service, words
from webhooks.views.console_plugin_facts import categories
from webhooks.views.console_return import back_from
from webhooks.views.console_scope import acts_of, room_names, topics_of
from webhooks.views.console_waiting import waiting_for

blueprint = Blueprint("console_home", __name__, url_prefix="/console")


@blueprint.get("")
@needs(*ALL_ROLES)
def page() -> ResponseReturnValue:
    """Home."""
    person = someone()
    found = condition()
    return render_template(
        "console/home.html",
        health_sentence=sentence(found),
        back_from=back_from(person) if person.may(*MANAGERS) else None,
        first_steps=_first_steps() if person.may(*LEADS) else (),
        waiting=waiting_for(person),
        figures=_figures(person),
        rooms=room_names(person, dict(categories())),
        may_pause=person.may(*LEADS),
        see_health=person.may(*MANAGERS),
    )


@blueprint.post("/pause")
@needs(*LEADS, calming=True)
def pause_everything() -> ResponseReturnValue:
    """Stop everything, or go on."""
    stop = request.form.get("pause") == "1"
    if not stop and someone().unsure_since is not None:
        abort(503)
    with service().database.begin() as connection:
        (pause.pause if stop else pause.resume)(connection, service().site, someone().username, now())
    flash(words()("home.paused_now" if stop else "home.resumed_now"), "warning" if stop else "good")
    return redirect(url_for("console_home.page"), 303)


def _first_steps() -> list[dict[str, Any]]:
    """What is left to do until it works; empty once all is done."""
    say, host = words(), service()
    found = condition()
    with host.database.read() as connection:
        public = not announce.missing(connection, host.site, "")
        named = bool(duty.roster(connection, host.site))
    address = f"{host.config.public_url}/webhooks/discourse"
    steps = [
        (found.connected, "first_forum", None, say("home.first_forum_help")),
        (memory_counts()["topics"] > 0, "first_memory", None, say("home.first_memory_help")),
        (found.hook_at is not None, "first_hook", None, say("home.first_hook_help", address=address)),
        (public, "first_why", url_for("console_why.page"), say("home.first_why_help")),
        (named, "first_duty", url_for("console_duty.page"), say("home.first_duty_help")),
    ]
    if all(done for done, *_ in steps):
        return []
    return [{"done": done, "text": say(f"home.{key}"), "path": path, "help": help} for done, key, path, help in steps]


def _figures(person: Person) -> list[dict[str, Any]]:
    """Four numbers of the last seven days, none of them a vanity; what was done is for those who decide about it."""
    say, site, since = words(), service().site, now() - timedelta(days=7)
    see, decides = url_for("console_activity.page"), person.may(*MANAGERS)
    with service().database.read() as connection:
        states = {
            row[0]: int(row[1])
            for row in connection.execute(
                select(outbox.c.state, func.count())
                .where(outbox.c.site == site, outbox.c.created_at >= since, *acts_of(person))
                .group_by(outbox.c.state)
            )
        }
        mine = topics_of(person) if decides else []
        inside = [memory.posts.c.topic_id.in_(select(memory.topics.c.id).where(*mine))] if mine else []
        fresh = {
            name: connection.execute(
                select(func.count()).where(table.c.site == site, table.c.created_at >= since, *conditions)
            ).scalar_one()
            for name, table, conditions in (("topics", memory.topics, mine), ("posts", memory.posts, inside))
        }
    done = [
        ("figure_sent", states.get("sent", 0), f"{see}?state=sent"),
        ("figure_would", states.get("watched", 0), f"{see}?state=watched"),
    ]
    rows = [
        *(done if decides else ()),
        ("figure_topics", fresh["topics"], ""),
        ("figure_posts", fresh["posts"], ""),
    ]
    return [{"label": say(f"home.{key}"), "value": say.number(value), "path": path} for key, value, path in rows]
