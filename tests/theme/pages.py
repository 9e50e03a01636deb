"""A forum's page and a service beside it, both over real HTTP, for the elements to live on in Chromium."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, redirect, request
from playwright.sync_api import Locator, Page, expect
from werkzeug.serving import make_server

from connector.theme.joining import joined
from tests.theme.discourse import discourse

Answer = Callable[[dict[str, Any]], Any]
LIGHT = """:root { --primary: #222222; --primary-low: #e9e9e9; --primary-very-low: #f8f8f8; --primary-medium: #919191;
--primary-high: #646464; --primary-very-high: #434343; --secondary: #ffffff; --tertiary: #0088cc;
--tertiary-hover: #006699; --tertiary-low: #d1f0ff; --danger: #c80001; --highlight-low: #ffffca;
--font-family: Arial, sans-serif; --font-0: 1em; --font-up-1: 1.1487em; --font-down-1: 0.8706em; }"""
DARK = """:root { color-scheme: dark; --primary: #dddddd; --primary-low: #313131; --primary-very-low: #282828;
--primary-medium: #909090; --primary-high: #a6a6a6; --primary-very-high: #c7c7c7; --secondary: #222222;
--tertiary: #0f82af; --tertiary-hover: #14aeea; --tertiary-low: #052e3d; --danger: #e45735;
--highlight-low: #22170b; }"""
"""What a recorded forum's pages hold, light and dark."""


def suggestion(key: str = "helper:one", **more: Any) -> dict[str, Any]:
    """A suggestion with everything that one may have."""
    return {
        "key": key,
        "plugin": "helper",
        "kind": "people",
        "title": "Karim may know",
        "why": "He has answered three questions about pumps.",
        "text": "",
        "links": [
            {"title": "La pompe fuit", "url": "https://forum.example/t/12", "lang": "fr"},
            {"title": "A pump that hums", "url": "https://forum.example/t/13/4"},
        ],
        "people": [
            {
                "id": 7,
                "name": "Karim Benali",
                "username": "karim",
                "url": "https://forum.example/u/karim",
                "why": "Accepted answer in “La pompe fuit”.",
                "links": [{"title": "La pompe fuit", "url": "https://forum.example/t/12", "lang": "fr"}],
                "note": "",
            }
        ],
        "answers": [
            {"answer": "useful", "label": "Useful"},
            {"answer": "not_useful", "label": "Not useful"},
            {"answer": "not_now", "label": "Not now"},
            {"answer": "never", "label": "Never for me"},
        ],
        "verdict": "signed-word",
        "offers": [{"label": "Ask Karim", "said": "", "token": "offer-7", "person": 7}],
        "holds_save": False,
        **more,
    }


@dataclass
class Asked:
    """One request that the service had."""

    path: str
    body: dict[str, Any]
    token: str
    origin: str


@dataclass
class Beside:
    """The service's side: what it answers, what it was asked."""

    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    proofs: int = 0
    lives: int = 600
    refused: set[str] = field(default_factory=set)
    provider: int = 302
    """Status of the forum's /session/sso_provider."""
    start_path: str = "/session/sso_provider?sso=eA==&sig=00"

    def to(self, path: str) -> list[Asked]:
        """The requests for one path."""
        return [one for one in self.asked if one.path == path]

    def says(self, path: str, *suggestions: dict[str, Any]) -> None:
        """From now on this is suggested there."""
        self.answers[path] = lambda _sent: {"suggestions": list(suggestions)}


class Pages:
    """Both servers; a context manager. `beside` is what a test sets and looks at."""

    def __init__(self) -> None:
        self.beside = Beside()
        self.service = make_server("127.0.0.1", 0, _service(self), threaded=True)
        self.forum = make_server("127.0.0.1", 0, _forum(self), threaded=True)
        self.service_url = f"http://127.0.0.1:{self.service.server_port}"
        self.forum_url = f"http://127.0.0.1:{self.forum.server_port}"
        self._threads = [threading.Thread(target=one.serve_forever, args=(0.05,)) for one in (self.service, self.forum)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop both."""
        for server, thread in zip((self.service, self.forum), self._threads, strict=True):
            server.shutdown()
            thread.join(10)
            server.server_close()

    def topic(self, **facts: Any) -> str:
        """Address of a page with a topic's element."""
        return self._page("passerelle-topic", {"topic": 5, **facts})

    def composer(self, **facts: Any) -> str:
        """Address of a page with a composer's element."""
        return self._page("passerelle-composer", {"action": "createTopic", **facts})

    def _page(self, name: str, facts: dict[str, Any]) -> str:
        facts = {"service": self.service_url, "lang": "en", "user": "", **facts}
        return f"{self.forum_url}/page?element={name}&facts={json.dumps(facts)}"


def _forum(pages: Pages) -> Flask:
    app = Flask("tests.theme.forum")
    app.register_blueprint(discourse)

    @app.get("/page")
    def page() -> str:
        facts = json.loads(request.args["facts"])
        name = request.args["element"]
        element = " ".join(f'data-{key}="{value}"' for key, value in facts.items() if key != "scheme")
        colours = DARK if facts.get("scheme") == "dark" else LIGHT
        return (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<style>{colours} body {{ background: var(--secondary); color: var(--primary); font: 15px Arial }}</style>"
            f"<body><h1>A page</h1><input id=before aria-label=before><{name} {element}></{name}>"
            f"<p id=after>What stands after it.</p>"
            f'<script type="module">import * as passerelle from "{pages.service_url}/theme/passerelle.js";'
            f"window.passerelle = passerelle;</script>"
        )

    @app.get("/session/sso_provider")
    def provider() -> Any:
        beside = pages.beside
        assert "X-Requested-With" not in request.headers
        if beside.provider != 302:
            return Response("not here", beside.provider, mimetype="text/plain")
        return redirect(f"{pages.service_url}/identity/answer?sso=signed&sig=ok")

    @app.get("/login")
    def login() -> str:
        return "<!doctype html><h1>Log in</h1>"

    return app


def _service(pages: Pages) -> Flask:
    app = Flask("tests.theme.service")

    @app.after_request
    def allow(answer: Response) -> Response:
        answer.headers["Access-Control-Allow-Origin"] = pages.forum_url
        answer.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        answer.headers["Access-Control-Expose-Headers"] = "Retry-After"
        return answer

    @app.get("/theme/passerelle.js")
    def module() -> Response:
        return Response(joined(), mimetype="text/javascript", headers={"Access-Control-Allow-Origin": "*"})

    @app.get("/identity/answer")
    def proven() -> dict[str, Any]:
        beside = pages.beside
        beside.proofs += 1
        return {"token": f"token-{beside.proofs}", "expires_in": beside.lives, "member": 3, "username": "lea"}

    @app.post("/identity/start")
    def start() -> Any:
        pages.beside.asked.append(_asked("/identity/start"))
        return {"sso_path": pages.beside.start_path}

    @app.post("/inline/<where>")
    def inline(where: str) -> Any:
        beside = pages.beside
        asked = _asked(f"/inline/{where}")
        beside.asked.append(asked)
        if asked.token in beside.refused:
            return {"error": "token"}, 401
        answer = beside.answers.get(asked.path, lambda _sent: {"suggestions": []})(asked.body)
        return ("", 204) if answer is None else answer

    return app


def _asked(path: str) -> Asked:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return Asked(path, request.get_json(), token, request.headers.get("Origin", ""))


def drawn(page: Page) -> Locator:
    """The card, once it is there and has unfolded."""
    card = page.locator(".card")
    expect(card).to_be_visible()
    expect(page.locator(".fold.open").filter(has=card)).to_be_visible()
    page.evaluate(
        "() => Promise.all([...document.querySelectorAll('passerelle-topic, passerelle-composer')]"
        ".flatMap((one) => one.shadowRoot.querySelector('.fold').getAnimations()).map((one) => one.finished))"
    )
    return card


def nothing_is_drawn(page: Page) -> None:
    """The page is as if we were not there: no card, no height, what stands after it where it stood."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(page.locator(".card")).to_have_count(0)
    height = "document.querySelector('passerelle-topic, passerelle-composer').offsetHeight"
    assert page.evaluate(height) == 0
    expect(page.locator("#after")).to_be_visible()


def until(page: Page, found: Callable[[], Any], *, seconds: float = 10) -> Any:
    """What `found` gives, as soon as it is something; fails with AssertionError after that many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # Asked of the page, so that what its browser reports meanwhile arrives here.
        page.evaluate("() => new Promise(requestAnimationFrame)")
        result = found()
        if result:
            return result
    raise AssertionError("waited in vain")


def set_fact(page: Page, **facts: str) -> None:
    """Change attributes of the page's element, as a forum does while somebody writes."""
    element = "document.querySelector('passerelle-topic, passerelle-composer')"
    page.evaluate(f"(facts) => Object.assign({element}.dataset, facts)", facts)
