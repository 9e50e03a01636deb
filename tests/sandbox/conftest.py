"""A small forum like the recorded one, on a port of this machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from connector.sandbox import SandboxServer
from connector.sandbox.clock import SandboxClock
from connector.sandbox.forum import SandboxForum

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRET = "a-secret-of-this-test"
QUESTION = "Comment tailler un rosier grimpant en automne ?"


@dataclass
class Place:
    """A served forum and the keys to it."""

    server: SandboxServer
    keys: dict[str, str]
    rooms: dict[str, int]

    @property
    def forum(self) -> SandboxForum:
        return self.server.forum

    @property
    def url(self) -> str:
        return self.server.url

    def ask(
        self, method: str, path: str, actor: str | None = "passerelle", json: Any = None, **more: Any
    ) -> requests.Response:
        """A call over HTTP, with the actor's key (None: anonymous), redirects not followed."""
        headers = {"Accept": "application/json", **more.pop("headers", {})}
        if actor is not None:
            key = self.keys.get(actor, self.keys["all"])
            headers |= {"Api-Key": key, "Api-Username": actor}
        return requests.request(
            method, self.url + path, json=json, headers=headers, timeout=10, allow_redirects=False, **more
        )


def settle(server: SandboxServer) -> Place:
    """Members, groups, rooms and keys as in the recording."""
    forum = server.forum
    forum.set(title="Le jardin partagé", discourse_narrative_bot_enabled=False)
    people = {"admin1": 4, "amelie": 2, "bruno": 2, "chloe": 0, "david": 2, "elsa": 1, "passerelle": 2}
    for name, level in people.items():
        locale = "fr" if name == "amelie" else None
        forum.add_member(name, name=name.title(), trust_level=level, admin=name == "admin1", locale=locale)
    forum.add_group("greeters", "amelie", full_name="Greeters")
    rooms = {
        "open": forum.add_category("Entraide", color="49d9e9", text_color="f0fcfd"),
        "closed": forum.add_category("Équipe secrète", permissions={"greeters": 1}),
    }
    rooms["garden"] = forum.add_category("Jardin", parent_id=rooms["open"])
    keys = {"all": forum.make_key(None, ()), "passerelle": forum.make_key("passerelle")}
    return Place(server, keys, rooms)


@pytest.fixture
def place() -> Iterator[Place]:
    """A fresh forum whose time stands still."""
    with SandboxServer(clock=SandboxClock(START), background_hooks=False) as server:
        yield settle(server)


@pytest.fixture(scope="module")
def garden() -> Iterator[Place]:
    """A forum that has lived a little, for tests that only read."""
    with SandboxServer(background_hooks=False) as server:
        place = settle(server)
        live(place)
        yield place


def live(place: Place) -> None:
    """A question with answers, likes, a quote; a restricted topic; a message; something withdrawn,
    something deleted.
    """
    forum, rooms = place.forum, place.rooms
    chloe, bruno, david = (forum.as_member(name) for name in ("chloe", "bruno", "david"))
    topic = chloe.topic(
        rooms["open"], QUESTION, "Bonjour, j'ai un rosier qui part dans tous les sens.", tags=("rosier",)
    )
    answer = bruno.reply(topic, "Taille-le plutôt à la fin de l'hiver, en gardant cinq branches.")
    quote = (
        f'[quote="bruno, post:2, topic:{topic}"]\nTaille-le plutôt\n[/quote]\nOui, et pense à @amelie qui en a vingt.'
    )
    david.reply(topic, quote, to=2)
    chloe.like(answer)
    forum.as_member("passerelle").like(answer)
    second = forum.as_member("passerelle").reply(topic, "Ce message sera retiré par son auteur dans un instant.")
    forum.as_member("passerelle").delete(second)
    gone = david.reply(topic, "Ce message sera supprimé par l'équipe dans un instant.")
    forum.staff.delete_post(gone)
    amelie = forum.as_member("amelie")
    amelie.topic(rooms["closed"], "Réunion d'équipe : le budget", "CANARI-RESTREINT le budget de l'an prochain baisse.")
    amelie.message("passerelle", "Un mot en privé", "CANARI-PRIVE bonjour, bienvenue parmi nous.")
    forum.as_member("passerelle").topic(
        rooms["open"], "Lettre de la semaine de la communauté", "Voici la lettre de la semaine."
    )
