"""The host's own jobs by the clock: keeping the memory whole, and dropping what is kept no longer."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, delete

from connector.errors import ForumError, ForumUnavailable
from webhooks import outbox, schedule
from webhooks.blanking import forget_conduct
from webhooks.erasure import erase
from webhooks.handling import Ended
from webhooks.identity import is_known, note_connection
from webhooks.inbox import Inbox
from webhooks.service import Service
from webhooks.tables import access_log, handled, nonces, sessions, taken, verdicts
from webhooks.tables import inbox as inbox_table
from webhooks.withdrawing import blank_withdrawn

log = structlog.get_logger("passerelle.housekeeping")

WATCHED_FOR = timedelta(days=120)
CONDUCT_FOR = timedelta(days=90)
"""How long it is known to whom a word about conduct went, and what it said: nobody has a record here."""
LOGGED_FOR = timedelta(days=365)
KEPT_REPEATS = timedelta(days=30)


def reconcile(service: Service) -> Ended:
    """Ask the forum what web hooks may not have told; see `connector.archive`. The console shows how it answered."""
    try:
        asked = bool(service.archive.reconcile(service.forum))
    except ForumUnavailable as error:
        log.info("reconcile_waits", reason=error.message)
        note_connection(service, error.message)
    except ForumError as error:
        log.warning("reconcile_refused", reason=error.message)
        note_connection(service, error.message)
    else:
        # A forum that does not know our account is told of by `learn` until it does.
        if asked and is_known(service):
            note_connection(service, "")
    # Also those of an earlier run that ended before everything had forgotten them.
    for member_id in service.archive.erased_unheard():
        erase(service, member_id, in_archive=False)
        service.archive.heard_of(member_id)
    return Ended("done")


def purge(service: Service) -> Ended:
    """Drop rows whose time is over."""
    now, site = service.clock.now(), service.site
    Inbox(service.database, site, service.clock).purge()
    with service.database.begin() as connection:
        outbox.purge(connection, site, now - WATCHED_FOR)
        forget_conduct(connection, site, now - CONDUCT_FOR, now)
        schedule.purge(connection, site, now - KEPT_REPEATS)
        connection.execute(delete(handled).where(handled.c.site == site, handled.c.at < now - KEPT_REPEATS))
        connection.execute(delete(taken).where(taken.c.site == site, taken.c.at < now - WATCHED_FOR))
        connection.execute(delete(nonces).where(nonces.c.site == site, nonces.c.expires < now))
        connection.execute(delete(sessions).where(sessions.c.site == site, sessions.c.expires < now))
        connection.execute(delete(access_log).where(access_log.c.site == site, access_log.c.at < now - LOGGED_FOR))
        connection.execute(delete(verdicts).where(verdicts.c.site == site, verdicts.c.at < now - 3 * LOGGED_FOR))
        connection.execute(
            delete(inbox_table).where(
                inbox_table.c.site == site,
                inbox_table.c.state == "quarantined",
                inbox_table.c.received_at < now - KEPT_REPEATS,
            )
        )
    return Ended("done")


def withdraw(service: Service) -> Ended:
    """Take the words about what the forum shows no more out of acts and cases."""
    blanked = blank_withdrawn(service)
    if blanked:
        log.info("acts_blanked", acts=blanked)
    return Ended("done")


JOBS: Mapping[str, Callable[[Service], Ended]] = {
    "host.reconcile": reconcile,
    "host.withdraw": withdraw,
    "host.purge": purge,
}
_EVERY: Mapping[str, int] = {"host.reconcile": 60, "host.withdraw": 60, "host.purge": 86_400}
"""Seconds between two runs."""


def due_jobs(connection: Connection, service: Service, now: datetime) -> None:
    """Store the host's own jobs that have become due."""
    for name, seconds in _EVERY.items():
        if name == "host.reconcile" and not service.has_forum:
            continue
        schedule.add_job(connection, service.site, name, schedule.interval_slot(seconds, now), now)
