"""While a question is being written: who may help with it, and a wish to have them asked once it is posted."""

from connector.records import Audience
from plugins.doors import InlineContext, Viewer
from plugins.expert_finder.beside.topic import shown
from plugins.expert_finder.consent import Willing
from plugins.expert_finder.holdback import is_question
from plugins.expert_finder.knowledge import StillReadingError
from plugins.expert_finder.past import Question, seconds
from plugins.expert_finder.similar_draft import own_part
from plugins.expert_finder.suggesting import people_like
from plugins.inline import Draft, Offer, Suggestion

PRIORITY = 0.5
"""Below topics that may hold the answer already: people come after what is written."""
SHORTEST = 40
"""Characters of title and text before which a draft does not say yet what it is about."""
READING = 0.4
"""Share of a handler's patience spent on the past that is not read yet: this answer is late, the next is not."""


def people_for_draft(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    """People for a question that is not posted yet; only for members, only for new topics."""
    viewer = draft.viewer
    if draft.action != "new_topic" or viewer.member_id is None or viewer.audience is None:
        return []
    if len(draft.title) + len(draft.text) < SHORTEST or not is_question(draft.title, draft.text):
        return []
    category = ctx.archive.category(draft.category_id) if draft.category_id is not None else None
    audience = audience_in(ctx, viewer, draft.category_id)
    if audience is None:
        return []
    # The very words by which earlier topics are looked for: so they are embedded once.
    question = Question(0, viewer.member_id, seconds(ctx.now), draft.title.strip(), own_part(draft.text))
    willing = Willing(ctx, None, category.slug if category else "", without={viewer.member_id})
    settings = ctx.settings_for(category.id if category else None)
    try:
        people = people_like(ctx, audience, question, willing, settings, share=READING, patient=False).people
    except StillReadingError:
        return []
    if not people:
        return []
    offers = [
        Offer(
            "invite",
            ctx.say("beside.ask", viewer.lang),
            {
                "member": person.member.id,
                "links": person.pairs,
            },
            person.member.id,
        )
        for person in people
    ]
    return [
        Suggestion(
            key="help:draft",
            kind="people",
            title=ctx.say("beside.help_title", viewer.lang),
            why=ctx.say("beside.help_mine", viewer.lang),
            text=ctx.say("beside.once_posted", viewer.lang),
            people=tuple(shown(ctx, people, viewer, {})),
            offers=tuple(offers),
            priority=PRIORITY,
        )
    ]


def audience_in(ctx: InlineContext, viewer: Viewer, room: int | None) -> Audience | None:
    """What every reader of this room may open; None where the viewer is not one of them.

    Never more than that, whatever else this viewer may read: the evidence of each audience is kept in memory, and
    there are as many as opted-in rooms rather than as many as there are combinations of groups.
    """
    may_read = viewer.audience or ctx.archive.audience_anonymous()
    known = ctx.archive.category(room) if room is not None else None
    audience = ctx.archive.audience_of_category(known.id) if known is not None else ctx.archive.audience_public()
    return audience if audience.classes and audience.classes <= may_read.classes else None
