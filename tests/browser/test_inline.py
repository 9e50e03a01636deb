"""Help where members read and write: a real forum, the service, both elements, in Chromium as members use them."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from werkzeug.serving import make_server

from plugins.expert_finder import plugin as expert_finder
from tests.journeys.month_of_help import EXCEL, how, join, live
from tests.webhooks.conftest import MONDAY
from tests.webhooks.place import Place

pytestmark = pytest.mark.browser

CONNECT = "connect-secret-0123456789"
QUESTION = "How do I work with a pivot table?"
DRAFT = "Which pivot table formula filters a column?"
HIDDEN = "A macro that only the team may read"


@dataclass
class Town:
    """The forum, the service where browsers find it, and a browser."""

    place: Place
    url: str
    chromium: Browser
    shots: Path
    problems: list[str] = field(default_factory=list)

    @property
    def forum(self) -> str:
        return self.place.server.url

    def visit(self, who: str = "", **manner: Any) -> Page:
        """A browser of its own, `who` logged in to the forum; "" is somebody who passes by."""
        manner = {"locale": "en-GB", "viewport": {"width": 1200, "height": 900}, **manner}
        context: BrowserContext = self.chromium.new_context(**manner)
        if who:
            session = self.place.forum.as_member(who).login()
            context.add_cookies([{"name": "_t", "value": session, "url": self.forum}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        return page

    def picture(self, page: Page, name: str) -> None:
        """Keep a picture of what is seen."""
        page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
        page.screenshot(path=self.shots / f"inline-{name}.png", full_page=True)


@pytest.fixture
def town(tmp_path: Path, chromium: Browser, shots: Path) -> Iterator[Town]:
    """Four weeks of help on Excel and kanban, a closed room, a plugin that may act, pages that load our elements."""
    served: list[Place] = []
    web = make_server("127.0.0.1", 0, lambda environ, start: served[0].app(environ, start), threaded=True)
    url = f"http://127.0.0.1:{web.server_port}"
    thread = threading.Thread(target=web.serve_forever, args=(0.05,), daemon=True)
    settings = {"connect_secret": CONNECT, "public_url": url, "inline_patience": 100.0}
    with Place(tmp_path, plugins=(expert_finder,), settings=settings) as place:
        served.append(place)
        thread.start()
        _live(place)
        place.forum.set(theme_service_url=url, title="Le jardin partagé")
        place.forum.allow_login_for("127.0.0.1", CONNECT)
        found = Town(place, url, chromium, shots)
        yield found
        for context in chromium.contexts:
            context.close()
        web.shutdown()
        thread.join(10)
        web.server_close()
    assert found.problems == []


def _live(place: Place) -> None:
    forum = place.forum
    join(place)
    forum.add_member("louis", name="Louis", locale="fr", created_at=MONDAY - timedelta(days=400))
    forum.add_group("team", "claire")
    room = forum.add_category("Team", permissions={"team": 1})
    forum.faults.lose_hooks = True
    forum.as_member("claire").topic(room, HIDDEN, f"{EXCEL}: only the team may read this.")
    live(place)


def _asked(town: Town, who: str = "lea") -> int:
    """Somebody asks something about Excel, and it is known to the service."""
    topic = town.place.forum.as_member(who).topic("general", QUESTION, how(EXCEL))
    town.place.settle()
    return topic


def _card(page: Page) -> Locator:
    card = page.locator(".card")
    expect(card).to_be_visible(timeout=15_000)
    return card


def _nothing(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator(".card")).to_have_count(0)


def test_reading_an_unanswered_topic(town: Town) -> None:
    """The asker sees who may help, with reasons and links that open, asks one of them, and says that it was useful."""
    topic = _asked(town)
    page = town.visit("lea")
    page.goto(f"{town.forum}/t/{topic}")
    card = _card(page)
    expect(card).to_contain_text("Xavier")
    expect(card).to_contain_text("Xenia")
    expect(card).not_to_contain_text("Karim")
    town.picture(page, "topic-light")
    links = card.locator(".people .links a").evaluate_all("(links) => links.map((one) => one.href)")
    assert links
    for link in links:
        answer = page.request.get(link)
        assert answer.ok, link
    card.locator(".people button").first.click()
    expect(card.locator(".said").first).not_to_be_empty()
    town.place.settle()
    assert len(_invitations(town)) == 1
    card.get_by_role("button", name="Useful", exact=True).click()
    expect(card.get_by_text("Thank you, noted.")).to_be_visible()
    town.picture(page, "topic-asked")
    page.reload()
    expect(_card(page).locator(".people button")).to_have_count(card.locator(".people > li").count() - 1)


def _compose(town: Town, page: Page, title: str = DRAFT) -> None:
    page.goto(f"{town.forum}/new-topic")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Category").select_option(label="General")
    page.get_by_label("Text").fill(how(EXCEL))


def test_writing_a_question(town: Town) -> None:
    """While a question is written help comes beside it; who is wished for is asked once the topic is there."""
    page = town.visit("lea")
    page.clock.install()
    with page.expect_response("**/inline/composer"):
        _compose(town, page)
        page.clock.fast_forward(1_000)
    # The first draft after a start may find the past still being read; the next pause does not.
    page.get_by_label("Text").press_sequentially(" I am lost.")
    page.clock.fast_forward(1_000)
    card = _card(page)
    expect(card.locator(".links a").first).to_have_attribute("target", "_blank")
    town.picture(page, "composer-light")
    people = card.locator(".people button")
    if not people.count():
        # What was answered before comes first; people are the second suggestion of a draft, after some peace.
        card.get_by_role("button", name="Close").click()
        page.clock.fast_forward(31_000)
        page.get_by_label("Text").press_sequentially(" Thank you.")
        page.clock.fast_forward(1_000)
        card = _card(page)
    people.first.click()
    expect(card.locator(".said").first).not_to_be_empty()
    town.place.settle()
    assert _invitations(town) == []
    page.get_by_role("button", name="Create topic").click()
    page.wait_for_url("**/t/**")
    town.place.settle()
    assert len(_invitations(town)) == 1


def test_asked_through_the_card_means_a_polite_message(town: Town) -> None:
    """Xavier or Xenia finds one message of ours in the inbox, with the question's link and a way to say no."""
    topic = _asked(town)
    page = town.visit("lea")
    page.goto(f"{town.forum}/t/{topic}")
    card = _card(page)
    chosen = card.locator(".people > li").first.locator(".who a").inner_text().lower()
    card.locator(".people button").first.click()
    expect(card.locator(".said").first).not_to_be_empty()
    town.place.settle()
    theirs = town.visit(chosen)
    theirs.goto(f"{town.forum}/my/messages")
    theirs.locator("a.title").first.click()
    expect(theirs.locator(".cooked").first).to_contain_text(QUESTION)
    answers = theirs.locator(f".cooked a[href^='{town.url}/feedback/']")
    assert set(answers.all_inner_texts()) >= {"gladly", "not this one", "not now", "never for me"}


