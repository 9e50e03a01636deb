"""In a topic: one card, its reasons and links, and what its reader does with it."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.theme.pages import Pages, drawn, nothing_is_drawn, suggestion, until

pytestmark = pytest.mark.browser


def test_a_card_shows_its_reason_its_links_and_its_people(page: Page, pages: Pages) -> None:
    """Title, why, links with the language of those in another, people with their own reason and evidence."""
    pages.beside.says("/inline/topic", suggestion(), suggestion("helper:two", title="Not shown"))
    page.goto(pages.topic(user="3"))
    card = drawn(page)
    expect(card.get_by_role("heading")).to_have_text("Karim may know")
    expect(card).to_contain_text("He has answered three questions about pumps.")
    expect(card.locator(".body > .links")).to_contain_text("La pompe fuit · in French")
    expect(card.get_by_role("link", name="A pump that hums")).to_have_attribute("href", "https://forum.example/t/13/4")
    expect(card.get_by_role("link", name="Karim Benali")).to_have_attribute("href", "https://forum.example/u/karim")
    expect(card).to_contain_text("Only you see this")
    expect(page.get_by_text("Not shown")).to_have_count(0)
    assert pages.beside.to("/inline/topic")[0].body == {"topic_id": 5, "lang": "en", "closed": []}


def test_what_is_closed_stays_closed(page: Page, pages: Pages) -> None:
    """The cross closes it; the next page says so to the service, and draws it not even where the service insists."""
    pages.beside.says("/inline/topic", suggestion())
    page.goto(pages.topic(user="3"))
    drawn(page)
    page.get_by_role("button", name="Close").click()
    nothing_is_drawn(page)
    with page.expect_event("requestfinished", lambda one: one.url.endswith("/inline/topic") and one.method == "POST"):
        page.goto(pages.topic(user="3"))
    nothing_is_drawn(page)
    assert pages.beside.to("/inline/topic")[1].body["closed"] == ["helper:one"]
    page.goto(pages.topic(user="4"))
    drawn(page)


def test_two_tabs_agree(page: Page, pages: Pages) -> None:
    """Closed in one tab, it is gone from the other at once."""
    pages.beside.says("/inline/topic", suggestion())
    page.goto(pages.topic())
    drawn(page)
    other = page.context.new_page()
    other.goto(pages.topic())
    drawn(other).get_by_role("button", name="Close").click()
    expect(page.locator(".card")).to_have_count(0)


def test_a_browser_that_keeps_nothing_still_helps(page: Page, pages: Pages) -> None:
    """Storage is blocked: the card is drawn, can be closed, and stays closed for as long as the page is open."""
    blocked = "Object.defineProperty(window, '{}', {{get() {{ throw new DOMException('no', 'SecurityError'); }}}});"
    page.add_init_script(blocked.format("localStorage") + blocked.format("sessionStorage"))
    pages.beside.says("/inline/topic", suggestion())
    page.goto(pages.topic())
    drawn(page).get_by_role("button", name="Close").click()
    nothing_is_drawn(page)
    page.evaluate("document.querySelector('passerelle-topic').dataset.topic = '6'")
    until(page, lambda: len(pages.beside.to("/inline/topic")) == 2)
    nothing_is_drawn(page)
    assert pages.beside.to("/inline/topic")[1].body["closed"] == ["helper:one"]


def test_useful_is_thanked_for(page: Page, pages: Pages) -> None:
    """The verdict arrives with its signed word; a thank-you takes the buttons' place and fades, the links stay."""
    page.clock.install()
    pages.beside.says("/inline/topic", suggestion())
    pages.beside.answers["/inline/verdict"] = lambda _sent: None
    page.goto(pages.topic(user="3"))
    card = drawn(page)
    card.get_by_role("button", name="Useful", exact=True).click()
    expect(card.get_by_text("Thank you, noted.")).to_be_visible()
    until(page, lambda: pages.beside.to("/inline/verdict"))
    page.clock.fast_forward(3100)
    expect(card.get_by_text("Thank you")).to_have_count(0)
    expect(card.get_by_role("button", name="Not useful")).to_have_count(0)
    expect(card.get_by_role("link", name="A pump that hums")).to_be_visible()
    sent = pages.beside.to("/inline/verdict")
    assert [one.body for one in sent] == [{"verdict": "signed-word", "answer": "useful", "reason": ""}]
    assert sent[0].token == "token-1"
    page.goto(pages.topic(user="3"))
    expect(drawn(page).get_by_role("button", name="Useful", exact=True)).to_have_count(0)


