"""Members' texts: per language, in the forum's own voice, varied, and checked for plain speech before they are read.

A plugin keeps its texts in `locales/en.toml` and `locales/fr.toml`; see `plugins.voice.texts` for their form. Values
that members wrote (names, titles) are escaped on the way in, so that no name can break a text or ping anybody.
"""

from plugins.voice.escaping import Markdown, escape, link
from plugins.voice.figures import join, plural, written
from plugins.voice.house import HouseVoice
from plugins.voice.plain_speech import check_locales, check_plain_speech
from plugins.voice.speaking import Voice
from plugins.voice.texts import Entry, VoiceError

__all__ = [
    "Entry",
    "HouseVoice",
    "Markdown",
    "Voice",
    "VoiceError",
    "check_locales",
    "check_plain_speech",
    "escape",
    "join",
    "link",
    "plural",
    "written",
]
