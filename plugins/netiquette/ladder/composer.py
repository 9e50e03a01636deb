"""The hint while writing, and once more when sending: clause, the very words, another way to say it, and "as it is".

Nothing of a draft is kept: not the text, not the words, not that there was a hint. That is why a hint asks for no
verdict either: an answer would be a record of who was about to write what.
"""

import hashlib

from plugins.doors import InlineContext
from plugins.inline import Draft, Suggestion
from plugins.netiquette.charter import kept
from plugins.netiquette.charter.model import STEPS, Charter, Clause
from plugins.netiquette.head.at_hand import head_at_hand
from plugins.netiquette.judging import Head, Judgement
from plugins.netiquette.ladder.quoting_words import quoted_plainly
from plugins.netiquette.ladder.rewording import reworded
from plugins.netiquette.ladder.said import Text, text_of_draft

PRIORITY = 0.97
"""Above any help with the matter: what is about to be said comes before who may answer it."""
WRITTEN = ("new_topic", "reply", "edit")


def hint(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    """At most one hint for a draft; the same for everybody, staff included."""
    if draft.action not in WRITTEN:
        return []
    head, charter = head_at_hand(ctx), kept.in_force(ctx)
    text = text_of_draft(ctx, draft, head)
    judgement = text.judged(charter, head)
    clause = judgement.clause
    if clause is None or "hint" not in clause.ladder or STEPS.index(judgement.step) < STEPS.index("hint"):
        return []
    return [_shown(ctx, draft, text, judgement, clause, charter, head)]


def _shown(ctx: InlineContext, draft: Draft, text: Text, judgement: Judgement, clause: Clause, charter: Charter,
           head: Head | None) -> Suggestion:  # fmt: skip
    lang = draft.viewer.lang
    words, title = quoted_plainly(judgement.words, lang), clause.title_in(lang)
    if words:
        why = ctx.say("hint.why", lang, number=clause.number, words=words)
    else:
        why = ctx.say("hint.whole", lang, number=clause.number)
    holds = "message" in clause.ladder
    parts = [clause.text_in(lang)]
    if not clause.formal:
        other = another_way(text, judgement, charter, head)
        parts.append(ctx.say("hint.reworded", lang, rewording=other) if other else ctx.say("hint.ask", lang))
    if holds:
        parts.append(ctx.say("hint.free", lang))
    return Suggestion(
        key=_key(clause, judgement),
        kind="netiquette",
        title=ctx.say("hint.title", lang, clause=title),
        why=why,
        text="\n\n".join(parts),
        answers=(),
        priority=PRIORITY,
        # What would lead to a message afterwards is worth a second look; the rest is a tip.
        holds_save=holds,
        lang=lang,
    )


def another_way(text: Text, judgement: Judgement, charter: Charter, head: Head | None) -> str:
    """The same criticism without the insult, if leaving words out is enough for nothing to be said about it."""
    found = reworded(text.said.text, judgement.words, judgement.lang)
    if not found:
        return ""
    again = text.with_text(found).judged(charter, head)
    return found if STEPS.index(again.step) < STEPS.index("hint") else ""


def _key(clause: Clause, judgement: Judgement) -> str:
    """Another passage makes another hint; the browser alone remembers which one was closed."""
    digest = hashlib.sha256("\n".join(judgement.words).casefold().encode()).hexdigest()
    return f"hint:{clause.id}:{digest[:12]}"
