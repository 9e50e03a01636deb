"""A member who writes in the forum's composer: what the element on that page sends, and is shown."""

from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from webhooks.demo.browsing import PageSays


class Writer:
    """Somebody logged in to the forum (by its cookie), whose page asks Passerelle while they write."""

    def __init__(self, forum: str, passerelle: str, cookie: str) -> None:
        self._forum, self._passerelle = forum, passerelle
        self._session = requests.Session()
        self._session.trust_env = False
        self._token = self._prove(cookie)

    def shown(self, topic: int, text: str, *, sending: bool = False) -> dict[str, Any] | None:
        """What is shown beside a reply to a topic; with `sending` what may hold it as it leaves."""
        about = {"action": "reply", "topic_id": topic, "text": text, "lang": "fr", "sending": sending}
        found: list[dict[str, Any]] = self._ask("/inline/composer", about)["suggestions"]
        return found[0] if found else None

    def _prove(self, cookie: str) -> str:
        """The silent round trip: the forum itself tells Passerelle who writes."""
        start = self._ask("/identity/start", {})
        there = requests.get(
            urljoin(self._forum, start["sso_path"]), cookies={"_t": cookie}, allow_redirects=False, timeout=60
        )
        back = urlsplit(there.headers.get("Location", ""))
        headers = {"Origin": self._origin, "Sec-Fetch-Mode": "cors"}
        answer = self._session.get(f"{self._passerelle}{back.path}?{back.query}", headers=headers, timeout=60)
        if answer.status_code != 200:
            raise PageSays(f"the forum's word about who writes was not taken: {answer.status_code}")
        return str(answer.json()["token"])

    def _ask(self, path: str, sent: dict[str, Any]) -> dict[str, Any]:
        headers = {"Origin": self._origin}
        if path.startswith("/inline/"):
            headers["Authorization"] = f"Bearer {self._token}"
        answer = self._session.post(self._passerelle + path, json=sent, headers=headers, timeout=60)
        if answer.status_code != 200:
            raise PageSays(f"{path} answers {answer.status_code}")
        told: dict[str, Any] = answer.json()
        return told

    @property
    def _origin(self) -> str:
        parts = urlsplit(self._forum)
        return f"{parts.scheme}://{parts.netloc}"
