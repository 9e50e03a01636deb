"""Telephone numbers in a text, told from the many other long numbers that people write."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from plugins.netiquette.detectors.whose import is_contact

COUNTRIES = ("FR", "BE", "CH", "GB", "US", "CA")
_MOST = 300
"""Numbers of a text that are looked at: what holds more is a table or a log."""
_CANDIDATE = re.compile(
    r"(?<![\w.,:/#=@&%-])(?:(?:\+|00)\s?\d{1,3}[\s.-]?)?(?:\(0?\d{0,5}\)[\s.-]?)?"
    r"\d{1,12}(?:[ ./\-·]{1,2}\(?\d{1,8}\)?){0,7}"
    r"(?![\w@%€$£])(?![.,:/-]\d)"
)
_DATE = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])[./ -](?:0?[1-9]|1[0-2])[./ -](?:19|20)\d\d(?!\d)|(?:19|20)\d\d[./-]\d\d[./-]\d\d"
)
_UNIT = re.compile(
    r"\s?(?:€|\$|£|eur|euros?|kg|km|mm|cm|m²|pièces|pcs|ms|go|mo|gb|mb|kb|rpm|bar|px|lignes|lines|rows)(?!\w)", re.I
)
_AREA = re.compile(r"(?:\([2-9]\d\d\)\s?|[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{4}")
_SHAPES: frozenset[tuple[int, ...]] = frozenset(
    tuple(map(int, shape))
    for shape in (
        "22222",
        "4222",
        "433",
        "28",
        "244",
        "2323",
        "3322",
        "37",
        "2332",
        "2322",
        "3222",
        "46",
        "45",
        "36",
        "56",
        "533",
        "344",
        "434",
        "47",
        "38",
        "5222",
        "55",
        "334",
        "333",
        "9",
    )
) | {(10,), (11,)}
"""How the digits of a national number are grouped, in the countries known here."""
_FREE = (PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.UAN)
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.PERSONAL_NUMBER)
_FREE_WRITTEN = re.compile(
    r"(?:0800|0805|0808|0809|0810|0811|0820|0825|0826|0890|0892|0899|03\d\d|0845|0844|0870|0871)"
)
_MOBILE_WRITTEN = re.compile(r"0(?:6|7|4[6-9])")


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number between two places. `free` of charge or shared is public by nature; `abroad`: written with its
    country; `sure`: by its form alone, without a word of telephoning beside it.
    """

    start: int
    end: int
    free: bool
    mobile: bool
    abroad: bool = False
    sure: bool = True


def phones(plain: str, countries: Sequence[str] = COUNTRIES) -> Iterator[Phone]:
    """The telephone numbers of a plain text, in order."""
    for match in islice(_CANDIDATE.finditer(plain), _MOST):
        shown = match.group().rstrip(" ./-·(")
        if shown.count(")") > shown.count("("):
            shown = shown.rstrip(")")
        for first, last in _stretches(shown):
            start, end = match.start() + first, match.start() + last
            part = plain[start:end]
            digits = re.sub(r"\D", "", part)
            if not 8 <= len(digits) <= 15 or _DATE.search(part) or _UNIT.match(plain, end):
                continue
            called = is_contact(plain, start, end)
            kind = _kind(part, digits, called, tuple(countries))
            if kind is not None:
                sure = called or digits[0] in "01" or not re.fullmatch(r"[\d ]+", part)
                yield Phone(start, end, *kind, abroad=part.startswith("+"), sure=sure)
                break


def _stretches(shown: str) -> Iterator[tuple[int, int]]:
    """The whole, then what is left without a group or two at its end or one at its beginning ("… 78 2 fois")."""
    yield 0, len(shown)
    groups = [match.span() for match in re.finditer(r"[^ /]+", shown)]
    if len(groups) > 3:
        yield 0, groups[-2][1]
        yield groups[1][0], len(shown)
        yield 0, groups[-3][1]


def _kind(shown: str, digits: str, called: bool, countries: tuple[str, ...]) -> tuple[bool, bool] | None:
    """(free, mobile) of what is a telephone number; None for any other."""
    if shown.startswith("+") or (digits.startswith("00") and len(digits) >= 11):
        return _international("+" + digits.removeprefix("00").replace("+", ""), called)
    if shown.count(".") >= 2 and not re.fullmatch(r"[\d.]+", shown):
        return None
    if digits[0] == "0" and digits[1] != "0":
        shape = tuple(len(one) for one in re.findall(r"\d+", shown))
        fits = shape in _SHAPES and 9 <= len(digits) <= 11
        valid = _national(digits, countries)
        if valid is not None and (fits or called):
            return valid
        # Numbers set aside for stories are valid nowhere; one reads them all the same.
        british = shape == (5, 6) and digits.startswith("07")
        if fits and (called or british or (len(shape) >= 3 and len(digits) >= 10)):
            return bool(_FREE_WRITTEN.match(digits)), bool(_MOBILE_WRITTEN.match(digits))
        return None
    if {"US", "CA"} & set(countries):
        american = digits.removeprefix("1") if len(digits) == 11 else digits
        written = re.sub(r"^\+?1[-. ]", "", shown)
        if len(american) == 10 and (_AREA.fullmatch(written) or (called and american[0] in "23456789")):
            free = american[:3] in ("800", "833", "844", "855", "866", "877", "888")
            return (free, False) if free or called or american[3] in "23456789" else None
    return None


@lru_cache(maxsize=4096)
def _national(digits: str, countries: tuple[str, ...]) -> tuple[bool, bool] | None:
    for country in countries:
        try:
            number = phonenumbers.parse(digits, country)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number_for_region(number, country):
            kind = phonenumbers.number_type(number)
            return kind in _FREE, kind in _MOBILE
    return None


@lru_cache(maxsize=4096)
def _international(number: str, called: bool) -> tuple[bool, bool] | None:
    # "+33 (0)6 …": the trunk's zero is read out to nobody.
    for written in (number, re.sub(r"^\+(33|32|41|44|212|213|216|49|39)0", r"+\1", number)):
        try:
            parsed = phonenumbers.parse(written, None)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed) or (called and phonenumbers.is_possible_number(parsed)):
            kind = phonenumbers.number_type(parsed)
            return kind in _FREE, kind in _MOBILE
    return None
