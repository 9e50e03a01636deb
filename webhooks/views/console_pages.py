"""Plugins' own pages and measures, drawn from blocks; views of pages about people are noted."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugins.blocks import Anchor, Block, Figure, Figures, Notice, Page, RawList, Table, Text
from plugins.contract import Case, MeasureSpec, PageSpec, Plugin
from webhooks import announce
from webhooks.views import blocks
from webhooks.views.blocks_csv import table_csv
from webhooks.views.console_access import log_view
from webhooks.views.console_guard import ALL_ROLES, LEADS, needs, someone
from webhooks.views.console_here import service, words
from webhooks.views.console_markdown import as_html
from webhooks.views.console_plugin_calls import ask, tell
from webhooks.views.console_plugin_facts import title_of

blueprint = Blueprint("console_pages", __name__)


@blueprint.get("/console/plugins/<name>/page/<slug>")
@needs(*ALL_ROLES)
def plugin_page(name: str, slug: str) -> ResponseReturnValue:
    """One page of a plugin; `csv=2` gives its third block, a table, as a file."""
    plugin, spec = _known(name, slug)
    if spec.about_people and (closed := _not_yet(plugin, spec)):
        return closed
    query = {key: value for key, value in request.args.items() if key != "csv"}
    asked = ask(plugin, Page, lambda context: spec.func(query, context))
    title = words().pick(spec.title, slug)
    if asked.value is None:
        broken = Notice(words()("pages.broken", error=asked.error), "warning")
        return _drawn(plugin, title, Page(title, [broken]), logged=False), 500
    page = asked.value
    if page.about_members:
        with service().database.begin() as connection:
            log_view(connection, someone(), page.about_members, f"{title_of(plugin)}: {title}")
    wanted = request.args.get("csv", type=int)
    if wanted is not None:
        return _csv(page, wanted, slug)
    return _drawn(plugin, page.title or title, page, logged=spec.about_people)


@blueprint.post("/console/plugins/<name>/page/<slug>")
@needs(*ALL_ROLES)
def plugin_action(name: str, slug: str) -> ResponseReturnValue:
    """A form, an editor or a list of the page came back: its handler gets the values, then the page is shown anew."""
    plugin, spec = _known(name, slug)
    if spec.about_people and (closed := _not_yet(plugin, spec)):
        return closed
    sent = {key: value for key, value in request.form.items() if key != "csrf_token"}
    places = sorted(
        (int(value), key[6:]) for key, value in sent.items() if key.startswith("place:") and value.isdigit()
    )
    if places:
        sent["order"] = ",".join(key for _, key in places)
    done = tell(plugin, lambda context: spec.func(sent, context))
    if done.error:
        flash(words()("pages.failed", error=done.error), "bad")
    elif isinstance(done.value, Notice):
        flash(done.value.text, "warning" if done.value.kind == "warning" else "good")
    else:
        flash(words()("pages.done"), "good")
    return redirect(url_for("console_pages.plugin_page", name=name, slug=slug) + _query(), 303)


@blueprint.post("/console/plugins/<name>/page/<slug>/look")
@needs(*ALL_ROLES)
def plugin_look(name: str, slug: str) -> ResponseReturnValue:
    """A form or a preview that only reads: what its handler gives is shown, in the page where it can be put in."""
    plugin, spec = _known(name, slug)
    if spec.about_people and (closed := _not_yet(plugin, spec)):
        return closed
    sent = {key: value for key, value in request.form.items() if key != "csrf_token"}
    asked = ask(plugin, Page, lambda context: spec.func(sent, context))
    title = words().pick(spec.title, slug)
    page = asked.value or Page(title, [Notice(words()("pages.broken", error=asked.error), "warning")])
    if page.about_members:
        with service().database.begin() as connection:
            log_view(connection, someone(), page.about_members, f"{title_of(plugin)}: {title}")
    if "HX-Request" in request.headers:
        return str(blocks.draw(page.blocks, forum_url=service().config.forum_url, words=words(), level=3))
    return _drawn(plugin, page.title or title, page, logged=spec.about_people)


@blueprint.get("/console/plugins/<name>/measures")
@needs(*LEADS)
def measures(name: str) -> ResponseReturnValue:
    """A plugin's numbers with definition, interval, baseline and the rows behind them."""
    plugin = service().registry.get(name)
    if plugin is None or not plugin.measures:
        abort(404)
    shown: list[Any] = []
    for spec in plugin.measures:
        shown += _measure(plugin, spec)
    drawn = blocks.draw(shown, forum_url=service().config.forum_url, words=words())
    return render_template("console/measures.html", plugin={"name": name, "title": title_of(plugin)}, drawn=drawn)


