"""The manager's walk through the console, as a person does it: clicks, forms, what is seen afterwards."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served, enter

pytestmark = pytest.mark.browser


def fill(served: Served) -> None:
    """Something to look at: published pages, two proposals, one act watched."""
    stage = served.stage
    stage.ask_for("watched-1", "Karim et Ines ont déjà aidé sur des pompes.", "Sans réponse depuis 36 heures ouvrées.")
    stage.allow("propose")
    stage.ask_for("proposed-1", "Karim a répondu trois fois sur ce genre de fuite.", "Sans réponse depuis 36 h.")
    stage.ask_for("proposed-2", "Ines connaît ces joints.", "Personne n'a encore répondu.")


def test_manager_walks_from_home_to_undo(chromium: Browser, served: Served, shots: Path) -> None:
    """Home, plugins, settings, queue, approve with a change, activity, undo: all by clicking."""
    fill(served)
    context = chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    enter(page, served)
    page.screenshot(path=shots / "home.png", full_page=True)
    page.get_by_role("link", name="Plugins", exact=True).click()
    page.screenshot(path=shots / "plugins.png", full_page=True)
    page.get_by_role("link", name="Helper").first.click()
    page.screenshot(path=shots / "plugin.png", full_page=True)
    page.get_by_role("link", name="Settings").first.click()
    page.get_by_label("Per person and week").fill("99")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("1 field")
    page.screenshot(path=shots / "settings-error.png", full_page=True)
    page.get_by_label("Per person and week").fill("5")
    page.get_by_label("Reply in public").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    page.screenshot(path=shots / "settings.png", full_page=True)
    page.get_by_role("navigation").get_by_role("link", name="To review").click()
    page.screenshot(path=shots / "queue.png", full_page=True)
    first = page.locator("article.card").first
    first.get_by_text("Change, then approve").click()
    first.get_by_label("Text").fill("Karim peut aider, il l'a déjà fait.")
    first.get_by_role("button", name="Approve with these changes").click()
    expect(first.get_by_text("About to be sent")).to_be_visible()
    expect(page.locator("#count-queue")).to_have_text("1")
    second = page.locator("article.card").nth(1)
    second.get_by_text("Decline").first.click()
    second.get_by_label("Why?").fill("Too early")
    second.get_by_role("button", name="Decline").click()
    expect(second.get_by_text("Declined").first).to_be_visible()
    page.screenshot(path=shots / "queue-decided.png", full_page=True)
    page.get_by_role("link", name="Activity", exact=True).click()
    page.screenshot(path=shots / "activity.png", full_page=True)
    due = page.locator("article.card", has_text="About to be sent")
    due.get_by_text("Undo", exact=True).click()
    due.get_by_role("button", name="Undo it now").click()
    expect(page.locator("article.card", has_text="Karim peut aider").get_by_text("Lapsed")).to_be_visible()
    assert [one for one in problems if "422" not in one] == []
    context.close()


PAGES = (
    ("home", "/console"),
    ("queue", "/console/queue"),
    ("activity", "/console/activity"),
    ("alerts", "/console/alerts"),
    ("voice", "/console/voice"),
    ("plugins", "/console/plugins"),
    ("plugin", "/console/plugins/helper"),
    ("settings", "/console/plugins/helper/settings"),
    ("blocks", "/console/plugins/helper/page/blocks"),
    ("people", "/console/plugins/helper/page/people"),
    ("measures", "/console/plugins/helper/measures"),
    ("house", "/console/house"),
    ("duty", "/console/duty"),
    ("health", "/console/health"),
    ("why-editor", "/console/why"),
    ("access", "/console/access"),
    ("why", "/why"),
    ("me", "/me"),
)


@pytest.mark.parametrize(
    ("look", "width", "scheme", "lang"),
    [("wide-light", 1280, "light", "fr-FR"), ("wide-dark", 1280, "dark", "en-GB"), ("narrow", 390, "light", "fr-FR")],
)
def test_every_page_fits(
    chromium: Browser, served: Served, shots: Path, look: str, width: int, scheme: str, lang: str
) -> None:
    """No page is wider than the screen, light or dark, on a telephone or a desk, and no script fails."""
    fill(served)
    context = chromium.new_context(locale=lang, viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(served.url + served.stage.link(member_id=served.stage.id_of("claire")))
    page.get_by_role("button", name="console").click()
    for name, path in PAGES:
        page.goto(served.url + path)
        page.screenshot(path=shots / f"{look}-{name}.png", full_page=True)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, (name, wider)
    assert problems == []
    context.close()


def test_keyboard_alone_is_enough(chromium: Browser, served: Served) -> None:
    """The first tab stop skips to the content; menu, forms and lists answer to the keyboard."""
    served.stage.publish()
    context = chromium.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    page = context.new_page()
    enter(page, served)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    menu = page.get_by_role("button", name="Menu")
    menu.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(menu).to_have_attribute("aria-expanded", "false")
    page.goto(served.url + "/console/plugins/helper/page/blocks")
    page.get_by_role("button", name=re.compile("Move First plain down")).focus()
    page.keyboard.press("Enter")
    assert page.locator("[data-order]").input_value() == "b,a,c"
    context.close()


def test_colours_and_language_stay_as_chosen(chromium: Browser, served: Served) -> None:
    """A choice of colours or language holds on every page after it."""
    context = chromium.new_context(locale="en-GB", color_scheme="light")
    page: Page = context.new_page()
    enter(page, served)
    page.get_by_role("button", name="Dark colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Passer en français").click()
    page.goto(served.url + "/console/activity")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("heading", level=1)).to_have_text("Activité")
    context.close()
