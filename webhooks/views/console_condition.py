"""How the connection is: what the host remembers about forum, deliveries and worker, said in sentences."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from connector.archive import tables as memory
from connector.sentences import in_language
from webhooks import allowance, pause
from webhooks.facts import recall, recalled
from webhooks.inbox import Inbox
from webhooks.settings_store import house_of
from webhooks.tables import inbox
from webhooks.views.console_here import now, service, words

WORKER_LATE = timedelta(minutes=2)
HOOKS_QUIET = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Condition:
    """What is known of the connection just now; times are None where nothing happened yet."""

    connected: bool
    reachable: bool | None
    read_only: bool
    asked_at: datetime | None
    error: str
    hook_at: datetime | None
    worker_at: datetime | None
    counts: dict[str, int]
    paused: bool

    @property
    def worker_late(self) -> bool:
        return self.worker_at is None or now() - self.worker_at > WORKER_LATE


def condition() -> Condition:
    """Ask the host's tables, never the forum."""
    host = service()
    with host.database.read() as connection:
        hook = connection.execute(select(func.max(inbox.c.received_at)).where(inbox.c.site == host.site)).scalar()
        paused = pause.is_paused(connection, host.site)
    known = recalled(host.database, host.site, "connection")
    beat = recalled(host.database, host.site, "heartbeat")
    told = known[0] if known and isinstance(known[0], dict) else {}
    fault = str(told.get("fault", ""))
    return Condition(
        connected=host.has_forum,
        reachable=not fault if known else None,
        read_only=bool(told.get("read_only")),
        asked_at=known[1] if known else None,
        error=in_language(fault, words().lang),
        hook_at=hook,
        worker_at=beat[1] if beat else None,
        counts=Inbox(host.database, host.site, host.clock).counts(),
        paused=paused,
    )


def sentence(found: Condition) -> str:
    """The condition in one sentence: the first thing that matters."""
    say, moment = words(), now()
    if found.paused:
        return say("health.paused")
    if not found.connected:
        return say("health.unconnected")
    if found.reachable is False:
        return say("health.unreachable", ago=say.ago(found.asked_at, moment))
    if found.read_only:
        return say("health.read_only")
    if found.worker_at is None:
        return say("health.worker_never")
    if found.worker_late:
        return say("health.worker_down", ago=say.ago(found.worker_at, moment))
    aside = found.counts.get("quarantined", 0)
    if aside:
        return say("health.quarantined", n=aside)
    if found.hook_at is None:
        return say("health.silent")
    if moment - found.hook_at > HOOKS_QUIET:
        return say("health.quiet_hooks", ago=say.ago(found.hook_at, moment))
    return say("health.ok")


def memory_counts() -> dict[str, int]:
    """How many topics, posts and members the memory knows."""
    site = service().site
    with service().database.read() as connection:
        return {
            name: int(connection.execute(select(func.count()).where(table.c.site == site)).scalar() or 0)
            for name, table in (("topics", memory.topics), ("posts", memory.posts), ("members", memory.members))
        }


def allowances() -> list[dict[str, Any]]:
    """What the bot may still send today, verb by verb, and what waits for room."""
    host = service()
    with host.database.read() as connection:
        told = recall(connection, host.site, "client_settings")
        house = house_of(connection, host.site)
        return allowance.summary(connection, host.site, house, told if isinstance(told, dict) else {}, now())
