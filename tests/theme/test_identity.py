"""Who reads is proven by the forum alone, kept in memory alone, and asked of nobody who is not logged in."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.theme.pages import Pages, drawn, nothing_is_drawn, set_fact, suggestion, until

pytestmark = pytest.mark.browser


def test_an_anonymous_reader_is_asked_nothing(page: Page, pages: Pages) -> None:
    """Without a current user the forum's provider is never asked, since it would lead the next login astray."""
    seen: list[str] = []
    page.on("request", lambda one: seen.append(one.url))
    pages.beside.says("/inline/topic", suggestion(verdict=None, offers=[], answers=[]))
    page.goto(pages.topic(user=""))
    drawn(page)
    assert [url for url in seen if "sso_provider" in url or "/identity/" in url] == []
    assert [one.token for one in pages.beside.asked] == [""]


def test_a_member_is_proven_once_for_all_elements(page: Page, pages: Pages) -> None:
    """One silent round trip, its token on every question; the forum's cookies stay with the forum."""
    pages.beside.says("/inline/topic", suggestion())
    page.context.add_cookies([{"name": "_t", "value": "secret-session", "url": pages.forum_url}])
    page.goto(pages.topic(user="3"))
    drawn(page)
    page.evaluate(
        "(service) => { const made = document.createElement('passerelle-composer');"
        "Object.assign(made.dataset, {service, user: '3', action: 'createTopic', title: 'A pump that leaks'});"
        "document.body.append(made); }",
        pages.service_url,
    )
    until(page, lambda: pages.beside.to("/inline/composer"))
    assert pages.beside.proofs == 1
    assert {one.token for one in pages.beside.asked if one.path.startswith("/inline")} == {"token-1"}


def test_nothing_of_the_proof_is_kept_in_the_browser(page: Page, pages: Pages) -> None:
    """No storage, no address and no attribute of the page holds the token."""
    pages.beside.says("/inline/topic", suggestion())
    page.goto(pages.topic(user="3"))
    drawn(page)
    held = "JSON.stringify([localStorage, sessionStorage, location.href, document.cookie]) + document.body.innerHTML"
    assert "token-1" not in page.evaluate(held)


def test_a_token_that_is_over_is_renewed_once(page: Page, pages: Pages) -> None:
    """401: the proof is asked for again, the question again, and the reader notices nothing."""
    pages.beside.refused = {"token-1"}
    pages.beside.says("/inline/topic", suggestion())
    page.goto(pages.topic(user="3"))
    drawn(page)
    assert [one.token for one in pages.beside.to("/inline/topic")] == ["token-1", "token-2"]


def test_a_token_that_is_never_taken_is_given_up(page: Page, pages: Pages) -> None:
    """A service whose clock is wrong refuses every token: two questions, then silence."""
    pages.beside.refused = {f"token-{number}" for number in range(9)}
    page.goto(pages.topic(user="3"))
    until(page, lambda: len(pages.beside.to("/inline/topic")) == 2)
    nothing_is_drawn(page)
    assert len(pages.beside.to("/inline/topic")) == 2


def test_a_proof_is_renewed_before_it_ends(page: Page, pages: Pages) -> None:
    """A page that stays open for ten minutes asks anew, by its own clock and not by the service's."""
    page.clock.install()
    page.goto(pages.composer(user="3", title="A pump that leaks"))
    page.wait_for_function("window.passerelle")
    page.clock.fast_forward(800)
    until(page, lambda: len(pages.beside.to("/inline/composer")) == 1)
    page.clock.fast_forward(590_000)
    set_fact(page, title="A pump that leaks a lot")
    page.clock.fast_forward(800)
    until(page, lambda: len(pages.beside.to("/inline/composer")) == 2)
    assert [one.token for one in pages.beside.to("/inline/composer")] == ["token-1", "token-2"]


def test_another_reader_has_another_proof(page: Page, pages: Pages) -> None:
    """The page's user changes: the proof of the one before is not used for the next, and logging out ends it."""
    pages.beside.says("/inline/topic", suggestion())
    page.goto(pages.topic(user="3"))
    drawn(page)
    set_fact(page, user="4")
    until(page, lambda: len(pages.beside.to("/inline/topic")) == 2)
    set_fact(page, user="")
    until(page, lambda: len(pages.beside.to("/inline/topic")) == 3)
    assert [one.token for one in pages.beside.to("/inline/topic")] == ["token-1", "token-2", ""]


@pytest.mark.parametrize("status", [204, 400, 404, 422, 500])
def test_where_the_forum_does_not_say_who_reads(page: Page, pages: Pages, status: int) -> None:
    """Provider switched off, secret wrong, forum in trouble: the reader gets what everybody may see."""
    pages.beside.provider = status
    pages.beside.says("/inline/topic", suggestion(verdict=None, offers=[], answers=[]))
    page.goto(pages.topic(user="3"))
    drawn(page)
    assert [one.token for one in pages.beside.to("/inline/topic")] == [""]


def test_a_proof_from_elsewhere_is_not_fetched(page: Page, pages: Pages) -> None:
    """A service that names a page of another site in place of the forum's provider is not followed there."""
    seen: list[str] = []
    page.on("request", lambda one: seen.append(one.url))
    pages.beside.start_path = "https://evil.example/session/sso_provider"
    pages.beside.says("/inline/topic", suggestion())
    page.goto(pages.topic(user="3"))
    drawn(page)
    assert [url for url in seen if "evil.example" in url] == []


def test_the_body_says_nothing_of_who_reads(page: Page, pages: Pages) -> None:
    """What the page believes about its reader stays on the page: the token alone speaks."""
    pages.beside.says("/inline/topic", suggestion())
    page.goto(pages.topic(user="12345"))
    drawn(page)
    bodies: list[Any] = [one.body for one in pages.beside.asked]
    assert "12345" not in str(bodies)
