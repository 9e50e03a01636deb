"""Whole sentences in capitals, and rows of exclamation marks; acronyms, code, headings and short cries are let be."""

import re

from plugins.netiquette.detectors.finding import LONGEST, Around, Finding, Options, Said

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ROW = re.compile(r"(?:[!！]\s?){4,}|(?:[!?！？]\s?){6,}")
_FEWEST_WORDS = 5
_FEWEST_LETTERS = 24
_SHARE = 0.7
_SOME = 0.2
"""Share of a text's letters below which capitals stress a sentence in it, and shout nothing."""
_MARKS = 8
_LEGAL = re.compile(r"\b(?:LIABILITY|LIABLE|WARRANTY|WARRANTIES|DISCLAIMED|COPYRIGHT|GARANTIE LÉGALE)\b")
_COMMENT = re.compile(r"\s*(?://|#|/?\*|--|;|>)")
_IDENTIFIER = re.compile(r"[A-Z0-9]+(?:[_./:-][A-Z0-9]+)+")
_COMMON = frozenset(
    # Short words of both languages that are no acronym: capitals with several of them are a sentence.
    "JE TU IL ON NE PAS QUE QUI LE LA LES UN UNE DES DU DE ET EN EST CE CA ÇA POUR AVEC SUR DANS "  # noqa: SIM905
    "VOUS NOUS MAIS TOUT PLUS"
    " THE A IS ARE TO OF AND IN IT YOU WE I NOT THIS THAT FOR ON HAVE DO NO WHY HOW WITH YOUR MY BE "
    "CAN ALL JUST C'EST"
    " J'AI N'EST QUOI PERSONNE JAMAIS NOBODY NEVER STOP ARRÊTEZ MARRE ENOUGH".split()
)


def find(said: Said, around: Around, options: Options) -> list[Finding]:
    """Findings of kinds `capitals` and `marks`; the confidence grows with how much is shouted."""
    text = said.text[:LONGEST]
    found = []
    shouted = _longest_run(text)
    if shouted:
        words, share = shouted
        count = len(_WORD.findall(words))
        confidence = min(0.97, 0.72 + 0.012 * (count - _FEWEST_WORDS) + 0.12 * max(0.0, share - 0.5))
        if share < _SOME:
            confidence = min(confidence, 0.65)
        found.append(Finding("shouting", "capitals", (words,), confidence))
    rows = [match.group().strip() for match in _ROW.finditer(text)]
    marks = sum(row.count("!") + row.count("！") for row in rows)
    if marks >= _MARKS or sum("!!!" in row for row in rows) >= 3:
        found.append(Finding("shouting", "marks", tuple(dict.fromkeys(rows))[:3], min(0.9, 0.68 + 0.01 * marks)))
    return found


def _longest_run(text: str) -> tuple[str, float] | None:
    """The longest stretch of lines and sentences in capitals, and its share of all letters; None: there is none."""
    letters = sum(sign.isalpha() for sign in text)
    best = ""
    for line in text.split("\n"):
        if _COMMENT.match(line) or _LEGAL.search(line) or len(line) <= len(best):
            continue
        for piece in re.split(r"(?<=[.!?…])\s+", line):
            if len(piece) > len(best) and _shouts(piece):
                best = piece.strip()
    return (best, sum(sign.isalpha() for sign in best) / max(letters, 1)) if best else None


def _shouts(piece: str) -> bool:
    words = [word for word in _WORD.findall(_IDENTIFIER.sub(" ", piece)) if any(one.isalpha() for one in word)]
    capitals = [word for word in words if word.isupper() and (len(word) > 1 or word in _COMMON)]
    if len(capitals) < _FEWEST_WORDS or sum(map(len, capitals)) < _FEWEST_LETTERS:
        return False
    if len(capitals) < _SHARE * len(words):
        return False
    # Rows of acronyms hold no sentence; a heading has no verb, but it has few words as well.
    small = sum(word in _COMMON for word in capitals)
    long = sum(len(word) >= 6 for word in capitals)
    return (small >= 2 and long >= 1) or (small >= 1 and long >= 3)
