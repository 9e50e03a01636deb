"""People of the journeys at a browser: real HTTP to Passerelle and to the forum, cookies, forms, links followed."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import psycopg
import requests
from selectolax.lexbor import LexborHTMLParser

from tests.webhooks.place import Place

CONNECT = "connect-secret-0123456789"
PUBLIC_URL = "http://127.0.0.1:8100"
"""Where the forum sends browsers back to; the test's web application listens elsewhere, and this browser knows it."""


def settings(**more: object) -> dict[str, object]:
    """What a place needs so that people can log in."""
    return {"connect_secret": CONNECT, "public_url": PUBLIC_URL, **more}


class Browser:
    """Somebody's browser, `username` logged in to the forum; "" is somebody who passes by."""

    def __init__(self, place: Place, username: str = "") -> None:
        self.place = place
        self.username = username
        self.base = f"http://127.0.0.1:{place.web.server_port}"
        self.http = requests.Session()
        self.http.trust_env = False
        self.page: requests.Response | None = None

    def close(self) -> None:
        self.http.close()

    def get(self, path: str, *, follow: bool = True) -> requests.Response:
        """Open a page of Passerelle's."""
        return self._keep(self.http.get(self.base + path, allow_redirects=False, timeout=30), follow)

    def send(self, path: str, *, follow: bool = True, **fields: str) -> requests.Response:
        """Send a form with the hidden word of the page that is open."""
        data = {"csrf_token": self.token(), **fields}
        headers = {"Referer": self.base + "/"}
        answer = self.http.post(self.base + path, data=data, headers=headers, allow_redirects=False, timeout=30)
        return self._keep(answer, follow)

    def token(self) -> str:
        """The hidden word of a form on the open page, else of the page that says why."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page.text if self.page is not None else "")
        if found is None:
            found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/why").text)
        assert found is not None
        return found[1]

    def start_login(self, wanted: str = "/console") -> str:
        """Press the login button; the address at the forum to which the browser is sent."""
        self.get("/login")
        return self.send("/login", follow=False, next=wanted).headers["Location"]

    def forum_says(self, address: str) -> str:
        """Go to the forum as the member; the path to which it sends the browser back."""
        cookies = {"_t": self.place.forum.as_member(self.username).login()}
        answer = requests.get(address, cookies=cookies, allow_redirects=False, timeout=30)
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"

    def login(self, wanted: str = "/console") -> "Browser":
        """Log in through the forum."""
        self.get(self.forum_says(self.start_login(wanted)))
        return self

    def crawl(self, *starts: str, most: int = 400) -> Iterator[tuple[str, requests.Response]]:
        """Every page that can be reached from these by links, each once, of whatever status."""
        waiting, seen = list(starts), set(starts)
        while waiting and len(seen) <= most:
            path = waiting.pop(0)
            answer = self.get(path)
            yield path, answer
            if "html" not in answer.headers.get("Content-Type", ""):
                continue
            for link in self._links(path, answer):
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)

    def _links(self, path: str, answer: requests.Response) -> list[str]:
        found = []
        for node in LexborHTMLParser(answer.text).css("a[href], [hx-get], iframe[src], img[src]"):
            to = node.attributes.get("href") or node.attributes.get("hx-get") or node.attributes.get("src") or ""
            parts = urlsplit(urljoin(self.base + path, to))
            own = parts.netloc in (urlsplit(self.base).netloc, urlsplit(PUBLIC_URL).netloc)
            if own and not parts.path.startswith(("/static", "/login", "/logout")):
                found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
        return found

    def _keep(self, answer: requests.Response, follow: bool) -> requests.Response:
        for _ in range(10):
            if not follow or "Location" not in answer.headers:
                break
            to = urlsplit(urljoin(answer.url, answer.headers["Location"]))
            own = to.netloc in (urlsplit(self.base).netloc, urlsplit(PUBLIC_URL).netloc)
            assert own, f"sent away to {to.netloc}"
            path = to.path + (f"?{to.query}" if to.query else "")
            answer = self.http.get(self.base + path, allow_redirects=False, timeout=30)
        self.page = answer
        return answer


def held(place: Place, *words: str) -> dict[str, list[str]]:
    """In which files of the data folder, and in which tables of a database elsewhere, each of these words stands,
    whatever its case; in files also in UTF-16.
    """
    found: dict[str, list[str]] = {}
    for where, data in (*_files(place), *_tables(place)):
        for word in words:
            if word.lower().encode() in data or word.lower().encode("utf-16-le") in data:
                found.setdefault(word, []).append(where)
    return found


def _files(place: Place) -> Iterator[tuple[str, bytes]]:
    for path in sorted(path for path in place.folder.rglob("*") if path.is_file()):
        yield str(path.relative_to(place.folder)), path.read_bytes().lower()


def _tables(place: Place) -> Iterator[tuple[str, bytes]]:
    if not place.database_url:
        return
    with psycopg.connect(place.database_url) as connection:
        listed = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        for (name,) in listed:
            rows = connection.execute(f'select t::text from "{name}" t').fetchall()
            yield name, "\n".join(row[0] for row in rows).lower().encode()
