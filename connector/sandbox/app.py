"""The application: faults first, then who asks, then the routes; every refusal in the forum's own shape."""

import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from .api_people import people
from .api_read import reading
from .api_write import writing
from .asking import asker, board
from .board import Board
from .clock import SandboxClock
from .control import control
from .editing import sweep
from .faults import Fault
from .guardian import Guardian
from .hooks import Hooks
from .keys import Caller, caller
from .pages import pages, problem_page
from .problems import (
    Problem,
    bad_parameter,
    forbidden,
    not_found,
    not_logged_in,
    read_only,
    too_many,
    too_many_from_address,
    too_many_searches,
)
from .provider import provider
from .topic_pages import discussing
from .words import say

OPEN_TO_ALL = {
    "provider.sso_provider",
    "pages.login",
    "pages.log_in",
    "pages.static",
    "pages.letter",
    "people.basic_info",
}
"""What anonymous may open although a login is required."""


def create_sandbox(path: Path | None = None, *, clock: SandboxClock | None = None, forum: Board | None = None) -> Flask:
    """The forum kept in this SQLite file (None: in memory) as a Flask application."""
    made = forum or Board.open(path, clock)
    app = Flask("connector.sandbox", static_folder=None, template_folder=str(Path(__file__).parent / "templates"))
    app.extensions["sandbox"] = made
    app.extensions["hooks"] = made.announce if isinstance(made.announce, Hooks) else Hooks(made)
    app.config["MAX_CONTENT_LENGTH"] = 20 * 1024 * 1024
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.before_request(_meet_faults)
    app.before_request(_know_caller)
    app.after_request(_finish)
    app.register_error_handler(Problem, _answer_problem)
    app.register_error_handler(HTTPException, _answer_http)
    for part in (reading, writing, people, provider, pages, discussing, control):
        app.register_blueprint(part)
    return app


def _wants_page() -> bool:
    return not request.path.endswith(".json") and "text/html" in request.headers.get("Accept", "")


def _meet_faults() -> Response | None:
    g.caller = Caller(Guardian(board(), None))
    if request.path.startswith("/sandbox/control"):
        return None
    fault = board().faults.take(request.method, request.path)
    g.fault = fault
    if fault is None:
        return None
    if fault.kind == "slow":
        time.sleep(fault.seconds)
        return None
    return _before(fault)


def _before(fault: Fault) -> Response | None:
    seconds = max(1, round(fault.seconds))
    if fault.kind == "too_many":
        text = say("too_many_wait", "en", time=f"{seconds} seconds")
        raise too_many(text, seconds, code="admin_api_key_rate_limit")
    if fault.kind == "too_many_search":
        raise too_many_searches()
    if fault.kind == "too_many_address":
        raise too_many_from_address(seconds)
    if fault.kind == "error_before":
        return Response("<html><body><h1>502 Bad Gateway</h1></body></html>", 502, mimetype="text/html")
    if fault.kind == "down":
        return Response(
            "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>", 503, mimetype="text/html"
        )
    if fault.kind == "html":
        return Response("<!DOCTYPE html><html><body>Maintenance</body></html>", 200, mimetype="text/html")
    if fault.kind == "cut_before":
        return _cut()
    return None


def _cut() -> Response:
    """Hang up, where the server can (`serve.SandboxServer`); elsewhere an empty 502 stands for it."""
    hang_up = request.environ.get("sandbox.cut")
    if hang_up is not None:
        hang_up()
    return Response("", 502)


def _know_caller() -> None:
    if request.path.startswith("/sandbox/control"):
        return
    sweep(board())
    if request.endpoint is None:
        return
    g.caller = caller(board(), request)
    topic = request.endpoint in ("read.topic", "read.topic_slugged")
    closed = board().setting("login_required") and asker().who.id is None
    if closed and request.endpoint not in OPEN_TO_ALL and not _wants_page():
        raise not_logged_in(topic=topic)
    if _foreign():
        raise forbidden(asker().locale)
    if board().setting("read_only") and request.method not in ("GET", "HEAD") and request.endpoint != "pages.log_in":
        raise read_only(asker().locale)
    if request.method in ("POST", "PUT") and request.content_type and request.is_json and request.data:
        sent = request.get_json(silent=True)
        if sent is None:
            raise bad_parameter("body", asker().locale)


def _foreign() -> bool:
    """Whether a form of another site was posted with a member's cookie."""
    origin = request.headers.get("Origin")
    if origin is None or request.method in ("GET", "HEAD") or asker().key is not None:
        return False
    return urlsplit(origin).netloc not in (request.host, urlsplit(board().base_url).netloc)


def _finish(answer: Response) -> Response:
    fault: Fault | None = g.get("fault")
    if fault is not None and fault.kind == "error_after":
        answer = jsonify({"status": 500, "error": "Internal Server Error"})
        answer.status_code = 500
    elif fault is not None and fault.kind == "html_after":
        answer = Response("<!DOCTYPE html><html><body>Oops</body></html>", 200, mimetype="text/html")
    elif fault is not None and fault.kind == "cut_after":
        return _cut()
    if answer.mimetype == "application/json" and answer.status_code != 204:
        answer.headers["Content-Type"] = "application/json; charset=utf-8"
    if board().setting("read_only"):
        answer.headers["Discourse-Readonly"] = "true"
    answer.headers.setdefault("Cache-Control", "no-cache, no-store")
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    return answer


def _answer_problem(problem: Problem) -> Any:
    if _wants_page() and not isinstance(problem.body, str):
        return problem_page(problem)
    if isinstance(problem.body, str):
        answer = Response(problem.body, problem.status, mimetype="text/plain")
    else:
        answer = jsonify(problem.body)
        answer.status_code = problem.status
    answer.headers.extend(problem.headers)
    return answer


def _answer_http(error: HTTPException) -> Any:
    if error.code in (404, 405):
        return _answer_problem(not_found(asker().locale))
    if error.code == 413:
        return _answer_problem(Problem(413, {"errors": ["Payload too large"]}))
    return _answer_problem(Problem(error.code or 500, {"status": error.code or 500, "error": error.name}))
