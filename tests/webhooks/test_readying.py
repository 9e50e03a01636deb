"""What the web process keeps ready beside its requests: how far it is can be seen, and nothing that fails stops it."""

import re
from pathlib import Path
from typing import Any

import pytest

from plugins.contract import Plugin
from tests.webhooks.place import Place
from webhooks.modes import set_mode
from webhooks.onetime import LINK, issue
from webhooks.readying import Readying


def reader(turns: list[int]) -> Plugin:
    """Reads a thousand posts in two turns, and remembers its turns."""
    plugin = Plugin("reader", about="Reads.", title={"en": "The reader", "fr": "Le lecteur"})

    @plugin.keep_ready
    def read(ctx: Any) -> tuple[int, int]:
        turns.append(ctx.archive.generation())
        return min(500 * len(turns), 1_000), 1_000

    return plugin


def health_page(place: Place, lang: str) -> str:
    """The console's page about the connection, as an admin sees it."""
    data = {"username": "admin", "groups": [], "member_id": 0, "admin": True}
    with place.service.database.begin() as connection:
        word = issue(connection, place.service.site, LINK, data, place.service.clock.now())
    client = place.app.test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"/login/link/{word}").text)
    assert found is not None
    client.post(f"/login/link/{word}", data={"csrf_token": found[1]})
    return client.get("/console/health", headers={"Accept-Language": lang}).text


@pytest.mark.parametrize(("lang", "said"), [("en", "reading the past, 500 of 1,000"), ("fr", "500 messages sur 1")])
def test_how_much_of_the_past_is_read_stands_on_the_page(tmp_path: Path, lang: str, said: str) -> None:
    """After a start a manager sees how far the reading is; once all is read, nothing is said of it any more."""
    with Place(tmp_path, plugins=(reader([]),)) as place:
        readying = Readying(place.service)
        assert not readying.turn()
        assert said in re.sub(r"\s+", " ", health_page(place, lang))
        assert 'passerelle_ready_share{plugin="reader"} 0.5' in place.app.test_client().get("/metrics").text
        assert readying.turn()
        assert "reading the past" not in health_page(place, "en")
        assert 'passerelle_ready_share{plugin="reader"} 1.0' in place.app.test_client().get("/metrics").text


def test_what_is_switched_off_is_not_kept_ready(tmp_path: Path) -> None:
    """A plugin that is off reads nothing; switched on again, it goes on."""
    turns: list[int] = []
    with Place(tmp_path, plugins=(reader(turns),)) as place:
        for mode in ("off", "watch"):
            with place.service.database.begin() as connection:
                set_mode(connection, 1, "reader", mode, who="test", now=place.service.clock.now())
            Readying(place.service).turn()
            assert bool(turns) == (mode == "watch")


def test_nothing_can_be_written_meanwhile(tmp_path: Path) -> None:
    """Beside requests a plugin only reads, as it does in them."""
    plugin = Plugin("writer", about="Writes.")

    @plugin.keep_ready
    def write(ctx: Any) -> tuple[int, int]:
        ctx.shared.publish("x", 1)
        return 1, 1

    with Place(tmp_path, plugins=(plugin,)) as place, pytest.raises(PermissionError):
        Readying(place.service).turn()
