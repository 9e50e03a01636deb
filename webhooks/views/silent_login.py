"""Who reads this page? Asked of the forum by the page itself, without a login page, and told to that page alone.

The element asks here for a signed question, puts it to the forum as a request of the forum's own page, and the forum
sends the browser here with its signed answer. What the page itself says about who reads is never asked.
"""

from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from connector import login as connect
from connector.errors import BadPayload, BadSignature
from webhooks import onetime
from webhooks.inline_signing import IDENTITY_LIFE, Known
from webhooks.inline_viewer import language_for
from webhooks.views.console_here import now, service
from webhooks.views.inline_door import (
    METHODS,
    STARTS_PER_ADDRESS,
    Refused,
    address,
    body,
    count,
    for_the_forum,
    told,
)

blueprint = Blueprint("silent_login", __name__, url_prefix="/identity")


@blueprint.route("/start", methods=METHODS, provide_automatic_options=False)
@for_the_forum("POST")
def start() -> Response:
    """The path on the forum where the page asks who reads it; good once, for ten minutes."""
    count(f"start:{address()}", STARTS_PER_ADDRESS)
    body()
    config = service().config
    if not config.connect_secrets or not urlsplit(config.public_url).hostname:
        raise Refused(503, "not_configured")
    with service().database.begin() as connection:
        nonce = onetime.issue(connection, service().site, onetime.SILENT, {}, now())
    back = f"{config.public_url}/identity/answer"
    asked = connect.login_address(config.forum_url, back, nonce, config.connect_secrets[0], quiet=True)
    parts = urlsplit(asked)
    return told({"sso_path": f"{parts.path}?{parts.query}"})


@blueprint.route("/answer", methods=METHODS, provide_automatic_options=False)
def answer() -> Response:
    """A token for the page of the forum that asked; a person who strays here is sent back to the forum."""
    if request.headers.get("Sec-Fetch-Mode") == "navigate" or "Origin" not in request.headers:
        return _sent_back()
    return identity()


@for_the_forum("GET")
def identity() -> Response:
    """Who reads, in our own signed words, for ten minutes."""
    count(f"answer:{address()}", STARTS_PER_ADDRESS)
    found = _identity()
    if found is None:
        raise Refused(400, "identity")
    known = Known(found.id, found.username, found.groups, found.admin, found.moderator)
    return told(
        {
            "token": service().desk.seals.identity(known, now()),
            "expires_in": int(IDENTITY_LIFE.total_seconds()),
            "member": found.id,
            "username": found.username,
            "lang": language_for(service(), found.id),
        }
    )


def _sent_back() -> Response:
    """To the forum's home; the answer is spent, since it stands in this browser's history from now on."""
    _identity()
    home = Response("", 303)
    home.headers["Location"] = f"{service().config.forum_url}/"
    home.headers["Cache-Control"] = "no-store"
    home.headers.add("Vary", "Origin")
    return home


def _identity() -> connect.Identity | None:
    """Whom the forum's signed answer names, the first time it comes; None for anything else."""
    sso, sig = request.args.get("sso", ""), request.args.get("sig", "")
    accepted = service().config.connect_secrets
    try:
        nonce = connect.nonce_of(sso, sig, accepted)
        identity = connect.identify(sso, sig, nonce, accepted)
    except (BadSignature, BadPayload):
        return None
    with service().database.begin() as connection:
        kept = onetime.spend(connection, service().site, onetime.SILENT, nonce, now())
    return identity if kept is not None else None
