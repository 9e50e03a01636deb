"""`ctx.say` on the bench: the plugin's own texts, in the member's language, never twice the same in a row."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from plugins.contract import Plugin
from plugins.testing.acts import BenchError
from plugins.testing.world import World
from plugins.voice import HouseVoice, Voice


class BenchSay:
    """`plugins.doors.Say`. How often a member was told a key counts only runs that ended well."""

    def __init__(self, plugin: Plugin, house: HouseVoice, world: World, lang: str) -> None:
        self._plugin, self._house, self._world, self._lang = plugin, house, world, lang
        self._told: Counter[tuple[str, int]] = Counter()
        self._telling: Counter[tuple[str, int]] = Counter()

    def __call__(self, key: str, member: int | str | None = None, /, **values: Any) -> str:
        if isinstance(member, int):
            person = self._world.members.get(member)
            lang = (person.lang or person.locale if person else "") or self._lang
            turn = self._told[key, member]
            self._telling[key, member] = 1
            return self._voice.say(key, lang, seed=member, turn=turn, **values)
        return self._voice.say(key, member or self._lang, **values)

    @contextmanager
    def turns(self) -> Iterator[None]:
        """One handler's run: what it told is remembered when it ends without error."""
        self._telling.clear()
        yield
        self._told.update(self._telling)

    @cached_property
    def _voice(self) -> Voice:
        if self._plugin.folder is None:
            raise BenchError("the plugin has no texts: give it folder=Path(__file__).parent, with locales/ inside")
        return Voice(self._plugin.folder, self._house)
