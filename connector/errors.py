"""What can go wrong with the forum, named by what the caller may conclude from it.

The three kinds of `ForumError` answer one question, "has it been done?": surely not yet (`ForumUnavailable`), no, and
it will not be (`ForumRefused`), perhaps (`ForumUnsure`). No message ever holds a key, a secret or a member's text.
"""


class ForumError(Exception):
    """The forum did not do what was asked; the message is a sentence for the person who looks after the forum."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ForumUnavailable(ForumError):  # noqa: N818 -- the names say what may be concluded
    """Surely not done, and worth trying again: no connection, too many requests, read-only mode, a failed read.

    `retry_after` is in seconds from now, where the forum (or our own pacing) named a time.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ForumRefused(ForumError):  # noqa: N818 -- as above
    """A final no: trying the same again changes nothing.

    `status` is the HTTP status, `error_type` Discourse's own word (`invalid_access`, `not_found`, …; "" where it gave
    none), `errors` its sentences in the acting member's language (show them, never decide by them), `scope` the scope
    that the key needs for what was asked, where the refusal may come from the key.
    """

    def __init__(
        self,
        message: str,
        status: int,
        error_type: str = "",
        errors: tuple[str, ...] = (),
        scope: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.errors = errors
        self.scope = scope


class ForumUnsure(ForumError):  # noqa: N818 -- as above
    """A write that may have been done: the answer was lost, cut, late, or no answer a Discourse would give."""


class BadSignature(Exception):  # noqa: N818 -- as above
    """A delivery that is not signed, or not with a secret of ours."""


class BadPayload(Exception):  # noqa: N818 -- as above
    """A delivery or a document that is not what Discourse sends."""


class ModelUnavailable(Exception):  # noqa: N818 -- as above
    """No embedding model is at hand (missing, broken, still loading): lexical search carries on without it."""
