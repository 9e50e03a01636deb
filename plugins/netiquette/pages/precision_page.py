"""How right each clause was, by language and category, with intervals; the week's ten cases; the steps to be taken."""

from collections.abc import Mapping

from plugins.blocks import Anchor, Block, Cell, Field, Form, Notice, Page, Table, Task, Text
from plugins.doors import Context, InlineContext
from plugins.netiquette import alerts, autonomy, verdicts
from plugins.netiquette.autonomy import Step
from plugins.netiquette.autonomy_rules import rule_of
from plugins.netiquette.charter import kept
from plugins.netiquette.charter.model import Charter
from plugins.netiquette.precision import ENOUGH, Judged, Precision, all_judged, own, pooled

TITLE = {"en": "How right each clause is", "fr": "La justesse de chaque règle"}
PATH = "/console/plugins/netiquette/page/precision"


def precision_page(query: Mapping[str, str], ctx: InlineContext) -> Page:
    """Steps that were earned, the cases to judge, the figures, and the steps taken so far."""
    lang, charter = ctx.say("charter.lang"), kept.in_force(ctx)
    judged = all_judged(ctx)
    blocks: list[Block] = [Text(ctx.say("precision.about"), quiet=True)]
    blocks += _steps(ctx, charter, lang)
    blocks += _to_judge(ctx, charter, lang)
    blocks.append(_figures(ctx, charter, judged, lang))
    blocks.append(_history(ctx, charter, lang))
    return Page(TITLE.get(lang, TITLE["en"]), blocks)


def answer(sent: Mapping[str, str], ctx: Context) -> Notice:
    """A manager takes a step that was earned, or says whether one of the week's cases was right."""
    what, _, rest = sent.get("action", "").partition(":")
    if what == "step":
        clause, lang, room = [*rest.split(","), "", ""][:3]
        if autonomy.take(ctx, clause, lang, int(room) if room.isdigit() else None):
            return Notice(ctx.say("precision.step_taken", ctx.desk.lang or None), "good")
        return Notice(ctx.say("precision.step_gone", ctx.desk.lang or None), "warning")
    said = sent.get("right", "")
    if what != "case" or not rest.isdigit() or said not in ("yes", "no"):
        return Notice(ctx.say("precision.unsaid", ctx.desk.lang or None), "warning")
    if verdicts.judge_case(ctx, int(rest), right=said == "yes"):
        return Notice(ctx.say("precision.thanks", ctx.desk.lang or None), "good")
    return Notice(ctx.say("precision.case_gone", ctx.desk.lang or None), "warning")


def tasks(ctx: InlineContext) -> list[Task]:
    """Steps that wait for a manager; cases are asked for by this page alone, ten a week at most."""
    lang = ctx.say("charter.lang")
    return [
        Task(
            key=f"step:{one.cell.rule}:{one.cell.category_id or ''}:{one.new}",
            title=ctx.say("precision.task_title", clause=alerts.named(one.cell.clause, ctx, lang)),
            why=_why(ctx, one),
            minutes=3,
            path=PATH,
            weight=0.4,
        )
        for one in autonomy.waiting(ctx)
    ]


def _steps(ctx: InlineContext, charter: Charter, lang: str) -> list[Block]:
    waiting = autonomy.waiting(ctx)
    if not waiting:
        return []
    blocks: list[Block] = [Text(ctx.say("precision.earned"), heading=True)]
    hindrance = ctx.desk.hindrance()
    for one in waiting:
        where = f"{alerts.named(one.cell.clause, ctx, lang)} · {one.cell.lang}{_room(ctx, one.cell.category_id)}"
        blocks.append(Text(f"{where}\n{_why(ctx, one)}"))
        if hindrance:
            blocks.append(Notice(ctx.say("precision.hindered"), "warning"))
        else:
            key = f"step:{one.cell.clause.id},{one.cell.lang},{one.cell.category_id or ''}"
            blocks.append(Form([], ctx.say("precision.take"), action=key))
    return blocks


