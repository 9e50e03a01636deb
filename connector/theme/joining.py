"""The module that browsers load, joined from its pieces: one for the forum's theme, the sandbox and the tests alike."""

import gzip
import re
from functools import cache
from pathlib import Path

PIECES = Path(__file__).parent / "module"
ENTRY = "passerelle"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([a-z]+)\.js";\n', re.MULTILINE)
_NOTES = re.compile(r"^ */\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)
"""Notes alone on their lines; one before an expression, which has code after it, stays."""
_DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) ([A-Za-z_$][\w$]*)", re.MULTILINE)


class UnjoinableError(Exception):
    """Two pieces use one name, or need each other; the message names them."""


@cache
def joined() -> str:
    """The module as one piece of JavaScript: each piece after those that it imports, the entry's exports at the end.

    Notes of types are left out: browsers do not read them, and they would be a third of what travels.

    :raises UnjoinableError: two pieces declare the same name, or import each other in a circle.
    """
    order: list[str] = []
    _visit(ENTRY, order, ())
    owner: dict[str, str] = {}
    parts = []
    for piece in order:
        text = _NOTES.sub("", _IMPORT.sub("", (PIECES / f"{piece}.js").read_text(encoding="utf-8")))
        for name in _DECLARED.findall(text):
            if name in owner:
                raise UnjoinableError(f"{name} is declared in {owner[name]}.js and in {piece}.js")
            owner[name] = piece
        if piece != ENTRY:
            text = re.sub(r"^export ", "", text, flags=re.MULTILINE)
        parts.append(text.strip())
    return "\n\n".join(parts) + "\n"


def _visit(piece: str, order: list[str], above: tuple[str, ...]) -> None:
    if piece in above:
        raise UnjoinableError(f"{' imports '.join((*above, piece))}")
    if piece in order:
        return
    for _names, other in _IMPORT.findall((PIECES / f"{piece}.js").read_text(encoding="utf-8")):
        _visit(other, order, (*above, piece))
    order.append(piece)


def weight() -> int:
    """How many bytes of the module travel, compressed as web servers do."""
    return len(gzip.compress(joined().encode(), compresslevel=9, mtime=0))
