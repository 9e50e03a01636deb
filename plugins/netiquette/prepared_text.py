"""A text as the head reads it: one writing for all disguises, no names, no numbers, no particular group.

What case, accents, look-alike letters, stacked marks or stretched letters do to a text must not change a verdict, nor
must who bears which name. The positions of sentences are kept, so that findings show the author's very words.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from plugins.netiquette.lexicon import identities, names, person_words

NAME = "alex"
"""Stands for every name. A real one: an encoder knows what to make of it."""
_LOOKALIKES = str.maketrans(
    "аеіорсухӏԁԛԝмтнквАЕІОРСУХМТНКВαονρτυικεηΑΒΕΖΗΙΚΜΝΟΡΤΥΧ’‘ʼ`´",
    "aeiopcyxldqwmthkbAEIOPCYXMTHKBaovptuikenABEZHIKMNOPTYX'''''",
)
_LOOKING = re.compile(r"[Ѐ-ӿͰ-Ͽԁԛԝ]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_LEET = str.maketrans("013457@$!€*", "oieastasie_")
_LEETED = re.compile(r"(?<![\w@#/.])(?=[\w@$!*]*[^\W\d_])(?=[\w@$!]*[013457@$!])[\w@$!]{3,}(?<![!@$])")
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][ .\-_*]){3,}[^\W\d_](?!\w)")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-.]{1,100}\.\w+")
_CALLED = re.compile(r"(?<!\w)@[\w.\-]*\w")
_TITLED = re.compile(
    r"\b(?:M\.|Mr|MM\.|Mme|Mlle|Monsieur|Madame|Mademoiselle|Maître|Dr|Pr|Mrs|Ms|Miss|Sir|Doctor)\.? (?=[A-ZÀ-Ý])"
    r"((?:[A-ZÀ-Ý][\w'\-]*)(?: [A-ZÀ-Ý][\w'\-]*)?)"
)
_CAPITAL = re.compile(r"(?<![\w@])[A-ZÀ-Ý][^\W\d_]*(?:[\-'][A-ZÀ-Ý][^\W\d_]+)*(?:-[^\W\d_]+)?")
_NUMBER = re.compile(r"\d[\d.,:/h%]*")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_SMILE = re.compile("[\U0001f600-\U0001f60e\U0001f617-\U0001f61d\U0001f642\U0001f643\U0001f923\U0001f970\U0001f929"
                    "\U0001f44d\U0001f44f\U0001f389\U0001f37b\U0001f37a❤]|(?<!\\w)[:;]-?[)Dp](?!\\w)")  # fmt: skip
_NEITHER = re.compile(r"[^\w\s.,;:!?…'\"«»“”()\-]")
_END = re.compile(r"(?<=[.!?…])(?<!\bM\.)(?<!\bMM\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bDr\.)(?<!\bcf\.)[\"»”')]*\s+|\n+")
_MARKS = ("Mn", "Me", "Cf")
_PRONOUNS = {"she": "he", "hers": "his", "herself": "himself", "elle": "il", "elles": "ils", "celle-la": "celui-la",
             "toutes": "tous"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prepared:
    """`text` is the whole, `sentences` its sentences, as the head reads them; `said[i]` are the author's own words of
    sentence i, `spans[i]` where they stand in what he wrote.
    """

    text: str
    sentences: tuple[str, ...]
    said: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def prepare(text: str, called: Collection[str] = ()) -> Prepared:
    """Prepare a text. `called` are names and usernames of people around it, set apart like those that are known.

    Never raises, and takes time in proportion to the text's length.
    """
    called = {plain(one) for one in called if len(one) > 1}
    sentences, said, spans = [], [], []
    for start, end in _sentences(text):
        read = _read(text[start:end], called)
        if read:
            sentences.append(read)
            said.append(text[start:end])
            spans.append((start, end))
    return Prepared(" ".join(sentences), tuple(sentences), tuple(said), tuple(spans))


def plain(text: str) -> str:
    """Small letters without marks and look-alikes."""
    return _without_marks(_UNSEEN.sub("", text)).casefold()


def _sentences(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _read(text: str, called: Collection[str]) -> str:
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    text = _SMILE.sub(" smile ", _latin(text))
    text = _ADDRESS.sub(" link ", text)
    text = _CALLED.sub(NAME, text)
    text = _without_marks(text)
    text = _LEETED.sub(_unleeted, _SPACED.sub(_joined, text))
    text = _TITLED.sub(lambda found: found.group().replace(found.group(1), NAME.capitalize()), text)
    text = _CAPITAL.sub(lambda found: _unnamed(found.group(), called), text)
    text = _STRETCHED.sub(_unstretched, text.casefold())
    text = _NUMBER.sub("0", _NEITHER.sub(" ", text))
    if called:
        text = re.sub(r"[\w\-]+", lambda found: NAME if found.group() in called else found.group(), text)
    text = re.sub(r"[\w\-]+", lambda found: _alike().get(found.group(), found.group()), text)
    return " ".join(text.split())


def _latin(text: str) -> str:
    """Cyrillic and Greek look-alikes become Latin letters in words, or texts, that are Latin otherwise."""
    if not _LOOKING.search(text):
        return text.translate(_LOOKALIKES)
    few = len(_LOOKING.findall(text)) <= len(_LATIN.findall(text))
    return " ".join(
        one.translate(_LOOKALIKES) if few or _LATIN.search(one) else one for one in text.split(" ")
    )  # fmt: skip


def _without_marks(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text)
    return "".join(one for one in bare if unicodedata.category(one) not in _MARKS)


def _joined(found: re.Match[str]) -> str:
    whole = re.sub(r"[ .\-_*]", "", found.group())
    return whole if plain(whole) in person_words() else found.group()


def _unleeted(found: re.Match[str]) -> str:
    read = found.group().translate(_LEET)
    return read if plain(read) in person_words() else found.group()


def _unstretched(found: re.Match[str]) -> str:
    return found.group(1)


def _unnamed(word: str, called: Collection[str]) -> str:
    low = plain(word)
    if low in called or low in names():
        return NAME.capitalize()
    first, _, rest = low.partition("-")
    return NAME.capitalize() if rest and first in names() and rest in names() else word


@cache
def _alike() -> dict[str, str]:
    return {**identities(), **_PRONOUNS}
