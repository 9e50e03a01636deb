"""The climate as it was worked out last night: reading a year of threads takes too long for a page.

What is kept are the shown shares alone, in the plugin's own folder; they can be worked out again at any time.
"""

import json
from dataclasses import asdict
from pathlib import Path

from plugins.doors import Context, InlineContext
from plugins.netiquette.climate import Climate, Share, climate


def work_out(ctx: Context) -> None:
    """Work it out and keep it."""
    found = [asdict(one) for one in climate(ctx, ctx.archive.audience_public())]
    fresh = _file(ctx).with_suffix(".new")
    fresh.write_text(json.dumps(found), encoding="utf-8")
    fresh.replace(_file(ctx))


def last(ctx: InlineContext) -> list[Climate] | None:
    """What was kept last; None where it was never worked out here."""
    try:
        rows = json.loads(_file(ctx).read_text(encoding="utf-8"))
        return [
            Climate(one["category_id"], one["month"], one["threads"], Share(**one["heated"]),
                    Share(**one["recovered"]), Share(**one["calm_answer"]))
            for one in rows
        ]  # fmt: skip
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _file(ctx: InlineContext) -> Path:
    return Path(ctx.data_dir) / "climate.json"
