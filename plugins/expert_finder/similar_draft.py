"""What a member wrote himself in a draft: Markdown less its code, its quotes of others and its addresses."""

import re

LONGEST = 12_000
"""Characters of a draft that are looked at: twice what is searched with."""
_ADDRESS = re.compile(r"\bhttps?://\S{1,2000}|<[^<>]{1,300}>|!\[[^\[\]]{0,200}\]")
_QUOTE, _END = "[quote", "[/quote]"


def own_part(markdown: str) -> str:
    """The writer's own words; bounded, and linear in what is looked at, whatever stands in it."""
    text = _without_quotes(markdown[:LONGEST])
    # Every second part between fences is code; an open fence at the end is code still being written.
    text = "\n".join(text.split("```")[::2])
    lines = (line for line in text.splitlines() if not line.startswith((">", "    ", "\t")))
    return " ".join(_ADDRESS.sub(" ", "\n".join(lines)).split())


def _without_quotes(text: str) -> str:
    kept: list[str] = []
    start = 0
    while (opens := text.find(_QUOTE, start)) >= 0:
        closes = text.find(_END, opens)
        if closes < 0:
            break
        kept.append(text[start:opens])
        start = closes + len(_END)
    return "\n".join([*kept, text[start:]])
