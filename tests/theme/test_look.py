"""How a card looks and is handled: keyboard, screen readers, colours of the page, narrow screens, little motion."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.test_safety import SCRIPTS
from tests.theme.pages import Pages, drawn, nothing_is_drawn, suggestion

pytestmark = pytest.mark.browser


def _styles(page: Page, selector: str, *names: str) -> list[str]:
    found = page.locator(selector).first.evaluate(
        "(one, names) => names.map((name) => getComputedStyle(one)[name])", list(names)
    )
    assert isinstance(found, list)
    return found


def test_it_wears_the_colours_of_the_page(page: Page, pages: Pages) -> None:
    """Light or dark, the card takes the variables of the forum, as a real one has them."""
    pages.beside.says("/inline/topic", suggestion())
    page.goto(pages.topic(user="3"))
    drawn(page)
    assert _styles(page, ".card", "backgroundColor", "color") == ["rgb(248, 248, 248)", "rgb(34, 34, 34)"]
    page.goto(pages.topic(user="3", scheme="dark"))
    drawn(page)
    assert _styles(page, ".card", "backgroundColor", "color") == ["rgb(40, 40, 40)", "rgb(221, 221, 221)"]


def test_words_are_read_easily(page: Page, pages: Pages) -> None:
    """Every text of a card has at least the contrast of 4.5 that WCAG AA asks for, light and dark."""
    pages.beside.says("/inline/topic", suggestion(text="A word more."))
    for scheme in ("light", "dark"):
        page.goto(pages.topic(user="3", scheme=scheme))
        drawn(page)
        assert page.evaluate(CONTRASTS) >= 4.5


CONTRASTS = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(at).backgroundColor);
      if (a === 1) return [r, g, b];
    }
  };
  const root = document.querySelector("passerelle-topic").shadowRoot;
  const worded = [...root.querySelectorAll(".card *")].filter((one) =>
    [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  const contrasts = worded.map((one) => {
    const [a, b] = [light(numbers(getComputedStyle(one).color)), light(ground(one))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  });
  return contrasts.length > 10 ? Math.min(...contrasts) : 0;
}"""


def test_a_screen_reader_knows_what_came(page: Page, pages: Pages) -> None:
    """A polite word announces the card, which is a labelled region; every button says what it does."""
    pages.beside.says("/inline/topic", suggestion())
    page.goto(pages.topic(user="3"))
    drawn(page)
    expect(page.locator("p[role=status]").first).to_have_text("A suggestion for you: Karim may know")
    expect(page.get_by_role("region", name="Karim may know")).to_be_visible()
    expect(page.get_by_role("group", name="What do you make of it?")).to_be_visible()
    expect(page.get_by_role("button", name="Ask Karim (Karim Benali)")).to_be_visible()
    assert "" not in [one.strip() for one in page.locator(".card").get_by_role("button").all_inner_texts()]


def test_the_keyboard_reaches_everything_and_finds_its_way_back(page: Page, pages: Pages) -> None:
    """Tab walks through the card in order, Escape closes it and leads back to where the writer was."""
    pages.beside.says("/inline/topic", suggestion())
    page.goto(pages.topic(user="3"))
    drawn(page)
    page.get_by_label("before").focus()
    walked = []
    for _ in range(10):
        page.keyboard.press("Tab")
        inner = "document.activeElement.shadowRoot?.activeElement?.textContent.trim() ?? ''"
        walked.append(page.evaluate(inner))
    assert walked[:5] == ["×", "La pompe fuit", "A pump that hums", "Karim Benali", "La pompe fuit"]
    assert walked[5:] == ["Ask Karim (Karim Benali)", "Useful", "Not useful", "Not now", "Never for me"]
    assert _styles(page, "button:focus-visible", "outlineStyle", "outlineWidth") == ["solid", "2px"]
    page.keyboard.press("Escape")
    nothing_is_drawn(page)
    expect(page.get_by_label("before")).to_be_focused()


