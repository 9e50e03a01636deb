"""What came in and what is to be run: deliveries, what handlers did with them, jobs of the clock."""

from sqlalchemy import Column, Index, Integer, String, Text, UniqueConstraint, text

from connector.columns import UtcDateTime
from webhooks.tables.shape import rows

inbox = rows(
    "inbox",
    Column("event", String(100), nullable=False),
    Column("type", String(40), nullable=False),
    Column("lane", String(60), nullable=False),
    Column("body_hash", String(64), nullable=False),
    # The cut payload as JSON; None once everybody is done with it.
    Column("payload", Text),
    Column("instance", String(255), nullable=False),
    Column("delivery_id", String(64), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    # pending, leased, done or quarantined
    Column("state", String(12), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("run_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    # Grows with every claim: a worker that lost its lease cannot settle what another one holds by now.
    Column("fence", Integer, nullable=False),
    Column("applied_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("error", Text, nullable=False),
)
_OPEN = text("state in ('pending', 'leased')")
Index("ix_host_inbox_open", inbox.c.site, inbox.c.state, inbox.c.run_at, inbox.c.id,
      postgresql_where=_OPEN, sqlite_where=_OPEN)  # fmt: skip
Index("ix_host_inbox_hash", inbox.c.site, inbox.c.body_hash)
Index("ix_host_inbox_lane", inbox.c.site, inbox.c.lane, postgresql_where=_OPEN, sqlite_where=_OPEN)
Index("ix_host_inbox_done", inbox.c.site, inbox.c.done_at)

handled = rows(
    "handled",
    # What was handled: `event:<inbox id>`, `clock:<job row id>`, `verdict:<row id>`
    Column("cause", String(60), nullable=False),
    Column("plugin", String(60), nullable=False),
    Column("handler", String(100), nullable=False),
    # done, failed (will be tried again) or quarantined
    Column("state", String(12), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("run_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("error", Text, nullable=False),
    UniqueConstraint("site", "cause", "plugin", "handler"),
)
Index("ix_host_handled_state", handled.c.site, handled.c.state, handled.c.run_at)

jobs = rows(
    "jobs",
    # `<plugin>.<handler>` or a job of the host's own
    Column("job", String(170), nullable=False),
    Column("slot", UtcDateTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("run_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("error", Text, nullable=False),
    UniqueConstraint("site", "job", "slot"),
)
