"""Numbers, days and lists as each language writes them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_NARROW = "\u202f"
_LASTS = {
    "fr": (
        (604_800, "semaine", "semaines"),
        (86_400, "jour", "jours"),
        (3_600, "heure", "heures"),
        (60, "minute", "minutes"),
    ),
    "en": ((604_800, "week", "weeks"), (86_400, "day", "days"), (3_600, "hour", "hours"), (60, "minute", "minutes")),
}


def plural(lang: str, count: float, one: str, other: str) -> str:
    """The form that goes with a count: French says one for 0 and 1 (and up to 2), English for 1 only (CLDR)."""
    singular = abs(count) < 2 if lang == "fr" else count == 1
    return one if singular else other


def written(value: object, lang: str, zone: str = "UTC") -> str:
    """A number, day, time, duration or list as `lang` writes it; anything else by `str`.

    Times are shown in `zone`; durations by their largest fitting unit, rounded ("3 days", never "2 days 23 hours").
    """
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return _number(value, lang)
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(zone)) if zone != "UTC" else value.astimezone(UTC)
        clock = (
            f"{local.hour}{_NARROW}h{_NARROW}{local.minute:02}" if lang == "fr" else f"{local.hour}:{local.minute:02}"
        )
        return f"{_day(local.date(), lang)} {'à' if lang == 'fr' else 'at'} {clock}"
    if isinstance(value, date):
        return _day(value, lang)
    if isinstance(value, timedelta):
        return _lasting(value, lang)
    return str(value)


def join(parts: Sequence[str], lang: str) -> str:
    """`a, b and c`, or `a, b et c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {'et' if lang == 'fr' else 'and'} {parts[-1]}"


def _number(value: float, lang: str) -> str:
    text = f"{value:,}" if isinstance(value, int) else f"{round(value, 2):,}"
    text = text.removesuffix(".0")
    return text.replace(",", _NARROW).replace(".", ",") if lang == "fr" else text


def _day(value: date, lang: str) -> str:
    month = _MONTHS["fr" if lang == "fr" else "en"][value.month - 1]
    first = "1er" if lang == "fr" and value.day == 1 else str(value.day)
    return f"{first} {month} {value.year}"


def _lasting(value: timedelta, lang: str) -> str:
    seconds = abs(value.total_seconds())
    units = _LASTS["fr" if lang == "fr" else "en"]
    # Two of a unit before it is used: "10 days" says more than "1 week", "36 hours" more than "2 days".
    size, one, other = next((unit for unit in units if seconds >= 2 * unit[0]), units[-1])
    count = max(1, round(seconds / size))
    return f"{count} {plural(lang, count, one, other)}"
