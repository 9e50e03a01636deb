"""How long this community usually takes to answer."""

from datetime import datetime, timedelta

from sqlalchemy import select

from connector.archive.store import Store
from connector.archive.tables import topics

SMALLEST_SAMPLE = 12
WINDOW = timedelta(days=365)
SAMPLE = 500
"""The newest answered topics that are looked at: enough for a quarter to be told apart, and asked for at every look."""
_QUANTILE = 0.75


def usual_answer_time(store: Store, category_id: int | None, now: datetime) -> timedelta | None:
    """Time within which three quarters of what gets answered has its first answer; None under 12 answered topics.

    Of the newest answered topics (at most 500) of the last year, or of all time where that is too little.
    `category_id` None asks for the whole forum. Time on the clock, not working time.
    """
    wanted = [topics.c.first_answer_at.is_not(None), topics.c.visible, topics.c.created_at <= now]
    if category_id is not None:
        wanted.append(topics.c.category_id == category_id)
    query = select(topics.c.created_at, topics.c.first_answer_at).where(store.of_site(topics, *wanted))
    query = query.order_by(topics.c.created_at.desc()).limit(SAMPLE)
    with store.read() as conn:
        rows = conn.execute(query).all()
    recent = [row for row in rows if row.created_at >= now - WINDOW]
    sample = recent if len(recent) >= SMALLEST_SAMPLE else rows
    if len(sample) < SMALLEST_SAMPLE:
        return None
    waits: list[timedelta] = sorted(max(row.first_answer_at - row.created_at, timedelta(0)) for row in sample)
    return waits[min(len(waits) - 1, int(len(waits) * _QUANTILE))]
