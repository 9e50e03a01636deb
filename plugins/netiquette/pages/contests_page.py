"""The managers' page of contests: what was said to whom is read once more by a person, who answers in person."""

from collections.abc import Mapping

from plugins.blocks import Anchor, Block, Cell, Field, Form, Notice, Page, Table, Task, Text
from plugins.doors import Context, InlineContext
from plugins.netiquette import contests, verdicts
from plugins.netiquette.charter import kept
from plugins.netiquette.charter.model import Charter
from plugins.netiquette.charter.same_words import without_names
from plugins.netiquette.contests import Contest
from plugins.netiquette.ladder import thread_state
from plugins.netiquette.ladder.quoting_words import quoted_plainly
from plugins.netiquette.ladder.said import names_in

TITLE = {"en": "Contests", "fr": "Contestations"}
_MINUTES = 6


def contests_page(query: Mapping[str, str], ctx: InlineContext) -> Page:
    """Every open contest with what it is about, and two forms to answer it."""
    lang, charter = ctx.say("ladder.language"), kept.in_force(ctx)
    found, counts = contests.waiting(ctx), contests.counted(ctx)
    blocks: list[Block] = [Text(ctx.say("contest.page_intro"), quiet=True)]
    if not found:
        blocks.append(Notice(ctx.say("contest.page_none"), "good"))
    for one in found:
        blocks += _shown(ctx, one, charter, lang)
    blocks.append(
        Text(
            ctx.say("contest.counts", opened=counts.opened, agreed=counts.agreed, stands=counts.stands,
                    in_time=counts.in_time),
            quiet=True,
        )
    )  # fmt: skip
    about = tuple(sorted({one.member_id for one in found if one.member_id is not None}))
    return Page(TITLE.get(lang, TITLE["en"]), blocks, about)


def answer(sent: Mapping[str, str], ctx: Context) -> Notice:
    """A manager answers a contest: the member is right, or the clause stands; either way in words of his own."""
    action, _, number = sent.get("action", "").partition(":")
    contest = contests.find(ctx, int(number)) if number.isdigit() else None
    if contest is None or contest.member_id is None:
        return Notice(ctx.say("contest.gone", ctx.desk.lang or None), "warning")
    words = sent.get("answer", "").replace("\r\n", "\n").strip()
    if not words:
        return Notice(ctx.say("contest.no_words", ctx.desk.lang or None), "warning")
    if action == "agree":
        _agree(ctx, contest, contest.member_id, words)
        return Notice(ctx.say("contest.agreed_now", ctx.desk.lang or None), "good")
    _stand(ctx, contest, contest.member_id, words)
    return Notice(ctx.say("contest.stands_now", ctx.desk.lang or None), "good")


def tasks(ctx: InlineContext) -> list[Task]:
    """Open contests, heavier as their time runs out."""
    return [
        Task(
            key=f"contest:{one.id}",
            title=ctx.say("contest.task_title"),
            why=ctx.say("contest.task_why", day=one.due_at),
            minutes=_MINUTES,
            path="/console/plugins/netiquette/page/contests",
            weight=0.95 if one.due_at <= ctx.now else 0.85,
        )
        for one in contests.waiting(ctx)
    ]


def _agree(ctx: Context, contest: Contest, member_id: int, words: str) -> None:
    """The apology leaves, the verdict is withdrawn, and the text is allowed under this clause from now on."""
    ctx.forum.message(
        member_id, ctx.say("contest.sorry_title", member_id), words, once=f"sorry:{contest.once}"[:200],
        why=ctx.say("contest.sorry_why"), about=[member_id],
    )  # fmt: skip
    names = names_in(ctx, contest.topic_id)
    kept.add_example(ctx, contest.clause, without_names(contest.text, names), contest.lang, member_id)
    verdicts.settle_contest(ctx, contest.once, member_was_right=True)
    thread_state.take_back(ctx, contest.once)
    contests.close(ctx, contest, "agreed")


def _stand(ctx: Context, contest: Contest, member_id: int, words: str) -> None:
    """The answer bears the name of whoever wrote it, who is in the conversation and can be answered."""
    ctx.forum.message(
        member_id, ctx.say("contest.answer_title", member_id), words, once=f"answer:{contest.once}"[:200],
        why=ctx.say("contest.answer_why"), about=[member_id], conduct=True,
    )  # fmt: skip
    verdicts.settle_contest(ctx, contest.once, member_was_right=False)
    contests.close(ctx, contest, "stands")


def _shown(ctx: InlineContext, one: Contest, charter: Charter, lang: str) -> list[Block]:
    clause = charter.clause(one.clause)
    named = f"{clause.number}. {clause.title_in(lang)}" if clause else one.clause
    title = ctx.say("contest.due_title", clause=named, day=one.due_at)
    topic = ctx.archive.topic(one.topic_id) if one.topic_id is not None else None
    post = ctx.archive.post(one.post_id) if one.post_id is not None else None
    place = Anchor(topic.title if topic else "–", f"/t/{one.topic_id}/{post.post_number if post else 1}")
    rows: list[list[Cell]] = [
        [ctx.say("contest.row_clause"), clause.text_in(lang) if clause else "–"],
        [ctx.say("contest.row_text"), one.text],
        [ctx.say("contest.row_words"), quoted_plainly(one.words, lang)],
        [ctx.say("contest.row_said"), one.said or ctx.say("contest.row_nothing")],
        [ctx.say("contest.row_where"), place],
    ]
    # A page speaks its reader's language; what will be sent speaks the member's.
    theirs = _language_of(ctx, one)
    apology = ctx.say("contest.sorry", theirs, who=ctx.desk.by or ctx.say("contest.somebody", theirs))
    agree = Field("answer", ctx.say("contest.field_sorry"), apology, "text", help=ctx.say("contest.help_sorry"))
    stand = Field("answer", ctx.say("contest.field_stands"), "", "text", help=ctx.say("contest.help_stands"))
    return [
        Text(title, heading=True),
        Table((ctx.say("contest.what"), ""), rows),
        Form([agree], ctx.say("contest.agree"), f"agree:{one.id}"),
        Form([stand], ctx.say("contest.stand"), f"stand:{one.id}"),
    ]


def _language_of(ctx: InlineContext, contest: Contest) -> str:
    member = ctx.archive.member(contest.member_id) if contest.member_id is not None else None
    return (member.lang or member.locale if member else "") or contest.lang
