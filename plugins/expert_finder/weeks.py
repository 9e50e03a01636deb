"""What a week is wherever somebody is named at most so many times a week: from Monday to Sunday, for everybody alike.

Calendar weeks rather than any seven days: members and animators can see without counting when a new week begins, and a
budget that ends on a known evening can be planned.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from plugins.expert_finder.past import DAY

_MONDAY = 4
"""1970 began on a Thursday: its first Monday was four days later."""


def week_start(moment: datetime, zone: str) -> datetime:
    """The first minute of the moment's week in that time zone, told in UTC."""
    local = moment.astimezone(ZoneInfo(zone))
    monday = local.date() - timedelta(days=local.weekday())
    return datetime.combine(monday, time(), ZoneInfo(zone)).astimezone(UTC)


def week_end(at: float) -> float:
    """Seconds since 1970 when the week of `at` ends in UTC: an archive names no time zone."""
    first = _MONDAY * DAY
    return ((at - first) // (7 * DAY) + 1) * 7 * DAY + first
