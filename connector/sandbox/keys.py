"""API keys: making them, and what one of them may do."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Request

from .board import Board
from .checking import spoken
from .guardian import Guardian
from .people import by_id, is_suspended, named
from .problems import forbidden, too_many
from .store import Row
from .words import say

RUNTIME_SCOPES = ("global:read", "topics:write", "topics:update", "posts:edit", "posts:delete", "uploads:create")
"""The six rights of the companion's key (recorded lesson 4)."""

_UPLOADS = [
    "/uploads (POST)", "/uploads/generate-presigned-put (POST)", "/uploads/complete-external-upload (POST)",
    "/uploads/create-multipart (POST)", "/uploads/complete-multipart (POST)", "/uploads/abort-multipart (POST)",
    "/uploads/batch-presign-multipart-parts (POST)",
]  # fmt: skip
SCOPES: dict[str, tuple[list[str], list[str], frozenset[str]]] = {
    "global:read": ([], ["* (get)"], frozenset({"GET"})),
    "topics:write": (["topic_id"], ["/posts (POST)"], frozenset({"write.create_post"})),
    "topics:update": (
        ["topic_id", "category_id"],
        [
            "/t/:topic_id (PUT)",
            "/t/:slug/:topic_id (PUT)",
            "/t/:slug/:topic_id/status (PUT)",
            "/t/:topic_id/status (PUT)",
        ],
        frozenset({"write.update_topic", "write.topic_status"}),
    ),
    "topics:delete": ([], ["/t/:id (DELETE)"], frozenset({"write.remove_topic"})),
    "topics:read": (
        ["topic_id"],
        ["/t/:id (GET)"],
        frozenset({"read.topic", "read.topic_slugged", "read.topic_posts", "read.external_topic"}),
    ),
    "topics:read_lists": (["category_id"], ["/latest (GET)"], frozenset({"read.latest", "read.category_latest"})),
    "posts:edit": (["id"], ["/posts/:id (PUT)"], frozenset({"write.update_post"})),
    "posts:delete": ([], ["/posts/:id (DELETE)"], frozenset({"write.remove_post"})),
    "uploads:create": ([], _UPLOADS, frozenset({"write.upload"})),
    "users:show": (["username"], ["/u/:username (GET)"], frozenset({"people.user"})),
    "search:query": ([], ["/search/query (GET)"], frozenset({"read.search"})),
    "categories:list": ([], ["/categories (GET)"], frozenset({"read.categories"})),
}
"""scope id → parameters, addresses, endpoints of this application that it opens."""

ALWAYS = frozenset({"people.scopes", "people.group_members", "pages.static"})


@dataclass(frozen=True)
class Caller:
    """Who asks: by key, by cookie, or anonymously."""

    who: Guardian
    key: Row | None = None

    @property
    def locale(self) -> str:
        """The caller's language."""
        return self.who.board.locale(self.who.member)


def make_key(
    board: Board, username: str | None = None, scopes: tuple[str, ...] | list[str] = (), description: str = ""
) -> str:
    """A new key, of one member (None: of all), with these scopes (none: unscoped); gives its 64 characters."""
    unknown = set(scopes) - set(SCOPES)
    if unknown:
        raise ValueError(f"unknown scopes: {', '.join(sorted(unknown))}")
    member = named(board, username) if username is not None else None
    if username is not None and member is None:
        raise KeyError(f"no member named {username!r}")
    key = secrets.token_hex(32)
    put_key(board, key, member["id"] if member is not None else None, scopes, description)
    return key


def put_key(board: Board, key: str, user_id: int | None, scopes: tuple[str, ...] | list[str], description: str) -> int:
    """Keep a key of given text (a demo's fixed key); only its hash is stored."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    board.store.run("DELETE FROM api_keys WHERE key_hash = ?", digest)
    return board.store.insert(
        "api_keys", key_hash=digest, truncated_key=key[:4], description=description, user_id=user_id,
        scopes=json.dumps(list(scopes)), created_at=board.clock.stamp(),
    )  # fmt: skip


def revoke_key(board: Board, key: str) -> None:
    """The key opens nothing any more."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    board.store.run("UPDATE api_keys SET revoked_at = ? WHERE key_hash = ?", board.clock.stamp(), digest)


def caller(board: Board, request: Request) -> Caller:
    """Who sends this request; Problem for a bad key, a wrong name or an account that may not log in."""
    given = request.headers.get("Api-Key")
    topic = request.endpoint in ("read.topic", "read.topic_slugged")
    if given is None:
        row = board.store.one("SELECT user_id FROM sessions WHERE token = ?", request.cookies.get("_t", ""))
        return Caller(Guardian(board, by_id(board, row["user_id"]) if row is not None else None))
    digest = hashlib.sha256(given.encode()).hexdigest()
    key = board.store.one("SELECT * FROM api_keys WHERE key_hash = ? AND revoked_at IS NULL", digest)
    if key is None:
        raise forbidden(key=True, topic=topic)
    member = _acting(board, key, request)
    if member is None:
        raise forbidden(key=True, topic=topic)
    if not member["active"] or is_suspended(board, member):
        raise forbidden(topic=topic)
    _pace(board)
    scopes = json.loads(key["scopes"])
    if scopes and not _opened(scopes, request):
        raise forbidden(key=True, topic=topic)
    board.store.run("UPDATE api_keys SET last_used_at = ? WHERE id = ?", board.clock.stamp(), key["id"])
    return Caller(Guardian(board, member), key)


def _acting(board: Board, key: Row, request: Request) -> Row | None:
    name = request.headers.get("Api-Username")
    if name is None and "Api-User-Id" in request.headers:
        asked = by_id(board, request.headers.get("Api-User-Id", type=int))
    else:
        asked = named(board, name) if name is not None else by_id(board, key["user_id"])
    if key["user_id"] is None or asked is None:
        return asked
    return asked if asked["id"] == key["user_id"] else None


def _pace(board: Board) -> None:
    most = board.number("max_admin_api_reqs_per_minute")
    if not most:
        return
    wait = board.limits.take("admin_api", most, timedelta(minutes=1), board.clock())
    if wait:
        raise too_many(say("too_many_wait", "en", time=spoken(wait, "en")), wait, code="admin_api_key_rate_limit")


def _opened(scopes: list[str], request: Request) -> bool:
    if request.endpoint in ALWAYS:
        return True
    for scope in scopes:
        opened = SCOPES[scope][2]
        if request.endpoint in opened or (request.method in ("GET", "HEAD") and "GET" in opened):
            return True
    return False


def scopes_json(key: Row | None) -> dict[str, Any]:
    """The answer of /session/scopes.json; an unscoped key has none."""
    found = []
    for scope in json.loads(key["scopes"]) if key is not None else ():
        parameters, addresses, _ = SCOPES[scope]
        resource, action = scope.split(":")
        found.append(
            {
                "resource": resource,
                "action": action,
                "parameters": parameters,
                "urls": addresses,
                "allowed_parameters": {} if parameters else None,
                "key": action,
            }
        )
    return {"scopes": found}
