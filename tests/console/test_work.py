"""A manager's work: deciding, undoing, setting, publishing, and what members say about themselves."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.console.helper_plugin import plugin as helper
from tests.console.stage import MONDAY, Stage, Visitor, later
from tests.webhooks.plugin_samples import greeter
from webhooks import cases, modes, tables, wishes
from webhooks.feedback import Claim, Links
from webhooks.replay import ReplayedAct
from webhooks.settings_store import settings_of
from webhooks.worker import Worker


@pytest.fixture
def stage(tmp_path: Path, database_url: str) -> Iterator[Stage]:
    """A forum and a console, on each of the databases."""
    with Stage(tmp_path / "data", database_url=database_url) as found:
        yield found


def states(stage: Stage) -> dict[str, str]:
    """The state of every act, by its key."""
    with stage.service.database.read() as connection:
        return {row.once: row.state for row in connection.execute(select(tables.outbox))}


def number_of(stage: Stage, once: str) -> int:
    with stage.service.database.read() as connection:
        query = select(tables.outbox.c.id).where(tables.outbox.c.once == once)
        return int(connection.execute(query).scalar_one())


def test_nothing_leaves_watch_before_people_were_told(stage: Stage, claire: Visitor) -> None:
    """No plugin may propose or act before why-page and announcement are published and its cases were looked at."""
    path = "/console/plugins/helper"
    stage.ask_for("case-1")
    claire.get(path)
    claire.send(f"{path}/mode", mode="propose")
    assert "/console/why" in claire.text

    stage.publish()
    claire.send(f"{path}/mode", mode="act")
    with stage.service.database.read() as connection:
        assert modes.mode_of(connection, 1, "helper") == "watch"

    claire.send(f"{path}/cases")
    claire.send(f"{path}/mode", mode="propose")
    with stage.service.database.read() as connection:
        assert modes.mode_of(connection, 1, "helper") == "propose"


def test_cases_come_from_the_forum_s_own_history(stage: Stage, claire: Visitor) -> None:
    """`passerelle replay` leaves ten cases, spread over the time replayed, which the plugin's page shows."""
    acts = [
        ReplayedAct(MONDAY, "message", stage.topic, f"Cas {number}", f"Texte {number}", f"Raison {number}")
        for number in range(50)
    ]
    with stage.service.database.begin() as connection:
        cases.keep(connection, 1, "helper", acts, stage.service.archive.is_shown, MONDAY)

    claire.get("/console/plugins/helper")

    assert re.findall(r"Raison (\d+)", claire.text) == ["0", "5", "10", "15", "20", "25", "30", "35", "40", "45"]
    assert claire.send("/console/plugins/helper/cases").status_code == 200


def test_no_way_leads_round_the_ten_cases(stage: Stage) -> None:
    """Whoever sets a mode, console, command or code: nothing is proposed before somebody looked at the cases."""
    stage.publish()
    with stage.service.database.begin() as connection:
        for mode in ("propose", "act"):
            with pytest.raises(modes.ModeRefused, match="cases"):
                modes.set_mode(connection, 1, "helper", mode, who="claire", now=MONDAY)
            with pytest.raises(modes.ModeRefused, match="cases"):
                modes.set_mode(connection, 1, "helper", mode, who="claire", now=MONDAY, category_id=5)
        modes.set_mode(connection, 1, "helper", "off", who="claire", now=MONDAY)


def test_a_manager_has_the_past_gone_over(tmp_path: Path) -> None:
    """A button in the console: the worker goes over the past, the page shows how far it is, then the cases."""
    with Stage(tmp_path, plugins=(greeter(),)) as stage:
        claire = stage.client().login("claire")
        claire.get("/console/plugins/greeter")
        claire.send("/console/plugins/greeter/replay")
        assert 'hx-trigger="every 2s"' in claire.text
        assert claire.send("/console/plugins/greeter/replay").status_code == 200

        Worker(stage.service).run_until_idle()

        assert claire.get("/console/plugins/greeter/replay").headers["HX-Refresh"] == "true"
        claire.get("/console/plugins/greeter")
        assert "A new topic." in claire.text
        assert "Welcome here, somebody will come." in claire.text
        assert 'hx-trigger="every 2s"' not in claire.text
        assert not (tmp_path / "replays").exists()


