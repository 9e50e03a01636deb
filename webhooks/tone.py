"""The community's tone of voice: how it addresses people, who signs, its own words, and its own standard sentences.

Managers decide it once in the console; it holds for everything that any plugin says. The settings and each changed
sentence are rows of the settings table, under names that no plugin can bear, so that every change has its change row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from plugins.settings import from_json, setting
from plugins.voice import HouseVoice
from webhooks import settings_store
from webhooks.facts import recall

TONE = "host:voice"
"""The name under which the tone's settings are stored."""

Own = Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]
"""Changed sentences by language, key and form (`""`, `vous`, `one`, `vous.one`)."""


@dataclass(frozen=True)
class Tone:
    """Edited in the console like a plugin's settings; every save is a change row."""

    address: Literal["tu", "vous"] = setting(
        "vous", choices={"tu": {"en": "tu", "fr": "tu"}, "vous": {"en": "vous", "fr": "vous"}}, per_category=False,
        label={"en": "How members are addressed in French", "fr": "Tutoiement ou vouvoiement"},
    )  # fmt: skip
    signature: str = setting(
        "", max=200, per_category=False,
        label={"en": "Who signs the messages", "fr": "Qui signe les messages"},
        help={"en": "Whoever accepted it, a person or a role: “Claire, for the community team”. Empty: unsigned.",
              "fr": "Une personne ou un rôle qui l'accepte : « Claire, pour l'équipe ». Vide : pas de signature."},
    )  # fmt: skip
    forum_name: str = setting(
        "", max=100, per_category=False,
        label={"en": "What people call this place", "fr": "Comment on appelle ce lieu"},
        help={"en": "For instance: the Quay. Empty: the forum's own title.",
              "fr": "Par exemple : le Quai. Vide : le titre du forum."},
    )  # fmt: skip
    use_fr: tuple[str, ...] = setting(
        (), widget="lines", per_category=False,
        label={"en": "Words to use in French", "fr": "Mots à employer en français"},
        help={"en": "One a line, the usual word and yours: sujet = fil",
              "fr": "Un par ligne, le mot courant puis le vôtre : sujet = fil"},
    )  # fmt: skip
    avoid_fr: tuple[str, ...] = setting(
        (), widget="lines", per_category=False,
        label={"en": "Words to avoid in French", "fr": "Mots à éviter en français"},
        help={"en": "One a line. A sentence that holds one is named below, and none can be saved with it.",
              "fr": "Un par ligne. Une phrase qui en contient est signalée plus bas, et aucune ne s'enregistre avec."},
    )  # fmt: skip
    use_en: tuple[str, ...] = setting(
        (), widget="lines", per_category=False,
        label={"en": "Words to use in English", "fr": "Mots à employer en anglais"},
        help={"en": "One a line, the usual word and yours: topic = thread",
              "fr": "Un par ligne, le mot courant puis le vôtre : topic = thread"},
    )  # fmt: skip
    avoid_en: tuple[str, ...] = setting(
        (), widget="lines", per_category=False,
        label={"en": "Words to avoid in English", "fr": "Mots à éviter en anglais"},
        help={"en": "One a line.", "fr": "Un par ligne."},
    )  # fmt: skip


def tone_of(connection: Connection, site: int) -> Tone:
    """The tone as managers set it."""
    return from_json(Tone, settings_store.stored(connection, site, TONE))


def forum_title(connection: Connection, site: int) -> str:
    """What the managers call the forum, else what it calls itself; "" while neither is known."""
    named = tone_of(connection, site).forum_name
    told = recall(connection, site, "client_settings")
    title = told.get("title") if isinstance(told, dict) else None
    return named or (title if isinstance(title, str) else "")


def house_voice(tone: Tone, language: str, zone: str) -> HouseVoice:
    """The tone as `plugins.voice` wants it; `language` is the forum's first, `zone` that of its times."""
    return HouseVoice(
        address=tone.address,
        signature=tone.signature,
        forum=tone.forum_name,
        language=language,
        zone=zone,
        use={"fr": dict(pairs(tone.use_fr)), "en": dict(pairs(tone.use_en))},
        avoid={"fr": tone.avoid_fr, "en": tone.avoid_en},
    )


def pairs(lines: Sequence[str]) -> list[tuple[str, str]]:
    """The lines `usual = ours` as pairs; others are left out, see `unreadable`."""
    halves = (line.partition("=") for line in lines)
    return [(word.strip(), mine.strip()) for word, sign, mine in halves if sign and word.strip() and mine.strip()]


def unreadable(lines: Sequence[str]) -> list[str]:
    """The lines that are no pair."""
    return [line for line in lines if not pairs([line])]


def own_sentences(connection: Connection, site: int, plugin: str) -> Own:
    """What managers have changed of a plugin's sentences."""
    found: dict[str, dict[str, Mapping[str, Sequence[str]]]] = {}
    for name, forms in settings_store.stored(connection, site, _place(plugin)).items():
        lang, _, key = name.partition(":")
        if isinstance(forms, dict) and forms:
            found.setdefault(lang, {})[key] = forms
    return found


def keep_sentence(
    connection: Connection,
    site: int,
    plugin: str,
    lang: str,
    key: str,
    forms: Mapping[str, Sequence[str]],
    *,
    who: str,
    now: datetime,
) -> None:
    """Keep a sentence in the community's own words, by form; without forms the plugin's own words are back."""
    values = {f"{lang}:{key}": {name: list(texts) for name, texts in forms.items()}}
    settings_store.save(connection, site, _place(plugin), values, who=who, now=now)


def last_change(connection: Connection, site: int, plugin: str, key: str) -> tuple[str, datetime] | None:
    """Who changed a sentence last, and when."""
    for row in settings_store.history(connection, site, _place(plugin), 500):
        if str(row["name"]).partition(":")[2] == key:
            return str(row["who"]), row["at"]
    return None


def _place(plugin: str) -> str:
    return f"voice:{plugin}"