def test_whoever_does_not_want_to_be_named_is_not(town: Town) -> None:
    """Xavier takes himself off on his own page, with the forum's login: from the next look on only Xenia is named."""
    topic = _asked(town)
    theirs = town.visit("xavier")
    theirs.goto(f"{town.url}/me")
    theirs.get_by_role("button", name="Log in with the forum").click()
    theirs.wait_for_url("**/me")
    theirs.locator("input[name='plugin:expert_finder']").uncheck()
    theirs.get_by_role("button", name="Save").first.click()
    theirs.wait_for_load_state()
    page = town.visit("lea")
    page.goto(f"{town.forum}/t/{topic}")
    card = _card(page)
    expect(card).to_contain_text("Xenia")
    expect(card).not_to_contain_text("Xavier")


def test_never_for_me_is_never(town: Town) -> None:
    """One click, and neither this topic nor another nor the composer shows it again, in any browser of hers."""
    topic = _asked(town)
    page = town.visit("lea")
    page.goto(f"{town.forum}/t/{topic}")
    with page.expect_response("**/inline/verdict"):
        _card(page).get_by_role("button", name="Never for me").click()
    _nothing(page)
    other = town.visit("lea")
    for address in (f"/t/{topic}", f"/t/{_asked_again(town)}"):
        with other.expect_response("**/inline/topic"):
            other.goto(town.forum + address)
        _nothing(other)