def test_members_of_the_greeters_may_not_start_it(stage: Stage) -> None:
    """Going over the past is for those who lead; others get a page that says so."""
    visitor = stage.client().login("gilles")
    assert visitor.send("/console/plugins/helper/replay").status_code == 403


def test_category_may_go_less_far(stage: Stage, claire: Visitor) -> None:
    """One category can be kept in watch while the rest proposes, and the override taken back."""
    stage.allow("propose")
    room = stage.rooms["Entraide"]
    claire.get("/console/plugins/helper")

    claire.send("/console/plugins/helper/mode", category=room, mode="watch")
    stage.ask_for("in-room")
    claire.send("/console/plugins/helper/mode", category=room, mode="")
    stage.ask_for("after")

    assert states(stage) == {"in-room": "watched", "after": "proposed"}


def test_item_taken_by_one_shows_as_taken_to_the_other(stage: Stage, claire: Visitor) -> None:
    """Two managers do not work on the same proposal without knowing it; the second may take it over."""
    stage.allow("propose")
    stage.ask_for("one")
    number = number_of(stage, "one")
    marc = stage.client().login("marc")

    claire.send(f"/console/queue/{number}/take")
    marc.get("/console/queue")
    assert re.search("claire (is on it|s’en occupe)", marc.text)
    marc.send(f"/console/queue/{number}/approve")
    assert states(stage) == {"one": "proposed"}

    marc.send(f"/console/queue/{number}/take")
    marc.send(f"/console/queue/{number}/approve", text="En d'autres mots.")
    assert states(stage) == {"one": "due"}
    claire.send(f"/console/queue/{number}/decline", reason="trop tard")
    assert states(stage) == {"one": "due"}


def test_empty_words_and_missing_reasons_are_refused(stage: Stage, claire: Visitor) -> None:
    """An empty text is not sent, and a no comes with its why."""
    stage.allow("propose")
    stage.ask_for("one")
    number = number_of(stage, "one")

    claire.send(f"/console/queue/{number}/approve", text="  ")
    claire.send(f"/console/queue/{number}/decline", reason=" ")
    assert states(stage) == {"one": "proposed"}
    assert claire.send("/console/queue/999/approve").status_code == 404

    claire.send(f"/console/queue/{number}/decline", reason="Il vaut mieux attendre")
    claire.get("/console/activity?state=declined")
    assert "Il vaut mieux attendre" in claire.text


def test_undo_of_what_was_not_sent_makes_it_lapse(stage: Stage, claire: Visitor) -> None:
    """What has not gone out yet simply does not."""
    stage.allow("act")
    stage.ask_for("one")

    claire.get("/console/activity")
    claire.send(f"/console/activity/{number_of(stage, 'one')}/undo")

    assert states(stage) == {"one": "lapsed"}


def test_pause_stops_everything_and_shows_everywhere(stage: Stage, claire: Visitor) -> None:
    """One button: from then on nothing is asked for, and each page says so until somebody resumes."""
    stage.allow("act")
    claire.get("/console")
    claire.send("/console/pause", pause="1")
    stage.ask_for("paused")
    claire.get("/console/activity")
    assert 'class="paused-bar"' in claire.text
    assert states(stage) == {"paused": "watched"}

    claire.send("/console/pause", pause="0")
    assert 'class="paused-bar"' not in claire.text


