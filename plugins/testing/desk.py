"""The managers' desk on the bench: what they decided, and the modes that rise by their hand only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from plugins.contract import MODES, Mode
from plugins.doors import Decision


@dataclass(slots=True)
class ManagersSay:
    """What a test lets managers do: `decisions` so far, `modes` by (category id or None, rule), a `hindrance`."""

    decisions: list[Decision] = field(default_factory=list)
    modes: dict[tuple[int | None, str], Mode] = field(default_factory=dict)
    hindrance: str = ""


@dataclass(frozen=True, slots=True)
class BenchDesk:
    """`plugins.doors.DeskDoor` of one run: `by` is the manager at the page, "" where the clock or an event called."""

    managers: ManagersSay
    plugin_mode: Mode
    by: str = ""
    writable: bool = True
    lang: str = ""

    def decisions(self, since: datetime) -> Sequence[Decision]:
        return sorted((one for one in self.managers.decisions if one.at >= since), key=lambda one: (one.at, one.once))

    def mode(self, category_id: int | None = None, rule: str = "") -> Mode:
        said = self.managers.modes
        if self.plugin_mode == "off":
            return "off"
        places = ((category_id, rule), (category_id, ""), (None, rule))
        return next((said[one] for one in places if one in said), self.plugin_mode)

    def hindrance(self) -> str:
        return self.managers.hindrance

    def set_mode(self, mode: Mode, *, category_id: int | None = None, rule: str = "") -> None:
        if not self.writable:
            raise PermissionError("a page that is looked at sets no mode")
        if category_id is None and not rule:
            raise PermissionError("the mode of the whole plugin is set by managers themselves")
        if MODES.index(mode) > MODES.index(self.mode(category_id, rule)):
            if not self.by:
                raise PermissionError("a mode rises by the hand of a manager of the whole forum, and by no other")
            if self.managers.hindrance and mode in ("propose", "act"):
                raise PermissionError(self.managers.hindrance)
        self.managers.modes[category_id, rule] = mode
