"""When to speak: only a question, only unanswered, and only after the time in which this room usually answers."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from connector.records import StoredPost, StoredTopic
from plugins.doors import InlineContext
from plugins.expert_finder.preferences import Settings

SHORTEST = timedelta(hours=1)
LONGEST = timedelta(days=5)
TOO_OLD = timedelta(days=14)
_ASKS = re.compile(
    r"\?|\b(how (do|can|to)|does any|anyone|help|problem|stuck|looking for|comment (faire|peut|puis|on)|quelqu['’]un"
    r"|besoin d|cherche|je n['’]arrive|problème|probleme|une idée|bloqué|conseils?)\b",
    re.I,
)


def is_question(title: str, text: str) -> bool:
    """Whether somebody asks for something: a question mark or one of a few openings, French or English."""
    return bool(_ASKS.search(f"{title}\n{text[:4000]}"))


def answered(posts: Iterable[StoredPost], asker: int, is_person: Callable[[int | None], bool]) -> bool:
    """Whether a person other than the asker replied; a bot's post, ours above all, never counts."""
    return any(_answers(post, asker) and is_person(post.user_id) for post in posts)


def _answers(post: StoredPost, asker: int) -> bool:
    return post.user_id != asker and post.post_number > 1 and post.post_type == 1 and not post.hidden


def due_at(ctx: InlineContext, topic: StoredTopic) -> datetime:
    """The first working moment after the category's usual answer time (or the setting's where too little was seen)."""
    settings: Settings = ctx.settings_for(topic.category_id)
    usual = ctx.archive.usual_answer_time(topic.category_id) or settings.wait
    return ctx.calendar.next_working(topic.created_at + min(max(usual, SHORTEST), LONGEST))


def is_due(ctx: InlineContext, topic: StoredTopic) -> bool:
    """Whether now is a time to name people for this topic."""
    if topic.closed or topic.archived or not topic.visible or topic.solved_post_id is not None:
        return False
    if ctx.now - topic.created_at > TOO_OLD or not ctx.calendar.is_working(ctx.now):
        return False
    return ctx.now >= due_at(ctx, topic)
