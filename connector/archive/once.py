"""A function whose last results are kept, and that two threads never call for the same thing at once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Once(Generic[P, T]):
    """`call` with hashable arguments; whoever asks for what is being made waits for it. Errors are not kept."""

    def __init__(self, call: Callable[P, T], most: int) -> None:
        self._call = call
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Future[T]] = OrderedDict()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (args, tuple(sorted(kwargs.items())))
        with self._lock:
            found = self._kept.get(key)
            mine = found is None
            if found is None:
                found = self._kept[key] = Future()
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
        if mine:
            self._make(key, found, args, kwargs)
        return found.result()

    def _make(self, key: Hashable, made: "Future[T]", args: tuple[object, ...], kwargs: dict[str, object]) -> None:
        try:
            made.set_result(self._call(*args, **kwargs))  # type: ignore[arg-type]  # they are those of `__call__`
        except BaseException as error:  # noqa: BLE001 -- told to all who wait for it
            with self._lock:
                if self._kept.get(key) is made:
                    del self._kept[key]
            made.set_exception(error)

    def forget(self) -> None:
        """Keep nothing of what was made."""
        with self._lock:
            self._kept.clear()
