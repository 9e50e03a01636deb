"""A member takes along what is known: a file that other programs can read, with nothing of anybody else."""

import json
from typing import Any

from tests.console.helper_plugin import every_block
from tests.console.stage import Stage, Visitor
from webhooks.views.blocks_json import as_plain


def _taken(visitor: Visitor) -> dict[str, Any]:
    answer = visitor.get("/me/download")
    assert answer.content_type == "application/json; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    found: dict[str, Any] = json.loads(answer.get_data(as_text=True))
    return found


def test_a_member_takes_everything_along(stage: Stage) -> None:
    """The file names its own format, and holds the member's words, groups, wishes and answers; nothing of others."""
    lea = stage.client().login("lea")
    lea.get("/me")
    lea.send("/me", away_until="2026-12-01", language="fr", **{"plugin:helper": "1"})

    found = _taken(lea)

    assert found["format"] == "passerelle-member/1"
    assert found["member"]["username"] == "lea"
    assert any("pompe fuit" in post["text"] for post in found["posts"])
    assert {"away", "speaks"} <= {wish["kind"] for wish in found["wishes"]}
    assert [login["expires"][:4] for login in found["logins_that_end"]] == ["2026"]
    assert "joint torique" not in json.dumps(found, ensure_ascii=False)


def test_what_plugins_know_is_data_and_not_a_picture_of_it(stage: Stage) -> None:
    """Cards come as objects with a type, columns, rows and links; links that would answer for the member do not."""
    lea = stage.client().login("lea")
    number = stage.id_of("lea")

    (card,) = _taken(lea)["plugins"]

    assert card["plugin"] == "helper"
    text, table = card["known"]
    assert text == {"type": "text", "text": f"Subjects of member {number}: pumps", "heading": False, "quiet": False}
    assert (table["type"], table["columns"], len(table["rows"][0][0])) == ("table", ["Answer"], 2)
    assert "/f/" not in json.dumps(card)
    assert "/f/" in lea.get("/me").get_data(as_text=True)


def test_who_looked_and_what_was_opened_are_in_it(stage: Stage, claire: Visitor) -> None:
    """A manager opened a page about Karim: his file says who and when, her own that she opened it."""
    stage.publish()
    claire.get("/console/plugins/helper/page/people")

    his, hers = _taken(stage.client().login("karim")), _taken(claire)

    looked = [line["page"] for line in his["who_looked"] if line["who"] == "claire"]
    opened = [line["page"] for line in hers["pages_i_opened"]]
    assert looked
    assert set(looked) <= set(opened)
    assert all("member" not in line for line in hers["pages_i_opened"])


def test_every_block_a_plugin_may_use_is_plain_json() -> None:
    """Whatever a card is made of can be written as JSON and keeps its words; nothing in it runs or is a picture."""
    told = as_plain(every_block("word"))

    assert json.loads(json.dumps(told)) == told
    assert {one["type"] for one in told} >= {"text", "table", "figures", "curve", "form", "rawlist", "picture"}
    assert [one for one in told if one["type"] == "picture"] == [{"type": "picture", "alt": "word"}] * 2
