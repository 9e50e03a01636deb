"""The same criticism without the insult, by leaving words out and by nothing else: what is claimed stays as it was.

An address ("…, you idiot") goes, and so does a remark of its own ("you are a fool"), where the text has something to
say beside it. Where it has not, or where what is left would hang in the air, there is no rewording: better none.
"""

import re
from collections.abc import Sequence

from plugins.netiquette.charter.same_words import words_of
from plugins.netiquette.lexicon import class_of

_SENTENCE = re.compile(r"[^.!?…\n]*[.!?…]+[\"»”')]*\s*|[^.!?…\n]+\s*|\n+")
_PART = re.compile(r"\s*(?:[,;:]|\s[–—-]\s)\s*")
_LEAST = 5
"""Words that a text must have left to be worth offering."""
_LONGEST = 400
"""Characters: a longer one is not read beside a draft, and its author knows best how to put it."""
_ADDRESS = frozenset({"insult", "slur", "crude", "weak", "pet", "person", "you", "grammar", "feeling", "polite"})
_AIMED = frozenset({"insult", "slur", "crude", "pet"})
_HANGS = frozenset(
    re.findall(
        r"\w+",
        """
        et mais donc car or ni parce puisque alors ainsi aussi ca cela ce c ceci voila d ou du que qui quoi dont comme
        si pourtant sinon bref sans il elle ils elles y en lequel laquelle meme
        and but so because since thus hence therefore also this that these those it its which who whom if as otherwise
        nor or then neither either he she they there such
        """,
    )
)
"""A sentence that begins so leans on the one before it."""
_TU_ES = re.compile(
    r"(?i)^(?:et |and |franchement |vraiment |really |honestly )?(?:(?:tu|vous) (?:n'|ne )?(?:es|êtes|etes)|t'es|t’es|"
    r"you(?: are|'re|’re| re)|u r|ur)\b"
)
_LEANS = re.compile(r"(?i)\b(?:parce que|car|puisque|si|because|since|if|unless|when|quand|lorsque)\b")


def reworded(text: str, words: Sequence[str], lang: str) -> str:
    """The text without what is aimed at somebody; "" where that cannot be had safely."""
    found = [" ".join(words_of(one)) for one in words if words_of(one)]
    if not found or len(text) > 2 * _LONGEST or lang not in ("fr", "en"):
        return ""
    kept: list[str] = []
    hangs = False
    for sentence in _SENTENCE.findall(text):
        if not words_of(sentence):
            kept.append(sentence)
            continue
        if not _holds(sentence, found):
            if hangs and words_of(sentence)[0] in _HANGS:
                return ""
            kept.append(sentence)
            hangs = False
            continue
        left = _without_aim(sentence, lang)
        hangs = not left
        kept.append(left)
    new = re.sub(r"[ \t]+", " ", "".join(kept)).strip()
    enough = len(words_of(new)) >= _LEAST and len(new) <= _LONGEST
    return new if enough and words_of(new) != words_of(text) else ""


def _holds(sentence: str, found: Sequence[str]) -> bool:
    """Whether a sentence has one of the passages in it, or stands in one."""
    own = f" {' '.join(words_of(sentence))} "
    return any(f" {one} " in own or own in f" {one} " for one in found)


def _without_aim(sentence: str, lang: str) -> str:
    """What is left of a sentence; "" where it is all aimed at somebody, or where the rest would not stand alone."""
    end = re.search(r"[.!?…\"»”')]*\s*$", sentence)
    tail = end[0] if end else ""
    parts = [one for one in _PART.split(sentence[: len(sentence) - len(tail)]) if one.strip()]
    aimed = [_is_address(one, lang) or _is_remark(one, lang) for one in parts]
    left = [one for one, is_aimed in zip(parts, aimed, strict=True) if not is_aimed]
    if not left or len(left) == len(parts) or len(words_of(" ".join(left))) < 3:
        return ""
    after = parts[aimed.index(True) :]
    if any(one in left and words_of(one) and words_of(one)[0] in _HANGS for one in after):
        return ""
    new = ", ".join(left)
    mark = tail.strip()[:1] or "."
    space = tail[len(tail.rstrip()) :]
    return new[:1].upper() + new[1:] + (mark if mark != "!" else ".") + (space or " ")


def _is_address(part: str, lang: str) -> bool:
    """Whether a part between commas only calls somebody something."""
    classes = [class_of(one, lang) for one in words_of(part)]
    return 0 < len(classes) <= 5 and set(classes) <= _ADDRESS and bool(set(classes) & _AIMED)


def _is_remark(part: str, lang: str) -> bool:
    """Whether a part says what somebody is, and nothing else."""
    words = words_of(part)
    aimed = any(class_of(one, lang) in _AIMED for one in words)
    return bool(_TU_ES.search(part.strip())) and aimed and len(words) <= 9 and not _LEANS.search(part)
