"""A tiny HTTP server over real sockets that does wrong what servers and networks do wrong, as a script says.

Each request takes the next step of the script; the last step stays. `requests` holds what arrived, byte for byte.
"""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from connector.client import Client, Pacer, Unpaced

KEY = "0123456789abcdef" * 4
Step = Callable[[socket.socket, threading.Event], None]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def answers(
    status: int, body: object, headers: Mapping[str, str] | None = None, kind: str = "application/json; charset=utf-8"
) -> Step:
    """A whole answer; `body` is JSON, or bytes that go as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}
    head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)

    def step(connection: socket.socket, released: threading.Event) -> None:
        connection.sendall(head.encode() + b"\r\n" + content)

    return step


def cut(connection: socket.socket, released: threading.Event) -> None:
    """The request was taken; the connection breaks before any answer."""
    connection.close()


def half(connection: socket.socket, released: threading.Event) -> None:
    """The answer begins and breaks off."""
    connection.sendall(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"id": 1, "top'
    )
    connection.close()


def silent(connection: socket.socket, released: threading.Event) -> None:
    """The request was taken, and nothing comes."""
    released.wait()
    connection.close()


def endless(connection: socket.socket, released: threading.Event) -> None:
    """An answer that never ends."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n[")
    while not released.is_set():
        try:
            connection.sendall(b"1," * 5000)
        except OSError:
            return


class FaultServer:
    """Use as a context manager; `client()` is a real client of it."""

    def __init__(self, *script: Step) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self._script = list(script)
        self._open: list[socket.socket] = []
        self._released = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def client(self, pacer: Pacer | None = None, **changes: Any) -> Client:
        given = {"connect_timeout": 2.0, "read_timeout": 0.3, "total_timeout": 5.0, **changes}
        return Client(self.url, "passerelle", KEY, pacer=pacer or Unpaced(), **given)

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._released.set()
        # Closing alone does not wake a thread that waits in accept().
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            connection.settimeout(5)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while not self._released.is_set() and (request := _read(connection)) is not None:
                    self.requests.append(request)
                    step = self._script.pop(0) if len(self._script) > 1 else self._script[0]
                    step(connection, self._released)
            except OSError:
                return


def _read(connection: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    method, path, _ = first.split(" ")
    return Request(method, path, headers, body)
