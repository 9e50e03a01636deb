"""A member's own page: what is known of me, what I received and why, what I wish, who looked; download and erasure."""

from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webhooks import wishes
from webhooks.erasure import erase as erase_everywhere
from webhooks.limits import limiter
from webhooks.views import member_pages
from webhooks.views.console_access import looks_at
from webhooks.views.console_guard import current_person, to_login
from webhooks.views.console_here import now, service, words
from webhooks.views.me_download import as_json
from webhooks.views.me_facts import attention_left, cards, choices, facts, own_language, received, tables

blueprint = Blueprint("me", __name__, url_prefix="/me")


@blueprint.get("")
def page() -> ResponseReturnValue:
    """Everything about whoever is logged in."""
    person = current_person()
    if person is None:
        return to_login()
    own_language(person)
    with service().database.read() as connection:
        looks = looks_at(connection, person.member_id)
    came, seen = tables(received(person.member_id), looks)
    return render_template(
        "me.html",
        choices=choices(person.member_id),
        facts=facts(person),
        cards=cards(person.member_id),
        received=came,
        budget_left=attention_left(person.member_id),
        looks=seen,
        pages=member_pages.menu(),
    )


@blueprint.post("")
def choose() -> ResponseReturnValue:
    """Keep the member's wishes, which count from now on."""
    person = current_person()
    if person is None:
        return to_login()
    away = _day(request.form.get("away_until", ""))
    if away is None and request.form.get("away_until"):
        flash(words()("me.bad_date"), "warning")
        return redirect(url_for("me.page"), 303)
    _keep(person.member_id, away)
    flash(words()("me.saved"), "good")
    return redirect(url_for("me.page"), 303)


@blueprint.get("/download")
@limiter.limit("10 per minute")
def download() -> ResponseReturnValue:
    """The whole page as JSON."""
    person = current_person()
    if person is None:
        return to_login()
    name = f"passerelle-{person.member_id}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_json(person), content_type="application/json; charset=utf-8", headers=headers)


@blueprint.post("/erase")
@limiter.limit("5 per minute")
def erase() -> ResponseReturnValue:
    """Erase everything about the member, once the own name was typed."""
    person = current_person()
    if person is None:
        return to_login()
    typed = request.form.get("confirm", "").strip().lstrip("@").lower()
    if not typed or typed != person.username.lower() or person.member_id <= 0:
        flash(words()("me.erase_wrong"), "warning")
        return redirect(url_for("me.page") + "#me-take", 303)
    erase_everywhere(service(), person.member_id)
    with service().database.begin() as connection:
        # The one thing kept is the wish not to be suggested again: without it the next post would bring it all back.
        wishes.wish(connection, service().site, person.member_id, "never", now=now())
    session.clear()
    flash(words()("me.erased"), "good")
    return redirect(url_for("why.page"), 303)


def _keep(member: int, away: datetime | None) -> None:
    site, moment, form = service().site, now(), request.form
    with service().database.begin() as connection:

        def set_wish(kind: wishes.Kind, wanted: bool, plugin: str = "", until: datetime | None = None) -> None:
            if wanted:
                wishes.wish(connection, site, member, kind, plugin=plugin, now=moment, until=until)
            else:
                wishes.unwish(connection, site, member, kind, plugin=plugin)

        set_wish("never", bool(form.get("all")))
        for plugin in service().registry:
            wanted = bool(form.get(f"plugin:{plugin.name}"))
            set_wish("never", not wanted, plugin.name)
            if wanted:
                wishes.unwish(connection, site, member, "snoozed", plugin=plugin.name)
            set_wish("agreed", bool(form.get(f"named:{plugin.name}")), plugin.name)
        set_wish("away", away is not None and away > moment, until=away)
        language = form.get("language", "")
        for code in ("fr", "en"):
            if code == language:
                wishes.wish(connection, site, member, "speaks", subject=code, now=moment)
            else:
                wishes.unwish(connection, site, member, "speaks", subject=code)


def _day(text: str) -> datetime | None:
    """The end of the day that was written, in the site's time zone."""
    try:
        last = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(last + timedelta(days=1), time(), words().zone).astimezone(UTC)
