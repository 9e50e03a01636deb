"""The host's tables: SQLAlchemy Core, the same on SQLite and PostgreSQL, every row with its `site`.

What members wrote stands in few places only, so that erasing finds it: `inbox.payload` until applied, `outbox` (title,
text, request, evidence), `alerts`, `verdicts.reason`. All times are `UtcDateTime`.
"""

from webhooks.tables.acts import alerts, attention, concerns, outbox, peace
from webhooks.tables.deliveries import handled, inbox, jobs
from webhooks.tables.managers import absences, changes, closures, duty, modes, published, settings
from webhooks.tables.members import access_log, taken, verdicts, wishes
from webhooks.tables.memory import facts, nonces, pace, sessions, shared, told
from webhooks.tables.shape import metadata

__all__ = [
    "absences",
    "access_log",
    "alerts",
    "attention",
    "changes",
    "closures",
    "concerns",
    "duty",
    "facts",
    "handled",
    "inbox",
    "jobs",
    "metadata",
    "modes",
    "nonces",
    "outbox",
    "pace",
    "peace",
    "published",
    "sessions",
    "settings",
    "shared",
    "taken",
    "told",
    "verdicts",
    "wishes",
]
