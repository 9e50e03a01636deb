"""Counts what a forum is asked, so that a budget of requests holds whatever a reading turns out to need."""

from connector.forum import Forum


class Spending:
    """The requests since this was made, out of a budget."""

    def __init__(self, forum: Forum, budget: int) -> None:
        self._client = forum.client
        self._start = forum.client.asked
        self._budget = budget

    @property
    def so_far(self) -> int:
        return self._client.asked - self._start

    @property
    def left(self) -> int:
        return max(0, self._budget - self.so_far)
