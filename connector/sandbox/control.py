"""Control from another process of this machine: POST /sandbox/control/{verb} with JSON, loopback only."""

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from . import keys
from .asking import board
from .forum import EVENT_TYPES, SandboxForum
from .problems import Problem, bad_parameter, forbidden, not_found

control = Blueprint("control", __name__)
LOOPBACK = {"127.0.0.1", "::1"}


def _forum() -> SandboxForum:
    return SandboxForum(board(), current_app.extensions["hooks"])


def _act(verbs: Any, given: dict[str, Any]) -> Any:
    name = str(given.pop("verb", ""))
    found = getattr(verbs, name, None)
    if name.startswith("_") or not callable(found):
        raise bad_parameter("verb")
    return found(**given)


def _member(given: dict[str, Any]) -> Any:
    """{"member", "verb": topic|reply|message|edit|delete|recover|like|unlike|flag|login|logout|inbox,
    …its arguments}
    """
    acting = _forum().as_member(str(given.pop("member", "")))
    if isinstance(given.get("recipients"), list):
        given["recipients"] = tuple(given["recipients"])
    return _act(acting, given)


def _staff(given: dict[str, Any]) -> Any:
    """{"verb": close|hide|move_posts|…, …its arguments}"""
    if "until" in given:
        given["until"] = datetime.fromisoformat(given["until"])
    return _act(_forum().staff, given)


def _add_member(given: dict[str, Any]) -> Any:
    return _forum().add_member(**given).id


def _add_category(given: dict[str, Any]) -> Any:
    return _forum().add_category(**given)


def _add_group(given: dict[str, Any]) -> Any:
    members = given.pop("members", [])
    return _forum().add_group(given.pop("name"), *members, **given)


def _settings(given: dict[str, Any]) -> Any:
    _forum().set(**given)
    return "OK"


def _key(given: dict[str, Any]) -> Any:
    """{"username", "scopes"?, "key"? (a text to use)}; gives the key."""
    scopes = tuple(given.get("scopes", keys.RUNTIME_SCOPES))
    fixed = given.get("key")
    if fixed is None:
        return _forum().make_key(given.get("username"), scopes)
    acting = _forum().as_member(given["username"])
    keys.put_key(board(), str(fixed), acting.id, scopes, "control")
    return fixed


def _hook(given: dict[str, Any]) -> Any:
    """{"url", "secret", "event_types"?}; gives the hook's id."""
    types = tuple(given.get("event_types", EVENT_TYPES))
    return _forum().add_hook(str(given["url"]), str(given["secret"]), types)


def _connect(given: dict[str, Any]) -> Any:
    """{"host", "secret"}: a DiscourseConnect provider for that host."""
    _forum().allow_login_for(given["host"], given["secret"])
    return "OK"


def _fault(given: dict[str, Any]) -> Any:
    """{"kind", "method"?, "path"?, "times"?, "seconds"?}, or {"clear": true}, or {"lose_hooks": bool}."""
    faults = board().faults
    if given.pop("clear", False):
        faults.clear()
    if "lose_hooks" in given:
        faults.lose_hooks = bool(given.pop("lose_hooks"))
    if given:
        faults.add(**given)
    return faults.state()


def _clock(given: dict[str, Any]) -> Any:
    """{"move": seconds}, {"freeze": time or null}, {"run": true}; gives the time."""
    clock = board().clock
    if "freeze" in given:
        clock.freeze(datetime.fromisoformat(given["freeze"]) if given["freeze"] else None)
    if given.get("run"):
        clock.run()
    _forum().pass_time(timedelta(seconds=float(given.get("move", 0))))
    return clock.stamp()


def _deliver(_given: dict[str, Any]) -> Any:
    """Send what is due now; gives the statuses."""
    return [answer.status for answer in _forum().hooks.deliver_all()]


def _deliveries(given: dict[str, Any]) -> Any:
    """{"hook"}: what was delivered."""
    rows = _forum().hooks.log(int(given["hook"]))
    return [{name: row[name] for name in ("id", "event_name", "status", "created_at")} for row in rows]


def _ping(given: dict[str, Any]) -> Any:
    _forum().hooks.ping(int(given["hook"]))
    return "OK"


def _redeliver(given: dict[str, Any]) -> Any:
    return _forum().hooks.redeliver(int(given["event"])).status


def _waiting(_given: dict[str, Any]) -> Any:
    return _forum().hooks.waiting()


def _state(_given: dict[str, Any]) -> Any:
    return base64.b64encode(_forum().state()).decode()


def _posts(given: dict[str, Any]) -> Any:
    """{"topic"} or {"by"}: rows of posts."""
    return _forum().posts(int(given["topic"])) if "topic" in given else _forum().posts_by(str(given["by"]))


def _members(_given: dict[str, Any]) -> Any:
    return _forum().members()


VERBS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "member": _member, "staff": _staff, "add-member": _add_member, "add-category": _add_category,
    "add-group": _add_group,
    "settings": _settings, "key": _key, "hook": _hook, "connect": _connect, "fault": _fault, "clock": _clock,
    "deliver": _deliver, "deliveries": _deliveries, "ping": _ping, "redeliver": _redeliver, "waiting": _waiting,
    "state": _state, "posts": _posts, "members": _members,
}  # fmt: skip


@control.post("/sandbox/control/<verb>")
def command(verb: str) -> Response:
    """Do one thing; answers {"result": …}, or the forum's own refusal, or 422 naming what is wrong with the request."""
    if request.remote_addr not in LOOPBACK or request.headers.get("Sec-Fetch-Site") not in (None, "none"):
        raise forbidden()
    found = VERBS.get(verb)
    if found is None:
        raise not_found()
    given = request.get_json(silent=True) or {}
    try:
        result = found(dict(given))
    except (KeyError, TypeError, ValueError) as error:
        raise Problem(422, {"errors": [f"{type(error).__name__}: {error}"]}) from error
    return jsonify({"result": result})
