"""Bank accounts, payment cards and social security numbers, by their check digits where they have any."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stdnum import iban, luhn
from stdnum.be import nn
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.fr import nir
from stdnum.us import ssn

Kind = Literal["iban", "card", "social_security"]

_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}[ -]?[A-Z0-9]{2,4}(?:[ -]?[A-Z0-9]{1,4}){2,8}", re.IGNORECASE)
_CARD = re.compile(r"(?<![\w.,+/-])\d{4}([ -]?)(?:\d{4}\1\d{4}\1\d{1,7}|\d{6}\1\d{4,5})(?![\w/-])(?![.,]\d)")
_CARD_BEGINS = re.compile(r"4|5[1-5]|2[2-7]|3[47]|6(?:011|5|4[4-9]|7|3)|35(?:2[89]|[3-8])|50|5[6-8]")
_NIR = re.compile(
    r"(?<![\w.,/-])[12378][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}|2[ABab])[ .]?\d{3}[ .]?\d{3}"
    r"(?:[ ./-]?\d{2})?(?![\w/-])"
)
_NI = re.compile(
    r"(?<![\w-])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\w-])",
    re.IGNORECASE,
)
_SSN = re.compile(r"(?<![\w.-])\d{3}([- ])\d{2}\1\d{4}(?![\w-])")
_AHV = re.compile(r"(?<![\w.])756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?![\w])")
_NN = re.compile(r"(?<![\w.])\d{2}\.\d{2}\.\d{2}-\d{3}[.-]\d{2}(?!\w)")
_SIN = re.compile(r"(?<![\w.-])\d{3}[ -]\d{3}[ -]\d{3}(?![\w-])")
_SOCIAL = re.compile(
    r"(?<!\w)(?:s[ée]cu(?:rit[ée] sociale)?|nir|n[°o] ?ss|num[ée]ro ss|carte vitale|vitale|national insurance|nino|"
    r"ni number|"
    r"ni no|social security|ssn|nas|assurance sociale|social insurance|sin|avs|ahv|registre national|ni)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Account:
    """A number of an account or an insurance between two places; `sure`: its check digits hold, or it is named so."""

    kind: Kind
    start: int
    end: int
    sure: bool


def accounts(plain: str) -> Iterator[Account]:
    """The account numbers of a plain text; stretches may not overlap what was found before."""
    if not any(sign.isdigit() for sign in plain):
        return
    taken: list[tuple[int, int]] = []
    for found in (*_ibans(plain), *_socials(plain), *_cards(plain)):
        if all(found.end <= start or found.start >= end for start, end in taken):
            taken.append((found.start, found.end))
            yield found


def _ibans(plain: str) -> Iterator[Account]:
    for match in _IBAN.finditer(plain):
        shown = match.group()
        # What follows may be glued on by a space only: shorten until the country's own length fits.
        for end in range(len(shown), 14, -1):
            if (end == len(shown) or not shown[end].isalnum()) and iban.is_valid(shown[:end]):
                yield Account("iban", match.start(), match.start() + end, True)
                break


def _cards(plain: str) -> Iterator[Account]:
    for match in _CARD.finditer(plain):
        digits = re.sub(r"\D", "", match.group())
        if 13 <= len(digits) <= 19 and _CARD_BEGINS.match(digits) and luhn.is_valid(digits) and len(set(digits)) > 2:
            yield Account("card", match.start(), match.end(), True)


def _socials(plain: str) -> Iterator[Account]:
    for match in _NIR.finditer(plain):
        digits = re.sub(r"[\s./-]", "", match.group())
        named = _named(plain, match.start(), match.end())
        if (len(digits) == 15 and nir.is_valid(digits)) or (len(digits) == 13 and named):
            yield Account("social_security", match.start(), match.end(), True)
    for match in _NI.finditer(plain):
        written_apart = " " in match.group() and match.group().isupper()
        named = _named(plain, match.start(), match.end())
        if named or written_apart:
            yield Account("social_security", match.start(), match.end(), named)
    for pattern, is_valid, needs_name in (
        (_SSN, ssn.is_valid, False),
        (_AHV, ahv.is_valid, False),
        (_NN, nn.is_valid, False),
        (_SIN, sin.is_valid, True),
    ):
        for match in pattern.finditer(plain):
            named = _named(plain, match.start(), match.end())
            if is_valid(re.sub(r"[^\d-]" if pattern is _SSN else r"\D", "", match.group())) and (
                named or not needs_name
            ):
                sure = named or pattern is not _SSN
                yield Account("social_security", match.start(), match.end(), sure)


def _named(plain: str, start: int, end: int) -> bool:
    return bool(_SOCIAL.search(plain[max(0, start - 60) : start]) or _SOCIAL.search(plain[end : end + 30]))
