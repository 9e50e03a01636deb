"""What the component does on a forum's page with its settings: the scripts of the zip for 3.1, as they are shipped."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.theme.pages import Pages, drawn, set_fact, suggestion, until

pytestmark = pytest.mark.browser

SETTINGS = {
    "show_in_topic": True, "place_in_topic": "below_posts", "show_in_composer": True, "look_in_composer": "typing",
    "show_to": "everyone", "groups": "",
}  # fmt: skip
LEA = {"id": 3, "username": "lea", "groups": [{"id": 10, "name": "trust_level_0"}, {"id": 41, "name": "welders"}]}


def _open(page: Page, pages: Pages, reader: dict[str, Any] | None = None, **settings: Any) -> None:
    chosen = {"service_url": pages.service_url, **SETTINGS, **settings}
    page.goto(f"{pages.forum_url}/forum?settings={json.dumps(chosen)}&reader={json.dumps(reader)}")
    page.wait_for_function("window.started")


def _write(page: Page) -> None:
    page.evaluate("document.querySelector('passerelle-composer').dataset.title = 'A pump that leaks'")


def test_both_elements_are_told_of_service_and_reader(page: Page, pages: Pages) -> None:
    """Logged in: the topic's element speaks below the posts, the composer's asks too, both as this reader."""
    pages.beside.says("/inline/topic", suggestion())
    _open(page, pages, LEA)
    expect(page.locator("#below .card")).to_be_visible()
    expect(page.locator("#above .card")).to_have_count(0)
    _write(page)
    until(page, lambda: pages.beside.to("/inline/composer"))
    assert {one.token for one in pages.beside.asked if one.path.startswith("/inline/")} == {"token-1"}


def test_above_the_posts_where_the_forum_wants_it(page: Page, pages: Pages) -> None:
    """The place is a setting."""
    pages.beside.says("/inline/topic", suggestion())
    _open(page, pages, place_in_topic="above_posts")
    expect(page.locator("#above .card")).to_be_visible()
    expect(page.locator("#below .card")).to_have_count(0)


@pytest.mark.parametrize(
    ("settings", "reader", "asks"),
    [
        ({"service_url": ""}, LEA, False),
        ({"show_in_topic": False}, LEA, False),
        ({"show_to": "members"}, None, False),
        ({"show_to": "members"}, LEA, True),
        ({"show_to": "groups", "groups": "41|42"}, LEA, True),
        ({"show_to": "groups", "groups": "4|1"}, LEA, False),
        ({"show_to": "groups", "groups": ""}, LEA, False),
        ({"show_to": "groups", "groups": "41"}, None, False),
        ({"show_to": "groups", "groups": "4", "user_in_groups": True}, LEA, True),
        ({"show_to": "groups", "groups": "41", "user_in_groups": False}, LEA, False),
    ],
    ids=str,
)
def test_who_sees_it_is_a_setting(
    page: Page, pages: Pages, settings: dict[str, Any], reader: dict[str, Any] | None, asks: bool
) -> None:
    """Everybody, members, or some groups; where the core says itself who is in them, its word counts."""
    pages.beside.says("/inline/topic", suggestion())
    _open(page, pages, reader, **settings)
    if asks:
        drawn(page)
    else:
        page.wait_for_load_state("networkidle")
        assert pages.beside.asked == []
        expect(page.locator(".card")).to_have_count(0)


def test_no_draft_is_looked_at_where_the_forum_does_not_want_it(page: Page, pages: Pages) -> None:
    """Without the composer's switch nothing is asked, and no post is ever held."""
    page.clock.install()
    _open(page, pages, LEA, show_in_composer=False, show_in_topic=False)
    _write(page)
    page.clock.fast_forward(5000)
    page.wait_for_load_state("networkidle")
    assert pages.beside.asked == []
    assert page.evaluate("window.beforeSave === undefined")


def test_a_post_is_held_through_discourses_own_door(page: Page, pages: Pages) -> None:
    """`composerBeforeSave`: rejected once while a suggestion asks for it, then free."""
    pages.beside.says("/inline/composer", suggestion(holds_save=True))
    _open(page, pages, LEA, show_in_topic=False)
    _write(page)
    drawn(page)
    save = "window.beforeSave().then(() => 'sent', () => 'held')"
    assert [page.evaluate(save), page.evaluate(save)] == ["held", "sent"]


def test_a_link_to_the_forum_is_followed_by_the_forum(page: Page, pages: Pages) -> None:
    """A topic of this forum opens without loading the page anew; another site's page is left to the browser."""
    links = [
        {"title": "Here", "url": f"{pages.forum_url}/t/12/3?a=b#post_3"},
        {"title": "There", "url": f"{pages.service_url}/theme/passerelle.js"},
    ]
    pages.beside.says("/inline/topic", suggestion(links=links))
    _open(page, pages)
    drawn(page).get_by_role("link", name="Here", exact=True).click()
    assert page.evaluate("window.routed") == "/t/12/3?a=b#post_3"
    drawn(page).get_by_role("link", name="There").click()
    page.wait_for_url(f"{pages.service_url}/**")


def test_another_topic_makes_another_question(page: Page, pages: Pages) -> None:
    """Discourse goes on to another topic: its element is asked about that one."""
    _open(page, pages)
    until(page, lambda: pages.beside.to("/inline/topic"))
    page.evaluate("document.getElementById('above').remove()")
    set_fact(page, topic="6")
    until(page, lambda: len(pages.beside.to("/inline/topic")) == 2)
    assert [one.body["topic_id"] for one in pages.beside.to("/inline/topic")] == [5, 6]


def test_in_discourses_composer_a_card_takes_one_line(page: Page, pages: Pages) -> None:
    """The composer is low: a card is its title and one button, and what it shows drops up without moving anything."""
    pages.beside.says("/inline/composer", suggestion())
    _open(page, pages, LEA, show_in_topic=False)
    _write(page)
    card = drawn(page)
    before = page.locator("#after").bounding_box()
    box = card.bounding_box()
    assert box is not None
    assert box["height"] <= 60
    card.get_by_role("button", name="Show").click()
    expect(card.get_by_role("link", name="A pump that hums")).to_be_visible()
    assert page.locator("#after").bounding_box() == before
    inner = card.locator(".inner").bounding_box()
    assert inner is not None
    assert inner["y"] + inner["height"] <= box["y"] + 1
