"""What must not be possible: forged forms, effects by a mere link, scripts in members' words, framed pages."""

import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import inspect, select

from plugins.blocks import Anchor
from tests.console.helper_plugin import orders
from tests.console.stage import Stage, Visitor, later
from webhooks import tables
from webhooks.app import UNFORGEABLE
from webhooks.views.blocks import href
from webhooks.views.blocks_csv import safe_cell
from webhooks.views.console_markdown import as_html

SCRIPTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ config }}{% print(1) %}",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "\u2028<iframe srcdoc='<script>alert(1)</script>'>",
    "--><script>alert(1)</script><!--",
)


def active(page: str) -> list[str]:
    """What in a page a browser would run: foreign scripts, handlers, frames, dangerous addresses."""
    found = []
    for node in LexborHTMLParser(page).css("*"):
        attributes = {name.lower(): (value or "").strip().lower() for name, value in node.attributes.items()}
        own = attributes.get("src", "").startswith("/static/") and "nonce" in attributes
        alien = node.tag in ("iframe", "object", "embed", "svg", "base") or (node.tag == "script" and not own)
        handlers = [name for name in attributes if name.startswith("on") or name in ("style", "srcdoc")]
        paths = [attributes.get(name, "") for name in ("href", "src", "action", "formaction", "hx-post", "hx-get")]
        wild = [path for path in paths if path.startswith(("javascript", "vbscript", "data:text"))]
        if alien or handlers or wild:
            found.append(str(node.html)[:200])
    return found


def test_members_words_never_run(stage: Stage, claire: Visitor) -> None:
    """Whatever a member or a plugin writes into a title, a name, a post or a label is shown as text."""
    stage.allow("propose")
    forum = stage.server.forum
    for number, script in enumerate(SCRIPTS):
        stage.ask_for(f"evil-{number}", script, script, label=script)
        title = f"Un sujet numéro {number} avec {script} dedans"
        topic = forum.as_member("lea").topic(stage.rooms["Comptoir"], title, f"{script} et du texte {number}")
        stage.service.archive.refresh_topic(topic, stage.service.forum)
        stage.ask_for(f"evil-in-{number}", script, script, topic=topic)
        later(stage, minutes=10)

    own = [f"/console/plugins/helper/page/blocks?word={quote(script)}" for script in SCRIPTS]
    pages = ["/console", "/console/queue", "/console/activity", "/console/alerts", "/console/plugins/helper", "/me"]
    for path in [*pages, *own, *(f"/login?next={quote(script)}" for script in SCRIPTS)]:
        claire.get(path, follow_redirects=True)
        assert active(claire.text) == [], path
    claire.get("/console/queue")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in claire.text


@pytest.mark.parametrize("script", SCRIPTS)
def test_markdown_of_managers_is_harmless(script: str) -> None:
    """A why-page may hold headings, lists and links, and nothing that runs or loads."""
    html = str(as_html(f"# Title\n\n{script}\n\n[link](javascript:alert(1)) ![x](http://evil.example/x.png)"))

    assert active(html) == []
    assert "<img" not in html
    assert "<h1>" in html


WRITES = (
    "/console/pause", "/console/queue/1/approve", "/console/queue/1/decline", "/console/queue/1/take",
    "/console/activity/1/undo", "/console/activity/1/settle", "/console/alerts/1/close", "/console/alerts/peace",
    "/console/alerts/peace/1/release", "/console/plugins/helper/mode", "/console/plugins/helper/cases",
    "/console/plugins/helper/put-back", "/console/plugins/helper/replay",
    "/m/helper", "/m/helper/names", "/console/plugins/helper/settings", "/console/house", "/console/house/put-back",
    "/console/plugins/helper/page/blocks", "/console/plugins/helper/page/blocks/look", "/console/voice",
    "/console/voice/put-back", "/console/voice/helper/names", "/console/duty/people", "/console/duty/rooms",
    "/console/duty/people/remove",
    "/console/duty/absences", "/console/duty/absences/remove", "/console/duty/closures",
    "/console/duty/closures/remove", "/console/health/requeue", "/console/why", "/console/preview", "/me", "/me/erase",
    "/login", "/logout", "/look/theme", "/look/language",
)  # fmt: skip


