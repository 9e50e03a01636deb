"""Whose number or address it is: the author's own, a public contact point, a mere reference, or somebody else's.

Decided by the cue nearest to it in its sentence; a name or a telephone's kind counts only where nothing better stands
there. What follows a closing formula is the author's own signature.
"""

import re
from typing import Literal

from plugins.netiquette.detectors.cues import CONTACT, KIND, OTHER, OWN, PRIVATE, PUBLIC, REFERENCE

Whose = Literal["own", "public", "other", "reference", "unknown"]

_BEFORE, _AFTER, _OF_MINE = 100, 50, 16

_TO_ME = (
    r"[\w]+-moi|(?:me|m')\s?(?:joindre|contacter|rappeler|appeler|écrire|ecrire|envoyer|trouver|répondre|adresser|téléphoner)"
    r"|(?<!of\s)mine|(?:call|ring|text|phone|email|e-mail|mail|reach|contact|write\sto|ping|message|find|get)\sme(?:\sback)?"
)
_CLOSING = (
    "cordialement cdlt cdt bien_à_vous bien_à_toi bonne_journée bonne_soirée merci_d'avance salutations amicalement "
)
_CLOSING += "kind_regards best_regards regards cheers best_wishes thanks_in_advance many_thanks sincèrement sincerely"


def _pattern(words: str, more: str = "") -> re.Pattern[str]:
    each = sorted({re.escape(one).replace("_", "[ -]") for one in words.split()}, key=len, reverse=True)
    return re.compile(rf"(?<![\w.-])(?:{'|'.join([*each, *([more] if more else [])])})(?!\w)", re.IGNORECASE)


_STRONG: dict[Whose, re.Pattern[str]] = {
    "own": _pattern(OWN, _TO_ME),
    "public": _pattern(PUBLIC, r"(?-i:IT)"),
    "other": _pattern(OTHER, r"(?-i:chez)|(?-i:[A-Z][a-zà-ÿ]{2,15})'s"),
    "reference": _pattern(REFERENCE),
}
_IS_PRIVATE, _IS_KIND = _pattern(PRIVATE), _pattern(KIND)
_IS_CONTACT, _IS_CLOSING = _pattern(CONTACT), _pattern(_CLOSING)
_NAME = re.compile(r"(?<![.!?]\s)(?<![\w-])(?!\A)[A-ZÀ-Þ][a-zà-ÿ'-]{2,20}(?:'s)?(?![\w@])")
_NAME_BESIDE = re.compile(
    r"(?<![\w-])(?![\w-]*-moi\b|[JMTSLD]')"
    r"(?!(?:WhatsApp|Signal|Tel|Tél|Mobile|Portable|Phone|Mail|Email|Contact|Adresse|Address|Number|Num)\W)"
    r"[A-ZÀ-Þ][a-zà-ÿ'-]{2,20}\s?[,:(=-]?\s?(?:au|on|at|sur|is)?\s?\Z"
)
_INTRODUCED = re.compile(r"(?:i'm|i am|je suis|name is|m'appelle)", re.IGNORECASE)
_LEADING_NAME = re.compile(
    r"(?:\A|[\n.!?]\s*|[-*•]\s*)@?[A-ZÀ-Þ][\wà-ÿ'-]{2,20}(?:\s[A-ZÀ-Þ][\wà-ÿ'-]{1,20})?(?:\s*[:,(=-]|\s+(?:au|on|is)\s)"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s|\n\n")


def is_contact(plain: str, start: int, end: int) -> bool:
    """Whether words of telephoning stand beside a stretch."""
    near = plain[max(0, start - 40) : start]
    return bool(_IS_CONTACT.search(near) or set(near) & set("☎📞📱✆") or _IS_CONTACT.search(plain[end : end + 25]))


def named_beside(plain: str, start: int) -> bool:
    """Whether somebody's (or something's) name stands right in front of a stretch."""
    return bool(_NAME_BESIDE.search(plain[max(0, start - 40) : start]))


def named_before(plain: str, start: int) -> bool:
    """Whether a name stands in the same sentence before a stretch."""
    sentence = _SENTENCE.split(plain[max(0, start - _BEFORE) : start])[-1]
    return bool(_NAME.search(sentence) or _LEADING_NAME.search(sentence))


def whose(plain: str, start: int, end: int, *, number: bool = True) -> Whose:
    """Whose the stretch between two places is; only a `number` can be a mere reference."""
    before = plain[max(0, start - _BEFORE) : start]
    sentence = _SENTENCE.split(before)[-1]
    found = _nearest(sentence, number)
    if found is None and _IS_CLOSING.search(plain[max(0, start - 160) : start]) and len(plain) - end < 120:
        return "own"
    if found == "own" and _NAME_BESIDE.search(sentence) and not _INTRODUCED.search(sentence):
        return "other"
    if found:
        return found
    behind = _SENTENCE.split(plain[end : end + _AFTER])[0]
    ahead: dict[Whose, int] = {
        one: match.start()
        for one, pattern in _STRONG.items()
        if (number or one != "reference") and (match := pattern.search(behind))
    }
    if ahead:
        first: Whose = min(ahead, key=ahead.__getitem__)
        # "my brother's": somebody of mine is somebody else.
        return "other" if first == "own" and 0 < ahead.get("other", 0) - ahead["own"] < _OF_MINE else first
    if _NAME.search(sentence) or _LEADING_NAME.search(sentence) or _IS_KIND.search(sentence):
        return "other"
    return _nearest(before, number) or "unknown"


def _nearest(words: str, number: bool) -> Whose | None:
    """The strong cue that stands last; a private word makes somebody else's what is not the author's own."""
    last: dict[Whose, int] = {}
    for one, pattern in _STRONG.items():
        ends = [match.end() for match in pattern.finditer(words)]
        if ends:
            last[one] = ends[-1]
    called = max((match.end() for match in _IS_CONTACT.finditer(words)), default=-1)
    if not number or last.get("reference", -1) < called:
        last.pop("reference", None)
    if "own" not in last and _IS_PRIVATE.search(words):
        return "other"
    if not last:
        return None
    nearest: Whose = max(last, key=lambda one: (last[one], one == "own"))
    return nearest
