"""Postal addresses (French and English) and e-mail addresses in a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FR_STREET = (
    r"rue|avenue|av\.?|ave\.?|boulevard|bd\.?|bld\.?|blvd\.?|chemin|impasse|allée|allees|allées|place|route|quai|cours|"
    r"square|"
    r"résidence|residence|lotissement|hameau|passage|sentier|ruelle|montée|faubourg|villa|venelle|esplanade|clos|cité|"
    r"rang|voie|"
    r"chaussée|drève"
)
_FR = re.compile(
    rf"(?<![\w.,/-])\d{{1,4}} ?(?:bis|ter|quater|[a-dA-D](?= ))?,? (?:{_FR_STREET}) (?:[\w.'-]+[ -]?){{1,5}}",
    re.IGNORECASE,
)
_IS_STREET = re.compile(_FR_STREET, re.IGNORECASE)
_FR_BELGIAN = re.compile(
    rf"(?<!\w)(?:{_FR_STREET}) (?:[\w.'-]+ ){{1,5}}\d{{1,4}}(?: ?bte \d+)?,? (?:\d{{4,5}}) [A-ZÀ-Þ][\w'-]+",
    re.IGNORECASE,
)
_FR_CITY = re.compile(r"(?<!\d)(?:[A-Z]-?)?\d{4,5},? (?!€|euros?|fois|h\b)[A-ZÀ-Þ][\w'-]{2,}", re.UNICODE)
_EN_STREET = (
    r"Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Ln\.?|Drive|Dr\.?|Close|Court|Ct\.?|Crescent|Way|Terrace|Place|Gardens|"
    r"Grove|"
    r"Boulevard|Blvd\.?|Square|Mews|Row|Hill|Parade|Walk|Park|Green|Rise|View|Vale|Quay"
)
_EN = re.compile(
    rf"(?<![\w.,/$£€-])\d{{1,5}}[a-dA-D]?,? "
    rf"(?:(?:[NSEW]\.?|North|South|East|West) )?(?:[A-Z][\w.'-]* ){{1,4}}(?:{_EN_STREET})(?![\w-])"
)
_EN_SMALL = re.compile(
    r"(?<![\w.,/$£€-])\d{1,5}[a-d]? (?:[a-z][a-z'-]{2,} ){1,2}"
    r"(?:street|road|avenue|lane|drive|crescent|terrace|boulevard)(?![\w-])"
)
_EN_CITY = re.compile(r"(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{2},? \d{5}(?:-\d{4})?)(?!\w)")
_TOWN = re.compile(r",? (?:[àa] |in |at )?(?!Je|Il|Elle|On|The|I\b|He|She)[A-ZÀ-Þ][\w'-]{2,}")
_EN_TOWN = re.compile(r"(?:, ?(?:in )?| in | at )(?!I\b|He|She|They|We|You|The)[A-Z][\w'-]{2,}")
_TAIL = 70

_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._%+-")
_DOMAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
_FILES = frozenset(
    ["png", "jpg", "jpeg", "gif", "svg", "apk", "dex", "jar", "zip", "txt", "xml", "json", "dll", "exe", "so", "js",
     "css", "lua", "cpp", "hpp", "log", "cfg", "ini", "yml", "yaml", "bat", "dat", "bin", "pdf"]
)  # fmt: skip
"""What stands behind the last dot of a file such as `icon@x2.png`, and of no address."""
_TOP = r"(?:com|net|org|info|eu|fr|be|ch|ca|uk|ie|us|de|es|it|nl|ma|dz|tn|io|me|dev|co[ .]uk|example)"
_AT_WRITTEN = re.compile(
    r"(?<![\w.])([a-z0-9][a-z0-9._-]{1,40})\s?[\[({<]\s?(?:at|arobase|chez|@)\s?[\])}>]\s?"
    rf"([a-z0-9-]{{2,40}}(?:\s?(?:[\[({{]\s?(?:dot|point)\s?[\])}}]|\.)\s?[a-z0-9-]{{2,20}}){{0,2}}?"
    rf"\s?(?:[\[({{]\s?(?:dot|point)\s?[\])}}]|\.| (?:dot|point) )\s?{_TOP})(?!\w)"
    # Without brackets only where the dot is spelt out too: "look at main.as" is a file.
    r"|(?<![\w.])([a-z0-9][a-z0-9._-]{1,40}) (?:arobase|at) "
    r"([a-z0-9-]{2,40}(?: (?:dot|point) [a-z0-9-]{2,20}){0,2}? (?:dot|point) (?:com|net|org|fr|eu|uk|ie|ca|ch|de))"
    r"(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Street:
    """A postal address between two places; `whole` with its town or postcode."""

    start: int
    end: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address between two places, in small letters, taken apart."""

    start: int
    end: int
    local: str
    domain: str