def test_typing_a_reason_is_no_shortcut_of_the_forum(page: Page, pages: Pages) -> None:
    """Letters in the field for a reason, and Escape, do not reach the keyboard shortcuts of the page."""
    pages.beside.says("/inline/topic", suggestion())
    pages.beside.answers["/inline/verdict"] = lambda _sent: None
    page.goto(pages.topic(user="3"))
    page.evaluate("window.heard = []; document.addEventListener('keydown', (event) => heard.push(event.key))")
    drawn(page).get_by_role("button", name="Not useful").click()
    page.keyboard.type("jk")
    page.keyboard.press("Escape")
    nothing_is_drawn(page)
    assert page.evaluate("window.heard") == []


def test_everything_can_be_touched(chromium: Browser, pages: Pages) -> None:
    """Buttons are 24 pixels or more, and on a narrow screen nothing is wider than it."""
    pages.beside.says("/inline/topic", suggestion(title="Un titre assez long pour une page de téléphone étroite"))
    for width in (900, 390, 320):
        context = chromium.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        page.goto(pages.topic(user="3"))
        drawn(page)
        for box in (one.bounding_box() for one in page.locator(".card").get_by_role("button").all()):
            assert box is not None
            assert min(box["width"], box["height"]) >= 24
            assert box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


def test_on_a_telephone_the_composers_card_is_its_title_first(chromium: Browser, pages: Pages) -> None:
    """The keyboard needs the room: a tap shows the rest, another folds it away."""
    context = chromium.new_context(viewport={"width": 390, "height": 700})
    page = context.new_page()
    pages.beside.says("/inline/composer", suggestion())
    page.goto(pages.composer(title="A pump that leaks"))
    card = drawn(page)
    box = card.bounding_box()
    assert box is not None
    assert box["height"] < 90
    expect(card.get_by_role("link", name="A pump that hums")).to_be_hidden()
    card.get_by_role("button", name="Show").click()
    expect(card.get_by_role("link", name="A pump that hums")).to_be_visible()
    expect(card.get_by_role("button", name="Hide")).to_have_attribute("aria-expanded", "true")
    context.close()


def test_it_unfolds_gently_or_not_at_all(chromium: Browser, pages: Pages) -> None:
    """A card unfolds; for whom motion is too much it is simply there."""
    pages.beside.says("/inline/topic", suggestion())
    durations = {}
    for wish in ("no-preference", "reduce"):
        context = chromium.new_context(reduced_motion=wish)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(pages.topic(user="3"))
        drawn(page)
        durations[wish] = _styles(page, ".fold", "transitionDuration")[0]
        context.close()
    assert durations["reduce"] == "0s"
    assert durations["no-preference"].startswith("0.28s")


def test_no_word_of_a_member_runs(page: Page, pages: Pages) -> None:
    """Titles, names, reasons, labels and links made of attacks are drawn as their letters, and load nothing."""
    ran: list[str] = []
    asked: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    for script in SCRIPTS:
        person = {**suggestion()["people"][0], "name": script, "why": script, "note": script}
        evil = suggestion(
            title=script, why=script, text=script, people=[person],
            links=[{"title": script, "url": "https://forum.example/t/1"}],
            answers=[{"answer": "useful", "label": script}],
            offers=[{"label": script, "said": "", "token": "x", "person": 7}],
        )  # fmt: skip
        pages.beside.says("/inline/topic", evil)
        page.goto(pages.topic(user="3"))
        card = drawn(page)
        shown = " ".join(card.get_by_role("heading").inner_text().split())
        assert shown.startswith(" ".join(script.split())[:8])
        assert card.locator("img, iframe, script, form, object").count() == 0
    assert ran == []
    assert [url for url in asked if not url.startswith((pages.forum_url, pages.service_url))] == []


def test_a_name_in_another_script_keeps_its_direction(page: Page, pages: Pages) -> None:
    """Right-to-left titles read right to left within a card that reads left to right, and turned round the whole."""
    pages.beside.says("/inline/topic", suggestion(title="מי יכול לעזור?", lang="he"))
    page.goto(pages.topic(user="3"))
    drawn(page)
    assert _styles(page, "h2", "direction") == ["rtl"]
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert _styles(page, ".card", "borderRightWidth", "borderLeftWidth") == ["4px", "1px"]
