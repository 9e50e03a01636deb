"""What was found and where, until managers have looked; whether it was right; how far each rule has come.

No table holds the member who was judged, so nothing can count or list a member's breaches. A case names the post, whose
author the forum knows; it goes after 90 days, with the post, and with the author's account.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text, UniqueConstraint

from connector.columns import UtcDateTime
from plugins.netiquette.tables.metadata import metadata

cases = Table(
    "netiquette_cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("post_id", BigInteger, nullable=False),
    Column("topic_id", BigInteger, nullable=False),
    Column("post_number", Integer, nullable=False),
    Column("category_id", BigInteger, nullable=True),
    Column("clause", String(60), nullable=False),
    Column("detector", String(20), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("lang", String(8), nullable=False),
    Column("protected", String(12), nullable=False),
    Column("step", String(10), nullable=False),
    Column("words", JSON, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("site", "post_id", "clause"),
)
Index("ix_netiquette_cases_at", cases.c.site, cases.c.at)

case_acts = Table(
    "netiquette_case_acts",
    metadata,
    # Which act came of which case: what people say of the act is said of the case.
    Column("site", Integer, primary_key=True),
    Column("once", String(200), primary_key=True),
    Column("case_id", Integer, nullable=False, index=True),
)

verdicts = Table(
    "netiquette_verdicts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    # A digest of what was judged, so that it counts once; neither post nor member can be read from it.
    Column("judged", String(64), nullable=False),
    # manager, member (who got the message) or contest (how one ended)
    Column("source", String(10), nullable=False),
    Column("clause", String(60), nullable=False),
    Column("lang", String(8), nullable=False),
    Column("category_id", BigInteger, nullable=True),
    Column("right", Boolean, nullable=False),
    # The manager who judged, by username; "" for the rest. `asked`: it was one of the week's ten.
    Column("by", Text, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("site", "judged", "source"),
)
Index("ix_netiquette_verdicts_cell", verdicts.c.site, verdicts.c.clause, verdicts.c.lang)

mode_steps = Table(
    "netiquette_mode_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("clause", String(60), nullable=False),
    Column("lang", String(8), nullable=False),
    Column("category_id", BigInteger, nullable=True),
    Column("old", String(10), nullable=False),
    Column("new", String(10), nullable=False),
    # earned (a manager took the step) or drift (the product stepped back)
    Column("cause", String(10), nullable=False),
    Column("by", Text, nullable=False),
    Column("right", Integer, nullable=False),
    Column("verdicts", Integer, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

warned = Table(
    "netiquette_warned",
    metadata,
    # When managers were last told of a thread: one alert per thread.
    Column("site", Integer, primary_key=True),
    Column("topic_id", BigInteger, primary_key=True, autoincrement=False),
    Column("grave", Boolean, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
