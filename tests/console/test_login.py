"""Logging in with the forum's own account: one-time nonce, roles from groups, checked again, ended for good."""

import base64
from urllib.parse import parse_qsl, urlsplit

from connector.login import sign_answer
from tests.console.stage import CONNECT, Stage, Visitor, later
from webhooks import pause
from webhooks.views.console_words import sentences

UNSURE = sentences("fr")["layout.unsure"].split(" {")[0]


def test_manager_logs_in_through_the_forum(stage: Stage) -> None:
    """Somebody whose forum group looks after the community comes to the console with the forum's login alone."""
    visitor = stage.client().login("claire")

    assert visitor.page is not None
    assert visitor.page.status_code == 200
    assert visitor.page.request.path == "/console"
    assert "claire" in visitor.text


def test_page_that_was_asked_for_comes_after_the_login(stage: Stage) -> None:
    """Whoever opens a page of the console first logs in and then lands on that very page."""
    visitor = stage.client()

    answer = visitor.get("/console/activity?state=sent")

    assert answer.status_code == 303
    assert "next=/console/activity?state%3Dsent" in answer.headers["Location"].replace("%2F", "/").replace("%3F", "?")


def test_nothing_leads_elsewhere_after_the_login(stage: Stage) -> None:
    """A login page made up by somebody else cannot send the visitor to another site."""
    for wish in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        visitor = stage.client()
        address = visitor.start_login(wish).headers["Location"]

        answer = visitor.get(visitor.forum_says("claire", address))

        assert answer.headers["Location"] == "/console"


def test_answer_counts_once(stage: Stage) -> None:
    """The same signed answer of the forum opens no second session, not even for the same browser."""
    visitor = stage.client()
    back = visitor.forum_says("claire", visitor.start_login().headers["Location"])

    assert visitor.get(back).status_code == 303
    assert visitor.get(back).status_code == 400
    assert stage.client().get(back).status_code == 400


def test_answer_counts_for_the_browser_that_asked(stage: Stage) -> None:
    """An answer that was stolen on its way logs nobody else in."""
    visitor = stage.client()
    back = visitor.forum_says("claire", visitor.start_login().headers["Location"])

    thief = stage.client()
    assert thief.get(back).status_code == 400
    assert thief.get("/console").status_code == 303


def test_answer_is_late_after_ten_minutes(stage: Stage) -> None:
    """A login that took more than ten minutes starts again."""
    visitor = stage.client()
    back = visitor.forum_says("claire", visitor.start_login().headers["Location"])

    later(stage, minutes=11)

    assert visitor.get(back).status_code == 400


def test_forged_answer_is_refused(stage: Stage) -> None:
    """An answer that the forum did not sign opens nothing."""
    visitor = stage.client()
    asked = dict(parse_qsl(urlsplit(visitor.start_login().headers["Location"]).query))
    nonce = dict(parse_qsl(base64.b64decode(asked["sso"]).decode()))["nonce"]
    told = [("nonce", nonce), ("external_id", "1"), ("username", "claire"), ("admin", "true")]

    sso, sig = sign_answer(told, "another secret")
    assert visitor.get("/login/answer", query_string={"sso": sso, "sig": sig}).status_code == 400
    sso, sig = sign_answer(told, CONNECT)
    assert (
        visitor.get(
            "/login/answer", query_string={"sso": sso, "sig": sig[:-1] + ("1" if sig[-1] == "0" else "0")}
        ).status_code
        == 400
    )


def test_session_is_new_after_each_login(stage: Stage) -> None:
    """Whatever a browser held before the login is worth nothing afterwards."""
    visitor = stage.client().login("lea")
    with visitor.http.session_transaction() as kept:
        old = kept["sid"]

    visitor.login("claire")

    with visitor.http.session_transaction() as kept:
        assert kept["sid"] != old
        kept["sid"] = old
    assert visitor.get("/me").status_code == 303


def test_member_without_a_role_gets_her_own_page(stage: Stage) -> None:
    """A member who looks after nothing is told so and lands on her own page."""
    visitor = stage.client().login("lea")

    assert visitor.page is not None
    assert visitor.page.request.path == "/me"
    assert visitor.get("/console").status_code == 403


def test_removed_manager_is_out_within_five_minutes(stage: Stage, claire: Visitor) -> None:
    """Whoever leaves the forum group loses the console at the next check, five minutes later at most."""
    stage.server.forum.staff.leave_group("animation", "claire")
    assert claire.get("/console").status_code == 200

    later(stage, minutes=6)

    assert claire.get("/console").status_code == 403


def test_suspended_or_gone_account_is_logged_out(stage: Stage, claire: Visitor) -> None:
    """An account that the forum no longer knows has no session any more."""
    stage.server.forum.staff.destroy("claire")

    later(stage, minutes=6)

    assert claire.get("/console").status_code == 303


def test_silent_forum_throws_nobody_out_at_once(stage: Stage, claire: Visitor) -> None:
    """While the forum does not answer the last known groups count in full for half an hour, and open for four more."""
    stage.server.forum.faults.add("down", times=None)
    later(stage, minutes=6)
    assert claire.get("/console").status_code == 200
    assert UNSURE not in claire.text
    later(stage, minutes=30)
    assert claire.get("/console").status_code == 200
    assert UNSURE in claire.text
    later(stage, hours=4)
    assert claire.get("/console").status_code == 303


def test_while_the_forum_is_silent_one_may_stop_things_only(stage: Stage, claire: Visitor) -> None:
    """Nobody lets anything go by rights that may be gone: pausing works, going on and every setting wait."""
    stage.server.forum.faults.add("down", times=None)
    later(stage, minutes=40)

    claire.get("/console/house")
    assert claire.send("/console/house", address="tu").status_code == 503
    claire.get("/console")
    assert claire.send("/console/pause", pause="1").status_code == 200
    assert claire.send("/console/pause", pause="0").status_code == 503
    with stage.service.database.read() as connection:
        assert pause.is_paused(connection, 1)

    stage.server.forum.faults.clear()
    later(stage, minutes=2)
    claire.get("/console")
    assert UNSURE not in claire.text
    assert claire.send("/console/pause", pause="0").status_code == 200


def test_a_silent_forum_is_not_waited_for_on_every_page(stage: Stage, claire: Visitor) -> None:
    """Asked for somebody's groups in vain it is left alone for a minute; then it is asked again."""
    stage.server.forum.faults.add("down", times=None)
    later(stage, minutes=6)
    claire.get("/console")
    stage.server.forum.faults.clear()
    stage.server.forum.staff.destroy("claire")

    assert claire.get("/console").status_code == 200
    later(stage, minutes=2)
    assert claire.get("/console").status_code == 303


def test_logout_is_final(stage: Stage, claire: Visitor) -> None:
    """After logging out, the old cookie opens nothing."""
    with claire.http.session_transaction() as kept:
        word = kept["sid"]
    claire.get("/console")
    claire.send("/logout")

    with claire.http.session_transaction() as kept:
        kept["sid"] = word
    assert claire.get("/console").status_code == 303


def test_console_link_opens_once(stage: Stage) -> None:
    """A one-time link opens the console by its button, one time; looking at it uses nothing up."""
    path = stage.link()
    visitor = stage.client()

    visitor.get(path)
    visitor.get(path)
    visitor.send(path)
    assert visitor.page is not None
    assert visitor.page.request.path == "/console"

    other = stage.client()
    other.get(path)
    assert other.send(path).status_code == 400
