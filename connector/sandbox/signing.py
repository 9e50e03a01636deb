"""The forum's own side of its signatures: web hooks, and DiscourseConnect as provider."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode, urlsplit


def sign(body: bytes, secret: str) -> str:
    """The header X-Discourse-Event-Signature of a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def connect_signature(payload: str, secret: str) -> str:
    """The signature of a DiscourseConnect payload (base64 text)."""
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


def connect_payload(facts: dict[str, str]) -> str:
    """A DiscourseConnect payload: base64 of the facts as a query, in alphabetical order."""
    return base64.b64encode(urlencode(sorted(facts.items())).encode()).decode()


def connect_facts(payload: str) -> dict[str, str]:
    """What a payload says; ValueError when it is none."""
    return dict(parse_qsl(base64.b64decode(payload, validate=True).decode(), keep_blank_values=True))


def secrets_for(address: str, lines: str) -> list[str]:
    """The secrets of the lines `domain|secret` whose domain (`*.example.org` allowed) is this address's host."""
    host = (urlsplit(address).hostname or "").lower()
    found = []
    for line in sorted(lines.replace("\\n", "\n").splitlines(), reverse=True):
        domain, _, secret = line.strip().partition("|")
        domain = domain.strip().lower()
        if domain == host or (domain.startswith("*.") and host.endswith(domain[1:])):
            found.append(secret.strip())
    return found