def test_list_of_writes_is_whole(stage: Stage) -> None:
    """Every address that takes a form is in the list that the next two tests go through."""
    exempt = {"feedback", *UNFORGEABLE}
    known = {re.sub(r"\d+|helper|blocks|names", "<>", path) for path in WRITES} | {"/login/link/<>"}
    posts = {
        re.sub(r"<[^>]+>", "<>", rule.rule)
        for rule in stage.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint.split(".")[0] not in exempt
    }

    assert posts - {path.replace("/plugins/<>", "/plugins/<>") for path in known} == set()


def test_forged_form_changes_nothing(stage: Stage, claire: Visitor) -> None:
    """A form without our hidden word, as another site would send it, is refused."""
    other = {"csrf_token": stage.client().token()}
    before = _state(stage)

    for path in WRITES:
        assert claire.http.post(path, data={"pause": "1", "mode": "act", "confirm": "claire"}).status_code == 400, path
        assert claire.http.post(path, data=other).status_code == 400, path

    assert _state(stage) == before


def test_opening_an_address_changes_nothing(stage: Stage, claire: Visitor) -> None:
    """A link that somebody is made to click has no effect: what writes takes forms only."""
    before = _state(stage)

    for path in WRITES:
        assert claire.get(path).status_code in (200, 303, 404, 405), path

    assert _state(stage) == before


def _state(stage: Stage) -> list[str]:
    still = set(inspect(stage.service.database.engine).get_table_names()) - {"host_pace", "host_sessions"}
    with stage.service.database.read() as connection:
        return [
            repr(connection.execute(select(table)).all())
            for name, table in sorted(tables.metadata.tables.items())
            if name in still
        ]


def test_pages_carry_their_protection(stage: Stage, claire: Visitor) -> None:
    """No page can be framed, sniffed as another type, or run a script that is not ours."""
    answer = claire.get("/console")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.findall(r'nonce="([^"]+)"', claire.text)[0] in policy
    cookie = stage.client().get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@given(st.text(max_size=60))
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever text a table holds, a spreadsheet that opens the file takes it for text."""
    assert not safe_cell(text).lstrip(" \u00a0\ufeff").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_table_comes_as_a_file(stage: Stage, claire: Visitor) -> None:
    """A table can be taken along as CSV, numbers as numbers, formulas disarmed."""
    stage.publish()

    answer = claire.get("/console/plugins/helper/page/blocks?csv=4")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "'=1+1" in claire.text
    assert ",-3," in claire.text
    assert claire.get("/console/plugins/helper/page/blocks?csv=0").status_code == 404


@given(st.text(max_size=80))
def test_links_stay_on_our_forum_or_on_ours(path: str) -> None:
    """Whatever path a plugin gives, its link leads to the forum or to this service."""
    for forum in (True, False):
        to = href(Anchor("x", path, forum), "https://forum.example")
        assert to is None or to.startswith("https://forum.example/" if forum else "/")
        assert to is None or not to.startswith(("//", "/\\"))


def test_forms_of_plugins_come_back_to_their_page(stage: Stage, claire: Visitor) -> None:
    """A list that was put in order, an editor and a form reach the plugin's handler with their action."""
    orders.clear()
    path = "/console/plugins/helper/page/blocks"

    claire.send(path, action="sort", order="b,a,c")
    claire.send(path, action="sort", **{"order": "a,b,c", "place:a": "3", "place:b": "1", "place:c": "2"})
    claire.send(path, action="write", note="Bonjour")

    assert orders == ["sort:b,a,c", "sort:b,c,a", "write:Bonjour"]
