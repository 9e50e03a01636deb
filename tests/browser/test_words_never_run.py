"""Members' words in a real browser: nothing they write opens a dialog, loads anything, or breaks the policy."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Served, enter
from tests.console.test_safety import SCRIPTS

pytestmark = pytest.mark.browser


def test_no_script_of_a_member_runs(chromium: Browser, served: Served) -> None:
    """Titles, posts, reasons, evidence, chart labels and pictures made of attacks stay text; the curve is drawn."""
    stage = served.stage
    stage.allow("propose")
    for number, script in enumerate(SCRIPTS):
        stage.ask_for(f"evil-{number}", script, script, label=script)
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    ran: list[str] = []
    asked: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: ran.append(message.text) if "Content Security" in message.text else None)
    enter(page, served)
    for path in ("/console/queue", "/console/activity", "/console/plugins/helper"):
        page.goto(served.url + path)
    for script in SCRIPTS:
        page.goto(f"{served.url}/console/plugins/helper/page/blocks?word={quote(script)}")
        assert page.locator(".plot canvas").count() == 2
        assert page.locator(".u-legend").first.inner_text().count(script.strip().split("\u2028")[-1][:10]) >= 1

    assert ran == []
    assert [url for url in asked if not url.startswith((served.url, "data:image/"))] == []
    context.close()


def test_login_goes_to_the_forum_and_back(chromium: Browser, served: Served) -> None:
    """In a real browser the login button leads to the forum, whose login leads back to the page that was wanted."""
    stage = served.stage
    context = chromium.new_context(locale="en-GB")
    context.add_cookies(
        [{"name": "_t", "value": stage.server.forum.as_member("claire").login(), "url": stage.server.url}]
    )
    page = context.new_page()
    page.goto(served.url + "/console/activity")
    page.get_by_role("button", name="Log in with the forum").click()
    page.wait_for_url("**/console/activity")
    assert page.get_by_role("heading", level=1).inner_text() == "Activity"
    context.close()
