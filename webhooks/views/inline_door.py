"""The door for pages of the forum, and of no other origin: who may ask, how often, in which form.

Every answer is JSON that no cache keeps. A page of another origin is told nothing, not even what was wrong.
"""

import ipaddress
import json
from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any, ParamSpec
from urllib.parse import urlsplit

from flask import Response, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from webhooks.inline_signing import Known
from webhooks.metrics import INLINE
from webhooks.views.console_here import now, service

P = ParamSpec("P")

LARGEST_BODY = 200 * 1024
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""Every method is ours to answer: a page for people would help no script."""
PER_MEMBER, PER_ADDRESS, STARTS_PER_ADDRESS = 30, 120, 600
"""Requests a minute; an office shares one address, and each of its members begins there."""


class Refused(Exception):  # noqa: N818 -- it names a state
    """The request is not answered; `code` is the word for the element, nothing for people."""

    def __init__(self, status: int, code: str, **headers: str) -> None:
        super().__init__(code)
        self.status, self.code, self.headers = status, code, headers


def told(value: Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    """An answer in JSON; letters outside ASCII and everything that looks like markup travel escaped."""
    text = json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    answer = Response(text, status, content_type="application/json")
    for name, said in headers.items():
        answer.headers[name.replace("_", "-")] = said
    return answer


@cache
def origin_of(address: str) -> str:
    """An address' origin as browsers write it: scheme, host in lower case ASCII, the port where it is not usual."""
    parts = urlsplit(address)
    host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    return f"{parts.scheme}://{host}{port}" if host else ""


def is_from_forum() -> bool:
    """Whether a page of the configured forum asks: its exact scheme, host and port."""
    ours = origin_of(service().config.forum_url)
    return bool(ours) and request.headers.get("Origin") == ours


def for_the_forum(method: str) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Let in only pages of the forum, by this method alone; their preflights are answered here."""

    def guard(view: Callable[P, Response]) -> Callable[P, Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
            answer = _answered(view, method, *args, **kwargs)
            answer.headers["Cache-Control"] = "no-store"
            answer.headers.add("Vary", "Origin")
            INLINE.labels(route=view.__name__, status=answer.status_code).inc()
            return answer

        return guarded

    return guard


def _answered(view: Callable[P, Response], method: str, *args: P.args, **kwargs: P.kwargs) -> Response:
    if not is_from_forum():
        return told({"error": "forbidden"}, 403)
    if request.method == "OPTIONS":
        answer = Response("", 204)
        answer.headers["Access-Control-Allow-Methods"] = method
        answer.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        answer.headers["Access-Control-Max-Age"] = "600"
    elif request.method != method:
        answer = told({"error": "method"}, 405, Allow=f"{method}, OPTIONS")
    else:
        try:
            answer = view(*args, **kwargs)
        except Refused as refused:
            answer = told({"error": refused.code}, refused.status, **refused.headers)
    answer.headers["Access-Control-Allow-Origin"] = origin_of(service().config.forum_url)
    answer.headers["Access-Control-Expose-Headers"] = "Retry-After"
    return answer


def member_or_nobody() -> Known | None:
    """Whom the token names, None without one; counted against the limit of the member, or else of the address.

    :raises Refused: the token is none of ours or its time is over (401), or there were too many requests (429).
    """
    given = request.headers.get("Authorization")
    kind, _, token = (given or "").partition(" ")
    known = service().desk.seals.read_identity(token.strip(), now()) if kind.lower() == "bearer" else None
    if known is not None:
        count(f"member:{known.member_id}", PER_MEMBER)
        return known
    count(address(), PER_ADDRESS)
    if given is not None:
        raise Refused(401, "token")
    return None


def address() -> str:
    """Where the request comes from, behind the trusted proxies; of version 6 the network that one line has."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "address:unknown"
    if found.version == 6:
        return f"address:{ipaddress.ip_network((found, 64), strict=False)}"
    return f"address:{found}"


def count(whose: str, per_minute: int) -> None:
    """One more request of somebody. :raises Refused: there were too many within a minute (429)."""
    wait = service().desk.limits.wait(whose, per_minute)
    if wait:
        raise Refused(429, "too_many", Retry_After=str(wait))


def body() -> dict[str, Any]:
    """The JSON object that was sent. :raises Refused: it is none (400), no JSON (415), or too large (413)."""
    if request.mimetype != "application/json":
        raise Refused(415, "type")
    request.max_content_length = LARGEST_BODY
    try:
        found = json.loads(request.get_data(cache=False))
    except RequestEntityTooLarge:
        raise Refused(413, "too_large") from None
    except (ValueError, RecursionError, ClientDisconnected):
        raise Refused(400, "json") from None
    if not isinstance(found, dict):
        raise Refused(400, "json")
    return found
