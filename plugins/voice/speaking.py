"""Saying a text: the right language, address, number and wording, with every value written and escaped."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from plugins.voice.escaping import Markdown, escape, plain
from plugins.voice.figures import join, plural, written
from plugins.voice.house import HouseVoice
from plugins.voice.plain_speech import check_plain_speech
from plugins.voice.texts import Entry, VoiceError, form_name, placeholders, read_file

LANGUAGES = ("en", "fr")

Wordings = str | Sequence[str] | Mapping[str, Sequence[str]]
"""One key in a forum's own words: for all its forms, or by form (`{"vous": […]}`, `{"one": […], "other": […]}`)."""

Changes = Mapping[str, Mapping[str, Wordings]]
"""A forum's own wordings by language and key, written by its managers: `{"fr": {"hello": ["Salut {name},"]}}`."""


class Voice:
    """The texts of one plugin in the house's voice; loaded once, then only read.

    `folder` is the plugin's own (it holds `locales/`). `changes` are the forum's own wordings in place of the
    plugin's.

    :raises VoiceError: a file or key is missing in one language, the values a key needs differ between the languages,
        or a change names an unknown key or value, or is no plain speech.
    """

    def __init__(self, folder: Path, house: HouseVoice | None = None, changes: Changes | None = None) -> None:
        self.house = house or HouseVoice()
        self._entries = {lang: read_file(folder / "locales" / f"{lang}.toml") for lang in LANGUAGES}
        self._check_languages()
        for lang, texts in (changes or {}).items():
            for key, wordings in texts.items():
                self.change(lang, key, wordings)

    def copy(self) -> "Voice":
        """The same texts in an object of its own: what is changed there changes nothing here."""
        twin = Voice.__new__(Voice)
        twin.house = self.house
        twin._entries = {lang: dict(entries) for lang, entries in self._entries.items()}
        return twin

    def keys(self) -> tuple[str, ...]:
        """Every key, in the order of the English file."""
        return tuple(self._entries["en"])

    def entry(self, key: str, lang: str) -> Entry:
        """A key's wordings.

        :raises VoiceError: there is no such key.
        """
        try:
            return self._entries[self.language(lang)][key]
        except KeyError:
            raise VoiceError(f"{self.language(lang)}.toml holds no text for {key!r}") from None

    def language(self, wished: str) -> str:
        """The language spoken to somebody who wishes `wished` (`fr`, `fr_FR`, `pt-BR`…): his, or the house's."""
        short = wished.replace("_", "-").split("-")[0].lower()
        if short in self._entries:
            return short
        return self.house.language if self.house.language in self._entries else "en"

    def wordings(self, key: str, lang: str, count: float | None = None) -> tuple[str, ...]:
        """The wordings to choose from for this house, and this count where the key has number forms."""
        entry, spoken = self.entry(key, lang), self.language(lang)
        addresses = (self.house.address, "all", "")
        counts = self._count_forms(count, spoken)
        for address in addresses:
            for form in counts:
                if (address, form) in entry.forms:
                    return entry.forms[address, form]
        raise VoiceError(f"{spoken}.toml, {key}: the number is missing, say it with count=…")

    def say(self, key: str, lang: str, /, *, seed: int | str = 0, turn: int = 0, **values: Any) -> Markdown:
        """One text. The same arguments always give the same one.

        `seed` is whom it is for: each person meets a key's wordings in an order of his own; `turn` is how often he was
        told this key before, so that he reads every wording once before any comes back, and never the same one twice
        running. A key's `count` decides its number form. Texts (`str`) among the values are escaped, or kept on one
        line where the key is plain; `Markdown` values go in as they are; a list is joined with "and"; numbers, days,
        times and durations are written as the language does.

        :raises VoiceError: no such key, or a value that the wording needs was not given.
        """
        spoken, entry = self.language(lang), self.entry(key, lang)
        wordings = self.wordings(key, lang, values.get("count"))
        text = self.house.reworded(wordings[turn_of(len(wordings), f"{key}:{seed}", turn)], spoken)
        ready = {name: self._value(value, spoken, entry.plain) for name, value in values.items()}
        ready |= {"signature": self.house.signature, "forum": self.house.forum}
        missing = sorted(placeholders(text) - set(ready))
        if missing:
            raise VoiceError(f"{spoken}.toml, {key}: the value {{{missing[0]}}} was not given")
        return Markdown(text.format_map(ready).strip())

    def _value(self, value: Any, lang: str, is_plain: bool) -> str:
        if isinstance(value, str):
            return plain(value) if is_plain else escape(value)
        if isinstance(value, list | tuple):
            return join([self._value(one, lang, is_plain) for one in value], lang)
        return written(value, lang, self.house.zone)

    @staticmethod
    def _count_forms(count: float | None, lang: str) -> tuple[str, ...]:
        if count is None:
            return ("",)
        usual = plural(lang, count, "one", "other")
        return ("zero", usual, "") if count == 0 else (usual, "")

    def _check_languages(self) -> None:
        english, french = self._entries["en"], self._entries["fr"]
        for lang, mine, other in (("en", english, french), ("fr", french, english)):
            for key in other:
                if key not in mine:
                    raise VoiceError(f"{lang}.toml, {key}: the text is missing")
        for key, entry in english.items():
            lone = sorted(entry.placeholders ^ french[key].placeholders)
            if lone:
                lacking = "fr" if lone[0] in entry.placeholders else "en"
                raise VoiceError(f"{lacking}.toml, {key}: no wording uses {{{lone[0]}}}, the other language does")
            if entry.plain != french[key].plain:
                raise VoiceError(f"fr.toml, {key}: plain in one language only")

    def change(self, lang: str, key: str, wordings: Wordings) -> None:
        """Say a key in the forum's own words from now on.

        :raises VoiceError: no such key, language or form, a value that nothing fills in, or no plain speech.
        """
        if lang not in self._entries:
            raise VoiceError(f"{lang}: no language that is spoken here")
        old = self.entry(key, lang)
        if isinstance(wordings, Mapping):
            for name in wordings:
                old.form(name)
            forms = {form: tuple(wordings.get(form_name(form), texts)) for form, texts in old.forms.items()}
            fresh = [(form, text) for form, texts in forms.items() if form_name(form) in wordings for text in texts]
        else:
            texts = (wordings,) if isinstance(wordings, str) else tuple(wordings)
            forms, fresh = {("", ""): texts}, [(("", ""), text) for text in texts]
        for (address, _), text in fresh:
            self._check(old, lang, text, address)
        if all(forms.values()) and all(text.strip() for _, text in fresh):
            self._entries[lang][key] = Entry(key, old.plain, forms)

    def _check(self, old: Entry, lang: str, text: str, address: str) -> None:
        try:
            strange = placeholders(text) - old.placeholders - {"signature", "forum"}
        except ValueError as error:
            raise VoiceError(f"{old.key} ({lang}): {error}") from error
        if strange:
            raise VoiceError(f"{old.key} ({lang}): nothing fills in {{{min(strange)}}}")
        # A text that names no address must fit the one that the house has chosen.
        speaks: Any = address or self.house.address
        faults = check_plain_speech(text, lang, address=speaks)
        if faults:
            raise VoiceError(f"{old.key} ({lang}): {faults[0]}")


def turn_of(number: int, seed: str, turn: int) -> int:
    """Which of `number` wordings comes at this `turn`: a fixed shuffle by `seed`, gone through round after round."""
    if number < 2:
        return 0
    order = list(range(number))
    random.Random(hashlib.sha256(seed.encode()).digest()).shuffle(order)
    return order[turn % number]