def test_not_useful_may_say_why(page: Page, pages: Pages) -> None:
    """The verdict leaves at once, the reason follows where one is written; then the card is gone for good."""
    page.clock.install()
    pages.beside.says("/inline/topic", suggestion())
    pages.beside.answers["/inline/verdict"] = lambda _sent: None
    page.goto(pages.topic(user="3"))
    card = drawn(page)
    card.get_by_role("button", name="Not useful").click()
    box = card.get_by_label("What was wrong with it? (optional)")
    expect(box).to_be_focused()
    until(page, lambda: len(pages.beside.to("/inline/verdict")) == 1)
    box.fill("He left last year")
    box.press("Enter")
    expect(card.get_by_text("Thank you, noted.")).to_be_visible()
    until(page, lambda: len(pages.beside.to("/inline/verdict")) == 2)
    page.clock.fast_forward(3100)
    expect(page.locator(".card")).to_have_count(0)
    told = [(one.body["answer"], one.body["reason"]) for one in pages.beside.to("/inline/verdict")]
    assert told == [("not_useful", ""), ("not_useful", "He left last year")]


@pytest.mark.parametrize("label", ["Not now", "Never for me"])
def test_not_now_and_never_end_it_at_once(page: Page, pages: Pages, label: str) -> None:
    """The card is gone with the click, whether or not the verdict arrives."""
    pages.beside.says("/inline/topic", suggestion())
    pages.beside.answers["/inline/verdict"] = lambda _sent: ("", 500)
    page.goto(pages.topic(user="3"))
    drawn(page).get_by_role("button", name=label).click()
    nothing_is_drawn(page)
    answer = {"Not now": "not_now", "Never for me": "never"}[label]
    assert [one.body["answer"] for one in until(page, lambda: pages.beside.to("/inline/verdict"))] == [answer]


def test_an_offer_is_taken_with_one_click(page: Page, pages: Pages) -> None:
    """One click: "Ask Karim" becomes what the service says came of it."""
    pages.beside.says("/inline/topic", suggestion())
    pages.beside.answers["/inline/offer"] = lambda _sent: ({"said": "Karim is asked, politely."}, 202)
    page.goto(pages.topic(user="3"))
    card = drawn(page)
    card.get_by_role("button", name="Ask Karim").click()
    expect(card.get_by_text("Karim is asked, politely.")).to_be_visible()
    expect(card.get_by_role("button", name="Ask Karim")).to_have_count(0)
    assert [one.body for one in pages.beside.to("/inline/offer")] == [{"token": "offer-7"}]


def test_an_offer_that_makes_no_sense_any_more_says_so(page: Page, pages: Pages) -> None:
    """The topic was closed meanwhile (410): the sentence about it stands where the button was."""
    pages.beside.says("/inline/topic", suggestion())
    pages.beside.answers["/inline/offer"] = lambda _sent: ({"error": "gone", "said": "This topic is closed."}, 410)
    page.goto(pages.topic(user="3"))
    card = drawn(page)
    card.get_by_role("button", name="Ask Karim").click()
    expect(card.get_by_text("This topic is closed.")).to_be_visible()
    expect(card.get_by_role("button", name="Ask Karim")).to_have_count(0)


