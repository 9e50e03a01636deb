"""`POST /webhooks/discourse`: where a forum's web hooks arrive."""

import structlog
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from connector.errors import BadPayload, BadSignature
from webhooks.door import LARGEST_BODY, Door, DoorClosed
from webhooks.metrics import DELIVERIES, DELIVERY_SECONDS

log = structlog.get_logger("passerelle.receive")
blueprint = Blueprint("receive", __name__)


def door() -> Door:
    """The app's one door."""
    found = current_app.extensions["passerelle.door"]
    assert isinstance(found, Door)
    return found


# No address below this one may answer 404 or 410, which would switch the forum's web hook off.
@blueprint.post("/webhooks/discourse", strict_slashes=False)
def receive() -> Response:
    """Store one delivery: 202 once it is committed and synced, 200 for a ping;
    401 unsigned, 400 unreadable, 413 too large, 503 when nothing can be stored.
    """
    with DELIVERY_SECONDS.time():
        status, outcome = _receive()
    DELIVERIES.labels(outcome=outcome).inc()
    answer = Response("", status=status, content_type="text/plain")
    if status == 503:
        answer.headers["Retry-After"] = "60"
    return answer


def _receive() -> tuple[int, str]:
    request.max_content_length = LARGEST_BODY
    try:
        if (request.content_length or 0) > LARGEST_BODY:
            return 413, "too_large"
        body = request.get_data(cache=False)
        outcome = door().receive(dict(request.headers), body)
    except RequestEntityTooLarge:
        return 413, "too_large"
    except BadSignature:
        return 401, "unsigned"
    except BadPayload as error:
        log.warning("delivery_refused", reason=str(error))
        return 400, "unreadable"
    except DoorClosed as error:
        log.error("delivery_not_stored", reason=str(error))
        return 503, "closed"
    return (200 if outcome == "ping" else 202), outcome
