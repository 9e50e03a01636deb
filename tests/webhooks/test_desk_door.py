"""`ctx.desk`: a plugin hears what managers decided, and a mode rises by a manager's hand only."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from plugins.contract import Mode
from plugins.doors import Decision
from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import doing
from webhooks import desk, modes, peace
from webhooks.context import Ground, inline_context, keep, write_context
from webhooks.decisions import NOBODY, Hand

CLAIRE = Hand("claire", leads=True)


def _asks(event: Any, ctx: Any) -> None:
    number = event.topic().id
    for name in ("good", "mended", "bad"):
        ctx.forum.message(event.topic().user_id, "About your text", f"A word, {name}.", once=f"{name}:{number}",
                          why="A reason.", topic=number, rule="clause.en", conduct=True)  # fmt: skip
    ctx.forum.alert("tension", "Look", "They quarrel.", once=f"alert:{number}", why="A reason.", topic=number)


def _decisions(place: Place, since: datetime) -> Sequence[Decision]:
    plugin = place.plugins[0]
    with place.service.database.read() as connection, Session(bind=connection) as session:
        return inline_context(place.service, session, Ground(plugin)).desk.decisions(since)


def _set(place: Place, mode: Mode, hand: Hand = NOBODY, **where: Any) -> None:
    with place.service.database.begin() as connection, Session(bind=connection) as session:
        context = write_context(place.service, session, Ground(place.plugins[0], cause="test", hand=hand))
        context.desk.set_mode(mode, **where)
        keep(context)


def _mode(place: Place, **where: Any) -> str:
    with place.service.database.read() as connection:
        return modes.mode_of(connection, 1, "sample", **where)


def _by_hand(place: Place, step: Callable[..., Any], *arguments: Any, **more: Any) -> None:
    with place.service.database.begin() as connection:
        step(connection, 1, *arguments, **more)


def test_a_plugin_hears_what_managers_decided(tmp_path: Path, database_url: str) -> None:
    """Approved, put into other words, declined with a reason, taken back, right: each with who decided it and when."""
    with Place(tmp_path, database_url, plugins=(doing(_asks),)) as place:
        place.let("sample", "propose")
        topic = place.ask()
        place.settle()
        began, now = place.service.clock.now(), place.service.clock.now
        acts = {one["once"].split(":")[0]: one["id"] for one in place.acts(plugin="sample")}
        _by_hand(place, desk.approve, acts["good"], "claire", now())
        _by_hand(place, desk.approve, acts["mended"], "claire", now(), text="In other words.")
        _by_hand(place, desk.decline, acts["bad"], "karim", now(), "He was joking.")
        with place.service.database.read() as connection:
            [alert] = peace.open_alerts(connection, 1)
        _by_hand(place, peace.close_alert, alert["id"], "claire", now(), True)

        heard = {one.once: (one.judged, one.who, one.reason) for one in _decisions(place, began)}
        assert heard == {
            f"good:{topic}": ("approved", "claire", ""),
            f"mended:{topic}": ("edited", "claire", ""),
            f"bad:{topic}": ("declined", "karim", "He was joking."),
            f"alert:{topic}": ("right", "claire", ""),
        }
        assert {one.rule for one in _decisions(place, began) if one.verb == "message"} == {"clause.en"}
        place.pass_time(minutes=5)
        assert _decisions(place, now() + timedelta(seconds=1)) == []

        _by_hand(place, desk.undo, acts["good"], "claire", now())
        place.settle()
        assert {one.once: one.judged for one in _decisions(place, began)}[f"good:{topic}"] == "undone"


def test_an_alert_closed_without_a_word_says_nothing(tmp_path: Path, database_url: str) -> None:
    """Whoever closes an alert need not judge it: then it counts neither as right nor as wrong."""
    with Place(tmp_path, database_url, plugins=(doing(_asks),)) as place:
        place.let("sample", "propose")
        place.ask()
        place.settle()
        began = place.service.clock.now()
        with place.service.database.read() as connection:
            [alert] = peace.open_alerts(connection, 1)
        _by_hand(place, peace.close_alert, alert["id"], "claire", began)
        assert _decisions(place, began) == []


def test_a_mode_rises_by_a_manager_s_hand_alone(tmp_path: Path, database_url: str) -> None:
    """A plugin may step back by itself; a step forward needs a manager of the whole forum, and bears the name."""
    with Place(tmp_path, database_url, plugins=(doing(_asks),)) as place:
        place.let("sample", "propose")
        for hand in (NOBODY, Hand("greta", leads=False)):
            with pytest.raises(PermissionError):
                _set(place, "act", hand, rule="shouting.fr")
        with pytest.raises(PermissionError):
            _set(place, "act", CLAIRE)

        _set(place, "act", CLAIRE, rule="shouting.fr")
        assert _mode(place, rule="shouting.fr") == "act"
        assert _mode(place) == "propose"

        _set(place, "watch", rule="shouting.fr")
        assert _mode(place, rule="shouting.fr") == "watch"
        with pytest.raises(PermissionError):
            _set(place, "propose", rule="shouting.fr")


def test_no_rule_rises_before_people_were_told(tmp_path: Path, database_url: str) -> None:
    """Without why-page, announcement and ten cases seen, no rule leaves watch, whoever asks; the plugin can say why."""
    with Place(tmp_path, database_url, plugins=(doing(_asks),)) as place:
        with pytest.raises(modes.ModeRefused):
            _set(place, "propose", CLAIRE, rule="shouting.fr")
        with place.service.database.read() as connection, Session(bind=connection) as session:
            context = inline_context(place.service, session, Ground(place.plugins[0]))
            assert "Publish first" in context.desk.hindrance()
            with pytest.raises(PermissionError):
                context.desk.set_mode("watch", rule="shouting.fr")
