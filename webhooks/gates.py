"""What an act must pass right before it is sent, one small question after another; the first that objects decides."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from webhooks import allowance, budget, duty, modes, pause, peace, wishes
from webhooks.asking import unanswered
from webhooks.calendar import calendar_of
from webhooks.house import House
from webhooks.outbox import PUBLIC, WRITES_TO_ONE, Row
from webhooks.service import Service
from webhooks.tables import outbox

SPOKEN = ("reply", "message", "message_group", "open_topic", "mail")
"""Verbs whose text reaches somebody anew; edits, deletions and uploads disturb nobody."""

HOST = "host"


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an act does not go now: it waits until a time, or ends in a state."""

    note: str
    until: datetime | None = None
    state: str = ""


@dataclass(frozen=True)
class Gate:
    """Everything the questions need to know."""

    service: Service
    connection: Connection
    house: House
    forum_settings: Mapping[str, Any]
    bots: frozenset[int]
    now: datetime


def objection(gate: Gate, row: Row) -> Objection | None:
    """The first thing that speaks against sending this act now; None where nothing does."""
    for question in _questions(row):
        found = question(gate, row)
        if found is not None:
            return found
    return None


def still_makes_sense(gate: Gate, row: Row) -> Objection | None:
    """Whether an act, proposed or due, has lapsed: too old, past its time, or answered meanwhile."""
    if row["expires"] is not None and row["expires"] <= gate.now:
        return Objection("expired", state="lapsed")
    if row["created_at"] + timedelta(days=gate.house.proposal_days) <= gate.now:
        return Objection("too_old", state="lapsed")
    if row["unanswered"] and row["topic_id"] is not None:
        archive = gate.service.archive
        if archive.topic(row["topic_id"]) is not None and not unanswered(archive, row["topic_id"], gate.bots):
            return Objection("answered", state="lapsed")
    return None


def _questions(row: Row) -> Iterator[Callable[[Gate, Row], Objection | None]]:
    yield _paused
    if row["plugin"] == HOST:
        return
    yield still_makes_sense
    yield _mode
    if row["verb"] in SPOKEN:
        if row["conduct"] and row["decided_by"]:
            # A human signed it: neither the hold on the very quarrel it is about nor a full week stops him.
            yield from (_place, _wishes, _quiet)
        else:
            yield from (_peace, _place, _wishes, _quiet, _attention, _loops)
    yield _allowance


def _paused(gate: Gate, row: Row) -> Objection | None:
    if pause.is_paused(gate.connection, gate.service.site):
        return Objection("paused", until=gate.now + timedelta(minutes=1))
    return None


def _mode(gate: Gate, row: Row) -> Objection | None:
    """Managers may have lowered the mode since; what a manager approved himself needs only that nobody switched off."""
    mode = modes.mode_of(gate.connection, gate.service.site, row["plugin"], row["category_id"], row["rule"])
    if mode == "off":
        return Objection("off", state="lapsed")
    if row["decided_by"]:
        return None
    mode = modes.lower(mode, row["ceiling"], "propose" if row["conduct"] else "act")
    if mode != "act":
        return Objection("mode_lowered", state="watched" if mode == "watch" else "proposed")
    if duty.is_unattended(gate.connection, gate.service.site, gate.now):
        return Objection("nobody_on_duty", state="watched")
    return None


def _peace(gate: Gate, row: Row) -> Objection | None:
    held = peace.held_by(gate.connection, gate.service.site, row["topic_id"], gate.now)
    return Objection(f"peace:{held}", until=gate.now + timedelta(minutes=15)) if held else None


def _place(gate: Gate, row: Row) -> Objection | None:
    """Public posts go to public categories only, and there to those that managers named, if they named any."""
    if row["verb"] not in PUBLIC:
        return None
    allowed = gate.house.public_categories
    category = gate.service.archive.category(row["category_id"]) if row["category_id"] is not None else None
    if category is None or category.visibility in ("closed", "unknown"):
        return Objection("category_not_open", state="refused")
    if allowed and category.id not in allowed:
        return Objection("category_not_allowed", state="refused")
    return None


def _wishes(gate: Gate, row: Row) -> Objection | None:
    site = gate.service.site
    asked = {row["recipient_id"]} if row["recipient_id"] is not None else set()
    # In a text for everybody each member named must agree to be there; a message concerns whoever gets it.
    asked |= set(row["about"]) if row["verb"] in PUBLIC else set()
    for member in sorted(asked):
        until = wishes.away_until(gate.connection, site, member, row["plugin"], gate.now)
        if until is not None:
            return Objection("member_away", until=until)
        if wishes.opted_out(gate.connection, site, member, row["plugin"], None, gate.now):
            return Objection("member_opted_out", state="lapsed")
    return None


def _quiet(gate: Gate, row: Row) -> Objection | None:
    calendar = calendar_of(gate.connection, gate.service.config, gate.house)
    until = budget.quiet_until(calendar, gate.house, gate.now)
    return None if until is None else Objection("quiet_hours", until=until)


def _attention(gate: Gate, row: Row) -> Objection | None:
    site, member = gate.service.site, row["recipient_id"]
    if row["verb"] not in WRITES_TO_ONE or member is None:
        return None
    if budget.is_silent(gate.connection, site, member, gate.house):
        return Objection("no_reaction", state="lapsed")
    if budget.attention_left(gate.connection, site, member, gate.house, gate.now) <= 0:
        return Objection("attention", until=budget.next_free(gate.connection, site, member, gate.house, gate.now))
    return None


def _loops(gate: Gate, row: Row) -> Objection | None:
    """So many posts a topic and day, so many acts an hour: two machines that answer each other fall silent."""
    site, now = gate.service.site, gate.now
    sent = select(func.count()).where(outbox.c.site == site, outbox.c.verb.in_(SPOKEN))
    hour = sent.where(outbox.c.first_sent_at > now - timedelta(hours=1))
    if int(gate.connection.execute(hour).scalar() or 0) >= gate.house.acts_per_hour:
        return Objection("hourly_limit", until=now + timedelta(minutes=10))
    if row["verb"] != "reply":
        return None
    day = sent.where(
        outbox.c.first_sent_at > now - timedelta(days=1),
        outbox.c.topic_id == row["topic_id"],
        outbox.c.verb == "reply",
    )
    if int(gate.connection.execute(day).scalar() or 0) >= gate.house.acts_per_topic_day:
        return Objection("topic_limit", until=now + timedelta(hours=6))
    return None


def _allowance(gate: Gate, row: Row) -> Objection | None:
    limit = allowance.limits(gate.house, gate.forum_settings).get(row["verb"])
    until = allowance.room_at(gate.connection, gate.service.site, row["verb"], row["urgency"], limit, gate.now)
    return None if until is None else Objection("allowance", until=until)
