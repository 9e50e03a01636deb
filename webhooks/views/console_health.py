"""Health of the connection: is the forum there, do its news arrive, what was set aside, what may still be sent."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from connector.sentences import in_language
from webhooks.inbox import Inbox, requeue_handlers
from webhooks.tables import handled
from webhooks.views.console_condition import Condition, allowances, condition, memory_counts, sentence
from webhooks.views.console_guard import LEADS, MANAGERS, needs, someone
from webhooks.views.console_here import now, service, words

blueprint = Blueprint("console_health", __name__, url_prefix="/console/health")


@blueprint.get("")
@needs(*MANAGERS)
def page() -> ResponseReturnValue:
    """Everything that is known, good news and bad."""
    found = condition()
    groups = [_forum(found), _deliveries(found), _memory()]
    if found.connected:
        groups.append(_allowance())
    return render_template(
        "console/health.html",
        health_sentence=sentence(found),
        groups=groups,
        quarantine=_set_aside(),
        may_requeue=someone().may(*LEADS),
    )


@blueprint.post("/requeue")
@needs(*LEADS)
def requeue() -> ResponseReturnValue:
    """Give what was set aside five new tries."""
    host = service()
    if request.form.get("kind") == "handler":
        with host.database.begin() as connection:
            requeue_handlers(connection, host.site, now(), request.form.get("id", ""))
    else:
        number = request.form.get("id", type=int)
        Inbox(host.database, host.site, host.clock).requeue([number] if number else [])
    flash(words()("health.requeued"), "good")
    return redirect(url_for("console_health.page"), 303)


def _forum(found: Condition) -> dict[str, Any]:
    say, config, moment = words(), service().config, now()
    if not found.connected:
        return {"key": "forum", "tone": "warning", "sentence": say("health.unconnected"), "facts": [],
                "mend": say("health.not_connected_mend")}  # fmt: skip
    tone = {True: "good", False: "bad", None: "info"}[found.reachable]
    if found.reachable and found.read_only:
        tone = "warning"
    facts = [
        (say("health.address"), config.forum_url),
        (say("health.account"), config.api_username),
        (
            say("health.last_try" if found.error else "health.last_answer"),
            say.ago(found.asked_at, moment) if found.asked_at else say("health.unknown"),
        ),
        (say("health.requests"), say.number(config.requests_per_minute)),
    ]
    if found.error:
        facts.append((say("health.last_error"), found.error))
    text = say("health.read_only") if found.reachable and found.read_only else ""
    return {"key": "forum", "tone": tone, "sentence": text, "facts": facts, "mend": ""}


def _deliveries(found: Condition) -> dict[str, Any]:
    say, moment = words(), now()
    waiting = found.counts.get("pending", 0) + found.counts.get("leased", 0)
    aside = found.counts.get("quarantined", 0)
    late = found.worker_late
    facts = [
        (say("health.last_hook"), say.ago(found.hook_at, moment)),
        (say("health.worker"), say.ago(found.worker_at, moment)),
        (say("health.pending"), say.number(waiting)),
        (say("health.done"), say.number(found.counts.get("done", 0))),
        (say("health.set_aside"), say.number(aside)),
    ]
    tone = "bad" if late else "warning" if aside or waiting > 1000 else "good"
    text = ""
    if late:
        text = say("health.worker_down", ago=say.ago(found.worker_at, moment)) if found.worker_at else ""
        text = text or say("health.worker_never")
    if found.hook_at is None and not late:
        tone, text = "warning", say("health.silent")
    return {"key": "inbox", "tone": tone, "sentence": text, "facts": facts, "mend": ""}


def _memory() -> dict[str, Any]:
    say, host = words(), service()
    counts = memory_counts()
    facts = [(say(f"health.{name}"), say.number(count)) for name, count in counts.items()]
    sweep = host.archive.sweep()
    if sweep.topics:
        facts.append((say("health.sweep"), say.span(max(sweep.length, timedelta(minutes=1)))))
    for name, (done, of) in sorted(host.desk.ready.items()):
        plugin = host.registry.get(name)
        if plugin is not None and done < of:
            title = plugin.title.get(say.lang) or plugin.title.get("en") or name
            facts.append((title, say("health.reading", done=say.number(done), of=say.number(of))))
    full = bool(host.config.model)
    facts.append((say("health.search"), say("health.search_full" if full else "health.search_words")))
    empty = not counts["topics"]
    return {
        "key": "memory",
        "tone": "warning" if empty else "good" if full else "info",
        "sentence": say("health.empty_memory") if empty else "",
        "facts": facts,
        "mend": "" if full else say("health.search_words_mend"),
    }


def _allowance() -> dict[str, Any]:
    say = words()
    rows = allowances()
    facts = []
    for row in rows:
        left = say("health.left", left=say.number(max(0, row["limit"] - row["used"])), all=say.number(row["limit"]))
        waits = f" · {say('health.waits')} {say.number(row['waiting'])}" if row["waiting"] else ""
        facts.append((say(f"health.allow_{row['verb']}"), left + waits))
    waiting = any(row["waiting"] for row in rows)
    return {"key": "allowance", "tone": "warning" if waiting else "good", "sentence": "", "facts": facts, "mend": ""}


def _set_aside() -> list[dict[str, Any]]:
    """Deliveries and handlers that failed five times."""
    host = service()
    rows: list[dict[str, Any]] = [
        {
            "kind": "delivery",
            "id": one["id"],
            "at": one["received_at"],
            "what": one["event"],
            "error": in_language(str(one["error"]), words().lang),
            "tries": one["tries"],
        }
        for one in Inbox(host.database, host.site, host.clock).quarantined()
    ]
    failed = select(handled).where(handled.c.site == host.site, handled.c.state == "quarantined")
    with host.database.read() as connection:
        for one in connection.execute(failed.order_by(handled.c.id.desc()).limit(100)):
            what = f"{one.plugin}: {one.handler}"
            rows.append({"kind": "handler", "id": one.cause, "at": one.at, "what": what, "error": one.error,
                         "tries": one.tries})  # fmt: skip
    return rows