def _to_judge(ctx: InlineContext, charter: Charter, lang: str) -> list[Block]:
    """The week's cases, with the words as they stand; ten at most, from rooms that everybody may open."""
    readable = ctx.archive.audience_public().classes
    blocks: list[Block] = []
    for one in verdicts.to_judge(ctx, ctx.desk.by):
        topic, clause = ctx.archive.topic(one.topic_id), charter.clause(one.clause)
        if topic is None or topic.visibility not in readable or clause is None:
            continue
        row: list[Cell] = [
            " … ".join(one.words[:3])[:300],
            alerts.named(clause, ctx, lang),
            Anchor(topic.title, f"/t/{one.topic_id}/{one.post_number}"),
        ]
        columns = [ctx.say(f"cases.{key}") for key in ("words", "clause", "where")]
        choices = [("yes", ctx.say("precision.yes")), ("no", ctx.say("precision.no"))]
        blocks.append(Table(columns, [row]))
        field = Field("right", ctx.say("precision.was_right"), choices=choices)
        blocks.append(Form([field], ctx.say("precision.send"), action=f"case:{one.id}"))
    if not blocks:
        return [Notice(ctx.say("precision.nothing_to_judge"))]
    left = verdicts.asked_left(ctx, ctx.desk.by)
    return [Text(ctx.say("precision.week"), heading=True), Text(ctx.say("precision.left", count=left)), *blocks]


def _figures(ctx: InlineContext, charter: Charter, judged: list[Judged], lang: str) -> Table:
    """Every cell with verdicts of its own: how many, how many right, the interval, and how far it may go."""
    seen = {(one.clause, one.lang, None) for one in judged} | {
        (one.clause, one.lang, one.category_id) for one in judged
    }
    rows: list[list[Cell]] = []
    for clause_id, spoken, room in sorted(seen, key=lambda one: (one[0], one[1], one[2] or 0)):
        clause = charter.clause(clause_id)
        alone = own(judged, clause_id, spoken, room)
        if room is not None and alone.verdicts < ENOUGH:
            continue
        used = pooled(judged, clause_id, spoken, room)
        mode = ctx.desk.mode(room, rule_of(clause_id, spoken))
        rows.append(
            [
                alerts.named(clause, ctx, lang) if clause else clause_id,
                spoken,
                _room(ctx, room).removeprefix(" · ") or ctx.say("precision.everywhere"),
                alone.verdicts,
                _interval(alone),
                _interval(used) if used.level != alone.level else "",
                ctx.say(f"precision.mode_{mode}"),
            ]
        )
    keys = ("clause", "language", "room", "verdicts", "interval", "wider", "mode")
    columns = [ctx.say(f"precision.{key}") for key in keys]
    return Table(columns, rows, empty=ctx.say("precision.none"), caption=ctx.say("precision.caption"))


def _history(ctx: InlineContext, charter: Charter, lang: str) -> Table:
    rows: list[list[Cell]] = []
    for one in autonomy.history(ctx):
        clause = charter.clause(one.clause)
        rows.append(
            [
                one.at,
                f"{alerts.named(clause, ctx, lang) if clause else one.clause} · {one.lang}"
                f"{_room(ctx, one.category_id)}",
                f"{ctx.say(f'precision.mode_{one.old}')} → {ctx.say(f'precision.mode_{one.new}')}",
                one.by or ctx.say("precision.by_itself"),
                _interval(one.figures),
            ]
        )
    columns = [ctx.say(f"precision.{key}") for key in ("when", "clause", "step", "by", "interval")]
    return Table(columns, rows, empty=ctx.say("precision.no_steps"), caption=ctx.say("precision.steps"))


def _why(ctx: InlineContext, one: Step) -> str:
    figures = one.figures
    return ctx.say(
        "precision.why", right=figures.right, count=figures.verdicts, low=round(100 * figures.low),
        high=round(100 * figures.high), old=ctx.say(f"precision.mode_{one.old}"),
        new=ctx.say(f"precision.mode_{one.new}"), level=ctx.say(f"precision.level_{figures.level}"),
    )  # fmt: skip


def _interval(figures: Precision) -> str:
    if figures.share is None:
        return ""
    low, high = round(100 * figures.low), round(100 * figures.high)
    return f"{round(100 * figures.share)} % ({low}–{high})"


def _room(ctx: InlineContext, category_id: int | None) -> str:
    found = ctx.archive.category(category_id) if category_id is not None else None
    return f" · {found.name if found and found.name else f'#{category_id}'}" if category_id is not None else ""
