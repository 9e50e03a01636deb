"""Telling managers of what needs a human eye: kind, clause, the very words, how sure, and a first move. Once a thread.

By message to a group where a forum named one, else among the console's alerts, where closing one says whether it was
right.
"""

from datetime import timedelta

from sqlalchemy import insert, select, update

from plugins.doors import Act, Context, Evidence, InlineContext
from plugins.netiquette import cases
from plugins.netiquette.autonomy_rules import rule_of
from plugins.netiquette.charter.model import Clause
from plugins.netiquette.judging import Judgement
from plugins.netiquette.tables.cases import warned
from plugins.voice import escape

GRAVE = frozenset({"threat", "veiled-threat", "identity", "harassment"})
"""Kinds of attack for which a thread is left alone until somebody has looked, and which are told even of a thread that
managers have heard of already."""

PREFIX = "alert:"
AGAIN = timedelta(days=30)
"""After so long a thread may be told of again."""


def raise_for(ctx: Context, post: cases.Where, judgement: Judgement) -> Act | None:
    """Tell managers of what was found in a post; None where they have heard of this thread lately.

    The case is kept either way. Protected speech is told as such, with the organisation's listening contacts.
    """
    clause, gravest = judgement.clause, judgement.findings[0] if judgement.findings else None
    if clause is None or gravest is None or post.topic_id is None:
        return None
    grave = gravest.kind in GRAVE and not gravest.protected
    number = cases.note(ctx, post, judgement)
    if number is None or _heard(ctx, post.topic_id, grave):
        return None
    words = " … ".join(f"“{one}”" for one in judgement.words[:3])
    text = "\n\n".join(
        [
            ctx.say("alert.found", clause=named(clause, ctx), words=words, sure=round(100 * judgement.probability)),
            first_move(ctx, gravest.detector, gravest.kind, gravest.protected),
        ]
    )
    act = tell(
        ctx, post.topic_id, gravest.kind or gravest.detector, ctx.say("alert.title", clause=named(clause, ctx)), text,
        ctx.say("alert.why"), number=post.post_number, rule=rule_of(clause.id, judgement.lang), grave=grave,
    )  # fmt: skip
    cases.belongs(ctx, act.once, number)
    return act


def tell(ctx: Context, topic_id: int, kind: str, title: str, text: str, why: str, *, number: int | None = None,
         rule: str = "", grave: bool = False) -> Act:  # fmt: skip
    """One alert about a thread: a message to the group that is named in the settings, else one in the console."""
    once = f"{PREFIX}{rule or kind}:{'grave:' if grave else ''}{topic_id}:{ctx.now:%Y-%m-%d}"
    evidence = [Evidence(topic_id, number)]
    _remember(ctx, topic_id, grave)
    if ctx.settings.alert_group:
        return ctx.forum.message_group(
            ctx.settings.alert_group, title, escape(text), once=once, why=why, evidence=evidence, urgency="now",
            topic=topic_id, rule=rule,
        )  # fmt: skip
    return ctx.forum.alert(kind, title, text, once=once, why=why, topic=topic_id, evidence=evidence, holds_topic=grave)


def first_move(ctx: InlineContext, detector: str, kind: str, protected: str) -> str:
    """What a manager might do first, in one or two sentences."""
    if protected:
        return ctx.say("move.protected")
    if kind in ("threat", "veiled-threat"):
        return ctx.say("move.threat")
    if kind == "identity":
        return ctx.say("move.identity")
    match detector:
        case "attack":
            return ctx.say("move.attack")
        case "personal_data":
            return ctx.say("move.personal_data")
        case "pile_on":
            return ctx.say("move.pile_on")
        case "heating":
            return ctx.say("move.heating")
        case _:
            return ctx.say("move.form")


def rule_in(once: str) -> str:
    """The rule under which an alert was raised, from its key; "" for any other act."""
    return once.removeprefix(PREFIX).split(":")[0] if once.startswith(PREFIX) else ""


def named(clause: Clause, ctx: InlineContext, lang: str = "") -> str:
    """A clause by number and title."""
    return f"{clause.number}. {clause.title_in(lang or ctx.say('charter.lang'))}"


def heard_lately(ctx: InlineContext, topic_id: int) -> bool:
    """Whether managers were told of a thread within the last month."""
    return _heard(ctx, topic_id, False)


def _heard(ctx: InlineContext, topic_id: int, grave: bool) -> bool:
    """A grave thing is told once more in a thread that they know for a mild one."""
    own = warned.c
    told = select(own.at).where(own.site == ctx.site, own.topic_id == topic_id, own.at > ctx.now - AGAIN)
    return ctx.db.execute(told.where(own.grave) if grave else told).first() is not None


def _remember(ctx: Context, topic_id: int, grave: bool) -> None:
    own = warned.c
    here = (own.site == ctx.site, own.topic_id == topic_id, own.grave == grave)
    if not ctx.db.execute(update(warned).where(*here).values(at=ctx.now)).rowcount:  # type: ignore[attr-defined]
        ctx.db.execute(insert(warned).values(site=ctx.site, topic_id=topic_id, grave=grave, at=ctx.now))
