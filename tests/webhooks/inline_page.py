"""A page of the forum with our elements on it, and somebody who reads it: what a browser sends, over real HTTP."""

import json
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.webhooks.place import Place

CONNECT = "connect-secret-0123456789"


def settings(**more: Any) -> dict[str, Any]:
    """What a place needs so that pages may ask; patience, because many tests share this machine."""
    return {"connect_secret": CONNECT, "inline_patience": 100.0, **more}


class ForumPage:
    """A browser tab on the forum; `reader` is who is logged in to the forum there, "" for somebody who passes by."""

    def __init__(self, place: Place, reader: str = "") -> None:
        self.place = place
        self.reader = reader
        self.base = f"http://127.0.0.1:{place.web.server_port}"
        self.origin = place.server.url
        self.http = requests.Session()
        self.http.trust_env = False
        self.token = ""
        place.forum.allow_login_for("127.0.0.1", CONNECT)

    def identify(self) -> "ForumPage":
        """The silent round trip, as the element makes it."""
        answer = self.answered()
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["token"]
        return self

    def answered(self) -> requests.Response:
        """The round trip up to our answer."""
        return self.fetch(self.forum_says())

    def forum_says(self, sso_path: str = "") -> str:
        """Where the forum sends the page's request, with its signed answer: a path of ours."""
        path = sso_path or self.post("/identity/start", {}).json()["sso_path"]
        cookies = {"_t": self.place.forum.as_member(self.reader).login()} if self.reader else {}
        answer = requests.get(self.origin + path, cookies=cookies, allow_redirects=False, timeout=30)
        assert answer.status_code == 302, answer.status_code
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"

    def fetch(self, path: str, *, origin: str | None = None, **headers: str) -> requests.Response:
        """A GET by a script of the page."""
        named = {"Origin": self.origin if origin is None else origin, "Sec-Fetch-Mode": "cors", **headers}
        return self.http.get(self.base + path, headers=named, allow_redirects=False, timeout=30)

    def post(self, path: str, sent: Any = None, **headers: str) -> requests.Response:
        """A POST by a script of the page; `sent` is JSON, or bytes as they are."""
        named = {"Origin": self.origin, "Content-Type": "application/json"}
        if self.token:
            named["Authorization"] = f"Bearer {self.token}"
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        # As browsers write JSON: letters of every script as they are.
        body = sent if isinstance(sent, bytes) else json.dumps(sent, ensure_ascii=False).encode()
        return self.http.post(self.base + path, data=body, headers=named, allow_redirects=False, timeout=30)

    def read(self, topic_id: int, **more: Any) -> dict[str, Any] | None:
        """What the element shows beside a topic that is being read."""
        return self._one(self.post("/inline/topic", {"topic_id": topic_id, "lang": "en", **more}))

    def write(self, title: str = "", text: str = "", **more: Any) -> dict[str, Any] | None:
        """What the element shows beside a draft."""
        about = {"action": "new_topic", "title": title, "text": text, "lang": "en", **more}
        return self._one(self.post("/inline/composer", about))

    def judge(self, suggestion: dict[str, Any], answer: str, reason: str = "") -> requests.Response:
        """Say what one makes of a suggestion."""
        return self.post("/inline/verdict", {"verdict": suggestion["verdict"], "answer": answer, "reason": reason})

    def take(self, suggestion: dict[str, Any], number: int = 0) -> requests.Response:
        """Click an offer."""
        return self.post("/inline/offer", {"token": suggestion["offers"][number]["token"]})

    @staticmethod
    def _one(answer: requests.Response) -> dict[str, Any] | None:
        assert answer.status_code == 200, answer.text
        found = answer.json()["suggestions"]
        assert len(found) <= 1
        return found[0] if found else None