def test_who_passes_by_sees_what_is_public(town: Town) -> None:
    """Anonymous: the forum is not asked who reads, no verdict and nobody to be asked, nothing of the closed room."""
    topic = _asked(town)
    page = town.visit()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    with page.expect_response("**/inline/topic") as answered:
        page.goto(f"{town.forum}/t/{topic}")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "sso_provider" in url or "/identity/" in url] == []
    suggestions = answered.value.json()["suggestions"]
    assert all(one["verdict"] is None and one["offers"] == [] for one in suggestions)
    assert HIDDEN not in page.locator("body").inner_text()
    assert HIDDEN not in answered.value.text()


def test_the_closed_room_stays_closed(town: Town) -> None:
    """A member who is not in the team writes about just what the team wrote about: no word of it comes."""
    page = town.visit("lea")
    with page.expect_response("**/inline/composer") as answered:
        _compose(town, page, HIDDEN)
    assert HIDDEN not in answered.value.text()


def test_a_service_that_is_down_leaves_the_pages_intact(town: Town) -> None:
    """Nobody answers where the forum was told of us: pages, posting and previews work, and nothing is drawn."""
    topic = _asked(town)
    town.place.forum.set(theme_service_url="http://127.0.0.1:9")
    page = town.visit("xavier")
    page.goto(f"{town.forum}/t/{topic}")
    _nothing(page)
    page.get_by_label("Your reply").fill("With the menu Data, then Pivot table.")
    page.get_by_role("button", name="Reply").click()
    expect(page.locator("section.post")).to_have_count(2)
    town.picture(page, "down")
    _compose(town, page)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_label("Preview")).to_contain_text("pivot table")
    page.get_by_role("button", name="Create topic").click()
    page.wait_for_url("**/t/**")


def test_without_scripts_the_pages_are_whole(town: Town) -> None:
    """A browser that runs no scripts reads and replies as ever."""
    topic = _asked(town)
    page = town.visit("xavier", java_script_enabled=False)
    page.goto(f"{town.forum}/t/{topic}")
    page.get_by_label("Your reply").fill("With the menu Data, then Pivot table.")
    page.get_by_role("button", name="Reply").click()
    expect(page.locator("section.post")).to_have_count(2)


@pytest.mark.parametrize(
    ("look", "manner"),
    [
        ("dark", {"color_scheme": "dark"}),
        ("french", {"locale": "fr-FR"}),
        ("narrow", {"viewport": {"width": 390, "height": 844}, "locale": "fr-FR", "has_touch": True}),
        ("narrow-dark", {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}),
    ],
)
def test_it_fits_where_it_is_read(town: Town, look: str, manner: dict[str, Any]) -> None:
    """Dark, French, on a telephone: nothing is wider than the screen, in a topic as in the composer."""
    french = "fr" in manner.get("locale", "")
    who = "louis" if french else "lea"
    topic = _asked(town, who)
    page = town.visit(who, **manner)
    page.goto(f"{town.forum}/t/{topic}")
    card = _card(page)
    expect(card).to_contain_text("Vous seul·e voyez ceci" if french else "Only you see this")
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) <= 0
    town.picture(page, f"topic-{look}")
    page.goto(f"{town.forum}/new-topic")
    page.locator("#title").fill(DRAFT)
    page.locator("#category").select_option(index=1)
    page.locator("#raw").fill(how(EXCEL))
    _card(page)
    assert page.evaluate(wider) <= 0
    town.picture(page, f"composer-{look}")


def _asked_again(town: Town) -> int:
    topic = town.place.forum.as_member("lea").topic(
        "general", "Which formula filters a column?", f"{how(EXCEL)} Please."
    )
    town.place.settle()
    return topic


def _invitations(town: Town) -> list[Any]:
    return [one for one in town.place.acts(plugin="expert_finder") if str(one["once"]).startswith("invite:")]
