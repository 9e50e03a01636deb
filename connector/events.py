"""Web hook deliveries: from headers and raw bytes to a verified `Event`, without any I/O.

Only the body is signed (HMAC-SHA256 over its exact bytes), so nothing in the headers is believed beyond a hint: the
type they name must be the body's one root key, and whatever matters is read from the body or from the forum itself.
Event names are plain strings, since plugins and newer cores add some: `Event.known` says whether we know one.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connector.errors import BadPayload, BadSignature
from connector.fields import mapping, whole
from connector.models import Event

EVENTS_OF_TYPE: Mapping[str, frozenset[str]] = {
    "ping": frozenset({"ping"}),
    "topic": frozenset({"topic_created", "topic_revised", "topic_edited", "topic_destroyed", "topic_recovered"}),
    "post": frozenset({"post_created", "post_edited", "post_destroyed", "post_recovered"}),
    "user": frozenset(
        {
            "user_logged_in",
            "user_logged_out",
            "user_confirmed_email",
            "user_created",
            "user_approved",
            "user_updated",
            "user_destroyed",
            "user_suspended",
            "user_unsuspended",
        }
    ),
    "group": frozenset({"group_created", "group_updated", "group_destroyed"}),
    "category": frozenset({"category_created", "category_updated", "category_destroyed"}),
    "tag": frozenset({"tag_created", "tag_updated", "tag_destroyed"}),
    "reviewable": frozenset({"reviewable_created", "reviewable_score_updated", "reviewable_transitioned_to"}),
    "notification": frozenset({"notification_created"}),
    "solved": frozenset({"accepted_solution", "unaccepted_solution"}),
    "assign": frozenset({"assigned", "unassigned"}),
    "user_badge": frozenset({"user_badge_granted", "user_badge_revoked"}),
    "group_user": frozenset({"user_added_to_group", "user_removed_from_group"}),
    "like": frozenset({"post_liked"}),
    "user_promoted": frozenset({"user_promoted"}),
    "topic_voting": frozenset({"topic_upvote", "topic_unvote"}),
}
"""Discourse's own event names by the type that carries them (core, solved, assign, topic voting)."""

TOPIC_STATUSES = ("closed", "archived", "visible", "pinned", "pinned_globally", "autoclosed")

KNOWN_EVENTS: frozenset[str] = frozenset().union(
    *EVENTS_OF_TYPE.values(), (f"topic_{status}_status_updated" for status in TOPIC_STATUSES)
)
"""Every event name that a plugin may listen to; other names arrive with `known=False` and are ignored by the host."""

_STATUS_UPDATED = re.compile(r"topic_[a-z_]{1,40}_status_updated")
_NAME = re.compile(r"[a-z0-9_:.-]{1,100}")
_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")


def sign(body: bytes, secret: str) -> str:
    """The value of `X-Discourse-Event-Signature` for a body: `sha256=` and 64 hexadecimal digits."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def parse(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> Event:
    """The event of a delivery, once its signature is right under one of the secrets (current first, then previous).

    :raises BadSignature: unsigned, wrongly signed, or no secret is set; nothing of the body was looked at.
    :raises BadPayload: signed, but no JSON object of one root key equal to the type that the headers name.
    """
    hints = {name.lower(): value for name, value in headers.items()}
    _verify(hints.get("x-discourse-event-signature", ""), body, secrets)
    kind = hints.get("x-discourse-event-type", "")
    name = hints.get("x-discourse-event") or kind
    content = _content(body, kind)
    if not _NAME.fullmatch(name):
        raise BadPayload("the delivery names no event")
    if kind in EVENTS_OF_TYPE and not _belongs(name, kind):
        raise BadPayload("the event's name and its type do not belong together")
    return Event(
        name=name,
        type=kind,
        payload=content,
        instance=hints.get("x-discourse-instance", "")[:255],
        delivery_id=hints.get("x-discourse-event-id", "")[:64],
        body_hash=hashlib.sha256(body).hexdigest(),
        lane=lane_of(kind, content),
        known=_known(name, kind),
    )


def lane_of(kind: str, content: Mapping[str, Any]) -> str:
    """The queue an event waits in: what touches one topic (else member, category, group) is handled in turn."""
    topic = _first(_topic_of(kind, content))
    if topic is not None:
        return f"topic:{topic}"
    for lane, key in _LANES.get(kind, ()):
        number = whole(content.get(key))
        if number is not None:
            return f"{lane}:{number}"
    return "other"


_LANES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "user": (("user", "id"),),
    "user_promoted": (("user", "id"),),
    "user_badge": (("user", "user_id"),),
    "group_user": (("user", "user_id"),),
    "notification": (("user", "user_id"),),
    "reviewable": (("user", "user_id"), ("user", "target_created_by_id")),
    "category": (("category", "id"),),
    "group": (("group", "id"),),
}


def _topic_of(kind: str, content: Mapping[str, Any]) -> Iterable[object]:
    if kind == "topic":
        return (content.get("id"),)
    if kind == "like":
        return (mapping(content.get("post")).get("topic_id"),)
    if kind in ("post", "solved", "assign", "reviewable", "topic_voting"):
        return (content.get("topic_id"),)
    return ()


def _first(values: Iterable[object]) -> int | None:
    return next((number for number in map(whole, values) if number is not None), None)


def _verify(given: str, body: bytes, secrets: Sequence[str]) -> None:
    if not _SIGNATURE.fullmatch(given):
        raise BadSignature("the delivery is not signed")
    # Every secret is tried whatever the first says, so that the time taken tells nothing.
    matches = [hmac.compare_digest(given.encode(), sign(body, secret).encode()) for secret in secrets if secret]
    if not any(matches):
        raise BadSignature("the delivery is not signed with a secret of ours")


def _content(body: bytes, kind: str) -> Mapping[str, Any]:
    try:
        # Discourse sends neither NaN nor Infinity, and no database column would take them.
        document = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadPayload("the body is not JSON") from error
    if not isinstance(document, dict) or list(document) != [kind]:
        raise BadPayload("the body's one root key is not the type that the headers name")
    content = document[kind]
    if kind == "ping":
        return {"answer": content} if isinstance(content, str) else mapping(content)
    if not isinstance(content, dict):
        raise BadPayload("there is no object under the body's root key")
    return content


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _belongs(name: str, kind: str) -> bool:
    """Whether a known type may carry this name: a name of another type is a swapped header, a new one is just new."""
    if kind == "topic" and _STATUS_UPDATED.fullmatch(name):
        return True
    return name in EVENTS_OF_TYPE[kind] or name not in KNOWN_EVENTS


def _known(name: str, kind: str) -> bool:
    return name in EVENTS_OF_TYPE.get(kind, ()) or (kind == "topic" and bool(_STATUS_UPDATED.fullmatch(name)))
