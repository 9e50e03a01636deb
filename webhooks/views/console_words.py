"""The console's own sentences in French and English, and how dates and numbers are written in each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LANGUAGES = ("en", "fr")
_FOLDER = Path(__file__).parent.parent / "locales"
_UTC = ZoneInfo("UTC")
_NARROW_SPACE = "\u202f"


@cache
def sentences(lang: str) -> Mapping[str, str]:
    """Every key of `locales/<lang>.toml`, dotted; plural forms are the keys `….one` and `….other`."""
    flat: dict[str, str] = {}

    def walk(prefix: str, table: Mapping[str, object]) -> None:
        for name, value in table.items():
            key = f"{prefix}{name}"
            if isinstance(value, Mapping):
                walk(f"{key}.", value)
            else:
                flat[key] = str(value)

    walk("", tomllib.loads((_FOLDER / f"{lang}.toml").read_text(encoding="utf-8")))
    return flat


def choose_language(*wishes: str | None) -> str:
    """The first wish that we speak (`fr_FR`, `fr-CA,fr;q=0.9` count as French), else English."""
    for wish in wishes:
        for part in (wish or "").split(","):
            code = part.strip()[:2].lower()
            if code in LANGUAGES:
                return code
    return "en"


def zone_of(name: str) -> ZoneInfo:
    """The site's time zone; UTC where the name is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences, dates and numbers for one reader: his language and the site's time zone."""

    lang: str
    zone: ZoneInfo = _UTC

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence `key`; with `n` among the values its plural form. An unknown key raises KeyError."""
        known = sentences(self.lang)
        if "n" in values and f"{key}.other" in known:
            number = values["n"]
            few = isinstance(number, int | float) and (abs(number) < 2 if self.lang == "fr" else number == 1)
            key = f"{key}.one" if few else f"{key}.other"
        return known[key].format(**values) if values else known[key]

    def has(self, key: str) -> bool:
        return key in sentences(self.lang)

    def pick(self, by_language: Mapping[str, str], otherwise: str = "") -> str:
        """The reader's language of a text given per language, else English, else any."""
        return by_language.get(self.lang) or by_language.get("en") or next(iter(by_language.values()), otherwise)

    def day(self, moment: datetime) -> str:
        """`Mon 23 Nov 2026` or `lun. 23 nov. 2026`."""
        return self.date(moment.astimezone(self.zone).date())

    def date(self, day: date) -> str:
        """A calendar day, written as `day` does."""
        weekday = self("dates.weekdays").split()[day.weekday()]
        month = self("dates.months").split()[day.month - 1]
        return f"{weekday} {day.day} {month} {day.year}"

    def moment(self, moment: datetime | None) -> str:
        """A date and an hour in the site's time zone."""
        if moment is None:
            return "–"
        return f"{self.day(moment)}, {moment.astimezone(self.zone):%H:%M}"

    def ago(self, moment: datetime | None, now: datetime) -> str:
        """`5 minutes ago`, `in 2 days`; `never` where there is no moment."""
        if moment is None:
            return self("dates.never")
        away = now - moment
        return self("dates.ago" if away >= timedelta(0) else "dates.in", span=self.span(abs(away)))

    def span(self, length: timedelta) -> str:
        """A length in its largest whole unit."""
        seconds = int(length.total_seconds())
        for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
            if seconds >= size:
                return self(f"dates.{unit}", n=seconds // size)
        return self("dates.moment")

    def number(self, value: float | int | None, digits: int = 2) -> str:
        """`1,234.5` or `1 234,5`; a dash where there is none."""
        if value is None:
            return "–"
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.{digits}f}".rstrip("0").rstrip(".")
        if self.lang == "fr":
            text = text.replace(",", _NARROW_SPACE).replace(".", ",")
        return text