def test_an_offer_that_did_not_go_through_may_be_tried_again(page: Page, pages: Pages) -> None:
    """The service fails: it is said plainly, and the second click works."""
    works: list[Any] = []
    pages.beside.says("/inline/topic", suggestion())
    pages.beside.answers["/inline/offer"] = lambda _sent: ({"said": "Done."}, 202) if works else ("", 503)
    page.goto(pages.topic(user="3"))
    card = drawn(page)
    card.get_by_role("button", name="Ask Karim").click()
    expect(card.get_by_text("nothing is sent twice")).to_be_visible()
    works.append(1)
    card.get_by_role("button", name="Ask Karim").click()
    expect(card.get_by_text("Done.")).to_be_visible()


def test_an_offer_taken_before_is_told_not_offered(page: Page, pages: Pages) -> None:
    """Done already: what was said then is shown, and no button."""
    done = {"label": "Ask Karim", "said": "Karim is asked.", "token": "offer-7", "person": 7, "done": True}
    pages.beside.says("/inline/topic", suggestion(offers=[done]))
    page.goto(pages.topic(user="3"))
    card = drawn(page)
    expect(card.get_by_text("Karim is asked.")).to_be_visible()
    expect(card.get_by_role("button", name="Ask Karim")).to_have_count(0)


def test_an_anonymous_reader_can_only_close(page: Page, pages: Pages) -> None:
    """No verdict is offered to whom nobody knows."""
    pages.beside.says("/inline/topic", suggestion(verdict=None, offers=[]))
    page.goto(pages.topic())
    assert drawn(page).get_by_role("button").all_inner_texts() == ["×"]


def test_a_private_conversation_is_nobodys_business(page: Page, pages: Pages) -> None:
    """In a private message the element asks nobody."""
    page.goto(pages.topic(archetype="private_message"))
    page.wait_for_function("window.passerelle")
    nothing_is_drawn(page)
    assert pages.beside.asked == []


def test_a_topic_speaks_once(page: Page, pages: Pages) -> None:
    """A page with two places for one topic shows one card; when its place is taken away, the other speaks."""
    pages.beside.says("/inline/topic", suggestion())
    page.goto(pages.topic())
    drawn(page)
    page.evaluate("document.body.append(document.querySelector('passerelle-topic').cloneNode())")
    until(page, lambda: page.locator("passerelle-topic").count() == 2)
    expect(page.locator(".card")).to_have_count(1)
    page.evaluate("document.querySelector('passerelle-topic').remove()")
    until(page, lambda: len(pages.beside.to("/inline/topic")) == 2)
    expect(page.locator(".card")).to_have_count(1)


def test_from_topic_to_topic_the_old_answer_is_dropped(page: Page, pages: Pages) -> None:
    """The forum goes on to another topic while the first is being asked about: only the second's card is drawn."""
    waiting: list[int] = []

    def answer(sent: dict[str, Any]) -> dict[str, Any]:
        if sent["topic_id"] == 5:
            waiting.append(1)
        return {"suggestions": [suggestion(f"helper:{sent['topic_id']}", title=f"About topic {sent['topic_id']}")]}

    pages.beside.answers["/inline/topic"] = answer
    held: list[Any] = []
    page.route("**/inline/topic", lambda route: held.append(route) if not held else route.continue_())
    page.goto(pages.topic())
    until(page, lambda: held)
    page.evaluate("document.querySelector('passerelle-topic').dataset.topic = '6'")
    expect(drawn(page)).to_contain_text("About topic 6")
    assert held[0].request.failure is not None


def test_its_own_words_are_those_of_the_reader(chromium: Browser, pages: Pages) -> None:
    """French for French readers, from the element or the page; English otherwise."""
    pages.beside.says("/inline/topic", suggestion())
    context = chromium.new_context()
    page = context.new_page()
    page.goto(pages.topic(lang="fr-CA", user="3"))
    card = drawn(page)
    expect(card).to_contain_text("Vous seul·e voyez ceci")
    expect(card.get_by_role("button", name="Fermer")).to_be_visible()
    expect(card.locator(".body > .links")).not_to_contain_text("en français")
    assert pages.beside.to("/inline/topic")[0].body["lang"] == "fr"
    page.goto(pages.topic(lang="de"))
    expect(drawn(page)).to_contain_text("Only you see this")
    context.close()
