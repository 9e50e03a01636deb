"""Writes in two steps: first the exact bytes, which the outbox commits, then the call.

A call is repeated byte for byte or not at all.
Discourse answers an identical POST by the same member within 120 seconds from its own memory (recorded lesson 8), so a
replay is only safe when not one byte differs: everything that could vary is settled here, before the first call.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

from connector.errors import BadPayload

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """One write, byte for byte. `verb` is ours (reply, message, topic, edit, topic_edit, delete, upload, flag)."""

    method: str
    path: str
    content_type: str
    body: bytes
    verb: str

    def to_json(self) -> str:
        """All of it as JSON text, to be stored; the body as base64, since an upload is no text."""
        body = base64.b64encode(self.body).decode("ascii")
        return json.dumps({**self._named(), "body": body}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. :raises BadPayload: it is something else."""
        try:
            read = json.loads(text)
            body = base64.b64decode(read.pop("body"), validate=True)
            return cls(body=body, **{name: str(read[name]) for name in ("method", "path", "content_type", "verb")})
        except (ValueError, TypeError, KeyError, AttributeError, binascii.Error) as error:
            raise BadPayload("this is no stored write") from error

    def _named(self) -> dict[str, str]:
        return {"method": self.method, "path": self.path, "content_type": self.content_type, "verb": self.verb}


def reply(topic_id: int, raw: str, reply_to: int | None = None, whisper: bool = False) -> WriteRequest:
    """A post in a topic; `reply_to` is a post number. A whisper needs membership in a whispering group."""
    return _create(
        "reply",
        topic_id=topic_id,
        raw=raw,
        reply_to_post_number=reply_to,
        # Discourse compares with the text "true".
        whisper="true" if whisper else None,
    )


def message(recipients: Sequence[str], title: str, raw: str, external_id: str | None = None) -> WriteRequest:
    """A private message to usernames or group names."""
    names = ",".join(recipients)
    return _create(
        "message",
        title=title,
        raw=raw,
        archetype="private_message",
        target_recipients=names,
        external_id=external_id,
    )


def topic(
    category_id: int, title: str, raw: str, tags: Sequence[str] = (), external_id: str | None = None
) -> WriteRequest:
    """A new topic. `external_id` (at most 50 of `A-Za-z0-9_-`) makes a second one impossible, even after deletion."""
    return _create(
        "topic",
        title=title,
        raw=raw,
        category=category_id,
        tags=list(tags) or None,
        external_id=external_id,
    )


def edit(post_id: int, raw: str, reason: str | None = None) -> WriteRequest:
    """A new text for a post of the bot's own."""
    return _write("edit", "PUT", f"/posts/{int(post_id)}.json", {"post": _told(raw=raw, edit_reason=reason)})


def topic_edit(
    topic_id: int, title: str | None = None, category_id: int | None = None, tags: Sequence[str] | None = None
) -> WriteRequest:
    """New title, category or tags of a topic of the bot's own; what is None stays, `tags=()` clears."""
    changes = _told(title=title, category_id=category_id, tags=None if tags is None else list(tags))
    return _write("topic_edit", "PUT", f"/t/-/{int(topic_id)}.json", changes)


def delete(post_id: int) -> WriteRequest:
    """Deleting a post of the bot's own; it stays visible as "deleted by author" for a day (recorded lesson 15)."""
    return WriteRequest("DELETE", f"/posts/{int(post_id)}.json", "", b"", "delete")


def flag(post_id: int, kind: int, message: str = "") -> WriteRequest:
    """A flag of the kind `kind` (`SiteInfo.flags`); needs an unscoped key, which the admin grants knowingly."""
    content = _told(id=int(post_id), post_action_type_id=int(kind), message=message or None)
    return _write("flag", "POST", "/post_actions.json", content)


def upload(filename: str, data: bytes, content_type: str) -> WriteRequest:
    """A file for use in a post of the bot's; the answer's `short_url` goes into the Markdown."""
    # A boundary drawn from the content keeps a repetition byte-identical.
    boundary = "passerelle-" + hashlib.sha256(filename.encode() + b"\0" + data).hexdigest()[:40]
    named = quote(filename, safe=" .-_()")[:200] or "file"
    parts = [
        _part(boundary, 'name="upload_type"', b"composer"),
        _part(boundary, 'name="type"', b"composer"),
        _part(boundary, 'name="synchronous"', b"true"),
        _part(boundary, f'name="file"; filename="{named}"', data, content_type),
        f"--{boundary}--\r\n".encode(),
    ]
    kind = f"multipart/form-data; boundary={boundary}"
    return WriteRequest("POST", "/uploads.json", kind, b"".join(parts), "upload")


def _part(boundary: str, disposition: str, value: bytes, content_type: str = "") -> bytes:
    if "\r" in content_type or "\n" in content_type:
        raise ValueError("a content type has no line breaks")
    kind = f"Content-Type: {content_type}\r\n" if content_type else ""
    return f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{kind}\r\n".encode() + value + b"\r\n"


def _create(verb: str, **content: Any) -> WriteRequest:
    return _write(verb, "POST", "/posts.json", _told(**content))


def _write(verb: str, method: str, path: str, content: Mapping[str, Any]) -> WriteRequest:
    body = json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    return WriteRequest(method, path, JSON, body, verb)


def _told(**content: Any) -> dict[str, Any]:
    return {key: value for key, value in content.items() if value is not None}
