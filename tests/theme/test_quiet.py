"""Whatever happens to the service, nothing is drawn, and the page is as if we were not there."""

import threading
from typing import Any

import pytest
from flask import Response
from playwright.sync_api import Page

from tests.theme.pages import Pages, drawn, nothing_is_drawn, set_fact, suggestion, until

pytestmark = pytest.mark.browser


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in suggestion().items() if key != name}


ANSWERS: dict[str, Any] = {
    "broken inside": lambda _sent: ({"error": "oops"}, 500),
    "refused": lambda _sent: ({"error": "forbidden"}, 403),
    "a page for people": lambda _sent: Response("<!doctype html><h1>502</h1>", 200, mimetype="text/html"),
    "broken JSON": lambda _sent: Response('{"suggestions": [', 200, mimetype="application/json"),
    "a list": lambda _sent: Response("[]", 200, mimetype="application/json"),
    "no content": lambda _sent: None,
    "no suggestions": lambda _sent: {"suggestions": None},
    "nothing to suggest": lambda _sent: {"suggestions": []},
    "a text in place of a suggestion": lambda _sent: {"suggestions": ["hello"]},
    "no key": lambda _sent: {"suggestions": [_without("key")]},
    "no title": lambda _sent: {"suggestions": [_without("title")]},
    "a title that is none": lambda _sent: {"suggestions": [suggestion(title={"html": "<b>"})]},
    "links that are none": lambda _sent: {"suggestions": [suggestion(links="https://evil.example")]},
    "a link that runs": lambda _sent: {
        "suggestions": [suggestion(links=[{"title": "x", "url": "javascript:alert(1)"}])]
    },
    "a link with data": lambda _sent: {"suggestions": [suggestion(links=[{"title": "x", "url": "data:text/html,x"}])]},
    "a person that runs": lambda _sent: {
        "suggestions": [suggestion(people=[{"id": 1, "username": "x", "url": "javascript:alert(1)"}])]
    },
    "an unknown answer": lambda _sent: {"suggestions": [suggestion(answers=[{"answer": "buy", "label": "Buy"}])]},
    "a thousand links": lambda _sent: {"suggestions": [suggestion(links=suggestion()["links"] * 500)]},
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_answer_but_the_agreed_one_draws_anything(page: Page, pages: Pages, answer: str) -> None:
    """Errors, pages for people, broken or unexpected JSON: the topic's page stays as it is, and no script fails."""
    pages.beside.answers["/inline/topic"] = ANSWERS[answer]
    with page.expect_event("requestfinished", lambda one: one.url.endswith("/inline/topic") and one.method == "POST"):
        page.goto(pages.topic())
    nothing_is_drawn(page)


def test_a_service_that_is_down_is_not_missed(page: Page, pages: Pages) -> None:
    """Nobody listens there: nothing is drawn, in a topic as in the composer, and typing asks no faster."""
    with page.expect_event("requestfailed", lambda one: ":9/" in one.url):
        page.goto(pages.topic(service="http://127.0.0.1:9"))
    nothing_is_drawn(page)
    failed: list[str] = []
    page.on("requestfailed", lambda one: failed.append(one.url))
    page.clock.install()
    page.goto(pages.composer(service="http://127.0.0.1:9", title="A pump that leaks"))
    page.wait_for_function("window.passerelle")
    page.clock.fast_forward(800)
    until(page, lambda: [url for url in failed if url.endswith("/inline/composer")])
    for number in range(3):
        set_fact(page, text=f"more {number}")
        page.clock.fast_forward(800)
    nothing_is_drawn(page)
    assert len([url for url in failed if url.endswith("/inline/composer")]) == 1


def test_a_slow_service_is_not_waited_for(page: Page, pages: Pages) -> None:
    """After five seconds the question is given up; what comes later is not drawn."""

    def slowly(_sent: dict[str, Any]) -> dict[str, Any]:
        given_up.wait(20)
        return {"suggestions": [suggestion()]}

    given_up = threading.Event()
    pages.beside.answers["/inline/topic"] = slowly
    page.on("requestfailed", lambda one: given_up.set())
    page.clock.install()
    page.goto(pages.topic())
    until(page, lambda: pages.beside.to("/inline/topic"))
    page.clock.fast_forward(5100)
    until(page, given_up.is_set)
    nothing_is_drawn(page)


def test_too_many_questions_wait_as_long_as_asked(page: Page, pages: Pages) -> None:
    """429 with Retry-After: nothing is asked before that time is over, and after it help is there again."""
    busy = [True]

    def answer(_sent: dict[str, Any]) -> Any:
        if busy[0]:
            return Response("{}", 429, {"Retry-After": "120"}, mimetype="application/json")
        return {"suggestions": [suggestion()]}

    pages.beside.answers["/inline/composer"] = answer
    page.clock.install()
    page.goto(pages.composer(title="A pump that leaks"))
    page.wait_for_function("window.passerelle")
    page.clock.fast_forward(800)
    until(page, lambda: pages.beside.to("/inline/composer"))
    nothing_is_drawn(page)
    busy[0] = False
    page.clock.fast_forward(60_000)
    set_fact(page, title="A pump that leaks a lot")
    page.clock.fast_forward(800)
    nothing_is_drawn(page)
    assert len(pages.beside.to("/inline/composer")) == 1
    page.clock.fast_forward(70_000)
    set_fact(page, title="A pump that leaks a lot of water")
    page.clock.fast_forward(800)
    drawn(page)


def test_an_element_without_a_service_does_nothing(page: Page, pages: Pages) -> None:
    """An element that is told of no service asks nobody and draws nothing."""
    page.goto(pages.topic().replace(f'"service": "{pages.service_url}"', '"service": ""'))
    page.wait_for_function("window.passerelle")
    nothing_is_drawn(page)
    assert pages.beside.asked == []
