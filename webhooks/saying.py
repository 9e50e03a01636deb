"""`ctx.say`: a plugin's texts in a member's language and the house's voice, never twice running in the same words."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from plugins.contract import Plugin
from plugins.doors import ArchiveDoor
from plugins.voice import Voice, VoiceError
from webhooks import wishes
from webhooks.config import Config
from webhooks.tables import told
from webhooks.tone import Tone, house_voice, own_sentences, tone_of
from webhooks.upsert import upsert

SPOKEN = ("fr", "en")


def voice_of(connection: Connection, config: Config, plugin: Plugin) -> Voice:
    """A plugin's texts in the community's tone and with its own sentences, as far as these still fit.

    :raises VoiceError: the plugin has no texts, or broken ones.
    """
    if plugin.folder is None:
        raise VoiceError(f"plugin {plugin.name} has no folder with locales/{{fr,en}}.toml")
    tone, own = tone_of(connection, config.site), own_sentences(connection, config.site, plugin.name)
    return _voice(plugin.folder, tone, config.language_list[0], config.time_zone, json.dumps(own, sort_keys=True))


@lru_cache(maxsize=64)
def _voice(folder: Path, tone: Tone, language: str, zone: str, own: str) -> Voice:
    voice = Voice(folder, house_voice(tone, language, zone))
    for lang, texts in json.loads(own).items():
        for key, forms in texts.items():
            # A sentence that fits no longer (the plugin changed, tu became vous) stays away; the console shows it.
            with suppress(VoiceError):
                voice.change(lang, key, forms)
    return voice


def language_of(archive: ArchiveDoor, member_id: int | None, config: Config) -> str:
    """The language to use with a member: the one he writes, then the one he chose, then the forum's first."""
    member = archive.member(member_id) if member_id is not None else None
    for wished in (member.lang, member.locale) if member is not None else ():
        short = wished.replace("_", "-").split("-")[0].lower()
        if short in SPOKEN:
            return short
    return next((lang for lang in config.language_list if lang in SPOKEN), "en")


class Saying:
    """See `plugins.doors.Say`; `keep` remembers who was told what, once the handler has ended well.

    On a page all is in the language of its `reader`, also what is about a member: one page speaks one language. Else it
    is in the member's, and what is said to nobody in particular in the site's.
    """

    def __init__(
        self,
        plugin: Plugin,
        config: Config,
        archive: ArchiveDoor,
        connection: Callable[[], Connection],
        reader: str = "",
    ) -> None:
        self._plugin, self._config, self._reader = plugin, config, reader
        self._voice: Voice | None = None
        self._archive, self._connection = archive, connection
        self._telling: Counter[tuple[str, int]] = Counter()

    def __call__(self, key: str, member: int | str | None = None, /, **values: Any) -> str:
        if self._voice is None:
            self._voice = voice_of(self._connection(), self._config, self._plugin)
        voice = self._voice
        if isinstance(member, int):
            chosen = self._reader or wishes.language(self._connection(), self._config.site, member)
            lang = chosen or language_of(self._archive, member, self._config)
            turn = self._times(key, member)
            self._telling[key, member] = 1
            return voice.say(key, lang, seed=member, turn=turn, **values)
        return voice.say(key, member or self._reader or language_of(self._archive, None, self._config), **values)

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
