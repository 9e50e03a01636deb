"""In the composer: asked when its writer pauses, two suggestions a draft at most, nothing of a private one."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.theme.pages import Pages, drawn, nothing_is_drawn, set_fact, suggestion, until

pytestmark = pytest.mark.browser

WRITTEN = "A pump that leaks"


def _open(page: Page, pages: Pages, **facts: Any) -> None:
    """The composer's page, with time in the test's hands."""
    page.clock.install()
    page.goto(pages.composer(**facts))
    page.wait_for_function("window.passerelle")


def _pause(page: Page) -> None:
    page.clock.fast_forward(750)


def test_it_asks_when_the_writer_pauses(page: Page, pages: Pages) -> None:
    """Ten letters one after another make one question, with the draft as it is then."""
    _open(page, pages, category="4", tags="pump, water")
    for end in range(1, len(WRITTEN) + 1):
        set_fact(page, title=WRITTEN[:end])
        page.clock.fast_forward(100)
    assert pages.beside.asked == []
    _pause(page)
    asked = until(page, lambda: pages.beside.to("/inline/composer"))
    assert [one.body for one in asked] == [
        {"action": "new_topic", "topic_id": None, "category_id": 4, "tags": ["pump", "water"], "title": WRITTEN,
         "text": "", "shown": 0, "asked": False, "lang": "en", "closed": []}
    ]  # fmt: skip


def test_a_few_words_are_no_question_yet(page: Page, pages: Pages) -> None:
    """Fewer than 12 letters of title and 40 of text: the service is left alone."""
    _open(page, pages, title="A pump", text="It leaks since yesterday.")
    page.clock.fast_forward(5000)
    nothing_is_drawn(page)
    assert pages.beside.asked == []


@pytest.mark.parametrize(
    "facts",
    [
        {"action": "privateMessage"},
        {"action": "message"},
        {"action": "createSharedDraft"},
        {"action": "reply", "topic": "9", "archetype": "private_message"},
        {"action": "edit", "topic": "9", "archetype": "private_message"},
        {"action": ""},
    ],
    ids=str,
)
def test_what_is_private_never_leaves_the_page(page: Page, pages: Pages, facts: dict[str, str]) -> None:
    """Messages, answers in them, their edits, shared drafts: nothing of them is sent."""
    _open(page, pages, **facts, title=WRITTEN, text="Between us: " * 10)
    set_fact(page, text="Between us, and only us: " * 10)
    page.clock.fast_forward(5000)
    nothing_is_drawn(page)
    assert pages.beside.asked == []


@pytest.mark.parametrize(("theirs", "ours"), [("createTopic", "new_topic"), ("reply", "reply"), ("edit", "edit")])
def test_discourses_names_are_understood(page: Page, pages: Pages, theirs: str, ours: str) -> None:
    """The action arrives by the agreed name, with the topic it belongs to."""
    _open(page, pages, action=theirs, topic="9", text="The pump that you described leaks at mine too.")
    _pause(page)
    (asked,) = until(page, lambda: pages.beside.to("/inline/composer"))
    assert (asked.body["action"], asked.body["topic_id"]) == (ours, 9)


def test_an_overtaken_question_is_dropped(page: Page, pages: Pages) -> None:
    """The writer goes on while an answer is under way: it is given up, and what it would have drawn is not drawn."""
    held: list[Any] = []
    page.route("**/inline/composer", lambda route: held.append(route) if not held else route.continue_())
    pages.beside.says("/inline/composer", suggestion("helper:late", title="Too late"))
    _open(page, pages, title=WRITTEN)
    _pause(page)
    until(page, lambda: held)
    set_fact(page, title=WRITTEN + " everywhere")
    until(page, lambda: held[0].request.failure)
    nothing_is_drawn(page)
    _pause(page)
    until(page, lambda: pages.beside.to("/inline/composer"))
    assert [one.body["title"] for one in pages.beside.to("/inline/composer")] == [WRITTEN + " everywhere"]


def test_a_card_stays_while_one_writes_on(page: Page, pages: Pages) -> None:
    """Under a writer's eyes nothing is exchanged and nothing more is asked, until the card is closed."""
    pages.beside.says("/inline/composer", suggestion())
    _open(page, pages, title=WRITTEN)
    _pause(page)
    drawn(page)
    set_fact(page, text="It leaks at the lower joint since I have cleaned it. " * 3)
    page.clock.fast_forward(5000)
    drawn(page)
    assert len(pages.beside.to("/inline/composer")) == 1


