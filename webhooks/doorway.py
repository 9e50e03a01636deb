"""`POST /webhooks/discourse`: where a forum's web hooks arrive, in front of everything that pages need.

A delivery carries no cookie, sees no page and is protected by its signature alone; the sessions, forgery tokens and
rate limits of the console would only cost it a third of its time.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
from werkzeug import Request, Response
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from connector.errors import BadPayload, BadSignature
from webhooks.door import LARGEST_BODY, Door, DoorClosed
from webhooks.metrics import DELIVERIES, DELIVERY_SECONDS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger("passerelle.receive")

ADDRESS = "/webhooks/discourse"


class Doorway:
    """A WSGI application around another: it answers deliveries itself and hands everything else on."""

    def __init__(self, inner: "WSGIApplication", door: Callable[[], Door]) -> None:
        self._inner = inner
        self._door = door

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # No address below this one may answer 404 or 410, which would switch the forum's web hook off.
        path = environ.get("PATH_INFO", "")
        if path != ADDRESS and not path.startswith(f"{ADDRESS}/"):
            return self._inner(environ, start_response)
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        """202 once a delivery is committed and synced, 200 for a ping; 401 unsigned, 400 unreadable, 413 too large,
        405 where it is no POST, 503 when nothing can be stored.
        """
        answer = Response("", content_type="text/plain", headers={"X-Content-Type-Options": "nosniff"})
        if request.method != "POST":
            answer.status_code = HTTPStatus.METHOD_NOT_ALLOWED
            answer.headers["Allow"] = "POST"
            return answer
        with DELIVERY_SECONDS.time():
            answer.status_code, outcome = self._receive(request)
        DELIVERIES.labels(outcome=outcome).inc()
        if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            answer.headers["Retry-After"] = "60"
        return answer

    def _receive(self, request: Request) -> tuple[int, str]:
        request.max_content_length = LARGEST_BODY
        try:
            outcome = self._door().receive(dict(request.headers), request.get_data(cache=False))
        except RequestEntityTooLarge:
            return 413, "too_large"
        except ClientDisconnected:
            return 400, "unreadable"
        except BadSignature:
            return 401, "unsigned"
        except BadPayload as error:
            log.warning("delivery_refused", reason=str(error))
            return 400, "unreadable"
        except DoorClosed as error:
            log.error("delivery_not_stored", reason=str(error))
            return 503, "closed"
        return (200 if outcome == "ping" else 202), outcome
