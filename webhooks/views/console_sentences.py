"""Standard sentences as the page about the tone of voice shows, checks and previews them."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import Connection

from plugins.contract import Plugin
from plugins.voice import Entry, Voice, VoiceError
from plugins.voice.texts import RESERVED, form_name, placeholders
from webhooks.saying import voice_of
from webhooks.tone import Own
from webhooks.views.console_here import service, words
from webhooks.views.console_markdown import as_html
from webhooks.views.console_words import sentences

_MOST_WORDINGS = 8
_LONGEST = 2000
_GAP = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of the list: how it reads in each language now, whether it is the community's own, what is wrong."""

    key: str
    texts: tuple[tuple[str, str], ...]
    is_own: bool
    fault: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One field of the form, with how it will read and what is wrong with it."""

    field: str
    text: str
    preview: Markup
    problem: str


@dataclass(frozen=True, slots=True)
class TypedForm:
    """A sentence in one language as it stands or was just typed: its forms, each with its wordings."""

    groups: tuple[tuple[str, tuple[Wording, ...]], ...]
    forms: Mapping[str, Sequence[str]]
    changed: bool

    @property
    def problems(self) -> list[str]:
        """What keeps it from being saved."""
        return [one.problem for _, group in self.groups for one in group if one.problem]

    @classmethod
    def of(cls, voice: Voice, lang: str, key: str, typed: Mapping[str, Sequence[str]]) -> "TypedForm":
        """From the fields `lang|form`, sent once a wording; a form that was not sent stands as it is."""
        entry, groups, forms, changed = voice.entry(key, lang), [], {}, False
        for name in shown_forms(voice, entry):
            stands = list(entry.form(name))
            sent = typed.get(f"{lang}|{name}")
            texts = stands if sent is None else [_tidy(one) for one in sent][:_MOST_WORDINGS]
            kept = [one for one in texts if one]
            forms[name] = kept
            changed = changed or kept != stands
            shown = [
                Wording(f"{lang}|{name}", one, preview(voice, lang, entry, one), _problem(voice, lang, key, name, one))
                for one in kept
            ]
            if not kept:
                shown = [Wording(f"{lang}|{name}", "", Markup(""), words()("voice.none_left"))]
            elif len(kept) < _MOST_WORDINGS:
                shown.append(Wording(f"{lang}|{name}", "", Markup(""), ""))
            groups.append((name, tuple(shown)))
        return cls(tuple(groups), forms, changed)


def speaking(connection: Connection, plugin: Plugin) -> Voice:
    """A plugin's texts as they are said now, in an object of one's own that may be changed to try something out."""
    said = voice_of(connection, service().config, plugin)
    return said.copy()


def sentence_keys(voice: Voice) -> list[str]:
    """The keys of what members read: a namespace that is plain throughout holds the labels of managers' pages."""
    spaces: dict[str, list[bool]] = defaultdict(list)
    keys = voice.keys()
    for key in keys:
        spaces[key.split(".")[0]].append(voice.entry(key, "en").plain)
    spoken = {key: voice.entry(key, "en").texts() for key in keys if not all(spaces[key.split(".")[0]])}
    # What is nothing but gaps (name, reason, links) holds no words to change.
    return [key for key, texts in spoken.items() if any(map(str.isalpha, _GAP.sub("", " ".join(texts))))]


def shown_forms(voice: Voice, entry: Entry) -> list[str]:
    """The forms in which this house says a sentence: those of the other address stay out of the way."""
    other = "tu" if voice.house.address == "vous" else "vous"
    return [form_name(form) for form in entry.forms if form[0] != other]


def sentence_of(voice: Voice, key: str, own: Own, fault: str) -> Sentence:
    """A sentence as it reads now, the first wording of the first form standing for all."""
    texts = []
    for lang in ("fr", "en"):
        entry = voice.entry(key, lang)
        first = entry.form(shown_forms(voice, entry)[0])[0]
        texts.append((lang, voice.house.reworded(first, lang)))
    return Sentence(key, tuple(texts), any(key in changed for changed in own.values()), fault)


def fault_of(voice: Voice, key: str, own: Own) -> str:
    """What is wrong with a sentence: a word that this house avoids, or own words that fit no longer."""
    say = words()
    for lang, changed in own.items():
        if key in changed:
            for name, texts in changed[key].items():
                wrong = next((said for one in texts if (said := _problem(voice, lang, key, name, one))), "")
                if wrong:
                    return say("voice.fits_no_longer", reason=wrong)
    for lang in ("fr", "en"):
        entry = voice.entry(key, lang)
        for name in shown_forms(voice, entry):
            for text in entry.form(name):
                held = voice.house.avoided(voice.house.reworded(text, lang), lang)
                if held:
                    return say("voice.holds_avoided", word=held[0], text=text)
    return ""


def preview(voice: Voice, lang: str, entry: Entry, text: str) -> Markup:
    """How a wording will read: the house's words in it, invented values in its gaps."""
    samples = {name[7:]: value for name, value in sentences(lang).items() if name.startswith("sample.")}
    values = {name: samples.get(name, f"…{name}…") for name in entry.placeholders}
    values |= {"signature": voice.house.signature, "forum": voice.house.forum or samples["forum"]}
    try:
        shown = voice.house.reworded(text, lang).format_map(values)
    except (KeyError, ValueError, IndexError, AttributeError):
        return Markup("")
    return Markup("<p>{}</p>").format(shown) if entry.plain else as_html(shown)


def _problem(voice: Voice, lang: str, key: str, form: str, text: str) -> str:
    """Why a wording cannot be kept, in a sentence; "" when it can."""
    say, entry = words(), voice.entry(key, lang)
    try:
        stands, used = entry.form(form), placeholders(text)
    except VoiceError:
        return say("voice.form_gone")
    except ValueError:
        return say("voice.braces")
    strange = sorted(used - entry.placeholders - RESERVED)
    if strange:
        return say("voice.unknown_value", value=f"{{{strange[0]}}}")
    lost = sorted(frozenset.intersection(*map(placeholders, stands)) - used)
    if lost:
        return say("voice.lost", value=f"{{{lost[0]}}}")
    held = voice.house.avoided(voice.house.reworded(text, lang), lang)
    if held:
        return say("voice.avoided", word=held[0])
    try:
        voice.copy().change(lang, key, {form: [text]})
    except VoiceError as error:
        # What the check of plain speech says, without the key that the page shows anyway.
        return str(error).partition(": ")[2]
    return ""


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()[:_LONGEST]