def _numbered(pages: Pages) -> None:
    """The service has another suggestion for each that was closed."""
    pages.beside.answers["/inline/composer"] = lambda sent: {
        "suggestions": [suggestion(f"helper:{len(sent['closed'])}", title=f"Number {len(sent['closed']) + 1}")]
    }


def test_two_suggestions_a_draft_are_enough(page: Page, pages: Pages) -> None:
    """Closed, a second may come, after it nobody is asked any more; an empty composer is another draft."""
    _numbered(pages)
    _open(page, pages, title=WRITTEN)
    for number in (1, 2):
        set_fact(page, text=f"Part {number} of the story of my pump.")
        _pause(page)
        expect(drawn(page)).to_contain_text(f"Number {number}")
        page.get_by_role("button", name="Close").click()
        page.clock.fast_forward(31_000)
    asked = len(pages.beside.to("/inline/composer"))
    set_fact(page, text="Part 3 of the story of my pump.")
    page.clock.fast_forward(5000)
    nothing_is_drawn(page)
    assert [one.body["shown"] for one in pages.beside.to("/inline/composer")] == [0, 1]
    assert len(pages.beside.to("/inline/composer")) == asked
    set_fact(page, title="", text="")
    set_fact(page, title="Another question altogether")
    _pause(page)
    expect(drawn(page)).to_contain_text("Number 1")


def test_none_springs_up_where_one_was_closed(page: Page, pages: Pages) -> None:
    """Half a minute of peace after a card was closed, however much is written; then the second, when the pen rests."""
    _numbered(pages)
    _open(page, pages, title=WRITTEN)
    _pause(page)
    drawn(page).get_by_role("button", name="Close").click()
    for second in range(4):
        set_fact(page, text=f"It began {second} days ago with a small leak at the joint.")
        page.clock.fast_forward(5000)
        nothing_is_drawn(page)
    page.clock.fast_forward(11_000)
    expect(drawn(page)).to_contain_text("Number 2")


def test_not_now_is_peace_for_this_draft(page: Page, pages: Pages) -> None:
    """After a "not now" nothing more comes beside this draft, from nobody; beside the next one it may."""
    _numbered(pages)
    _open(page, pages, title=WRITTEN)
    _pause(page)
    drawn(page).get_by_role("button", name="Not now").click()
    for second in range(3):
        set_fact(page, text=f"It began {second} days ago with a small leak at the joint.")
        page.clock.fast_forward(60_000)
        nothing_is_drawn(page)
    set_fact(page, title="", text="")
    set_fact(page, title="Another question altogether")
    _pause(page)
    drawn(page)


def test_what_holds_a_post_does_not_wait(page: Page, pages: Pages) -> None:
    """Peace is from help: what asks its writer to look again before sending comes right after another was closed."""
    pages.beside.says("/inline/composer", suggestion())
    _open(page, pages, title=WRITTEN)
    _pause(page)
    drawn(page).get_by_role("button", name="Close").click()
    pages.beside.says("/inline/composer", suggestion("helper:tone", title="Please mind the tone", holds_save=True))
    set_fact(page, text="and you are all quite silly, every one of you")
    _pause(page)
    expect(drawn(page)).to_contain_text("Please mind the tone")


def test_a_preview_is_no_new_draft(page: Page, pages: Pages) -> None:
    """A page that is loaded again with the same draft has had its suggestions."""
    pages.beside.answers["/inline/composer"] = lambda sent: {
        "suggestions": [suggestion(f"helper:{len(sent['closed'])}")]
    }
    _open(page, pages, title=WRITTEN)
    _pause(page)
    drawn(page).get_by_role("button", name="Close").click()
    _open(page, pages, title=WRITTEN)
    _pause(page)
    asked = until(page, lambda: pages.beside.to("/inline/composer")[1:])
    assert asked[0].body["shown"] == 1


def test_links_open_beside_the_draft(page: Page, pages: Pages) -> None:
    """A link in the composer leaves the draft where it is, and says so to those who hear it."""
    pages.beside.says("/inline/composer", suggestion())
    _open(page, pages, title=WRITTEN)
    _pause(page)
    link = drawn(page).get_by_role("link", name="A pump that hums (opens in a new tab)")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener")


