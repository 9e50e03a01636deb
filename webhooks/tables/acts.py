"""What is done on the forum and around it: acts, whom they concern and whose attention they took, alerts, peace."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Text, UniqueConstraint

from connector.columns import UtcDateTime
from webhooks.tables.shape import named, rows

outbox = rows(
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

concerns = named(
    "concerns",
    # The members an act is about, for erasure and for `/me`.
    Column("outbox_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
)
Index("ix_host_concerns_member", concerns.c.site, concerns.c.member_id)

attention = rows(
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

alerts = rows(
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
    # What whoever closed it said to "was this right?": None where nothing was said.
    Column("was_right", Boolean),
    UniqueConstraint("site", "outbox_id"),
)
Index("ix_host_alerts_topic", alerts.c.site, alerts.c.topic_id, alerts.c.closed_at)

peace = named(
    "peace",
    Column("topic_id", BigInteger, primary_key=True, autoincrement=False),
    # author, manager or breaker
    Column("kind", String(10), nullable=False),
    Column("who", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
)