@blueprint.post("/console/preview")
@needs(*ALL_ROLES)
def preview() -> ResponseReturnValue:
    """Markdown as it will look; nothing is kept."""
    text = request.form.get(request.form.get("field", ""), "")
    return str(as_html(text[:32_000]))


@blueprint.get("/pages/<name>/<slug>")
def public_page(name: str, slug: str) -> ResponseReturnValue:
    """A plugin's page for everybody who may read the forum."""
    plugin = service().registry.get(name)
    spec = next((one for one in plugin.public_pages if one.slug == slug), None) if plugin else None
    if plugin is None or spec is None or not service().is_on(plugin.name):
        abort(404)
    asked = ask(plugin, Page, lambda context: spec.func(request.args.to_dict(), context))
    title = words().pick(spec.title, slug)
    page = asked.value or Page(title, [Notice(words()("pages.broken", error=asked.error), "warning")])
    drawn = blocks.draw(page.blocks, forum_url=service().config.forum_url, words=words(), here=request.path)
    return render_template("public_blocks.html", title=page.title or title, drawn=drawn), 200 if asked.value else 500


@blueprint.get("/<slug>")
def short(slug: str) -> ResponseReturnValue:
    """The short address of a public page; the plugin that comes first by name has the word."""
    having = (one.name for one in service().registry if any(page.slug == slug for page in one.public_pages))
    name = next((one for one in having if service().is_on(one)), None)
    if name is None:
        abort(404)
    return redirect(url_for("console_pages.public_page", name=name, slug=slug), 302)


def _query() -> str:
    return f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""


def _known(name: str, slug: str) -> tuple[Plugin, PageSpec]:
    plugin = service().registry.get(name)
    spec = next((one for one in plugin.pages if one.slug == slug), None) if plugin else None
    if plugin is None or spec is None:
        abort(404)
    if not someone().may(*spec.roles):
        abort(403)
    return plugin, spec


def _not_yet(plugin: Plugin, spec: PageSpec) -> ResponseReturnValue | None:
    """Inferred expertise is shown to nobody before why-page and announcement are published."""
    with service().database.read() as connection:
        if not announce.missing(connection, service().site, plugin.name):
            return None
    say = words()
    title = say.pick(spec.title, spec.slug)
    shown: list[Block] = [Notice(say("pages.not_yet"), "warning")]
    if someone().may(*LEADS):
        way = Anchor(say("pages.not_yet_link"), url_for("console_why.page"), forum=False)
        shown.append(Table((say("whyedit.title"),), [[way]]))
    return _drawn(plugin, title, Page(title, shown), logged=False)


def _drawn(plugin: Plugin, title: str, page: Page, *, logged: bool) -> str:
    there = [page for page in plugin.pages if page.slug == (request.view_args or {}).get("slug")]
    look = url_for("console_pages.plugin_look", name=plugin.name, slug=there[0].slug) if there else ""
    here = url_for("console_pages.plugin_page", name=plugin.name, slug=there[0].slug) + _query() if there else ""
    forum_url = service().config.forum_url
    drawn = blocks.draw(page.blocks, forum_url=forum_url, words=words(), here=here, csv=True, look=look)
    return render_template(
        "console/blocks_page.html",
        plugin={"name": plugin.name, "title": title_of(plugin)},
        title=title,
        drawn=drawn,
        logged=logged,
    )


def _csv(page: Page, number: int, slug: str) -> ResponseReturnValue:
    table = page.blocks[number] if 0 <= number < len(page.blocks) else None
    if not isinstance(table, Table):
        abort(404)
    name = f"{slug}-{number + 1}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(table_csv(table), content_type="text/csv; charset=utf-8", headers=headers)


def _measure(plugin: Plugin, spec: MeasureSpec) -> list[Any]:
    asked = ask(plugin, Case, spec.func)
    label = words().pick(spec.title, spec.name.replace("_", " "))
    if asked.value is None:
        return [Text(label, heading=True), Notice(words()("pages.broken", error=asked.error), "warning")]
    case = asked.value
    value, low, high, baseline = (
        round(100 * one) if spec.share and one is not None else one
        for one in (case.value, case.low, case.high, case.baseline)
    )
    unit = "%" if spec.share else ""
    figure = Figure(label, value, low, high, baseline, unit, words().pick(spec.definition))
    rows = [RawList(words()("blocks.numbers"), case.rows)] if case.rows else []
    return [Figures([figure]), *rows]
