"""Every web hook is lost (P6): the memory follows the forum by asking, within twelve requests a minute."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.journeys.people import Browser, settings
from tests.webhooks.place import Place

MOST = 12


class Meter:
    """Counts what comes in at the forum's own door."""

    def __init__(self, place: Place) -> None:
        self.count = 0
        self._app: Callable[[Any, Any], Iterable[bytes]] = place.server.app.wsgi_app
        place.server.app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(self, environ: Any, start: Any) -> Iterable[bytes]:
        self.count += 1
        return self._app(environ, start)


def minutes(place: Place, meter: Meter, until: Callable[[], bool], most: int) -> int:
    """Let minutes pass until it holds; how many they were. Never more than twelve requests in one of them."""
    for minute in range(most + 1):
        if until():
            return minute
        before = meter.count
        place.pass_time(minutes=1)
        assert meter.count - before <= MOST, f"{meter.count - before} requests in minute {minute}"
    raise AssertionError(f"not known after {most} minutes")


def test_memory_follows_without_any_web_hook(tmp_path: Path) -> None:
    """New posts and closed rooms are known within 10 minutes, edits and deletions of this week within 2 hours."""
    with Place(tmp_path, settings=settings()) as place:
        forum, archive = place.forum, place.service.archive
        forum.set(max_topics_per_day=0)
        lea, karim = forum.as_member("lea"), forum.add_member("karim")
        room = forum.add_category("Atelier bois")
        old = lea.topic("general", "Quel vernis pour le pont ?", "Le bois est en teck, il a dix ans déjà.")
        in_room = lea.topic(room, "Quelle scie pour le chêne ?", "Je veux couper des planches bien droites.")
        forum.pass_time(timedelta(days=12))
        this_week = [
            lea.topic("general", f"Question {number} de cette semaine ?", f"Le texte numéro {number}, tel quel.")
            for number in range(30)
        ]
        archive.import_forum(place.service.forum)
        forum.faults.lose_hooks = True
        meter = Meter(place)
        public = archive.audience_public()
        minutes(place, meter, lambda: archive.sweep().unread == 0, 10)

        new = lea.topic("general", "Qui connaît un bon voilier ?", "Une voile est à recoudre avant samedi.")
        answer = karim.reply(old, "Un vernis marin en trois couches, poncé entre chaque.")
        forum.staff.set_permissions(room, {"staff": 1})

        def all_known() -> bool:
            return (
                archive.topic(new) is not None and archive.post(answer) is not None and archive.topic(in_room) is None
            )

        assert minutes(place, meter, all_known, 10) <= 10

        first = [forum.posts(number)[0]["id"] for number in this_week[:2]]
        lea.edit(first[0], "Le texte a été corrigé depuis, le voici.")
        forum.staff.delete_topic(this_week[5])
        forum.staff.hide(first[1])

        def all_true() -> bool:
            texts = [post.text for post in archive.posts_of_topic(this_week[0])]
            shown = archive.posts_of_topic(this_week[1])
            return "corrigé depuis" in "".join(texts) and not shown and archive.topic(this_week[5]) is None

        assert minutes(place, meter, all_true, 120) <= 120
        assert [post for post in archive.all_posts(public) if post.topic_id == in_room] == []


def test_sweep_comes_round_to_everything(tmp_path: Path) -> None:
    """An edit in a topic of last year is known within one sweep, and the console shows how long that is."""
    with Place(tmp_path, settings=settings()) as place:
        forum, archive = place.forum, place.service.archive
        forum.set(max_topics_per_day=0)
        forum.add_member("claire")
        forum.add_group("animation", "claire")
        forum.allow_login_for("127.0.0.1", place.service.config.connect_secret.get_secret_value())
        lea = forum.as_member("lea")
        topics = [
            lea.topic("general", f"Souvenir numéro {number} du port", f"Il faisait beau ce jour-là, {number}.")
            for number in range(40)
        ]
        forum.pass_time(timedelta(days=200))
        archive.import_forum(place.service.forum)
        forum.faults.lose_hooks = True
        place.settle()
        meter = Meter(place)
        forum.staff.set_roles("lea", moderator=True)
        lea.edit(forum.posts(topics[17])[0]["id"], "Il pleuvait à verse, je me suis trompée de jour.")
        length = archive.sweep().length
        page = Browser(place, "claire").login().get("/console/health")
        assert page.status_code == 200
        assert re.search(r"(Length of a full check|Durée d’une vérification complète)\W.*?\d+ minute", page.text, re.S)

        def known() -> bool:
            return "à verse" in "".join(post.text for post in archive.posts_of_topic(topics[17]))

        # No topic is read twice within a quarter of an hour, however short the sweep.
        bound = max(length, timedelta(minutes=15)) + timedelta(minutes=2)
        assert timedelta(minutes=minutes(place, meter, known, 60)) <= bound
