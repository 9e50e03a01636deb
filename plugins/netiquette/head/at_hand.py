"""The attack head that is at hand here."""

from functools import lru_cache
from pathlib import Path

from connector.errors import ModelUnavailable
from plugins.doors import Context, InlineContext
from plugins.netiquette.detectors.attacks import AttackHead
from plugins.netiquette.head.encoder import model_path, whole_model
from plugins.netiquette.head.shipping import SHIPPED, HeadUnusableError, Shipped, read_shipped
from plugins.netiquette.judging import Head


def head_at_hand(ctx: InlineContext) -> Head | None:
    """The head of this forum; None where its files are missing or broken, and then attacks are not looked for.

    Where the encoder is missing, or the worker has not prepared it yet, the head goes by words alone.
    """
    return head_in(ctx.data_dir)


@lru_cache(maxsize=8)
def head_in(data_dir: Path, shipped: Path = SHIPPED) -> AttackHead | None:
    """The head of a folder, with its encoder's place in `data_dir`."""
    try:
        read = _read(shipped)
    except HeadUnusableError:
        return None
    try:
        encoder = str(model_path(data_dir, shipped))
    except ModelUnavailable:
        encoder = ""
    return AttackHead(read, encoder)


def prepare_encoder(ctx: Context) -> bool:
    """The worker's work: put the encoder together and have it exported, so that the web process can answer by it.

    False where it cannot be had; costs nothing once it is there.
    """
    try:
        ctx.archive.embed(["."], model=str(whole_model(ctx.data_dir)))
    except ModelUnavailable as why:
        ctx.log.info("encoder_waits", why=str(why))
        return False
    return True


@lru_cache(maxsize=2)
def _read(shipped: Path) -> Shipped:
    return read_shipped(shipped)
