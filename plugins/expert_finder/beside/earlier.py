"""Earlier topics beside a text: the same question answered before, while asking and while reading; and the same
problem in another room, among people who have not met.
"""

from collections.abc import Sequence

from connector.records import StoredTopic
from plugins.doors import InlineContext
from plugins.expert_finder.beside.draft import READING, audience_in
from plugins.expert_finder.beside.prepared import is_open_question
from plugins.expert_finder.knowledge import StillReadingError
from plugins.expert_finder.similar import Similar, reason, similar
from plugins.inline import Draft, Link, Suggestion

BEFORE, BEFORE_WHILE_READING, ELSEWHERE = 0.8, 0.6, 0.3
"""Priorities: while one writes, what may hold the answer comes before people; in a topic people come first."""
SHOWN = 3
LOOKED_AT = 8


def earlier_for_draft(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    """While a topic is being written: earlier ones like it that the writer may open, answered ones first."""
    if draft.action != "new_topic":
        return []
    found = _similar(draft, ctx, draft.title, draft.text, SHOWN, room=draft.category_id)
    if not found:
        return []
    lang = draft.viewer.lang
    known = any(one.answered for one in found)
    return [
        Suggestion(
            key="similar:draft",
            kind="topics",
            title=ctx.say("beside.before_title" if known else "beside.like_title", lang),
            why=reason(ctx, found[0], lang),
            text=found[0].excerpt,
            links=_links(found),
            priority=BEFORE,
        )
    ]


def earlier_for_topic(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    """Beside an open question, the same one answered before; beside any topic, the same problem in another room."""
    topic = ctx.archive.topic(draft.topic_id) if draft.topic_id else None
    if topic is None or not topic.visible:
        return []
    posts = ctx.archive.posts_of_topic(topic.id)
    if not posts or draft.viewer.audience is None or topic.visibility not in draft.viewer.audience.classes:
        return []
    found = _similar(draft, ctx, topic.title, posts[0].text, LOOKED_AT, room=topic.category_id, without=topic.id)
    lang = draft.viewer.lang
    answered = [one for one in found if one.answered][:SHOWN] if is_open_question(ctx, topic) else []
    suggestions = []
    if answered:
        title, why = ctx.say("beside.before_title", lang), reason(ctx, answered[0], lang)
        suggestions.append(
            Suggestion(f"before:{topic.id}", "topics", title, why, answered[0].excerpt, _links(answered),
                       priority=BEFORE_WHILE_READING)
        )  # fmt: skip
    apart = [one for one in found if one not in answered and _is_apart(ctx, topic, one.topic)][:SHOWN]
    if apart:
        title = ctx.say("beside.elsewhere.title", lang, room=_room(ctx, apart[0].topic))
        why = ctx.say("beside.elsewhere.why", lang)
        suggestions.append(
            Suggestion(f"elsewhere:{topic.id}", "topics", title, why, "", _links(apart), priority=ELSEWHERE)
        )
    return suggestions


def _similar(
    draft: Draft, ctx: InlineContext, title: str, text: str, limit: int, *, room: int | None, without: int = 0
) -> Sequence[Similar]:
    audience = audience_in(ctx, draft.viewer, room)
    if audience is None:
        return ()
    try:
        return similar(
            ctx, title, text, audience, lang=draft.viewer.lang, limit=limit, without={without}, share=READING,
            patient=False,
        )  # fmt: skip
    except StillReadingError:
        return ()


def _links(found: Sequence[Similar]) -> tuple[Link, ...]:
    return tuple(Link(one.topic.id, one.post_number, one.topic.title, one.lang) for one in found)


def _is_apart(ctx: InlineContext, topic: StoredTopic, other: StoredTopic) -> bool:
    """In another room, and nobody wrote in both."""
    if topic.category_id == other.category_id:
        return False
    here = {post.user_id for post in ctx.archive.posts_of_topic(topic.id)}
    there = {post.user_id for post in ctx.archive.posts_of_topic(other.id)}
    return not (here & there) - {None}


def _room(ctx: InlineContext, topic: StoredTopic) -> str:
    category = ctx.archive.category(topic.category_id) if topic.category_id is not None else None
    return category.name if category is not None else ""
