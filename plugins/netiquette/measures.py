"""The numbers that are really measured: how often what was brought up was right, how often a draft went as it was."""

from datetime import timedelta

from plugins.contract import Case
from plugins.doors import InlineContext
from plugins.netiquette.precision import all_judged, measured, wilson

_LATELY = timedelta(days=90)


def right(ctx: InlineContext) -> Case:
    """Of the cases that were judged in 90 days, the share that was right; the rows are clauses and languages."""
    judged = all_judged(ctx, since=ctx.now - _LATELY)
    whole = measured(judged, "all")
    if whole.share is None:
        return Case(None)
    cells = sorted({(one.clause, one.lang) for one in judged})
    rows = []
    for clause, lang in cells:
        cell = measured((one for one in judged if (one.clause, one.lang) == (clause, lang)), "language")
        rows.append({"clause": clause, "language": lang, "right": cell.right, "verdicts": cell.verdicts})
    return Case(whole.share, whole.low, whole.high, rows=tuple(rows))


def sent_as_drafted(ctx: InlineContext) -> Case:
    """Of the drafts that managers let go in 90 days, the share that went in the words they were drafted in."""
    said = [one.judged for one in ctx.desk.decisions(ctx.now - _LATELY) if one.judged in ("approved", "edited")]
    if not said:
        return Case(None)
    same = said.count("approved")
    return Case(same / len(said), *wilson(same, len(said)), rows=({"as drafted": same, "reworded": len(said) - same},))