def test_settings_are_saved_shown_and_put_back(stage: Stage, claire: Visitor) -> None:
    """A save lists who changed what from what to what, and one click puts it back; a mistake saves nothing."""
    path = "/console/plugins/helper/settings"
    good = {
        "per_week": "5",
        "share": "0,25",
        "wait": "2 j",
        "words": "joint\nfuite",
        "tone": "dry",
        "token": "s3cret-word",
    }
    claire.get(path)
    assert claire.send(path, **{**good, "per_week": "99"}).status_code == 422
    assert _settings(stage).per_week == 3

    claire.send(path, **good)
    kept = _settings(stage)
    assert (kept.per_week, kept.share, kept.words, kept.tone) == (5, 0.25, ("joint", "fuite"), "dry")
    assert "s3cret-word" not in claire.text
    assert "claire" in claire.text

    with stage.service.database.read() as connection:
        query = select(tables.changes.c.id).where(tables.changes.c.name == "per_week")
        change = connection.execute(query).scalar_one()
    claire.send("/console/plugins/helper/put-back", change=change)
    assert _settings(stage).per_week == 3


def test_settings_of_one_category(stage: Stage, claire: Visitor) -> None:
    """What is ticked differs in that category only; everything else follows the whole forum."""
    path, room = "/console/plugins/helper/settings", stage.rooms["Comptoir"]
    assert "Seulement pour Comptoir" in claire.get(f"{path}?category={room}").text

    claire.send(path, category=str(room), own="per_week", per_week="1", tone="dry")

    assert _settings(stage).per_week == 3
    assert (_settings(stage, room).per_week, _settings(stage, room).tone) == (1, "warm")


def test_house_settings_name_the_roles(stage: Stage, claire: Visitor) -> None:
    """The managers name the forum group that welcomes newcomers, and its people get their page."""
    stage.server.forum.add_group("parrains", "ines")
    claire.get("/console/house")
    claire.send("/console/house", **{**_house(claire), "greeter_groups": "parrains"})

    visitor = stage.client().login("ines")

    assert visitor.get("/console/plugins/helper/page/greeters").status_code == 200


def test_why_page_and_announcement_are_drafted_then_published(stage: Stage, claire: Visitor) -> None:
    """Both texts wait ready in French and English; published, the page is open and the announcement queued once."""
    claire.get("/console/why")
    assert "Pourquoi Passerelle est là" in claire.text
    assert "Why Passerelle is here" in claire.text

    claire.send("/console/why", kind="why", fr="# Notre page\n\n<b>x</b>", en="# Our page", do="publish")
    stranger = stage.client()
    stranger.get("/why", headers={"Accept-Language": "fr"})
    assert "<h1>Notre page</h1>" in stranger.text
    assert "<b>" not in stranger.text
    stranger.get("/why", headers={"Accept-Language": "en"})
    assert "Our page" in stranger.text

    text = {"fr": "Voici Passerelle parmi nous\nBonjour à tous.", "en": "Here is Passerelle\nHello."}
    for _ in range(2):
        claire.send("/console/why", kind="announcement", category=stage.rooms["Comptoir"], do="publish", **text)
    with stage.service.database.read() as connection:
        acts = connection.execute(select(tables.outbox)).all()
    assert [(act.verb, act.state, act.title) for act in acts] == [("open_topic", "due", "Voici Passerelle parmi nous")]
    assert "Hello." in acts[0].text


def test_expertise_is_shown_to_nobody_before_publication(stage: Stage, claire: Visitor) -> None:
    """A page about people stays closed until everybody could read why it exists."""
    path = "/console/plugins/helper/page/people"
    claire.get(path)
    assert "Leaking pump" not in claire.text

    stage.publish()
    claire.get(path)
    assert "Leaking pump" in claire.text


def test_member_reads_who_looked(stage: Stage, claire: Visitor) -> None:
    """Each view of a page about a member stands on that member's own page."""
    stage.publish()
    claire.get("/console/plugins/helper/page/people")

    karim = stage.client().login("karim")
    karim.get("/me")
    assert "claire" in karim.text
    lea = stage.client().login("lea")
    lea.get("/me")
    assert "claire" not in lea.text
    claire.get("/console/access")
    assert "karim" in claire.text


