"""What every route needs: the forum, the caller, the parameters."""

from typing import Any, cast

from flask import current_app, g, request

from .board import Board
from .guardian import Guardian
from .keys import Caller
from .problems import bad_parameter


def board() -> Board:
    """The forum of the application that is asked."""
    return cast(Board, current_app.extensions["sandbox"])


def asker() -> Caller:
    """Who sends this request."""
    return cast(Caller, g.caller)


def who() -> Guardian:
    """The rights of who sends this request."""
    return asker().who


def parameters() -> dict[str, Any]:
    """What was sent, in the address, as a form or as JSON; a list for names that end in `[]`."""
    found: dict[str, Any] = {}
    for source in (request.args, request.form):
        for name in source:
            values = source.getlist(name)
            if name.endswith("[]"):
                found[name[:-2]] = values
            elif name.endswith("]") and "[" in name:
                outer, inner = name[:-1].split("[", 1)
                found.setdefault(outer, {})[inner] = values[-1]
            else:
                found[name] = values[-1]
    if request.is_json:
        sent = request.get_json(silent=True)
        if isinstance(sent, dict):
            found |= sent
    return found


def number(name: str, default: int | None = None) -> int | None:
    """A parameter that is a number; the default when it is missing, 400 when it is none."""
    given = parameters().get(name)
    if given in (None, ""):
        return default
    try:
        return int(str(given))
    except ValueError:
        raise bad_parameter(name, asker().locale) from None


def truth(given: Any) -> bool:
    """Discourse compares with the text `true`."""
    return str(given).lower() == "true"
