"""An evidence that stays in use while a fresh one is told the past beside it, and then takes its place."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from plugins.doors import InlineContext
from plugins.expert_finder.ledger import Ledger

REST = timedelta(minutes=1)
"""How long a fresh evidence stands although something left or was edited since: twenty deletions in a row cost one.

Nothing that left is shown meanwhile: every person, topic and post is asked for in the archive before it is named.
"""


class Told(Protocol):
    """What is told from a ledger: see `reading.Reading`."""

    epoch: int
    whole: bool

    def read_on(self, ctx: InlineContext, until: float) -> bool: ...

    def is_outdated(self, ctx: InlineContext) -> bool: ...


T = TypeVar("T", bound=Told)


class Doubled(Generic[T]):
    """`current` is in use once it is there; `coming` is being told."""

    def __init__(self, ledger: Ledger, make: Callable[[InlineContext], T]) -> None:
        self.current: T | None = None
        self.coming: T | None = None
        self._ledger = ledger
        self._make = make
        self._since: datetime | None = None

    def needs_another(self, ctx: InlineContext) -> bool:
        """Whether a fresh one is to be told, or is on its way."""
        if self.coming is not None or self.current is None or self.current.is_outdated(ctx):
            return True
        rested = self._since is None or not timedelta(0) <= ctx.now - self._since < REST
        return self.current.epoch != self._ledger.epoch and rested

    def tell_another(self, ctx: InlineContext, until: float) -> T | None:
        """Go on with the fresh one; itself once it is whole, for `put`.

        What leaves meanwhile is for the next: where something is edited every minute, none would ever be whole.
        """
        if self.coming is None or self.coming.is_outdated(ctx):
            self.coming = self._make(ctx)
        return self.coming if self.coming.read_on(ctx, until) else None

    def put(self, fresh: T, ctx: InlineContext) -> None:
        """From now on the fresh one is in use."""
        self.current, self.coming, self._since = fresh, None, ctx.now
