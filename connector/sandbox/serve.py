"""A sandbox forum on a real port of 127.0.0.1, for tests, the demo and people who want to try things."""

import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from .app import create_sandbox
from .board import Board
from .clock import SandboxClock
from .forum import SandboxForum
from .hooks import TIMEOUT, Hooks


class _Handler(WSGIRequestHandler):
    """Speaks no word to the terminal, keeps connections open, and can hang up without an answer."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Silence."""

    def make_environ(self) -> dict[str, Any]:
        """Adds the means to cut the connection."""
        environ: dict[str, Any] = super().make_environ()
        environ["sandbox.cut"] = self._cut
        return environ

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens there; OSError when the port is taken (werkzeug's own would end the process)."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made


class SandboxServer:
    """The forum under `.url`, from `with` to its end. `forum` is its control in the same process.

    `background_hooks`: send web hooks by themselves; else they wait for `forum.hooks.deliver_all()`.
    `hook_timeout`: seconds that a receiver has to answer (a real forum's 20).
    """

    def __init__(
        self, path: Path | None = None, *, port: int = 0, clock: SandboxClock | None = None,
        background_hooks: bool = True, host: str = "127.0.0.1", public_url: str | None = None,
        hook_timeout: float = TIMEOUT,
    ) -> None:  # fmt: skip
        self.board = Board.open(path, clock)
        self.hooks = Hooks(self.board, timeout=hook_timeout)
        self.app = create_sandbox(forum=self.board)
        self.forum = SandboxForum(self.board, self.hooks)
        self._background = background_hooks
        self._socket = _bound(host, port)
        self.port = int(self._socket.getsockname()[1])
        self._server = ThreadedWSGIServer(host, self.port, self.app, handler=_Handler, fd=self._socket.fileno())
        self.url = public_url or f"http://{host}:{self.port}"
        self.board.base_url = self.url
        self._thread: threading.Thread | None = None

    def start(self) -> "SandboxServer":
        """Listen."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sandbox", daemon=True)
        self._thread.start()
        if self._background:
            self.hooks.start()
        return self

    def stop(self) -> None:
        """Listen no more; the file keeps everything."""
        self.hooks.stop()
        self._server.shutdown()
        self._server.server_close()
        self._socket.close()
        if self._thread is not None:
            self._thread.join(10)
        self.board.store.close()

    def __enter__(self) -> "SandboxServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
