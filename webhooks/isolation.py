"""The one place where every exception is caught: whatever somebody else's code does, ours goes on (promise P7)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from webhooks.logs import place_of


@dataclass(frozen=True, slots=True)
class Fault:
    """How a call ended that did not end well; `where` is the place in the code, without a word of any data."""

    error: BaseException

    @property
    def where(self) -> str:
        return place_of(self.error)

    @property
    def kind(self) -> str:
        return type(self.error).__name__


def isolated(call: Callable[[], Any], *let_through: type[BaseException]) -> Fault | None:
    """Make the call; None where it ended well. Only what is named passes through.

    Also `SystemExit` is a fault of that call; whoever presses Ctrl-C at the main thread is heard.
    """
    try:
        call()
    except let_through:
        raise
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
            raise
        return Fault(error)
    return None
