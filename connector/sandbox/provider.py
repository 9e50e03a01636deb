"""DiscourseConnect provider: tells another service, signed, who is logged in here."""

import hmac
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, request

from .asking import board, who
from .board import Board
from .people import groups_of
from .problems import not_found
from .signing import connect_facts, connect_payload, connect_signature, secrets_for
from .store import Row

provider = Blueprint("provider", __name__)
COOKIE = "sso_payload"


def _plain(text: str, status: int) -> Response:
    return Response(text, status, mimetype="text/plain")


@provider.get("/session/sso_provider")
def sso_provider() -> Any:
    """302 with a signed identity; an anonymous reader is sent to the login and comes along afterwards."""
    if not board().setting("enable_discourse_connect_provider"):
        raise not_found()
    sso, sig = request.args.get("sso", ""), request.args.get("sig", "")
    address, secret, problem = _checked(board(), sso, sig)
    if problem is not None:
        return problem
    quiet = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    if who().member is None or quiet:
        answer = make_response("", 204) if quiet else _to_login()
        answer.set_cookie(COOKIE, urlencode({"sso": sso, "sig": sig}), httponly=True, samesite="Lax")
        return answer
    member = who().member
    assert member is not None
    return _signed_redirect(board(), member, sso, address, secret)


def _to_login() -> Response:
    answer = redirect(board().base_url + "/login", 302)
    answer.set_data(f'<html><body>You are being <a href="{board().base_url}/login">redirected</a>.</body></html>')
    return make_response(answer)


def _checked(forum: Board, sso: str, sig: str) -> tuple[str, str, Response | None]:
    try:
        facts = connect_facts(sso)
    except ValueError:
        return "", "", _plain("Login Error", 422)
    address = facts.get("return_sso_url", "")
    if not address:
        return "", "", _plain("return_sso_url is blank, it must be provided", 400)
    known = secrets_for(address, str(forum.setting("discourse_connect_provider_secrets")))
    if not known:
        return "", "", _plain("Secret for Discourse Connect provider is missing or does not match the return URL.", 400)
    for secret in known:
        if hmac.compare_digest(connect_signature(sso, secret), sig):
            return address, secret, None
    return "", "", _plain("Login Error", 422)


def _signed_redirect(forum: Board, member: Row, sso: str, address: str, secret: str) -> Response:
    facts = connect_facts(sso)
    told = {
        "nonce": facts.get("nonce", ""),
        "return_sso_url": address,
        "external_id": str(member["id"]),
        "username": member["username"],
        "email": member["email"],
        "admin": "true" if member["admin"] else "false",
        "moderator": "true" if member["moderator"] else "false",
        "groups": ",".join(group["name"] for group in groups_of(forum, member["id"])),
    }
    if member["name"]:
        told["name"] = member["name"]
    payload = connect_payload(told)
    query = urlencode({"sso": payload, "sig": connect_signature(payload, secret)})
    target = f"{address}{'&' if '?' in address else '?'}{query}"
    answer = make_response(redirect(target, 302))
    answer.delete_cookie(COOKIE)
    return answer


def after_login(forum: Board, member: Row) -> Response | None:
    """Where a login leads when another service asked who it is (the cookie): there, instead of the forum."""
    kept = request.cookies.get(COOKIE)
    if not kept or not forum.setting("enable_discourse_connect_provider"):
        return None
    from urllib.parse import parse_qs

    asked = parse_qs(kept)
    sso, sig = asked.get("sso", [""])[0], asked.get("sig", [""])[0]
    address, secret, problem = _checked(forum, sso, sig)
    return None if problem is not None else _signed_redirect(forum, member, sso, address, secret)
