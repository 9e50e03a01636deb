"""The climate by category and month, as curves with intervals; from threads, never from persons, nothing below five."""

from collections.abc import Mapping, Sequence

from plugins.blocks import Block, Cell, Curve, Notice, Page, Table, Text
from plugins.doors import InlineContext
from plugins.netiquette import climate_kept
from plugins.netiquette.climate import Climate, Share

TITLE = {"en": "Climate", "fr": "Climat"}


def climate_page(query: Mapping[str, str], ctx: InlineContext) -> Page:
    """The last twelve whole months of what everybody may read."""
    found = climate_kept.last(ctx)
    title = TITLE.get(ctx.say("charter.lang"), TITLE["en"])
    blocks: list[Block] = [Text(ctx.say("climate.about"), quiet=True)]
    if found is None:
        return Page(title, [*blocks, Notice(ctx.say("climate.tonight"))])
    whole = [one for one in found if one.category_id is None]
    if any(one.threads for one in whole):
        for key in ("heated", "recovered", "calm_answer"):
            blocks += _curve(ctx, whole, key)
    rows: list[list[Cell]] = [
        [
            _name(ctx, one.category_id),
            one.month,
            one.threads,
            _said(one.heated),
            _said(one.recovered),
            _said(one.calm_answer),
        ]
        for one in found
        if one.threads is not None
    ]
    columns = [ctx.say(f"climate.{key}") for key in ("room", "month", "threads", "heated", "recovered", "calm_answer")]
    blocks.append(Table(columns, rows, empty=ctx.say("climate.none"), caption=ctx.say("climate.table")))
    return Page(title, blocks)


def _curve(ctx: InlineContext, whole: Sequence[Climate], key: str) -> list[Block]:
    shares: list[Share] = [getattr(one, key) for one in whole]
    if not any(one.value is not None for one in shares):
        return []
    series = {
        ctx.say("climate.share"): [_percent(one.value) for one in shares],
        ctx.say("climate.low"): [_percent(one.low) for one in shares],
        ctx.say("climate.high"): [_percent(one.high) for one in shares],
    }
    title = ctx.say(f"climate.{key}")
    return [Curve(title, [one.month for one in whole], series, alt=ctx.say("climate.alt", what=title))]


def _percent(value: float | None) -> float | None:
    return None if value is None else round(100 * value, 1)


def _said(share: Share) -> str:
    if share.value is None or share.low is None or share.high is None:
        return ""
    return f"{round(100 * share.value)} % ({round(100 * share.low)}–{round(100 * share.high)})"


def _name(ctx: InlineContext, category_id: int | None) -> str:
    found = ctx.archive.category(category_id) if category_id is not None else None
    return (found.name if found else f"#{category_id}") if category_id is not None else ctx.say("climate.everywhere")
