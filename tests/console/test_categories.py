"""Whoever looks after single categories: what they see and decide stops at their categories."""

import re

import pytest
from sqlalchemy import select

from tests.console.stage import Stage, Visitor
from tests.console.test_work import number_of, states
from webhooks import peace, tables


@pytest.fixture
def ines(stage: Stage, claire: Visitor) -> Visitor:
    """Ines looks after the Comptoir, as Claire said on the duty page; one proposal waits in each category."""
    stage.server.forum.add_group("tenanciers", "ines")
    claire.send("/console/duty/rooms", **{f"room:{stage.rooms['Comptoir']}": "tenanciers"})
    chat = stage.server.forum.as_member("lea").topic(
        stage.rooms["Comptoir"], "Le café du lundi matin", "Qui passe prendre un café avec nous ?"
    )
    stage.service.archive.refresh_topic(chat, stage.service.forum)
    stage.allow("propose")
    stage.ask_for("elsewhere", "Karim connaît cette pompe.")
    stage.ask_for("mine", "Karim fait un bon café.", topic=chat)
    return stage.client().login("ines")


def test_category_manager_sees_what_concerns_the_category_alone(stage: Stage, ines: Visitor) -> None:
    """The queue, the activity and the counts of home show what is proposed in one's own categories, nothing else."""
    for path in ("/console/queue", "/console/activity"):
        ines.get(path)
        assert "bon café" in ines.text, path
        assert "cette pompe" not in ines.text, path
    ines.get("/console")
    assert re.search(r'id="count-queue">1<', ines.text)
    assert "Comptoir" in ines.text


def test_category_manager_decides_what_concerns_the_category_alone(stage: Stage, ines: Visitor) -> None:
    """Approving, declining, taking or undoing an act of another category is refused as if it were not there."""
    other = number_of(stage, "elsewhere")
    for path in (f"queue/{other}/take", f"queue/{other}/approve", f"activity/{other}/undo", f"activity/{other}/settle"):
        assert ines.send(f"/console/{path}", there="1").status_code == 404, path
    assert ines.send(f"/console/queue/{other}/decline", reason="non").status_code == 404

    ines.send(f"/console/queue/{number_of(stage, 'mine')}/approve")

    assert states(stage) == {"elsewhere": "proposed", "mine": "due"}


def test_category_manager_leaves_only_own_topics_in_peace(stage: Stage, ines: Visitor) -> None:
    """A topic of another category can neither be left in peace nor released by whoever looks after this one."""
    ines.send("/console/alerts/peace", topic=str(stage.topic))
    with stage.service.database.begin() as connection:
        assert peace.held_topics(connection, 1, stage.clock.now()) == set()
        peace.leave_in_peace(connection, 1, stage.topic, kind="manager", who="claire", now=stage.clock.now())

    assert ines.send(f"/console/alerts/peace/{stage.topic}/release").status_code == 404
    assert "pompe" not in ines.get("/console/alerts").get_data(as_text=True)


def test_category_manager_closes_only_own_alerts(stage: Stage, ines: Visitor) -> None:
    """An alert about a topic of another category is neither shown to nor closed by whoever looks after this one."""
    act = number_of(stage, "elsewhere")
    row = {"outbox_id": act, "plugin": "helper", "kind": "heat", "title": "Le ton monte", "text": "Un mot ?",
           "topic_id": stage.topic, "holds_topic": True, "opened_at": stage.clock.now(), "closed_by": ""}  # fmt: skip
    with stage.service.database.begin() as connection:
        connection.execute(tables.alerts.insert().values(site=1, **row))
        number = connection.execute(select(tables.alerts.c.id)).scalar_one()

    assert "Le ton monte" not in ines.get("/console/alerts").get_data(as_text=True)
    assert ines.send(f"/console/alerts/{number}/close").status_code == 404


def test_taking_a_category_back_takes_the_console_back(stage: Stage, claire: Visitor, ines: Visitor) -> None:
    """Once no category is left to look after, the console closes; the change stands in the list of changes."""
    claire.send("/console/duty/rooms", **{f"room:{stage.rooms['Comptoir']}": ""})

    assert ines.get("/console/queue").status_code == 403
    assert "tenanciers" in claire.get("/console/house").get_data(as_text=True)
