"""A text to try: what the charter would say of it. Nothing of it is kept or logged."""

from collections.abc import Mapping

from plugins.blocks import Block, Cell, Field, Form, Notice, Table, Text
from plugins.doors import InlineContext
from plugins.netiquette.around import OnForum
from plugins.netiquette.charter.model import STEPS, Charter
from plugins.netiquette.detectors.finding import LONGEST, Said
from plugins.netiquette.head.at_hand import head_at_hand
from plugins.netiquette.judging import judge, weigh
from plugins.netiquette.language import guess_language
from plugins.netiquette.pages.charter_shown import detector_words, step_words


def try_form(ctx: InlineContext) -> list[Block]:
    """The form; it reads, so that what is typed stands nowhere afterwards."""
    fields = [
        Field("title", ctx.say("charter.try_topic"), help=ctx.say("charter.try_topic_help")),
        Field("words", ctx.say("charter.try_words"), widget="text"),
        Field("category", ctx.say("charter.try_category"), "", choices=_categories(ctx)),
        Field("quoted", ctx.say("charter.try_quoted"), False, widget="checkbox"),
    ]
    return [Text(ctx.say("charter.try_about"), quiet=True), Form(fields, ctx.say("charter.try_do"), "try", reads=True)]


def tried(ctx: InlineContext, values: Mapping[str, str], charter: Charter) -> list[Block]:
    """What would happen to the text, and every finding with its clause, words and confidence."""
    text, title = values.get("words", "")[:LONGEST], values.get("title", "").strip()[:300]
    category = int(values["category"]) if values.get("category", "").isdigit() else None
    said = Said(
        text=text,
        title=title,
        lang=guess_language(f"{title}\n{text}"),
        quoted=bool(values.get("quoted")),
        category_id=category,
        opens_topic=bool(title),
    )
    head = head_at_hand(ctx)
    around = OnForum(
        ctx, topic_id=None, category_id=category, author_id=None, encoder=head.encoder if head is not None else ""
    )
    judged = judge(said, charter, around, head)
    lang = ctx.say("charter.lang")
    if judged.clause is None:
        shown: list[Block] = [Notice(ctx.say("charter.try_nothing"), "good")]
    else:
        clause = f"{judged.clause.number}. {judged.clause.title_in(lang)}"
        told = ctx.say("charter.try_found", step=step_words(ctx, judged.step), clause=clause)
        shown = [Notice(told, "info" if judged.step == "look" else "warning")]
    if head is None:
        shown.append(Notice(ctx.say("charter.try_no_head")))
    weighed = sorted(weigh(said, charter, around, head), key=lambda one: -STEPS.index(one.step))
    rows: list[list[Cell]] = [
        [
            f"{one.clause.number}. {one.clause.title_in(lang)}",
            detector_words(ctx, one.finding.detector),
            ", ".join(one.finding.words)[:300],
            round(one.finding.confidence, 2),
            step_words(ctx, one.step),
        ]
        for one in weighed
        if one.step != "none"
    ]
    keys = ("charter.clause", "charter.finds", "charter.words", "charter.confidence", "charter.step")
    return [*shown, Table([ctx.say(key) for key in keys], rows)] if rows else shown


def _categories(ctx: InlineContext) -> list[tuple[str, str]]:
    public = ctx.archive.audience_public().classes
    known = [(str(one.id), one.name) for one in ctx.archive.categories() if one.visibility in public]
    return [("", ctx.say("charter.try_anywhere")), *sorted(known, key=lambda one: one[1].lower())]
