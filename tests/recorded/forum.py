"""The recorded forum as it was at the end, answering again: over real HTTP, or in process for thousands of reads.

Both answer exactly what the runtime key was answered (`8-end`); a path without a recorded answer is a 404, as a member
gets it for what is not there. Both note what was asked.
"""

import io
import json
import threading
from collections.abc import Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from connector.client import Client, Unpaced
from connector.forum import Forum
from tests.recorded import BOT, END, SITE, exchanges

KEY = "f" * 64
_JSON = "application/json; charset=utf-8"
_MISSING = {"errors": ["The requested URL or resource could not be found."], "error_type": "not_found"}

Answer = tuple[int, Mapping[str, str], bytes]


class EndState:
    """path → recorded answer, for GETs with the runtime key (the default) or as anonymous."""

    def __init__(self, anonymous: bool = False) -> None:
        self.asked: list[str] = []
        self._answers = _answers(anonymous)

    def answer(self, method: str, address: str) -> Answer:
        """Status, headers and body for a request; `address` is path and query."""
        self.asked.append(f"{method} {address}")
        found = self._answers.get(_key(address)) if method == "GET" else None
        if found is None:
            return 404, {"Content-Type": _JSON}, json.dumps(_MISSING).encode()
        return found


class EndStateAdapter(BaseAdapter):
    """The transport below `connector.client.Client`, answering from the recording without a socket."""

    def __init__(self, state: EndState) -> None:
        super().__init__()
        self.state = state

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        address = urlsplit(request.url or "")
        query = f"?{address.query}" if address.query else ""
        status, headers, body = self.state.answer(request.method or "GET", str(address.path) + str(query))
        response = requests.Response()
        response.status_code = status
        response.headers.update(headers)
        response.raw = HTTPResponse(body=io.BytesIO(body), headers=headers, status=status, preload_content=False)
        response.url = request.url or ""
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is held."""


class EndStateServer:
    """The same behind a real HTTP server on 127.0.0.1; use it as a context manager and read `url`."""

    def __init__(self, state: EndState | None = None) -> None:
        self.state = state or EndState()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.state))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def recorded_forum(state: EndState | None = None) -> Forum:
    """A real `Forum` over a real `Client`, reading the end state in process."""
    adapter = EndStateAdapter(state or EndState())
    return Forum(Client(SITE, BOT, KEY, pacer=Unpaced(), adapter=adapter))


def _handler(state: EndState) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one packet: two would wait 40 ms for each other.
        wbufsize = 1 << 20

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer()

        do_PUT = do_POST  # noqa: N815 -- the base class looks for these names
        do_DELETE = do_POST  # noqa: N815 -- as above

        def _answer(self) -> None:
            status, headers, body = state.answer(self.command, self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    return Handler


@cache
def _answers(anonymous: bool) -> Mapping[tuple[str, tuple[tuple[str, str], ...]], Answer]:
    suffix = "__anonymous"
    reads = [one for one in exchanges(END) if one.method == "GET" and one.name.endswith(suffix) == anonymous]
    return {_key(one.path): (one.status, one.headers, one.body) for one in reads}


def _key(address: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    parts = urlsplit(address)
    return parts.path, tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))
