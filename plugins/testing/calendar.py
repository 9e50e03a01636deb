"""The bench's working calendar: Monday to Friday, 9:00 to 18:00 in one zone, without the days a test closes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_OPENS, _CLOSES = time(9), time(18)


class BenchCalendar:
    """`plugins.doors.CalendarDoor`; `closed` holds the days off, `on_duty` who answers for the forum."""

    def __init__(self, zone: str = "UTC") -> None:
        self.closed: set[date] = set()
        self.on_duty: list[str] = ["manager"]
        self._zone = zone

    @property
    def zone(self) -> str:
        return self._zone

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.closed

    def is_working(self, moment: datetime) -> bool:
        local = moment.astimezone(ZoneInfo(self._zone))
        return self.is_working_day(local.date()) and _OPENS <= local.time() < _CLOSES

    def next_working(self, moment: datetime) -> datetime:
        local = moment.astimezone(ZoneInfo(self._zone))
        if self.is_working(moment):
            return moment
        day = local.date() if local.time() < _OPENS else local.date() + timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return self._at(day, _OPENS)

    def add_working(self, start: datetime, hours: float) -> datetime:
        left, moment = timedelta(hours=hours), self.next_working(start)
        while True:
            closes = self._at(moment.astimezone(ZoneInfo(self._zone)).date(), _CLOSES)
            if moment + left <= closes:
                return moment + left
            left -= closes - moment
            moment = self.next_working(closes)

    def working_hours(self, start: datetime, end: datetime) -> float:
        total, moment = timedelta(), self.next_working(start)
        while moment < end:
            closes = self._at(moment.astimezone(ZoneInfo(self._zone)).date(), _CLOSES)
            total += min(closes, end) - moment
            moment = self.next_working(closes)
        return total.total_seconds() / 3600

    def managers_on_duty(self, moment: datetime) -> Sequence[str]:
        return tuple(self.on_duty)

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, ZoneInfo(self._zone)).astimezone(UTC)
