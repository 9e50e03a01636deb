"""What every page has around it: words, colours, who is logged in, the menu, and what a failed page says."""

from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, generate_csrf
from markupsafe import Markup, escape
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from webhooks.tone import forum_title
from webhooks.views import blocks
from webhooks.views.console_guard import Person, current_person
from webhooks.views.console_here import is_paused, now, own_path, service, words
from webhooks.views.console_markdown import as_said
from webhooks.views.console_menu import menu_for
from webhooks.views.console_words import LANGUAGES

blueprint = Blueprint("look", __name__)

_YEAR = 365 * 24 * 3600


@blueprint.post("/look/theme")
def theme() -> ResponseReturnValue:
    """Choose light or dark colours, or follow the device."""
    wish = request.form.get("theme", "")
    return _with_cookie("passerelle_theme", wish if wish in ("light", "dark") else "")


@blueprint.post("/look/language")
def language() -> ResponseReturnValue:
    """Choose French or English."""
    wish = request.form.get("language", "")
    return _with_cookie("passerelle_lang", wish if wish in LANGUAGES else "")


def _with_cookie(name: str, value: str) -> ResponseReturnValue:
    answer = redirect(own_path(request.form.get("back", ""), url_for("why.page")), 303)
    secure = service().config.public_url.startswith("https:")
    answer.set_cookie(name, value, max_age=_YEAR if value else 0, httponly=True, samesite="Lax", secure=secure)
    return answer


@blueprint.app_context_processor
def around() -> dict[str, Any]:
    """What all templates may use; made once a request."""
    if "frame" not in g:
        g.frame = _frame()
    found: dict[str, Any] = g.frame
    return found


def _frame() -> dict[str, Any]:
    config = service().config
    person = current_person()
    in_console = request.path.startswith("/console") and person is not None and bool(person.roles)
    chosen = request.cookies.get("passerelle_theme", "")
    return {
        "words": words(),
        "theme": chosen if chosen in ("light", "dark") else "",
        "who": person,
        "who_name": _name(person),
        "site_name": _site_name(),
        "forum_url": config.forum_url,
        "brand_path": url_for("console_home.page") if person and person.roles else url_for("why.page"),
        "paused": is_paused() if in_console else False,
        "navigation": menu_for(person, request.path) if in_console and person else (),
        "csrf_field": csrf_field,
        "back_field": back_field,
        "query_with": query_with,
        "now": now(),
    }


def _name(person: Person | None) -> str:
    """What people call whoever is logged in: the name on the forum, else the account's."""
    if person is None:
        return ""
    member = service().archive.member(person.member_id) if person.member_id > 0 else None
    return (member.name if member else "") or person.username


def _site_name() -> str:
    """The forum's name as the managers or the forum itself say it, else its host."""
    host = service()
    with host.database.read() as connection:
        return forum_title(connection, host.site) or urlsplit(host.config.forum_url).hostname or ""


def csrf_field() -> Markup:
    """The hidden field without which no form is taken."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def back_field() -> Markup:
    """The page a form stands on, to come back to it."""
    here = request.full_path.rstrip("?") if request.method == "GET" else "/console"
    return Markup('<input type="hidden" name="back" value="{}">').format(here)


def query_with(**changed: Any) -> str:
    """The query string of the page shown, with some values changed."""
    return urlencode({**request.args.to_dict(), **changed})


def ticks(text: str) -> Markup:
    """A sentence in which `backticks` mark what is typed on a command line."""
    parts = str(text).split("`")
    pieces = [Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)]
    return Markup("").join(pieces)


blueprint.add_app_template_filter(blocks.cell_kind, "cell_kind")
blueprint.add_app_template_filter(ticks, "ticks")


@blueprint.app_template_filter("said")
def said(text: str) -> Markup:
    """A text for members as they will read it."""
    return as_said(text, service().config.forum_url)


def error_page(status: int) -> ResponseReturnValue:
    """A page that says in the reader's words what happened and what to do."""
    say = words()
    known = status if say.has(f"errors.t{status}") else (400 if status < 500 else 500)
    body = render_template(
        "error.html",
        title=say(f"errors.t{known}"),
        sentence=say(f"errors.s{known}"),
        mend=say(f"errors.m{known}", now=f"{now():%Y-%m-%d %H:%M:%S} UTC"),
    )
    return body, status


@blueprint.app_errorhandler(CSRFError)
def forged(error: CSRFError) -> ResponseReturnValue:
    """A form without our hidden field, or with another browser's."""
    return error_page(400)


@blueprint.app_errorhandler(HTTPException)
def failed(error: HTTPException) -> ResponseReturnValue:
    """Pages for people; machines that ask other addresses keep their plain answers."""
    status = error.code or 500
    if status < 400 or request.blueprint in ("health", "inline") or request.path.startswith("/webhooks/"):
        return error.get_response()
    answer = current_app.make_response(error_page(status))
    for name, value in error.get_response().headers.items():
        if name in ("Retry-After", "Allow"):
            answer.headers[name] = value
    return answer


@blueprint.app_errorhandler(SQLAlchemyError)
def no_database(error: SQLAlchemyError) -> ResponseReturnValue:
    """The database does not answer: say so without asking it anything."""
    structlog.get_logger().error("database_failed", path=request.path, kind=type(error).__name__)
    say = words()
    text = f"{say('errors.t503')}. {say('errors.s503')} {say('errors.m503')}\n"
    return current_app.response_class(text, 503, content_type="text/plain; charset=utf-8")
