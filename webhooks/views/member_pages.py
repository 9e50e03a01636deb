"""`/m/<plugin>/<page>`: what plugins show members under their own rights, and forms that members send them."""

import secrets
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugins.blocks import Block, Notice, Page
from plugins.contract import MemberFormSpec, MemberPageSpec, Plugin
from plugins.doors import Context, Viewer
from webhooks import announce
from webhooks.context import Ground
from webhooks.handling import handle
from webhooks.limits import limiter
from webhooks.views import blocks
from webhooks.views.console_access import log_view
from webhooks.views.console_guard import Person, current_person, to_login
from webhooks.views.console_here import service, words
from webhooks.views.console_plugin_calls import ask
from webhooks.views.console_plugin_facts import title_of
from webhooks.views.me_facts import own_language

blueprint = Blueprint("member_pages", __name__, url_prefix="/m")


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the menu of `/me`."""

    title: str
    path: str


def menu() -> list[Entry]:
    """Every member page of the plugins that are on and may show it."""
    return [
        Entry(words().pick(spec.title, spec.slug), url_for("member_pages.page", name=plugin.name, slug=spec.slug))
        for plugin in service().registry
        if plugin.member_pages and service().is_on(plugin.name)
        for spec in plugin.member_pages
        if not _is_closed(plugin, spec)
    ]


@blueprint.get("/<name>/<slug>")
def page(name: str, slug: str) -> ResponseReturnValue:
    """One page of a plugin, for the member who is logged in."""
    plugin, spec = _known_page(name, slug)
    person = current_person()
    if person is None:
        return to_login()
    own_language(person)
    viewer = viewer_for(person)
    title = words().pick(spec.title, slug)
    if _is_closed(plugin, spec):
        return _drawn(plugin, Page(title, [Notice(words()("pages.not_yet"), "warning")]), title)
    query = request.args.to_dict()
    asked = ask(plugin, Page, lambda context: spec.func(query, context, viewer))
    if asked.value is None:
        return _drawn(plugin, Page(title, [Notice(words()("me.card_broken"), "warning")]), title), 500
    if asked.value.about_members:
        with service().database.begin() as connection:
            log_view(connection, person, asked.value.about_members, f"{title_of(plugin)}: {title}")
    return _drawn(plugin, asked.value, title)


@blueprint.post("/<name>/<slug>")
@limiter.limit("60 per minute")
def send(name: str, slug: str) -> ResponseReturnValue:
    """A form of a member page came back: its handler says something, then the page is shown anew."""
    plugin, spec = _known_page(name, slug)
    if _is_closed(plugin, spec):
        abort(404)
    query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
    return _taken(plugin, url_for("member_pages.page", name=name, slug=slug) + query, "good")


@blueprint.post("/<name>")
@limiter.limit("60 per minute")
def send_card(name: str) -> ResponseReturnValue:
    """A form of a plugin's card on `/me` came back."""
    plugin = service().registry.get(name)
    if plugin is None or not service().is_on(name):
        abort(404)
    # Said in the card itself, which is where the browser goes: the top of the page is out of sight there.
    return _taken(plugin, url_for("me.page") + f"#card-{name}", f"card-{name}")


def viewer_for(person: Person) -> Viewer:
    """Who looks, with the rights of the groups that the forum gives now. Aborts for one without a forum account."""
    if person.member_id <= 0:
        abort(403)
    return Viewer(
        member_id=person.member_id,
        username=person.username,
        groups=person.groups,
        is_manager=person.rooms is None,
        lang=words().lang,
        audience=service().archive.audience_for(person.groups, person.member_id),
    )


def _taken(plugin: Plugin, back: str, place: str) -> ResponseReturnValue:
    person = current_person()
    if person is None:
        return to_login()
    viewer = viewer_for(person)
    spec = next((one for one in plugin.member_forms if one.name == request.form.get("action")), None)
    if spec is None:
        abort(404)
    values = {key: value for key, value in request.form.items() if key not in ("csrf_token", "action")}
    said: list[str] = []
    # A cause of its own: the same form may be sent again tomorrow with the same words.
    ground = Ground(plugin, cause=f"form:{secrets.token_hex(12)}")
    ended = handle(service(), ground, spec.func.__name__, partial(_run, spec, values, viewer, said))
    if ended.state == "done":
        flash(said[0] if said else words()("common.saved"), place)
    else:
        flash(words()("me.card_broken"), "warning" if place == "good" else place)
    return redirect(back, 303)


def _run(spec: MemberFormSpec, values: dict[str, str], viewer: Viewer, said: list[str], context: Context) -> None:
    answer = spec.func(values, context, viewer)
    if isinstance(answer, str) and answer.strip():
        said.append(answer.strip())


def _known_page(name: str, slug: str) -> tuple[Plugin, MemberPageSpec]:
    plugin = service().registry.get(name)
    spec = next((one for one in plugin.member_pages if one.slug == slug), None) if plugin else None
    if plugin is None or spec is None or not service().is_on(name):
        abort(404)
    return plugin, spec


def _is_closed(plugin: Plugin, spec: MemberPageSpec) -> bool:
    """What is inferred about people is shown to nobody before why-page and announcement are published."""
    if not spec.about_people:
        return False
    with service().database.read() as connection:
        return bool(announce.missing(connection, service().site, plugin.name))


def _drawn(plugin: Plugin, page: Page, title: str) -> str:
    shown: list[Block] = list(page.blocks)
    here = request.full_path.rstrip("?")
    drawn = blocks.draw(shown, forum_url=service().config.forum_url, words=words(), here=here)
    return render_template(
        "member_page.html", title=page.title or title, drawn=drawn, about=title_of(plugin), pages=menu()
    )