def streets(plain: str) -> Iterator[Street]:
    """The postal addresses of a plain text."""
    taken = -1
    found = [
        (match.start(), match.end(), pattern)
        for pattern in (_FR, _FR_BELGIAN, _EN, _EN_SMALL)
        for match in pattern.finditer(plain)
    ]
    for start, end, pattern in sorted(found, key=lambda one: one[:2]):
        if start < taken:
            continue
        if pattern is _FR_BELGIAN:
            yield Street(start, end, True)
            taken = end
            continue
        french = pattern is _FR
        city = (_FR_CITY if french else _EN_CITY).search(plain, start, min(len(plain), end + _TAIL))
        if french:
            end = _named_only(plain, start, end)
        town = None if city else (_TOWN if french else _EN_TOWN).match(plain, end)
        city = city or town
        whole = city is not None
        end = max(end, city.end()) if city else end
        yield Street(start, end, whole)
        taken = end


def _named_only(plain: str, start: int, end: int) -> int:
    """Where the street's name ends: it takes its capitals and small joining words along, and no verb behind them."""
    words = list(re.finditer(r"[\w.'-]+", plain[start:end]))
    kinds = (number for number, word in enumerate(words) if number and _IS_STREET.fullmatch(word.group()))
    last = next(kinds, 1)
    stop = last
    for number in range(last + 1, len(words)):
        word = words[number].group()
        joining = word.lower() in ("de", "du", "des", "la", "le", "les", "l", "d", "et", "saint", "sainte", "en", "aux")
        if word[0].isupper() or word[0].isdigit() or number == last + 1 or re.match(r"[ldLD]'", word):
            stop = number
        elif not joining and number > last + 3:
            break
        elif not joining and words[number - 1].group().lower() in ("de", "du", "des", "la", "le", "les"):
            stop = number
    return start + words[min(stop, len(words) - 1)].end()


def emails(plain: str) -> Iterator[Email]:
    """The e-mail addresses of a plain text, those with a spelt-out sign too. Linear: found from their @ outwards."""
    low = plain.lower()
    place = low.find("@")
    while place >= 0:
        start, end = place, place + 1
        while start > 0 and place - start < 64 and low[start - 1] in _LOCAL:
            start -= 1
        while end < len(low) and end - place < 200 and low[end] in _DOMAIN:
            end += 1
        while start < place and low[start] in ".-+%_":
            start += 1
        while end > place + 1 and low[end - 1] in ".-":
            end -= 1
        local, domain = low[start:place], low[place + 1 : end]
        last = domain.rsplit(".", 1)
        if local and len(last) == 2 and last[0] and len(last[1]) >= 2 and last[1].isalpha() and last[1] not in _FILES:
            yield Email(start, end, local, domain)
        place = low.find("@", place + 1)
    for match in _AT_WRITTEN.finditer(plain):
        local, domain = (match[1], match[2]) if match[1] else (match[3], match[4])
        tidy = re.sub(r"\s?[\[({]?\s?(?<![a-z])(?:dot|point)(?![a-z])\s?[\])}]?\s?|\s", ".", domain.lower()).strip(".")
        tidy = re.sub(r"\.{2,}", ".", tidy)
        if "." in tidy and tidy.rsplit(".", 1)[1].isalpha():
            yield Email(match.start(), match.end(), local.lower(), tidy)
