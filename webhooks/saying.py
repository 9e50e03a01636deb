"""`ctx.say`: a plugin's texts in a member's language and the house's voice, never twice running in the same words."""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, select

from plugins.contract import Plugin
from plugins.doors import ArchiveDoor
from plugins.voice import HouseVoice, Voice, VoiceError
from webhooks import wishes
from webhooks.config import Config
from webhooks.house import House
from webhooks.tables import told
from webhooks.upsert import upsert

SPOKEN = ("fr", "en")


@lru_cache(maxsize=64)
def _voice(folder: Path, language: str, address: Literal["tu", "vous"], signature: str, forum: str, zone: str) -> Voice:
    house = HouseVoice(language=language, address=address, signature=signature, forum=forum, zone=zone)
    return Voice(folder, house)


def language_of(archive: ArchiveDoor, member_id: int | None, config: Config) -> str:
    """The language to use with a member: the one he writes, then the one he chose, then the forum's first."""
    member = archive.member(member_id) if member_id is not None else None
    for wished in (member.lang, member.locale) if member is not None else ():
        short = wished.replace("_", "-").split("-")[0].lower()
        if short in SPOKEN:
            return short
    return next((lang for lang in config.language_list if lang in SPOKEN), "en")


class Saying:
    """See `plugins.doors.Say`; `keep` remembers who was told what, once the handler has ended well."""

    def __init__(
        self,
        plugin: Plugin,
        config: Config,
        house: House,
        archive: ArchiveDoor,
        connection: Callable[[], Connection],
    ) -> None:
        self._plugin, self._config, self._house = plugin, config, house
        self._archive, self._connection = archive, connection
        self._telling: Counter[tuple[str, int]] = Counter()

    def __call__(self, key: str, member: int | str | None = None, /, **values: Any) -> str:
        if self._plugin.folder is None:
            raise VoiceError(f"plugin {self._plugin.name} has no folder with locales/{{fr,en}}.toml")
        voice = self._voice(self._plugin.folder)
        if isinstance(member, int):
            chosen = wishes.language(self._connection(), self._config.site, member)
            lang = chosen or language_of(self._archive, member, self._config)
            turn = self._times(key, member)
            self._telling[key, member] = 1
            return voice.say(key, lang, seed=member, turn=turn, **values)
        return voice.say(key, member or language_of(self._archive, None, self._config), **values)

    def _voice(self, folder: Path) -> Voice:
        house, config = self._house, self._config
        first = config.language_list[0]
        return _voice(folder, first, house.address, house.signature, house.forum_name, config.time_zone)

    def keep(self, connection: Connection, site: int) -> None:
        """Count what was told in this run."""
        for key, member in self._telling:
            where = {"site": site, "plugin": self._plugin.name, "key": key, "member_id": member}
            upsert(connection, told, where, {"times": self._times(key, member) + 1})

    def _times(self, key: str, member: int) -> int:
        found = self._connection().execute(
            select(told.c.times).where(
                told.c.site == self._config.site,
                told.c.plugin == self._plugin.name,
                told.c.key == key,
                told.c.member_id == member,
            )
        )
        return int(found.scalar() or 0)
