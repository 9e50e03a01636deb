"""Who answers for the forum and when: the team, absences, closures and public holidays."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, insert, select

from connector.errors import ForumError
from webhooks import duty, settings_store
from webhooks.calendar import public_holidays
from webhooks.roles import CARETAKERS, caretakers
from webhooks.settings_store import HOST, house_of
from webhooks.tables import absences as absences_table
from webhooks.tables import closures
from webhooks.views.console_guard import LEADS, MANAGERS, needs, someone
from webhooks.views.console_here import now, service, words
from webhooks.views.console_plugin_facts import categories

blueprint = Blueprint("console_duty", __name__, url_prefix="/console/duty")


@blueprint.get("")
@needs(*MANAGERS)
def page() -> ResponseReturnValue:
    """The team, absences to come, and the days that do not count."""
    site, moment, say = service().site, now(), words()
    today = moment.astimezone(say.zone).date()
    with service().database.read() as connection:
        people = duty.roster(connection, site)
        away = duty.absences_of(connection, site, moment)
        on_duty = duty.on_duty(connection, site, moment)
        house = house_of(connection, site)
        cared = caretakers(connection, site)
        closed = connection.execute(
            select(closures).where(closures.c.site == site, closures.c.last_day >= today).order_by(closures.c.first_day)
        ).all()
    return render_template(
        "console/duty.html",
        people=people,
        on_duty=on_duty,
        unattended=bool(people) and not on_duty,
        absences=[{**one, "last": one["ends"] - timedelta(seconds=1)} for one in away],
        closures=[{"id": one.id, "name": one.name, "days": _days(one.first_day, one.last_day)} for one in closed],
        holidays=_holidays(today, (service().config.country, *house.countries)),
        rooms=[(number, name, ", ".join(cared.get(number, ()))) for number, name in categories()],
        may_plan=someone().may(*LEADS),
        may_absent=True,
    )


@blueprint.post("/people")
@needs(*LEADS)
def add_person() -> ResponseReturnValue:
    """Put somebody on duty, or name a deputy."""
    name = _known_name(request.form.get("username", ""))
    if name is not None:
        with service().database.begin() as connection:
            deputy = bool(request.form.get("deputy"))
            duty.put_on_duty(connection, service().site, name, now(), deputy=deputy)
        flash(words()("duty.saved"), "good")
    return _back()


@blueprint.post("/people/remove")
@needs(*LEADS)
def remove_person() -> ResponseReturnValue:
    """Take somebody off the list."""
    with service().database.begin() as connection:
        duty.take_off_duty(connection, service().site, request.form.get("username", ""))
    return _back()


@blueprint.post("/rooms")
@needs(*LEADS)
def save_rooms() -> ResponseReturnValue:
    """Say which forum groups look after which category; an empty line leaves it to the whole team."""
    site, changed = service().site, 0
    with service().database.begin() as connection:
        for number, _ in categories():
            typed = request.form.get(f"room:{number}")
            if typed is None:
                continue
            names = list(dict.fromkeys(one.strip().lstrip("@") for one in typed.split(",") if one.strip()))[:20]
            if tuple(names) != caretakers(connection, site).get(number, ()):
                changed += settings_store.save(
                    connection,
                    site,
                    HOST,
                    {CARETAKERS: names},
                    who=someone().username,
                    now=now(),
                    category_id=number,
                )
    flash(words()("duty.rooms_saved" if changed else "duty.rooms_same"), "good")
    return redirect(url_for("console_duty.page") + "#rooms", 303)


@blueprint.post("/absences")
@needs(*MANAGERS)
def add_absence() -> ResponseReturnValue:
    """Plan an absence, with who stands in; one's own always, others' as a lead."""
    person = someone()
    wanted = request.form.get("username", "").strip().lstrip("@")
    if wanted != person.username and not person.may(*LEADS):
        abort(403)
    span = _span()
    deputy = request.form.get("deputy", "").strip()
    name = _known_name(wanted)
    stand_in = _known_name(deputy) if deputy and name is not None else ""
    if span is None or name is None or stand_in is None:
        return _back()
    starts, ends = (datetime.combine(day, time(), words().zone).astimezone(UTC) for day in span)
    with service().database.begin() as connection:
        duty.add_absence(connection, service().site, name, starts, ends + timedelta(days=1), stand_in)
    flash(words()("duty.saved"), "good")
    return _back()


@blueprint.post("/absences/remove")
@needs(*MANAGERS)
def remove_absence() -> ResponseReturnValue:
    """An absence was a mistake or is over early."""
    number, site = request.form.get("absence", type=int) or 0, service().site
    with service().database.begin() as connection:
        owner = connection.execute(
            select(absences_table.c.username).where(absences_table.c.site == site, absences_table.c.id == number)
        ).scalar()
        if owner != someone().username and not someone().may(*LEADS):
            abort(403)
        duty.drop_absence(connection, site, number)
    return _back()


@blueprint.post("/closures")
@needs(*LEADS)
def add_closure() -> ResponseReturnValue:
    """Name days on which nobody works."""
    name, span = request.form.get("name", "").strip()[:100], _span()
    if span is not None and name:
        row = {"site": service().site, "name": name, "first_day": span[0], "last_day": span[1]}
        with service().database.begin() as connection:
            connection.execute(insert(closures).values(**row))
        flash(words()("duty.saved"), "good")
    return _back()


@blueprint.post("/closures/remove")
@needs(*LEADS)
def remove_closure() -> ResponseReturnValue:
    """These days count again."""
    number = request.form.get("closure", type=int) or 0
    with service().database.begin() as connection:
        connection.execute(delete(closures).where(closures.c.site == service().site, closures.c.id == number))
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("console_duty.page"), 303)


def _known_name(text: str) -> str | None:
    """The name as the forum writes it; None, with a sentence, for somebody whom nobody knows."""
    name = text.strip().lstrip("@")
    if name == someone().username:
        return name
    found = service().archive.member_named(name) if name else None
    if found is not None:
        return found.username
    try:
        # Who never wrote in public is unknown to the memory, and may be a manager all the same.
        asked = service().forum.member(name) if name and service().has_forum else None
    except ForumError:
        return name
    if asked is None:
        flash(words()("duty.no_member", name=name), "warning")
        return None
    return asked.username


def _span() -> tuple[date, date] | None:
    try:
        first, last = (date.fromisoformat(request.form.get(name, "")) for name in ("first_day", "last_day"))
    except ValueError:
        flash(words()("duty.bad_date"), "warning")
        return None
    if last < first:
        flash(words()("duty.bad_dates"), "warning")
        return None
    return first, last


def _days(first: date, last: date) -> str:
    say = words()
    begin, end = (say.date(day) for day in (first, last))
    return begin if first == last else f"{begin} – {end}"


def _holidays(today: date, countries: tuple[str, ...]) -> list[dict[str, Any]]:
    """The next public holidays that the calendar counts, half a year ahead, by name and country."""
    until = today + timedelta(days=183)
    days: dict[date, list[str]] = {}
    for country in dict.fromkeys(countries):
        for year in sorted({today.year, until.year}):
            for day, name in public_holidays(country, year, words().lang).items():
                if today <= day <= until:
                    days.setdefault(day, []).append(f"{name} ({country})")
    return [{"days": _days(day, day), "name": ", ".join(named)} for day, named in sorted(days.items())]
