"""Numbers by member, in columns that grow as members appear."""

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.fading import LONG_AGO, Floats


class Columns:
    """`numbers[id]` is a member's place in every column; `ids` the way back."""

    names = ("replies", "topics", "firsts", "asked", "got", "vouched", "posts", "wait", "newcomers", "days", "gap")
    moments = ("last_post", "last_reply", "first_seen", "last_day")

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self.ids: list[int] = []
        self._room = 64
        self._columns: dict[str, Floats] = {name: np.zeros(self._room) for name in self.names}
        self._columns |= {name: np.full(self._room, LONG_AGO) for name in self.moments}
        self.hours: NDArray[np.float32] = np.zeros((self._room, 24), np.float32)
        self.weekdays: NDArray[np.float32] = np.zeros((self._room, 7), np.float32)

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, name: str) -> Floats:
        return self._columns[name]

    def number(self, member_id: int) -> int:
        """The member's place, given on first sight."""
        found = self.numbers.get(member_id)
        if found is not None:
            return found
        if len(self.ids) == self._room:
            self._grow()
        self.numbers[member_id] = len(self.ids)
        self.ids.append(member_id)
        return len(self.ids) - 1

    def _grow(self) -> None:
        for name, column in self._columns.items():
            fresh = np.full_like(column, LONG_AGO) if name in self.moments else np.zeros_like(column)
            self._columns[name] = np.concatenate([column, fresh])
        self.hours = np.concatenate([self.hours, np.zeros_like(self.hours)])
        self.weekdays = np.concatenate([self.weekdays, np.zeros_like(self.weekdays)])
        self._room *= 2
