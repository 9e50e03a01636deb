"""Logging in with the forum's own login (DiscourseConnect), or once by a console link; logging out."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from connector import login as connect
from connector.errors import BadPayload, BadSignature
from webhooks import onetime
from webhooks.limits import limiter
from webhooks.sessions import close_session, open_session
from webhooks.views.console_guard import current_person, forget_person
from webhooks.views.console_here import now, own_path, service, words

blueprint = Blueprint("login", __name__)

_LOGIN_WORD = "login"
"""The browser's half of a login under way: an answer is taken only by the browser that asked."""


@blueprint.get("/login")
def page() -> ResponseReturnValue:
    """The login page; nothing happens before its button is pressed."""
    wanted = own_path(request.args.get("next", ""), "/console")
    if current_person() is not None:
        return redirect(wanted, 303)
    return _page(next_path=wanted)


@blueprint.post("/login")
@limiter.limit("20 per minute")
def start() -> ResponseReturnValue:
    """Off to the forum with a nonce that is good for one answer within ten minutes."""
    secret = service().config.connect_secret.get_secret_value()
    if not _can_connect():
        return _page(), 503
    wanted = own_path(request.form.get("next", ""), "/console")
    with service().database.begin() as connection:
        nonce = onetime.issue(connection, service().site, onetime.LOGIN, {"next": wanted}, now())
    session[_LOGIN_WORD] = nonce
    back = service().config.public_url + url_for("login.answer")
    return redirect(connect.login_address(service().config.forum_url, back, nonce, secret), 303)


@blueprint.get("/login/answer")
@limiter.limit("30 per minute")
def answer() -> ResponseReturnValue:
    """The forum's signed answer: a new session for whoever it names; a nonce that was spent says so."""
    sso, sig = request.args.get("sso", ""), request.args.get("sig", "")
    accepted = service().config.connect_secrets
    try:
        nonce = connect.nonce_of(sso, sig, accepted)
        identity = connect.identify(sso, sig, nonce, accepted)
    except (BadSignature, BadPayload):
        return _page(problem=words()("login.bad")), 400
    asked = session.pop(_LOGIN_WORD, None)
    with service().database.begin() as connection:
        kept = onetime.spend(connection, service().site, onetime.LOGIN, nonce, now())
    if kept is None or asked != nonce:
        return _page(problem=words()("login.spent")), 400
    if identity is None:
        return _page(next_path=str(kept["next"]))
    _enter(identity.id, identity.username, identity.groups, admin=identity.admin)
    return redirect(_landing(own_path(str(kept["next"]), "/console")), 303)


@blueprint.get("/login/link/<token>")
def link(token: str) -> ResponseReturnValue:
    """The page of a one-time link: a button, so that a preview cannot use it up."""
    return _page(link_token=token)


@blueprint.post("/login/link/<token>")
@limiter.limit("10 per minute")
def use_link(token: str) -> ResponseReturnValue:
    """Open the console once, in the role that the link carries."""
    with service().database.begin() as connection:
        kept = onetime.spend(connection, service().site, onetime.LINK, token, now())
    if kept is None:
        return _page(problem=words()("login.link_spent")), 400
    groups = tuple(str(name) for name in kept.get("groups", ()))
    _enter(
        int(kept.get("member_id", 0)), str(kept.get("username", "console")), groups, admin=bool(kept.get("admin", True))
    )
    return redirect(url_for("console_home.page"), 303)


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """End this browser's session, here and in the database."""
    word = session.get("sid")
    if isinstance(word, str):
        with service().database.begin() as connection:
            close_session(connection, service().site, word)
    session.clear()
    flash(words()("login.out"), "good")
    return redirect(url_for("login.page"), 303)


def _enter(member_id: int, username: str, groups: tuple[str, ...], *, admin: bool) -> None:
    """A fresh session under a fresh word: whatever the browser held before is gone, in the database too."""
    old = session.get("sid")
    with service().database.begin() as connection:
        if isinstance(old, str):
            close_session(connection, service().site, old)
        word = open_session(
            connection, service().site, member_id=member_id, username=username, groups=groups, admin=admin, now=now()
        )
    session.clear()
    session["sid"] = word
    forget_person()


def _landing(wanted: str) -> str:
    """Where to go after the login: members without a role have their own page."""
    person = current_person()
    if wanted.startswith("/console") and (person is None or not person.roles):
        flash(words()("login.no_role"), "info")
        return url_for("me.page")
    return wanted


def _can_connect() -> bool:
    config = service().config
    return bool(config.forum_url and config.connect_secret.get_secret_value() and urlsplit(config.public_url).hostname)


def _page(problem: str = "", next_path: str = "/console", link_token: str = "") -> str:
    return render_template(
        "login.html", problem=problem, next_path=next_path, link_token=link_token, can_connect=_can_connect()
    )
