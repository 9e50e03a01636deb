"""The host's tables: SQLAlchemy Core, the same on SQLite and PostgreSQL, every row with its `site`.

What members wrote stands in few places only, so that erasing finds it: `inbox.payload` until applied, `outbox` (title,
text, request, evidence), `alerts`, `verdicts.reason`. All times are `UtcDateTime`.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from connector.columns import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Number = BigInteger().with_variant(Integer, "sqlite")


def _rows(name: str, *parts: Any) -> Table:
    """A table of numbered rows."""
    return Table(
        f"host_{name}",
        metadata,
        Column("id", _Number, primary_key=True),
        Column("site", Integer, nullable=False),
        *parts,
    )


def _named(name: str, *parts: Any) -> Table:
    """A table whose rows are found by their own names."""
    return Table(f"host_{name}", metadata, Column("site", Integer, primary_key=True, autoincrement=False), *parts)


# -- deliveries

inbox = _rows(
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

handled = _rows(
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

jobs = _rows(
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

# -- acts

outbox = _rows(
    "outbox",
    Column("plugin", String(60), nullable=False),
    Column("once", String(200), nullable=False),
    # The names of `ForumDoor`'s verbs: reply, message, message_group, open_topic, edit, delete_own, upload, flag…
    Column("verb", String(16), nullable=False),
    Column("state", String(12), nullable=False),
    # Why it waits or how it ended, in one word or sentence for managers.
    Column("note", Text, nullable=False),
    # The mode that was in force when it was asked for, after every ceiling.
    Column("mode", String(10), nullable=False),
    Column("ceiling", String(10), nullable=False),
    Column("rule", String(100), nullable=False),
    Column("conduct", Boolean, nullable=False),
    Column("urgency", String(10), nullable=False),
    Column("cause", String(60), nullable=False),
    Column("category_id", BigInteger),
    Column("topic_id", BigInteger),
    Column("recipient_id", BigInteger),
    Column("about", JSON, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    # The rest of what the verb needs: reply_to, whisper, tags, group, of, post_id, kind, filename…
    Column("details", JSON, nullable=False),
    Column("data", LargeBinary),
    # Nobody had answered the topic when this was asked for: it lapses as soon as somebody does.
    Column("unanswered", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime),
    Column("run_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("marker", String(64), nullable=False),
    Column("external_id", String(50), nullable=False),
    # `WriteRequest.to_json()`, committed before the first call; None again once the outcome is sure.
    Column("request", Text),
    Column("first_sent_at", UtcDateTime),
    Column("replayed", Boolean, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("post_id", BigInteger),
    Column("sent_topic_id", BigInteger),
    Column("url", Text),
    Column("error", Text, nullable=False),
    # Managers: who holds it, who decided, what they said, the text as the plugin first wrote it.
    Column("taken_by", Text, nullable=False),
    Column("taken_at", UtcDateTime),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decision", Text, nullable=False),
    Column("first_text", Text),
    Column("reacted_at", UtcDateTime),
    UniqueConstraint("site", "plugin", "once"),
)
Index("ix_host_outbox_state", outbox.c.site, outbox.c.state, outbox.c.run_at)
Index("ix_host_outbox_marker", outbox.c.site, outbox.c.marker)
Index("ix_host_outbox_topic", outbox.c.site, outbox.c.topic_id)
Index("ix_host_outbox_sent", outbox.c.site, outbox.c.verb, outbox.c.sent_at)
Index("ix_host_outbox_opened", outbox.c.site, outbox.c.sent_topic_id)
Index("ix_host_outbox_created", outbox.c.site, outbox.c.created_at)

concerns = _named(
    "concerns",
    # The members an act is about, for erasure and for `/me`.
    Column("outbox_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
)
Index("ix_host_concerns_member", concerns.c.site, concerns.c.member_id)

attention = _rows(
    "attention",
    Column("member_id", BigInteger, nullable=False),
    Column("outbox_id", BigInteger, nullable=False),
    Column("plugin", String(60), nullable=False),
    # written (a message to the member) or named (in a text for others)
    Column("kind", String(10), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reacted_at", UtcDateTime),
    UniqueConstraint("site", "member_id", "outbox_id"),
)
Index("ix_host_attention_member", attention.c.site, attention.c.member_id, attention.c.at)

alerts = _rows(
    "alerts",
    Column("outbox_id", BigInteger, nullable=False),
    Column("plugin", String(60), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("topic_id", BigInteger),
    Column("holds_topic", Boolean, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("closed_by", Text, nullable=False),
    UniqueConstraint("site", "outbox_id"),
)
Index("ix_host_alerts_topic", alerts.c.site, alerts.c.topic_id, alerts.c.closed_at)

peace = _named(
    "peace",
    Column("topic_id", BigInteger, primary_key=True, autoincrement=False),
    # author, manager or breaker
    Column("kind", String(10), nullable=False),
    Column("who", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
)

# -- members' words about us

verdicts = _rows(
    "verdicts",
    Column("plugin", String(60), nullable=False),
    Column("once", String(200), nullable=False),
    Column("member_id", BigInteger, nullable=False),
    Column("answer", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("site", "plugin", "once", "member_id"),
)
Index("ix_host_verdicts_member", verdicts.c.site, verdicts.c.member_id)

wishes = _named(
    "wishes",
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    # never, snoozed, away, agreed or speaks (a language)
    Column("kind", String(10), primary_key=True),
    # "" stands for every plugin, or every subject.
    Column("plugin", String(60), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
)

access_log = _rows(
    "access_log",
    Column("viewer_id", BigInteger, nullable=False),
    Column("viewer", Text, nullable=False),
    Column("member_id", BigInteger, nullable=False),
    Column("page", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_host_access_log_member", access_log.c.site, access_log.c.member_id, access_log.c.at)

taken = _named(
    "taken",
    # Of plugin, offer, its data, member and suggestion: the same offer is taken once.
    Column("digest", String(64), primary_key=True),
    Column("plugin", String(60), nullable=False),
    Column("member_id", BigInteger, nullable=False),
    # The plugin's answer, said again to whoever clicks again.
    Column("said", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_host_taken_member", taken.c.site, taken.c.member_id)

# -- managers' words to us

settings = _named(
    "settings",
    # "" is the host itself; category 0 is everywhere.
    Column("plugin", String(60), primary_key=True),
    Column("category_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(100), primary_key=True),
    Column("value", JSON),
)

modes = _named(
    "modes",
    Column("plugin", String(60), primary_key=True),
    Column("category_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rule", String(100), primary_key=True),
    Column("mode", String(10), nullable=False),
)

changes = _rows(
    "changes",
    Column("plugin", String(60), nullable=False),
    Column("category_id", BigInteger, nullable=False),
    Column("name", String(200), nullable=False),
    Column("old", JSON),
    Column("new", JSON),
    Column("who", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_host_changes_plugin", changes.c.site, changes.c.plugin, changes.c.at)

published = _named(
    "published",
    # why (the why-page) or announcement
    Column("plugin", String(60), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("lang", String(8), primary_key=True),
    Column("text", Text, nullable=False),
    Column("edited_at", UtcDateTime, nullable=False),
    Column("edited_by", Text, nullable=False),
    Column("published_at", UtcDateTime),
)

duty = _rows(
    "duty",
    Column("username", Text, nullable=False),
    # Stands in while the others are away.
    Column("deputy", Boolean, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    UniqueConstraint("site", "username"),
)

absences = _rows(
    "absences",
    Column("username", Text, nullable=False),
    Column("starts", UtcDateTime, nullable=False),
    Column("ends", UtcDateTime, nullable=False),
    Column("deputy", Text, nullable=False),
)
Index("ix_host_absences_ends", absences.c.site, absences.c.ends)

closures = _rows(
    "closures",
    Column("name", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
)

# -- the host's own memory

shared = _named(
    "shared",
    Column("name", String(100), primary_key=True),
    Column("plugin", String(60), nullable=False),
    Column("value", JSON),
    Column("at", UtcDateTime, nullable=False),
)

facts = _named(
    "facts",
    # paused, bot, heartbeat, connection, client_settings…
    Column("name", String(100), primary_key=True),
    Column("value", JSON),
    Column("at", UtcDateTime, nullable=False),
)

told = _named(
    "told",
    # How often a member was told a text of a plugin: nobody reads the same wording twice running.
    Column("plugin", String(60), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
)

pace = _named(
    "pace",
    # In seconds of the machine's own clock: pacing knows no moved time.
    Column("tokens", Float, nullable=False),
    Column("filled_at", Float, nullable=False),
    Column("closed_until", Float, nullable=False),
)

nonces = _named(
    "nonces",
    # One-time words: login nonces, console links.
    Column("digest", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("data", JSON, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
)

sessions = _named(
    "sessions",
    Column("digest", String(64), primary_key=True),
    Column("member_id", BigInteger, nullable=False),
    Column("username", Text, nullable=False),
    Column("groups", JSON, nullable=False),
    Column("admin", Boolean, nullable=False),
    Column("checked_at", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
)
Index("ix_host_sessions_member", sessions.c.site, sessions.c.member_id)
