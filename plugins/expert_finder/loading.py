"""How suggestions were spread over people and weeks, with a picture."""

import io
from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select

from plugins.doors import InlineContext
from plugins.expert_finder.scores import gini
from plugins.expert_finder.tables import suggestions
from plugins.expert_finder.weeks import week_start

WEEKS = 12
SHOWN = 12
GREY = "#56655f"


def weekly(ctx: InlineContext) -> tuple[list[date], dict[int, list[int]]]:
    """The Mondays of the last twelve weeks, this one included; by member his suggestions of each, the most first."""
    zone = ctx.calendar.zone
    weeks = [week_start(ctx.now - timedelta(weeks=back), zone) for back in range(WEEKS - 1, -1, -1)]
    wanted = (suggestions.c.site == ctx.site) & (suggestions.c.at >= weeks[0])
    rows = ctx.db.execute(select(suggestions.c.member_id, suggestions.c.at).where(wanted))
    found: dict[int, list[int]] = defaultdict(lambda: [0] * WEEKS)
    for member, at in rows:
        found[int(member)][bisect_right(weeks, at) - 1] += 1
    mondays = [start.astimezone(ZoneInfo(zone)).date() for start in weeks]
    return mondays, dict(sorted(found.items(), key=lambda pair: -sum(pair[1])))


def evenness(counts: dict[int, list[int]]) -> float:
    """Gini's coefficient over those suggested at all: 0 everybody alike, 1 always the same person."""
    return round(gini(Counter({member: sum(row) for member, row in counts.items()}).values()), 2)


def picture(weeks: list[date], counts: dict[int, list[int]], names: dict[int, str]) -> bytes:
    """A PNG: one row a member, one column a week, darker for more suggestions."""
    # Not above: every command and the web process would take 30 MB more for a picture that few look at.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shown = list(counts)[:SHOWN]
    rows = [counts[member] for member in shown] or [[0] * WEEKS]
    most = max(max(row) for row in rows) or 1
    figure = Figure(figsize=(8, 0.9 + 0.34 * len(rows)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    # Empty weeks and everything around stay see-through, in a grey that reads on light and on dark pages.
    masked = np.ma.masked_equal(np.array(rows), 0)
    axes.imshow(masked, aspect="auto", cmap="BuGn", vmin=-0.4 * most, vmax=1.15 * most)
    axes.set_yticks(range(len(shown)), [names.get(member, str(member)).replace("$", r"\$") for member in shown])
    axes.set_xticks(range(WEEKS), [week.strftime("%d/%m") for week in weeks], rotation=45)
    axes.set_xticks([place - 0.5 for place in range(1, WEEKS)], minor=True)
    axes.set_yticks([place - 0.5 for place in range(1, len(rows))], minor=True)
    axes.grid(which="minor", color=GREY, alpha=0.25)
    axes.tick_params(which="both", length=0, colors=GREY)
    axes.spines[:].set_visible(False)
    for row, member in enumerate(shown):
        for column, count in enumerate(counts[member]):
            if count:
                ink = "white" if count > 0.5 * most else "#10302a"
                axes.text(column, row, str(count), ha="center", va="center", fontsize=9, color=ink)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=110, transparent=True)
    return drawn.getvalue()
