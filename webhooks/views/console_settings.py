"""Settings forms, drawn from the dataclass: of a plugin, of a plugin in one category, of the house itself."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugins.contract import Plugin
from plugins.settings import FormErrors, apply_overrides, fields_of, from_json, parse_form, parse_overrides, to_json
from webhooks import settings_store
from webhooks.house import SECTIONS, House
from webhooks.settings_store import EVERYWHERE, HOST
from webhooks.views.console_changes import put_back_change, shown_changes
from webhooks.views.console_guard import LEADS, MANAGERS, needs, someone
from webhooks.views.console_here import now, service, words
from webhooks.views.console_plugin_facts import categories, title_of
from webhooks.views.console_setting_fields import form_fields

blueprint = Blueprint("console_settings", __name__, url_prefix="/console")


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose settings, and where: `name` is the plugin ("" the house), `category` 0 the whole forum."""

    name: str
    title: str
    declared: type[Any]
    category: int

    @property
    def path(self) -> str:
        if self.name == HOST:
            return url_for("console_settings.house")
        return url_for("console_settings.plugin", name=self.name, category=self.category or None)


@blueprint.get("/plugins/<name>/settings")
@needs(*MANAGERS)
def plugin(name: str) -> ResponseReturnValue:
    """A plugin's settings, for the whole forum or one category."""
    return _form(_place_of(name, request.args.get("category", type=int) or EVERYWHERE))


@blueprint.post("/plugins/<name>/settings")
@needs(*LEADS)
def save_plugin(name: str) -> ResponseReturnValue:
    """Save them; what is wrong is shown beside its field and nothing is saved."""
    return _save(_place_of(name, request.form.get("category", type=int) or EVERYWHERE))


@blueprint.get("/house")
@needs(*MANAGERS)
def house() -> ResponseReturnValue:
    """What is decided once for the whole forum."""
    return _form(_house())


@blueprint.post("/house")
@needs(*LEADS)
def save_house() -> ResponseReturnValue:
    """Save the house settings."""
    return _save(_house())


@blueprint.post("/house/put-back")
@needs(*LEADS)
def put_back_house() -> ResponseReturnValue:
    """Take one change of the house settings back."""
    change = request.form.get("change", type=int) or 0
    with service().database.begin() as connection:
        problem = put_back_change(connection, HOST, change, who=someone().username, now=now())
    flash(problem or words()("plugins.put_back_done"), "warning" if problem else "good")
    return redirect(url_for("console_settings.house"), 303)


def _house() -> _Place:
    return _Place(HOST, words()("nav.house"), House, EVERYWHERE)


def _place_of(name: str, category: int) -> _Place:
    found: Plugin | None = service().registry.get(name)
    if found is None or found.settings is None:
        abort(404)
    if category and category not in dict(categories()):
        abort(404)
    return _Place(name, title_of(found), found.settings, category)


def _save(place: _Place) -> ResponseReturnValue:
    sent = {key: values for key, values in request.form.lists() if key not in ("csrf_token", "category", "own")}
    with service().database.begin() as connection:
        general = from_json(place.declared, settings_store.stored(connection, service().site, place.name))
        if place.category:
            parsed: Any = parse_overrides(place.declared, sent, request.form.getlist("own"))
        else:
            parsed = parse_form(place.declared, sent, general)
        if isinstance(parsed, FormErrors):
            return _form(place, errors=parsed, typed=sent)
        if place.category:
            values = to_json(apply_overrides(general, parsed))
            values = {name: values[name] for name in parsed}
        else:
            before = to_json(general)
            values = {name: value for name, value in to_json(parsed).items() if before[name] != value}
        settings_store.save(
            connection,
            service().site,
            place.name,
            values,
            who=someone().username,
            now=now(),
            category_id=place.category,
            replace=bool(place.category),
        )
    flash(words()("common.saved"), "good")
    return redirect(place.path, 303)


def _form(place: _Place, errors: FormErrors | None = None, typed: Any = None) -> ResponseReturnValue:
    site, say = service().site, words()
    rooms = categories()
    with service().database.read() as connection:
        values = from_json(place.declared, settings_store.stored(connection, site, place.name))
        own = settings_store.stored(connection, site, place.name, place.category) if place.category else {}
    if place.category:
        values = apply_overrides(values, own)
    varying = {field.name for field in fields_of(place.declared) if field.per_category}
    fields = [one for one in form_fields(place.declared, values, typed) if not place.category or one.name in varying]
    sections = [("", fields)]
    if place.name == HOST:
        by_name = {one.name: one for one in fields}
        sections = [(name, [by_name[field] for field in names]) for name, names in SECTIONS.items()]
    body = render_template(
        "console/settings.html",
        sections=sections,
        plugin={"name": place.name, "title": place.title},
        category={"id": place.category, "name": dict(rooms)[place.category]} if place.category else None,
        categories=rooms if place.name != HOST and varying else [],
        fields=fields,
        own=request.form.getlist("own") if typed is not None else list(own),
        errors={name: say.pick(wrong) for name, wrong in errors.by_field.items()} if errors else {},
        may_change=someone().may(*LEADS),
        changes=shown_changes(place.name, place.declared),
    )
    return body, 422 if errors else 200
