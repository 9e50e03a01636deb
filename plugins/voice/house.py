"""The forum's own voice: how it addresses people, who signs, which words it uses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

Address = Literal["tu", "vous"]


@dataclass(frozen=True, slots=True)
class HouseVoice:
    """What managers decide about all texts of all plugins.

    `signature` is the name of a person who agreed to sign, with a role if wished ("Claire, animatrice du réseau"); ""
    leaves the line out. `use` replaces words of the texts by the house's own, per language ({"fr": {"forum":
    "réseau"}}); `avoid` lists words that no text may hold: texts that do are reported, not changed. `forum` is what
    people call the place. Times are written in `zone`.
    """

    address: Address = "vous"
    signature: str = ""
    forum: str = ""
    language: str = "en"
    zone: str = "UTC"
    use: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    avoid: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def reworded(self, text: str, lang: str) -> str:
        """The text with the house's own words; a capital at the start of a replaced word is kept."""
        for word, mine in self.use.get(lang, {}).items():
            pattern = re.compile(rf"(?i)(?<![\w{{]){re.escape(word)}(?!\w)")
            text = pattern.sub(partial(_like, mine), text)
        return text

    def avoided(self, text: str, lang: str) -> list[str]:
        """The words of `avoid` that a text holds."""
        return [word for word in self.avoid.get(lang, ()) if re.search(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", text)]


def _like(mine: str, found: re.Match[str]) -> str:
    return mine[:1].upper() + mine[1:] if found[0][:1].isupper() else mine
