"""pydiscourse's client over a pooled session: time limits, pacing, no redirects, bounded answers, three failures.

pydiscourse keeps its verbs; only `_request`, through which all of them go, is ours. A read is tried a second time when
a kept connection turns out to be dead; a write never is, and always opens its own connection, so that a cut one means
what it says. Neither the key nor anything a member wrote gets into an error's text.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from pydiscourse import DiscourseClient
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.exceptions import TimeoutError as PoolTimeout

from connector.answers import Answer, decoded, slows_everybody, wait_of
from connector.errors import ForumError, ForumUnavailable, ForumUnsure
from connector.pacing import LocalPacer, Pacer, Unpaced
from connector.scopes import needed
from connector.sentences import said
from connector.writing import WriteRequest

USER_AGENT = "Passerelle/0.1"
"""Free of "bot", "crawler" and "spider", which Discourse would serve plain pages to."""

LARGEST_ANSWER = 32 * 1024 * 1024
_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Client(DiscourseClient):  # type: ignore[misc]  # pydiscourse has no types
    """One member's access to one forum.

    Times in seconds: `connect_timeout` for the connection, `read_timeout` for each silence, `total_timeout` for one
    whole answer. `ca_file` names certificates of a private authority. `adapter` replaces the transport
    (for recordings, in one process). `asked` counts the requests that were made.
    """

    def __init__(
        self,
        base_url: str,
        username: str,
        api_key: str | None,
        *,
        pacer: Pacer,
        connect_timeout: float = 5.0,
        read_timeout: float = 20.0,
        total_timeout: float = 60.0,
        largest_answer: int = LARGEST_ANSWER,
        ca_file: str | None = None,
        proxy: str | None = None,
        adapter: BaseAdapter | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(checked_address(base_url), username, api_key, timeout=(connect_timeout, read_timeout))
        self.pacer = pacer
        self.clock = clock
        self.read_only = False
        self.asked = 0
        self._total_timeout = total_timeout
        self._largest_answer = largest_answer
        self._ca_file, self._proxy, self._adapter = ca_file, proxy, adapter
        self._reads = self._session()

    def __repr__(self) -> str:
        return f"<Client of {self.host} as {self.api_username}>"

    def close(self) -> None:
        """Let go of the kept connections."""
        self._reads.close()

    def read(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        """The JSON that a GET answers. :raises ForumUnavailable, ForumRefused: never `ForumUnsure`."""
        return self._request("GET", path, params=query)

    def write(self, request: WriteRequest) -> Any:
        """Send exactly these bytes, once, and give the JSON of the answer. :raises ForumError: any of the three."""
        headers = {"Content-Type": request.content_type} if request.content_type else {}
        answer = self._exchange(request.method, request.path, {"data": request.body or None, "headers": headers})
        return self._understood(answer)

    def location_of(self, path: str) -> str:
        """Where a GET is redirected to, which is never followed. :raises ForumUnavailable: it is not redirected."""
        answer = self._exchange("GET", path, {})
        location = answer.headers.get("location", "")
        if answer.status in _REDIRECTS and location:
            return location[:2000]
        self._understood(answer)
        raise ForumUnavailable(said("no_address"))

    def _request(
        self,
        verb: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        files: Any = None,
        data: Any = None,
        json: Any = None,
        override_request_kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """What every verb of pydiscourse goes through: the decoded JSON, None where the answer is empty."""
        given = {"params": params, "files": files, "data": data, "json": json, **(override_request_kwargs or {})}
        given.pop("allow_redirects", None)
        return self._understood(self._exchange(verb, path, given))

    def _understood(self, answer: Answer) -> Any:
        if slows_everybody(answer):
            self.pacer.penalize(wait_of(answer, answer.content))
        try:
            content = decoded(answer)
        except ForumError as error:
            if answer.status == 503 and isinstance(error, ForumUnavailable) and answer.writing:
                self.read_only = True
            raise
        self.read_only = answer.is_read_only
        return content

    def _exchange(self, verb: str, path: str, given: dict[str, Any]) -> Answer:
        """One request and its whole answer; a read gets a second try where its connection broke."""
        is_write = verb.upper() not in ("GET", "HEAD")
        for attempt in (1, 2):
            self.pacer.take(urgent=is_write)
            self.asked += 1
            try:
                status, headers, body = self._once(verb, path, given, is_write)
            except (requests.RequestException, HTTPError) as error:
                # Raised below, outside: the chained error would carry the request, and with it the key.
                broken = _broken(error, is_write)
                retry = attempt == 1 and not is_write and _is_cut(error)
            except _TooMuch as error:
                broken, retry = _unfinished(error.code, is_write, **error.facts), False
            else:
                return Answer(status, headers, body, is_write, needed(verb, path), self.api_username)
            if not retry:
                break
        raise broken

    def _once(self, verb: str, path: str, given: dict[str, Any], is_write: bool) -> tuple[int, dict[str, str], bytes]:
        if not path.startswith("/"):
            raise ValueError("a path on the forum begins with /")
        kept = {name: value for name, value in given.items() if value is not None}
        headers = {**self._identity(), **kept.pop("headers", {})}
        limits = {"timeout": self.timeout, "allow_redirects": False, "stream": True}
        # A write on a kept connection that the forum is just closing would look like a write that got lost.
        with nullcontext(self._reads) if not is_write else self._session() as session:
            sent = session.request(verb, self.host + path, **{**limits, **kept, "headers": headers})
            with sent as response:
                body = self._whole(response)
                return response.status_code, {name.lower(): value for name, value in response.headers.items()}, body

    def _whole(self, response: requests.Response) -> bytes:
        """The body, given up when it gets too large or takes too long, however slowly it drips."""
        deadline = self.clock() + self._total_timeout
        parts: list[bytes] = []
        size = 0
        while part := response.raw.read1(_CHUNK, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > self._largest_answer:
                raise _TooMuch("too_large", mib=self._largest_answer // 2**20)
            if self.clock() > deadline:
                raise _TooMuch("too_slow", seconds=round(self._total_timeout))
        return b"".join(parts)

    def _identity(self) -> dict[str, str]:
        return {"Api-Key": self.api_key, "Api-Username": self.api_username} if self.api_key else {}

    def _session(self) -> requests.Session:
        session = _Session()
        # The environment could add credentials (.netrc) and lead elsewhere (proxies): both are named or absent.
        session.trust_env = False
        session.verify = self._ca_file or True
        session.proxies = {"http": self._proxy, "https": self._proxy} if self._proxy else {}
        session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json; charset=utf-8"})
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        transport = self._adapter or HTTPAdapter(pool_connections=2, pool_maxsize=8, max_retries=0)
        session.mount("http://", transport)
        session.mount("https://", transport)
        return session


class _Session(requests.Session):
    """A session that leaves redirects alone; requests would read their bodies, however long, to offer the next one."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _TooMuch(Exception):  # noqa: N818 -- a private signal, turned into a ForumError at once
    """The answer is larger or slower than allowed."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def checked_address(base_url: str) -> str:
    """The forum's address without a trailing slash. :raises ValueError: with a sentence, when it is none."""
    parts = urlsplit(base_url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("the forum's address must begin with https:// (or http://), like https://forum.example.org")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("the forum's address holds no user, password, ? or #")
    return base_url.strip().rstrip("/")


def _broken(error: Exception, is_write: bool) -> ForumError:
    """A failure of the connection: before anything was sent it is surely not done, later a write may be."""
    if isinstance(error, requests.exceptions.SSLError):
        return ForumUnavailable(said("certificate"))
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError) or _never_connected(error):
        return ForumUnavailable(said("unreachable"))
    if isinstance(error, requests.Timeout | PoolTimeout):
        return _unfinished("late", is_write)
    return _unfinished("cut", is_write)


def _unfinished(code: str, is_write: bool, **facts: object) -> ForumError:
    if is_write:
        return ForumUnsure(said(f"{code}_write", **facts))
    return ForumUnavailable(said(code, **facts))


def _never_connected(error: Exception) -> bool:
    """Whether urllib3 gave up before it had a connection (refused, no such host, no route)."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


def _is_cut(error: Exception) -> bool:
    timed_out = isinstance(error, requests.Timeout | ReadTimeoutError)
    return isinstance(error, requests.ConnectionError | HTTPError) and not timed_out and not _never_connected(error)


__all__ = ["USER_AGENT", "Client", "LocalPacer", "Pacer", "Unpaced", "checked_address"]