def test_duty_absence_and_closure(stage: Stage, claire: Visitor) -> None:
    """The team is named, somebody is away with a deputy, a closure stands in the calendar; nonsense is refused."""
    claire.get("/console/duty")
    claire.send("/console/duty/people", username="claire")
    claire.send("/console/duty/people", username="nobody-at-all")
    assert "nobody-at-all" in claire.text
    claire.send(
        "/console/duty/absences", username="claire", first_day="2026-11-23", last_day="2026-11-24", deputy="marc"
    )
    assert re.search("(On duty now|De permanence en ce moment)\\s?: marc", claire.text)
    claire.send("/console/duty/absences", username="claire", first_day="2026-11-24", last_day="2026-11-23")
    claire.send("/console/duty/closures", name="Pont", first_day="2026-12-24", last_day="2026-12-31")
    assert "Pont" in claire.text
    with stage.service.database.read() as connection:
        assert len(connection.execute(select(tables.absences)).all()) == 1


def test_topic_is_left_in_peace_and_released(stage: Stage, claire: Visitor) -> None:
    """A manager names a topic by its address; anything else gets a sentence."""
    claire.get("/console/alerts")
    claire.send("/console/alerts/peace", topic=f"{stage.server.url}/t/une-pompe/{stage.topic}/2")
    assert "Une pompe qui fuit" in claire.text
    claire.send("/console/alerts/peace", topic="https://other.example/t/12")
    claire.send("/console/alerts/peace", topic="12; drop")
    with stage.service.database.read() as connection:
        assert [row.topic_id for row in connection.execute(select(tables.peace))] == [stage.topic]
    claire.send(f"/console/alerts/peace/{stage.topic}/release")
    with stage.service.database.read() as connection:
        assert connection.execute(select(tables.peace)).all() == []


def test_feedback_counts_only_after_its_button(stage: Stage) -> None:
    """A preview that opens the link changes nothing; the button does, once however often it is pressed."""
    lea = stage.id_of("lea")
    token = Links(stage.service.config, stage.clock.now).token(Claim("helper", "one", lea, "not_useful"))
    visitor = stage.client()
    for _ in range(3):
        assert visitor.get(f"/f/{token}").status_code == 200
    assert _verdicts(stage) == []

    for _ in range(2):
        visitor.send(f"/f/{token}", reason="Trop tôt")

    assert _verdicts(stage) == [("one", lea, "not_useful", "Trop tôt")]


def test_a_member_declines_unseen_from_the_own_page(stage: Stage) -> None:
    """Beside what a plugin knows of her Léa finds plain links to say no; that for this time silences nothing else."""
    lea = stage.client().login("lea")
    lea.get("/me")
    _, here = re.findall(r'href="(/f/[^"]+)"', lea.text)
    lea.get(here)
    lea.send(here)

    assert _verdicts(stage) == [("named", stage.id_of("lea"), "not_here", "")]
    with stage.service.database.read() as connection:
        assert connection.execute(select(tables.wishes)).all() == []


def test_feedback_page_speaks_the_language_the_member_chose(stage: Stage) -> None:
    """Whoever chose English on the own page gets the feedback page in English, whatever the forum speaks."""
    number = stage.id_of("lea")
    token = Links(stage.service.config, stage.clock.now).token(Claim("helper", "one", number, "useful"))
    lea = stage.client().login("lea")
    lea.get("/me")
    lea.send("/me", language="en", **{"plugin:helper": "1"})

    visitor = stage.client()
    visitor.get(f"/f/{token}", headers={"Accept-Language": "fr"})

    assert "Was this useful?" in visitor.text


def test_never_for_me_holds(stage: Stage) -> None:
    """« Never for me » stops that plugin for that member at once."""
    lea = stage.id_of("lea")
    visitor = stage.client()
    visitor.get(f"/f/{Links(stage.service.config, stage.clock.now).token(Claim('helper', 'one', lea, 'never'))}")
    assert visitor.page is not None
    visitor.send(visitor.page.request.path)

    with stage.service.database.read() as connection:
        assert wishes.opted_out(connection, 1, lea, "helper", None, stage.clock.now())