def test_a_suggestion_may_hold_a_post_once(page: Page, pages: Pages) -> None:
    """The first click on "send" is held with a line that says why, the second sends; others are never held."""
    pages.beside.says("/inline/composer", suggestion(holds_save=True))
    _open(page, pages, title=WRITTEN)
    save = "passerelle.mayISave(document.querySelector('passerelle-composer')).then(() => 'sent', () => 'held')"
    _pause(page)
    drawn(page)
    assert page.evaluate(save) == "held"
    expect(page.locator(".card").get_by_role("alert")).to_contain_text("Send it again to post it as it is")
    assert page.evaluate(save) == "sent"
    assert page.evaluate("passerelle.mayISave(null).then(() => 'sent')") == "sent"
    pages.beside.says("/inline/composer", suggestion("helper:free"))
    set_fact(page, title="", text="")
    set_fact(page, title=WRITTEN)
    _pause(page)
    drawn(page)
    assert page.evaluate(save) == "sent"


SAVE = "passerelle.mayISave(document.querySelector('passerelle-composer')).then(() => 'sent', () => 'held')"


def test_a_post_is_looked_at_once_more_when_it_is_sent(page: Page, pages: Pages) -> None:
    """However short it is and however fast its writer: what was not looked at yet is, and may be held, once."""
    pages.beside.says("/inline/composer", suggestion("helper:tone", title="Please mind the tone", holds_save=True))
    _open(page, pages, text="You fool.")
    page.clock.resume()
    assert page.evaluate(SAVE) == "held"
    [asked] = pages.beside.to("/inline/composer")
    assert asked.body["sending"] is True
    assert asked.body["text"] == "You fool."
    expect(drawn(page)).to_contain_text("Please mind the tone")
    assert page.evaluate(SAVE) == "sent"
    assert len(pages.beside.to("/inline/composer")) == 1


def test_help_never_holds_a_post_that_is_sent(page: Page, pages: Pages) -> None:
    """What only helps is not shown to somebody who is done; what was put otherwise meanwhile is free to go."""
    pages.beside.says("/inline/composer", suggestion())
    _open(page, pages, text="A pump leaks.")
    page.clock.resume()
    assert page.evaluate(SAVE) == "sent"
    nothing_is_drawn(page)


def test_a_service_that_is_late_or_broken_lets_every_post_go(page: Page, pages: Pages) -> None:
    """Nobody waits for us longer than a second and a half."""
    pages.beside.answers["/inline/composer"] = lambda _sent: ("no", 500)
    _open(page, pages, text="You fool.")
    page.clock.resume()
    assert page.evaluate(SAVE) == "sent"


def test_what_held_a_post_goes_when_it_no_longer_applies(page: Page, pages: Pages) -> None:
    """The writer changes what was remarked on: the card leaves by itself; as long as it applies it stays as it is."""
    pages.beside.says("/inline/composer", suggestion(holds_save=True, title="Please mind the tone"))
    _open(page, pages, title=WRITTEN)
    _pause(page)
    card = drawn(page)
    page.evaluate("window.before = document.querySelector('passerelle-composer').shadowRoot.querySelector('.card')")
    set_fact(page, text="and you are all quite silly")
    _pause(page)
    until(page, lambda: len(pages.beside.to("/inline/composer")) == 2)
    assert card.evaluate("(card) => card === window.before")
    pages.beside.says("/inline/composer")
    set_fact(page, text="and I would be glad of your advice")
    _pause(page)
    until(page, lambda: len(pages.beside.to("/inline/composer")) == 3)
    nothing_is_drawn(page)


def test_a_forum_may_prefer_to_be_asked(page: Page, pages: Pages) -> None:
    """Where drafts are looked at only when told to, a button stands there, and nothing is sent before it is pressed."""
    _open(page, pages, title="", user="")
    page.evaluate(
        "(service) => passerelle.configure('passerelle-composer', {service, when: 'asked'})", pages.service_url
    )
    set_fact(page, title=WRITTEN)
    press = page.get_by_role("button", name="Has this come up before?")
    expect(press).to_be_visible()
    page.clock.fast_forward(5000)
    assert pages.beside.asked == []
    press.click()
    expect(page.get_by_text("Nothing close to it here.")).to_be_visible()
    assert [one.body["asked"] for one in pages.beside.to("/inline/composer")] == [True]
    page.clock.fast_forward(4100)
    pages.beside.says("/inline/composer", suggestion())
    set_fact(page, title=WRITTEN + " a lot")
    press.click()
    drawn(page)


def test_a_whole_book_is_cut_not_refused(page: Page, pages: Pages) -> None:
    """A draft longer than the agreed 32,000 characters is asked about with its beginning, in whole letters."""
    _open(page, pages, title=WRITTEN)
    set_fact(page, text="x" * 31_999 + "🌱" * 100)
    _pause(page)
    (asked,) = until(page, lambda: pages.beside.to("/inline/composer"))
    assert asked.body["text"] == "x" * 31_999
