"""Which right of an API key each call needs, so that a refusal can name it (tried in the recording)."""

RUNTIME_SCOPES = (
    "global:read",
    "topics:write",
    "topics:update",
    "posts:edit",
    "posts:delete",
    "uploads:create",
)
"""The six scopes of the member-level key that everything but flags and whispers works with."""

UNSCOPED = "unscoped"
"""Stands for "no scope allows this": the call needs a key without scopes."""

_WRITES = (
    ("POST", "/posts.json", "topics:write"),
    ("PUT", "/posts/", "posts:edit"),
    ("DELETE", "/posts/", "posts:delete"),
    ("PUT", "/t/", "topics:update"),
    ("POST", "/uploads.json", "uploads:create"),
)


def needed(method: str, path: str) -> str:
    """The scope for a call, or `UNSCOPED`."""
    if method.upper() in ("GET", "HEAD"):
        return "global:read"
    return next(
        (scope for verb, start, scope in _WRITES if method.upper() == verb and path.startswith(start)), UNSCOPED
    )
