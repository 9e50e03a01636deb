"""Is this said plainly and kindly? A linter for what a bot says to people: jargon, orders, shouting, mixed address.

The two word lists stand in `locales/fr.toml` and `locales/en.toml`. The rules come from what scares people away from a
forum: a corporate or solemn tone, orders, and being counted (house style of the project). Findings are told in the
language of the text, since its author reads them.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from plugins.voice.house import HouseVoice
from plugins.voice.texts import read_file

LONGEST_TEXT = 200
"""Words in one text; longer ones are not read to the end."""

Address = Literal["", "tu", "vous", "all"]

_WORD = re.compile(r"[^\W_]+(?:['’\-·][^\W_]+)*")
_SHOUT = re.compile(r"\b[A-ZÀÂÇÉÈÊËÎÏÔÙÛÜ]{5,}\b")
_MENTION = re.compile(r"(?<![\w@.])@(?=\w)")
_TU = re.compile(
    r"(?i)(?<![\w\-])(?:tu|toi|te|tes|ta|(?<!le )(?<!un )(?<!du )ton)(?!\w)|(?<![\w\-])t['’](?=\w)|-(?:toi|tu)\b"
)
_VOUS = re.compile(r"(?i)(?<![\w\-])(?:vous|votre|vos)(?!\w)|-vous\b")
_EZ = re.compile(r"(?i)\b(?!chez\b|assez\b|nez\b|rez\b)\w{2,}ez\b")
_NOT_ADDRESS = re.compile(r"(?i)\brendez-vous\b")

_SAID: Mapping[str, Mapping[str, str]] = {
    "jargon": {
        "en": "“{found}” is office talk{instead}",
        "fr": "« {found} » : trop administratif{instead}",
    },
    "scolding": {"en": "“{found}” sounds like an order{instead}", "fr": "« {found} » sonne comme un ordre{instead}"},
    "instead": {"en": "; say: {word}", "fr": " ; dites plutôt : {word}"},
    "sentence": {
        "en": "a sentence of {count} words (“{found}…”); {most} are enough",
        "fr": "une phrase de {count} mots (« {found}… ») ; {most} suffisent",
    },
    "length": {"en": "{count} words; {most} are enough", "fr": "{count} mots ; {most} suffisent"},
    "exclamation": {"en": "more than one exclamation mark", "fr": "plus d'un point d'exclamation"},
    "shout": {"en": "“{found}” shouts: no word in capitals", "fr": "« {found} » crie : pas de mot en capitales"},
    "mention": {
        "en": "an @ pings somebody: write the name without it",
        "fr": "une @ interpelle quelqu'un : écrivez le nom sans elle",
    },
    "mixed": {"en": "tu and vous in one text", "fr": "tu et vous dans le même texte"},
    "neutral": {
        "en": "speaks to one person: give a tu and a vous wording, or all = … for several people",
        "fr": "s'adresse à quelqu'un : donnez une version tu et une version vous, ou all = … pour plusieurs personnes",
    },
    "wrong_address": {"en": "{found} in the {address} wording", "fr": "{found} dans la version {address}"},
    "avoid": {"en": "“{found}” is a word this forum avoids", "fr": "« {found} » : un mot que ce forum évite"},
}


def check_plain_speech(
    text: str, lang: str, *, address: Address | None = None, house: HouseVoice | None = None
) -> list[str]:
    """What is wrong with a text, as sentences in its own language; an empty list is good news.

    `address` says whom a French text speaks to (`tu`, `vous`, `all` for several people, "" for nobody in particular);
    with None only mixing is looked for. `house` adds the forum's own words to avoid. Languages without a word list
    get the checks that need none.
    """
    spoken = "fr" if lang == "fr" else "en"
    bare = re.sub(r"\{\w*\}", "x", text)
    bare = re.sub(r"\]\([^)\s]*\)|https?://\S+", "]", bare)
    found = [*_words(bare, lang, spoken), *_shape(bare, text, spoken)]
    if lang == "fr":
        found += _address(bare, address)
    if house is not None:
        found += [_say("avoid", spoken, found=word) for word in house.avoided(bare, lang)]
    return found


def check_locales(folder: Path) -> list[str]:
    """Every finding in a plugin's `locales/`, each with file, key and wording's beginning.

    :raises VoiceError: a file that cannot be read.
    """
    found = []
    for lang in ("en", "fr"):
        for key, entry in read_file(folder / "locales" / f"{lang}.toml").items():
            for (address, _), wordings in entry.forms.items():
                for text in wordings:
                    faults = check_plain_speech(text, lang, address=address)  # type: ignore[arg-type]
                    found += [f"{lang}.toml, {key} (“{text[:30]}…”): {fault}" for fault in faults]
    return found


def _words(text: str, lang: str, spoken: str) -> Iterator[str]:
    lists = _lists(lang)
    for kind in ("jargon", "scolding"):
        for pattern, better in lists.get(kind, ()):
            hit = pattern.search(text)
            if hit:
                instead = _say("instead", spoken, word=better) if better else ""
                yield _say(kind, spoken, found=hit[0], instead=instead)


def _shape(bare: str, text: str, spoken: str) -> Iterator[str]:
    most = 30 if spoken == "fr" else 28
    for sentence in re.split(r"[.!?…:;]+(?:\s|$)|\n+|—", bare):
        words = _WORD.findall(sentence)
        if len(words) > most:
            yield _say("sentence", spoken, count=len(words), found=" ".join(words[:4]), most=most)
    total = len(_WORD.findall(bare))
    if total > LONGEST_TEXT:
        yield _say("length", spoken, count=total, most=LONGEST_TEXT)
    if text.count("!") - text.count("![") > 1:
        yield _say("exclamation", spoken)
    shout = _SHOUT.search(bare)
    if shout:
        yield _say("shout", spoken, found=shout[0])
    if _MENTION.search(bare):
        yield _say("mention", spoken)


def _address(text: str, address: Address | None) -> Iterator[str]:
    text = _NOT_ADDRESS.sub("x", text)
    tu = _TU.search(text)
    vous = _VOUS.search(text) or _EZ.search(text)
    if tu and vous:
        yield _say("mixed", "fr")
    elif address == "" and (tu or vous):
        yield _say("neutral", "fr")
    elif address == "tu" and vous:
        yield _say("wrong_address", "fr", found=vous[0], address="tu")
    elif address in ("vous", "all") and tu:
        yield _say("wrong_address", "fr", found=tu[0], address="vous")


def _say(kind: str, lang: str, **values: object) -> str:
    return _SAID[kind][lang].format(**values)


@cache
def _lists(lang: str) -> Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]:
    """The compiled word lists of a language; empty where there is none."""
    path = Path(__file__).parent / "locales" / f"{lang}.toml"
    if lang not in ("fr", "en"):
        return {}
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        kind: tuple((_pattern(words), better) for words, better in document[kind].items())
        for kind in ("jargon", "scolding")
    }


def _pattern(words: str) -> re.Pattern[str]:
    body = re.escape(words).replace(r"\*", r"\w*").replace("'", "['’]").replace(r"\ ", r"\s+")
    # Acronyms are looked for in capitals only: "roi" is a king.
    flags = 0 if words.rstrip("*").isupper() else re.IGNORECASE
    return re.compile(rf"(?<![\w\-]){body}(?![\w])", flags)
