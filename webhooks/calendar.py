"""The site's one working calendar: weekends, public holidays, closures, hours, time zone. Every deadline asks it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import Connection, select

from webhooks.config import Config
from webhooks.duty import on_duty
from webhooks.house import House
from webhooks.tables import closures

_LONGEST_CLOSURE = 400
"""Days after which `next_working` stops looking: a calendar without any working day is a mistake."""

_LANGUAGES = {"en": "en_US"}


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int, lang: str = "") -> Mapping[date, str]:
    """The public holidays of a country or region (`FR`, `FR-57`, `GB`, `MA`) in a year: day to name.

    There are none for a country nobody knows. The names are in the language asked for, in the
    country's own where there is no other.
    """
    code, _, region = country.partition("-")
    for language in (_LANGUAGES.get(lang, lang) or None, None):
        with suppress(KeyError, NotImplementedError, ValueError):
            return dict(holidays.country_holidays(code, subdiv=region or None, years=year, language=language))
    return {}


@dataclass(frozen=True)
class WorkingCalendar:
    """See `plugins.doors.CalendarDoor`; a value: built for one look at the settings."""

    zone: str
    countries: tuple[str, ...]
    opens: time
    closes: time
    days_off: frozenset[int]
    closed: tuple[tuple[date, date], ...] = ()
    duty: Callable[[datetime], Sequence[str]] = field(default=lambda moment: ())

    def is_working_day(self, day: date) -> bool:
        """No weekend, no holiday, no closure."""
        if day.isoweekday() in self.days_off or any(first <= day <= last for first, last in self.closed):
            return False
        return not any(day in public_holidays(country, day.year) for country in self.countries)

    def is_working(self, moment: datetime) -> bool:
        """Within the hours of a working day."""
        local = moment.astimezone(ZoneInfo(self.zone))
        return self.is_working_day(local.date()) and self.opens <= local.time() < self.closes

    def next_working(self, moment: datetime) -> datetime:
        """The moment itself where it is working time, else the next opening."""
        if self.is_working(moment):
            return moment
        local = moment.astimezone(ZoneInfo(self.zone))
        day = local.date() if local.time() < self.opens else local.date() + timedelta(days=1)
        for _ in range(_LONGEST_CLOSURE):
            if self.is_working_day(day):
                return self._at(day, self.opens)
            day += timedelta(days=1)
        return moment

    def add_working(self, start: datetime, hours: float) -> datetime:
        """The moment by which so many hours of working time have passed since `start`."""
        left, moment = timedelta(hours=hours), self.next_working(start)
        while True:
            end = self._end_of(moment)
            if moment + left <= end or end <= moment:
                return moment + left
            left -= end - moment
            moment = self.next_working(end)

    def working_hours(self, start: datetime, end: datetime) -> float:
        """Hours of working time between two moments; 0 where `end` is not after `start`."""
        total, moment = timedelta(), self.next_working(start)
        while moment < end:
            closes = self._end_of(moment)
            if closes <= moment:
                break
            total += min(closes, end) - moment
            moment = self.next_working(closes)
        return total.total_seconds() / 3600

    def managers_on_duty(self, moment: datetime) -> Sequence[str]:
        """Who answers for the forum then."""
        return self.duty(moment)

    def _end_of(self, moment: datetime) -> datetime:
        return self._at(moment.astimezone(ZoneInfo(self.zone)).date(), self.closes)

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, ZoneInfo(self.zone)).astimezone(UTC)


def calendar_of(
    connection: Connection, config: Config, house: House, ask: Callable[[], Connection] | None = None
) -> WorkingCalendar:
    """The calendar as it is set just now; questions about duty go over `ask()`, else over `connection`."""
    rows = connection.execute(select(closures.c.first_day, closures.c.last_day).where(closures.c.site == config.site))
    opens, closes = hour_of(house.work_from, time(9)), hour_of(house.work_to, time(18))
    return WorkingCalendar(
        zone=config.time_zone,
        countries=(config.country, *house.countries),
        opens=min(opens, closes),
        closes=max(opens, closes),
        days_off=frozenset(int(day) for day in house.days_off),
        closed=tuple((row[0], row[1]) for row in rows),
        duty=lambda moment: on_duty(ask() if ask is not None else connection, config.site, moment),
    )


def hour_of(text: str, otherwise: time) -> time:
    """`08:30` as a time of day."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        return otherwise
