"""A member at a browser: reads pages, follows links, fills in forms, with cookies, just as the story's people do."""

from dataclasses import dataclass
from urllib.parse import urljoin

import requests
from selectolax.lexbor import LexborHTMLParser, LexborNode


class PageSays(Exception):  # noqa: N818 -- what a visitor would see
    """A page answered otherwise than the story expects."""


@dataclass(frozen=True)
class Seen:
    """A page as it came."""

    url: str
    html: str

    @property
    def text(self) -> str:
        """Its words, with single spaces."""
        body = LexborHTMLParser(self.html).body
        return " ".join(body.text(separator=" ").split()) if body is not None else ""

    def links(self, part: str) -> list[str]:
        """Absolute addresses of its links that contain `part`."""
        nodes = LexborHTMLParser(self.html).css("a[href]")
        found = [urljoin(self.url, node.attributes.get("href") or "") for node in nodes]
        return [one for one in found if part in one]


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._session = requests.Session()
        self._session.trust_env = False

    def remember(self, cookie: str, value: str) -> None:
        """Keep a cookie for this machine."""
        self._session.cookies.set(cookie, value, domain="127.0.0.1", path="/")

    def open(self, url: str) -> Seen:
        """Read a page, following where it leads. :raises PageSays: it answers with an error."""
        return self._seen(self._session.get(url, timeout=60))

    def send(self, page: Seen, part: str, **given: str) -> Seen:
        """Fill in and send the page's first form whose address contains `part`. :raises PageSays: there is none."""
        for form in LexborHTMLParser(page.html).css("form"):
            action = urljoin(page.url, form.attributes.get("action") or page.url)
            untouched, known = _fields(form)
            if part in action and set(given) <= known:
                headers = {"Referer": page.url}
                kept = [(name, value) for name, value in untouched if name not in given]
                return self._seen(self._session.post(action, data=[*kept, *given.items()], headers=headers, timeout=60))
        raise PageSays(f"{self.name} finds no form for {part} with {', '.join(given) or 'nothing'} on {page.url}")

    def _seen(self, answer: requests.Response) -> Seen:
        if answer.status_code >= 400:
            seen = Seen(answer.url, answer.text)
            raise PageSays(f"{self.name} gets {answer.status_code} at {answer.url}: {seen.text[:300]}")
        return Seen(answer.url, answer.text)


def _fields(form: LexborNode) -> tuple[list[tuple[str, str]], set[str]]:
    """What a browser would send of an untouched form, and the names of all that can be filled in."""
    sent: list[tuple[str, str]] = []
    known: set[str] = set()
    for node in form.css("input[name], textarea[name], button[name]"):
        attributes = node.attributes
        name = attributes.get("name") or ""
        known.add(name)
        unchecked = (attributes.get("type") or "") in ("checkbox", "radio") and "checked" not in attributes
        if node.tag != "button" and not unchecked:
            sent.append((name, node.text() if node.tag == "textarea" else attributes.get("value") or ""))
    for node in form.css("select[name]"):
        name = node.attributes.get("name") or ""
        known.add(name)
        chosen = node.css_first("option[selected]") or node.css_first("option")
        sent.append((name, (chosen.attributes.get("value") or "") if chosen is not None else ""))
    return sent, known
