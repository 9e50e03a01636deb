"""A running Discourse 3.1.0.beta2, recorded: 710 API exchanges and 493 web hook deliveries of an invented forum.

All people and texts are invented, keys are replaced by f's. The canary words mark what must never reach someone who
may not read it. The files are the recording as it is, one JSON document a line.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SECRET = "recorded-secret-0123456789abcdef"
CANARIES = ("CANARI-PRIVE", "CANARI-RESTREINT", "CANARI-DEPLACE", "CANARI-CONVERTI")
SITE = "http://forum.localhost"
BOT = "passerelle"
END = "8-end"

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Delivery:
    """One web hook delivery: `body` is what the signature covers; `folder` is "life" or "failing-receiver"."""

    folder: str
    file: str
    headers: Mapping[str, str]
    body: bytes
    received_at: float
    answered: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.headers["X-Discourse-Event"]


@dataclass(frozen=True)
class Exchange:
    """One API call and its answer; `content` is the body as recorded: JSON, text, or None where it was empty."""

    folder: str
    file: str
    name: str
    method: str
    path: str
    params: Any
    encoding: str
    actor: str | None
    status: int
    headers: Mapping[str, str]
    content: Any

    @property
    def body(self) -> bytes:
        """The bytes a server would send for it."""
        if self.content is None:
            return b""
        if isinstance(self.content, str) and "json" not in self.headers.get("Content-Type", ""):
            return self.content.encode()
        return json.dumps(self.content, ensure_ascii=False).encode()


@cache
def deliveries(folder: str | None = None) -> tuple[Delivery, ...]:
    """The deliveries in the order of their arrival."""
    read = (
        Delivery(
            folder=one["folder"],
            file=one["file"],
            headers=one["headers"],
            body=one["body"].encode(),
            received_at=one["received_at"],
            answered=one["answered"],
        )
        for one in _lines("hooks.jsonl.gz")
        if folder in (None, one["folder"])
    )
    return tuple(sorted(read, key=lambda one: (one.received_at, one.file)))


@cache
def exchanges(folder: str | None = None) -> tuple[Exchange, ...]:
    """The API calls in their order; what the recording calls an extract and no exchange is left out."""
    return tuple(
        Exchange(
            folder=one["folder"],
            file=one["file"],
            name=one["name"],
            method=one["request"]["method"],
            path=one["request"]["path"],
            params=one["request"].get("params"),
            encoding=one["request"].get("encoding", "query"),
            actor=one["request"].get("headers", {}).get("Api-Username"),
            status=one["response"]["status"],
            headers=one["response"].get("headers", {}),
            content=one["response"]["body"],
        )
        for one in _lines("api.jsonl.gz")
        if folder in (None, one["folder"]) and "status" in one["response"]
    )


def exchange(file: str) -> Exchange:
    """The call recorded as "folder/name", or "folder/number-name" where a name came twice."""
    folder, name = file.split("/")
    return next(one for one in exchanges(folder) if name in (one.name, one.file))


def _lines(name: str) -> list[dict[str, Any]]:
    with gzip.open(_HERE / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
