"""The attack head that is at hand here."""

from plugins.doors import InlineContext
from plugins.netiquette.judging import Head


def head_at_hand(ctx: InlineContext) -> Head | None:
    """The head of this forum; None where none has been trained yet, and then attacks are not looked for."""
    return None
