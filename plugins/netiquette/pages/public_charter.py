"""The public page: the charter as it holds now, and how many of its messages were contested and taken back."""

from collections.abc import Mapping

from plugins.blocks import Block, Page, Text
from plugins.doors import InlineContext
from plugins.netiquette.charter.kept import in_force
from plugins.netiquette.contests import counted
from plugins.netiquette.pages.charter_shown import charter_blocks


def public_charter(query: Mapping[str, str], ctx: InlineContext) -> Page:
    """The whole charter in the reader's language, then counts; nobody is named, and no clause is counted apart."""
    charter = in_force(ctx)
    lang = ctx.say("charter_public.lang")
    blocks: list[Block] = list(charter_blocks(ctx, charter, lang))[1:]
    if charter.listening.get(lang):
        blocks.append(Text(charter.listening[lang]))
    blocks.append(Text(ctx.say("charter_public.contest")))
    counts = counted(ctx)
    if counts.opened:
        values = {"agreed": str(counts.agreed), "in_time": str(counts.in_time), "open": str(counts.open)}
        blocks.append(Text(ctx.say("charter_public.contests", count=counts.opened, **values), quiet=True))
    return Page(charter.title.get(lang) or ctx.say("charter_public.title"), blocks)
