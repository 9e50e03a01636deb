"""What a writer himself says in a draft: Markdown less its quotes, code and addresses, which are set apart."""

import re
from dataclasses import dataclass

from plugins.netiquette.detectors.finding import LONGEST

_QUOTE, _END = "[quote", "[/quote]"
_INLINE_CODE = re.compile(r"`[^`\n]{1,2000}`")
_PICTURE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\((https?://[^()\s]{1,2000})\)")
_ADDRESS = re.compile(r"\bhttps?://[^\s<>()\[\]]{1,2000}")
_TAG = re.compile(r"<[^<>]{1,300}>")


@dataclass(frozen=True, slots=True)
class DraftWords:
    """The parts of a draft; `quoted`: somebody else is quoted in it."""

    text: str
    code: str = ""
    quoted: bool = False
    links: tuple[str, ...] = ()


def words_of_draft(markdown: str) -> DraftWords:
    """The parts of a draft: bounded, and linear in its length, whatever stands in it.

    Addresses stay in the text, as they do in a post's: whoever sells something does it by them.
    """
    text, quotes = _without_quotes(markdown[:LONGEST])
    # Every second part between fences is code; an open fence at the end is code still being written.
    parts = text.split("```")
    lines = "\n".join(parts[::2]).splitlines()
    quotes = quotes or any(line.lstrip().startswith(">") for line in lines)
    indented = [line for line in lines if line.startswith(("    ", "\t"))]
    own = "\n".join(line for line in lines if not line.startswith((">", " >", "    ", "\t")))
    code = "\n".join([*parts[1::2], *indented, *(one[0][1:-1] for one in _INLINE_CODE.finditer(own))])
    own = _PICTURE.sub(" ", _INLINE_CODE.sub(" ", own))
    links = tuple(dict.fromkeys(one[0] for one in _ADDRESS.finditer(own)))
    own = _TAG.sub(" ", _LINK.sub(r"\1 \2", own))
    return DraftWords("\n".join(" ".join(line.split()) for line in own.splitlines()).strip(), code, quotes, links)


def _without_quotes(text: str) -> tuple[str, bool]:
    kept: list[str] = []
    start, found = 0, False
    while (opens := text.find(_QUOTE, start)) >= 0:
        closes = text.find(_END, opens)
        if closes < 0:
            break
        kept.append(text[start:opens])
        start, found = closes + len(_END), True
    return "\n".join([*kept, text[start:]]), found
