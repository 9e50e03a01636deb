"""The one working calendar and the operator's settings."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.calendar import WorkingCalendar
from webhooks.config import ConfigError, load

_FROM, _TO = (datetime(year, 1, 1) for year in (2025, 2027))  # noqa: DTZ001 -- hypothesis adds the zone
FRANCE = WorkingCalendar("Europe/Paris", ("FR",), time(9), time(18), frozenset({6, 7}))


def test_french_holidays_and_weekends_are_no_working_days() -> None:
    """14 July and Sundays are days off; the Friday before is not."""
    assert not FRANCE.is_working_day(date(2026, 7, 14))
    assert not FRANCE.is_working_day(date(2026, 7, 12))
    assert FRANCE.is_working_day(date(2026, 7, 10))


def test_a_deadline_skips_the_weekend() -> None:
    """Four working hours from Friday 16:00 in Paris end on Monday at 11:00."""
    friday = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)

    assert FRANCE.add_working(friday, 4) == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


@given(st.datetimes(_FROM, _TO, timezones=st.just(UTC)), st.floats(0.1, 100))
def test_hours_added_are_hours_counted(start: datetime, hours: float) -> None:
    """Counting the working hours up to a deadline gives the hours that made it."""
    assert FRANCE.working_hours(start, FRANCE.add_working(start, hours)) == pytest.approx(hours, abs=0.01)


def test_a_wrong_setting_is_named() -> None:
    """Each wrong value is one sentence that names its variable and never shows a secret."""
    for name, value, said in (
        ("PASSERELLE_FORUM_URL", "forum", "https://forum.example.org"),
        ("PASSERELLE_HOOK_SECRET", "short", "12 characters"),
        ("PASSERELLE_TIME_ZONE", "Paris", "Europe/Paris"),
        ("PASSERELLE_API_KEY_FILE", "/nowhere", "cannot be read"),
    ):
        with pytest.raises(ConfigError) as caught:
            load({name: value})
        assert name.removesuffix("_FILE") in str(caught.value)
        assert said in str(caught.value)


def test_secrets_come_from_files(tmp_path: Path) -> None:
    """A secret may stand in a file; its last line break is not part of it."""
    path = tmp_path / "key"
    path.write_text("f" * 64 + "\n")

    assert load({"PASSERELLE_API_KEY_FILE": str(path)}).api_key.get_secret_value() == "f" * 64
