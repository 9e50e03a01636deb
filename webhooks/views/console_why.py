"""Editing and publishing what must be public before any plugin leaves watch."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from webhooks import announce
from webhooks.announce import KINDS, Kind
from webhooks.announcing import ANNOUNCEMENT, HOST_PLUGIN, announce_in_forum
from webhooks.tables import outbox as outbox_table
from webhooks.views.console_acts import act_by_id
from webhooks.views.console_drafts import drafts, written
from webhooks.views.console_guard import LEADS, needs, someone
from webhooks.views.console_here import now, service, words
from webhooks.views.console_plugin_facts import categories
from webhooks.views.console_words import LANGUAGES

blueprint = Blueprint("console_why", __name__, url_prefix="/console/why")


@blueprint.get("")
@needs(*LEADS)
def page() -> ResponseReturnValue:
    """Both texts in both languages."""
    with service().database.read() as connection:
        texts = {kind: _part(connection, kind) for kind in KINDS}
    rooms = service().archive.categories()
    public = [(one.id, one.name) for one in rooms if one.visibility == "public"]
    return render_template(
        "console/why_editor.html",
        texts=texts,
        categories=public or categories(),
        chosen_category=request.args.get("category", type=int),
        may_publish=True,
    )


@blueprint.post("")
@needs(*LEADS)
def save() -> ResponseReturnValue:
    """Keep the texts; with `publish`, publish them: the page at once, the announcement through the outbox."""
    kind: Kind = "announcement" if request.form.get("kind") == "announcement" else "why"
    texts = {lang: request.form.get(lang, "").replace("\r\n", "\n").strip()[:20_000] for lang in LANGUAGES}
    who, moment, say = someone().username, now(), words()
    with service().database.begin() as connection:
        for lang, text in texts.items():
            announce.write(connection, service().site, "", kind, lang, text, who=who, now=moment)
    if request.form.get("do") != "publish":
        flash(say("whyedit.saved"), "good")
        return _back()
    if not any(texts.values()):
        flash(say("whyedit.empty", lang=" / ".join(LANGUAGES)), "warning")
        return _back()
    if kind == "announcement":
        return _announce(texts)
    with service().database.begin() as connection:
        announce.publish(connection, service().site, "", "why", moment)
    flash(say("whyedit.published_now"), "good")
    return _back()


def _announce(texts: dict[str, str]) -> ResponseReturnValue:
    say = words()
    category = request.form.get("category", type=int)
    if category is None:
        flash(say("whyedit.no_category"), "warning")
        return _back()
    if not service().has_forum:
        flash(say("whyedit.no_bot"), "warning")
        return _back()
    ordered = [texts[lang] for lang in service().config.language_list if texts.get(lang)]
    reason = say("whyedit.announcement_reason", who=someone().username)
    with service().database.begin() as connection:
        announce_in_forum(connection, service(), category, ordered or list(texts.values()), reason, someone().username)
        announce.publish(connection, service().site, "", "announcement", now())
    flash(say("whyedit.announced_now"), "good")
    return _back()


def _part(connection: Connection, kind: Kind) -> dict[str, Any]:
    there = written(connection, kind)
    since = max((one.published_at for one in there.values() if one.published_at), default=None)
    part: dict[str, Any] = {"texts": drafts(connection, kind), "published_at": since, "state": "", "path": None}
    if kind == "announcement":
        number = connection.execute(
            select(outbox_table.c.id)
            .where(
                outbox_table.c.site == service().site,
                outbox_table.c.plugin == HOST_PLUGIN,
                outbox_table.c.once.like(f"{ANNOUNCEMENT}%"),
            )
            .order_by(outbox_table.c.id.desc())
        ).scalar()
        act = act_by_id(number) if number else None
        if act is not None:
            part |= {"state": act.state, "path": act.path if act.state == "sent" else None}
    return part


def _back() -> ResponseReturnValue:
    return redirect(url_for("console_why.page"), 303)
