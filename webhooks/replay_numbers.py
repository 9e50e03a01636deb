"""What a plugin's own measures say at the end of a replay: the numbers that a manager would have had to live with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from plugins.contract import Case
from webhooks.context import Ground, inline_context
from webhooks.isolation import isolated
from webhooks.service import Service


@dataclass(frozen=True, slots=True)
class Number:
    """One measure; `title` per language, `value` with its 95 % interval, `share`: 0.4 is shown as 40 %."""

    title: Mapping[str, str]
    value: float
    low: float | None = None
    high: float | None = None
    share: bool = False

    def shown(self, lang: str) -> str:
        """`Title: 12` or `Title: 40 % (31–52 %)`."""
        title = self.title.get(lang) or self.title.get("en") or next(iter(self.title.values()), "")
        written = self._written(self.value)
        if self.low is not None and self.high is not None:
            written += f" ({self._written(self.low)}–{self._written(self.high)})"
        return f"{title}: {written}"

    def _written(self, value: float) -> str:
        return f"{100 * value:.0f} %" if self.share else f"{value:.1f}".removesuffix(".0")


def numbers(scratch: Service, ground: Ground) -> list[Number]:
    """The measures that have a value; one that fails or has none is left out."""
    found: list[Number] = []
    for spec in ground.plugin.measures:
        told: list[Any] = []

        def ask(func: Any = spec.func, told: list[Any] = told) -> None:
            with scratch.database.read() as connection, Session(bind=connection, expire_on_commit=False) as session:
                told.append(func(inline_context(scratch, session, ground)))

        if isolated(ask) is None and told and isinstance(told[0], Case) and told[0].value is not None:
            case = told[0]
            title = spec.title or {"en": spec.name.replace("_", " ")}
            found.append(Number(title, float(told[0].value), case.low, case.high, spec.share))
    return found