def test_forged_feedback_link_gets_a_kind_sentence(stage: Stage) -> None:
    """A link that was changed or cut names nobody and counts for nobody."""
    token = Links(stage.service.config, stage.clock.now).token(Claim("helper", "one", 1, "useful"))
    visitor = stage.client()
    visitor.get("/why")
    for wrong in (token[:-2], token[:9] + ("A" if token[9] != "A" else "B") + token[10:], "x", "1" * 300):
        assert visitor.get(f"/f/{wrong}").status_code == 410
        assert visitor.send(f"/f/{wrong}").status_code == 410
    assert _verdicts(stage) == []


def test_member_says_what_she_wishes(stage: Stage) -> None:
    """Opting out of one plugin, agreeing to be named, an absence and a language are kept and shown again."""
    lea = stage.client().login("lea")
    lea.get("/me")
    lea.send("/me", away_until="2026-12-01", language="en", **{"named:helper": "1"})
    number = stage.id_of("lea")

    with stage.service.database.read() as connection:
        now = stage.clock.now()
        assert wishes.opted_out(connection, 1, number, "helper", None, now)
        assert wishes.agreed(connection, 1, number, "helper", now)
        assert wishes.away_until(connection, 1, number, "helper", now) is not None
    assert '<html lang="en"' in lea.text
    assert 'value="2026-12-01"' in lea.text

    lea.send("/me", **{"plugin:helper": "1"})
    with stage.service.database.read() as connection:
        assert not wishes.opted_out(connection, 1, number, "helper", None, now)
        assert not wishes.agreed(connection, 1, number, "helper", now)


def test_member_is_erased_when_she_says_so_with_her_name(stage: Stage) -> None:
    """A wrong name erases nothing; the right one erases everything but the wish to be left alone."""
    lea = stage.client().login("lea")
    number = stage.id_of("lea")
    lea.get("/me")
    lea.send("/me/erase", confirm="karim")
    assert stage.service.archive.member(number) is not None

    lea.send("/me/erase", confirm="lea")

    assert stage.service.archive.member(number) is None
    assert lea.get("/me").status_code == 303
    with stage.service.database.read() as connection:
        kept = connection.execute(select(tables.wishes).where(tables.wishes.c.member_id == number)).all()
    assert [row.kind for row in kept] == ["never"]


def test_set_aside_deliveries_are_shown_and_tried_again(stage: Stage, claire: Visitor) -> None:
    """What failed five times stands on the connection page with its error, and one click tries it again."""
    row = {
        "site": 1, "event": "post_created", "type": "post", "lane": "topic:1", "body_hash": "x", "payload": "{}",
        "instance": "", "delivery_id": "", "received_at": MONDAY, "state": "quarantined", "tries": 5, "run_at": MONDAY,
        "fence": 0, "error": "ValueError in sync.py:12",
    }  # fmt: skip
    with stage.service.database.begin() as connection:
        number = connection.execute(tables.inbox.insert().values(**row)).inserted_primary_key[0]

    claire.get("/console/health")
    assert "ValueError in sync.py:12" in claire.text
    claire.send("/console/health/requeue", kind="delivery", id=number)

    with stage.service.database.read() as connection:
        assert connection.execute(select(tables.inbox.c.state)).scalar() == "pending"
    later(stage, minutes=1)


def _settings(stage: Stage, room: int | None = None) -> object:
    with stage.service.database.read() as connection:
        return settings_of(connection, 1, helper, room)


def _verdicts(stage: Stage) -> list[tuple[str, int, str, str]]:
    with stage.service.database.read() as connection:
        rows = connection.execute(select(tables.verdicts)).all()
    return [(row.once, row.member_id, row.answer, row.reason) for row in rows]


def _house(visitor: Visitor) -> dict[str, str]:
    """What the form of the house settings holds as it stands."""
    found = dict(re.findall(r'<input id="s-[^"]*" name="([^"]+)"[^>]* value="([^"]*)"', visitor.text))
    return {**found, "address": "vous", "quiet_days_off": "1", "days_off": "6"}
