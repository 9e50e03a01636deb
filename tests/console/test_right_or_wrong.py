"""What managers say of a plugin's work in the console, and whose name a plugin's page hears."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugins.blocks import Page, Text
from plugins.contract import Plugin
from tests.console.stage import Stage
from webhooks import tables, verdicts
from webhooks.context import Ground, keep, write_context
from webhooks.feedback import ANSWERS

warner = Plugin("warner", about="Warns.", title={"en": "Warner", "fr": "Vigie"})
heard: list[str] = []


@warner.page("steps", title={"en": "Steps", "fr": "Pas"}, roles=("admin", "community_manager"))
def steps(query: dict[str, str], context: Any) -> Page:
    if query.get("action") == "step":
        heard.append(context.desk.by)
        context.desk.set_mode("off", rule=query["rule"])
    return Page("Steps", [Text(f"Hello {context.desk.by}")])


def _warn(stage: Stage) -> None:
    with stage.service.database.begin() as connection, Session(bind=connection) as session:
        context = write_context(stage.service, session, Ground(warner, cause="test"))
        context.forum.alert("tension", "Ça chauffe", "Deux personnes se coupent.", once="a:1", why="Des mots.")
        keep(context)


def test_closing_an_alert_asks_whether_it_was_right(tmp_path: Path) -> None:
    """One click closes an alert and says whether it was right; whoever would rather not say just closes it."""
    for answer, kept in (("yes", True), ("no", False), ("", None)):
        with Stage(tmp_path / f"data{answer}", plugins=(warner,)) as stage:
            stage.allow("propose", warner)
            _warn(stage)
            claire = stage.client().login("claire")
            claire.get("/console/alerts")
            assert "Était-ce juste" in claire.text or "Was this right" in claire.text
            with stage.service.database.read() as connection:
                [alert] = connection.execute(select(tables.alerts)).all()
            claire.send(f"/console/alerts/{alert.id}/close", right=answer)
            with stage.service.database.read() as connection:
                [closed] = connection.execute(select(tables.alerts)).all()
            assert (closed.was_right, closed.closed_by) == (kept, "claire")


def test_a_plugin_s_page_knows_whose_hand_sent_its_form(tmp_path: Path) -> None:
    """What a manager decides on a plugin's own page is done in that manager's name, and stands among the changes."""
    heard.clear()
    with Stage(tmp_path / "data", plugins=(warner,)) as stage:
        claire = stage.client().login("claire")
        assert "Hello claire" in claire.get("/console/plugins/warner/page/steps").get_data(as_text=True)
        claire.send("/console/plugins/warner/page/steps", action="step", rule="insult.fr")
        assert heard == ["claire"]
        with stage.service.database.read() as connection:
            [change] = connection.execute(select(tables.changes).where(tables.changes.c.plugin == "warner")).all()
        assert (change.name, change.new, change.who) == ("mode:insult.fr", "off", "claire")


def test_members_have_no_hand_there(tmp_path: Path) -> None:
    """A member who is no manager reaches neither the page nor the form."""
    heard.clear()
    with Stage(tmp_path / "other", plugins=(warner,)) as stage:
        lea = stage.client().login("lea")
        assert lea.get("/console/plugins/warner/page/steps").status_code == 403
        lea.send("/console/plugins/warner/page/steps", action="step", rule="insult.fr")
        assert heard == []


def test_who_got_a_word_about_conduct_stands_in_no_list(tmp_path: Path) -> None:
    """Whoever decides sees whom it is for; once it is decided, the activity names nobody any more."""
    with Stage(tmp_path / "data", plugins=(warner,)) as stage:
        stage.allow("propose", warner)
        with stage.service.database.begin() as connection, Session(bind=connection) as session:
            context = write_context(stage.service, session, Ground(warner, cause="test"))
            context.forum.message(stage.id_of("karim"), "About your text", "A word.", once="w:1", why="Words.",
                                  conduct=True)  # fmt: skip
            keep(context)
        claire = stage.client().login("claire")
        assert "karim" in claire.get("/console/queue").get_data(as_text=True)
        with stage.service.database.read() as connection:
            [act] = connection.execute(select(tables.outbox)).all()
        claire.send(f"/console/queue/{act.id}/decline", reason="A joke.")
        activity = claire.get("/console/activity").get_data(as_text=True)
        assert "karim" not in activity
        assert "sur sa conduite" in activity or "about conduct" in activity


def test_every_answer_to_a_message_has_a_name_in_the_activity(tmp_path: Path) -> None:
    """Whatever a member may answer by a link, contesting included, stands beside the act and breaks no page."""
    with Stage(tmp_path / "data", plugins=(warner,)) as stage:
        stage.allow("act", warner)
        with stage.service.database.begin() as connection, Session(bind=connection) as session:
            context = write_context(stage.service, session, Ground(warner, cause="test"))
            for answer in ANSWERS:
                context.forum.message(stage.id_of("karim"), "A word", "Words.", once=f"w:{answer}", why="Words.")
            keep(context)
        with stage.service.database.begin() as connection:
            for answer in ANSWERS:
                verdicts.give(
                    connection, 1, "warner", f"w:{answer}", stage.id_of("karim"), answer, now=stage.clock.now()
                )
        page = stage.client().login("claire").get("/console/activity")
        assert page.status_code == 200
        assert "contest" in page.get_data(as_text=True)
