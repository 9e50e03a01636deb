"""The rules that bind an ordinary member, and so the companion (recorded lessons 7, 8 and 15)."""

from datetime import timedelta
from typing import Any

import pytest
import requests

from connector.sandbox.problems import Problem
from tests.sandbox.conftest import Place


def write(place: Place, actor: str = "passerelle", **given: Any) -> requests.Response:
    return place.ask("POST", "/posts.json", actor, json=given)


def a_topic(place: Place, author: str = "bruno", title: str = "Un sujet pour essayer les règles") -> int:
    return place.forum.as_member(author).topic(place.rooms["open"], title, f"Le texte du sujet : {title}.")


def test_the_same_call_within_two_minutes_gives_the_same_post(place: Place) -> None:
    """An equal POST by key within 120 s returns the first post and makes none; later it is a new one."""
    topic = a_topic(place)
    first = write(place, topic_id=topic, raw="Une réponse envoyée deux fois à l'identique.").json()
    place.forum.pass_time(timedelta(seconds=119))
    assert write(place, topic_id=topic, raw="Une réponse envoyée deux fois à l'identique.").json()["id"] == first["id"]
    assert len(place.forum.posts(topic)) == 2
    place.forum.pass_time(timedelta(minutes=6))
    assert write(place, topic_id=topic, raw="Une réponse envoyée deux fois à l'identique.").json()["id"] != first["id"]


def test_a_refusal_is_remembered_too(place: Place) -> None:
    """The failure of a POST is given again within 120 s, even when its cause is gone; after that it is tried anew."""
    topic = a_topic(place)
    place.forum.staff.close(topic)
    given = {"topic_id": topic, "raw": "Une réponse à un sujet fermé puis rouvert."}
    assert write(place, **given).status_code == 422
    place.forum.staff.close(topic, False)
    assert write(place, **given).status_code == 422
    place.forum.pass_time(timedelta(seconds=121))
    assert write(place, **given).status_code == 200


def test_the_same_text_is_refused_for_five_minutes(place: Place) -> None:
    """A member who repeats a text elsewhere within 5 minutes is refused; staff is not."""
    first, second = a_topic(place), a_topic(place, title="Un autre sujet pour essayer")
    text = "Une réponse tout à fait identique à l'autre."
    assert write(place, topic_id=first, raw=text).status_code == 200
    refused = write(place, topic_id=second, raw=text)
    assert (refused.status_code, refused.json()["action"]) == (422, "create_post")
    assert write(place, "admin1", topic_id=first, raw="Une autre réponse identique partout.").status_code == 200
    assert write(place, "admin1", topic_id=second, raw="Une autre réponse identique partout.").status_code == 200
    place.forum.pass_time(timedelta(minutes=6))
    assert write(place, topic_id=second, raw=text).status_code == 200


def test_no_fourth_reply_in_a_row(place: Place) -> None:
    """After three replies in a row a member must wait for somebody; the topic's author and messages are free."""
    topic = a_topic(place)
    for number in range(3):
        assert write(place, topic_id=topic, raw=f"La réponse numéro {number} du compagnon.").status_code == 200
    refused = write(place, topic_id=topic, raw="La réponse de trop du compagnon.")
    assert refused.status_code == 422
    assert "consecutive" in refused.json()["errors"][0]
    place.forum.as_member("david").reply(topic, "Une réponse de David entre les deux.")
    assert write(place, topic_id=topic, raw="La réponse d'après du compagnon.").status_code == 200


def test_late_edits_are_refused_late_deletion_is_not(place: Place) -> None:
    """At trust level 2 a post can be edited for 30 days, at level 1 for one; its author may delete it even later."""
    topic = a_topic(place)
    mine = place.forum.as_member("passerelle").reply(topic, "Une réponse que l'on voudra corriger.")
    hers = place.forum.as_member("elsa").reply(topic, "Une autre réponse que l'on voudra corriger.")
    place.forum.pass_time(timedelta(days=2))
    change = {"post": {"raw": "Le texte corrigé bien plus tard par l'auteur."}}
    assert place.ask("PUT", f"/posts/{hers}.json", "elsa", json=change).status_code == 422
    assert place.ask("PUT", f"/posts/{mine}.json", json=change).status_code == 200
    place.forum.pass_time(timedelta(days=29))
    late = place.ask("PUT", f"/posts/{mine}.json", json={"post": {"raw": "Le texte corrigé trop tard par l'auteur."}})
    assert late.status_code == 422
    assert "action" not in late.json()
    assert place.ask("DELETE", f"/posts/{mine}.json").status_code == 200


def test_an_external_id_makes_a_topic_once(place: Place) -> None:
    """The second topic with an external id is refused, the first is found by a 301; a deleted one stays taken and is
    404.
    """
    room = place.rooms["open"]
    made = write(
        place,
        title="La lettre de la semaine 47",
        raw="Voici la lettre de la semaine.",
        category=room,
        external_id="lettre-47",
    )
    topic = made.json()["topic_id"]
    again = write(
        place,
        title="Un autre titre pour la même clé",
        raw="Un autre texte pour la même clé.",
        category=room,
        external_id="LETTRE-47",
    )
    assert (again.status_code, again.json()["errors"]) == (422, ["External has already been taken"])
    found = place.ask("GET", "/t/external_id/lettre-47.json")
    assert (found.status_code, found.headers["Location"]) == (
        301,
        f"{place.url}/t/la-lettre-de-la-semaine-47/{topic}.json",
    )
    bad = write(
        place,
        title="Un titre avec une mauvaise clé",
        raw="Un texte avec une mauvaise clé.",
        category=room,
        external_id="à bas!",
    )
    assert (bad.status_code, bad.json()["errors"]) == (422, ["External is invalid"])
    place.forum.staff.delete_topic(topic)
    assert place.ask("GET", "/t/external_id/lettre-47.json").status_code == 404
    place.forum.pass_time(timedelta(minutes=10))
    third = write(
        place,
        title="Un troisième titre pour la clé",
        raw="Un troisième texte pour la clé.",
        category=room,
        external_id="lettre-47",
    )
    assert third.json()["errors"] == ["External has already been taken"]


def test_twenty_messages_a_day_and_no_more(place: Place) -> None:
    """The 21st message of a day is 429 with the time to wait; a day later there is room again."""
    for number in range(20):
        place.forum.as_member("passerelle").message(
            "chloe", f"Le mot numéro {number}", f"Bonjour, voici le mot numéro {number}."
        )
    given = {
        "title": "Le mot de trop",
        "raw": "Bonjour, voici un mot de trop.",
        "archetype": "private_message",
        "target_recipients": "chloe",
    }
    refused = write(place, **given)
    assert refused.status_code == 429
    assert refused.json()["error_type"] == "rate_limit"
    assert refused.headers["Retry-After"] == str(refused.json()["extras"]["wait_seconds"])
    place.forum.pass_time(timedelta(days=1))
    assert write(place, **given).status_code == 200


def test_forty_five_edits_a_day_at_trust_level_two(place: Place) -> None:
    """30 edits a day, one and a half times as many at trust level 2; then 429."""
    post = place.forum.as_member("passerelle").reply(a_topic(place), "Le texte qui sera changé bien des fois.")
    for number in range(45):
        place.forum.as_member("passerelle").edit(post, f"Le texte changé {number} fois de suite.")
    refused = place.ask("PUT", f"/posts/{post}.json", json={"post": {"raw": "Le texte changé une fois de trop."}})
    assert refused.status_code == 429


def test_twenty_topics_a_day(place: Place) -> None:
    """The 21st topic of a day is refused with the time to wait."""
    for number in range(20):
        a_topic(place, "passerelle", f"Le sujet numéro {number} de la journée")
    with pytest.raises(Problem) as refused:
        a_topic(place, "passerelle", "Le sujet de trop dans la journée")
    assert refused.value.status == 429


def test_withdrawing_leaves_a_trace_for_a_day(place: Place) -> None:
    """A reply deleted by its author reads "(post deleted by author)" for 24 hours, then it is gone for members."""
    topic = a_topic(place)
    post = place.forum.as_member("passerelle").reply(topic, "Une réponse que l'on regrette déjà.")
    assert place.ask("DELETE", f"/posts/{post}.json").text == ""
    shown = place.ask("GET", f"/posts/{post}.json", "david").json()
    assert (shown["raw"], shown["user_deleted"], shown["deleted_at"]) == ("(post deleted by author)", True, None)
    place.forum.pass_time(timedelta(hours=23))
    assert place.ask("GET", f"/posts/{post}.json", "david").status_code == 200
    place.forum.pass_time(timedelta(hours=1))
    assert place.ask("GET", f"/posts/{post}.json", "david").status_code == 404
    assert place.ask("GET", f"/posts/{post}.json", "admin1").json()["deleted_at"] is not None
    assert len(place.ask("GET", f"/t/{topic}.json", "david").json()["post_stream"]["stream"]) == 1


def test_a_withdrawn_reply_can_be_brought_back(place: Place) -> None:
    """Within the day its author recovers the reply with its old text."""
    post = place.forum.as_member("david").reply(a_topic(place), "Une réponse que l'on regrette, puis plus.")
    place.forum.as_member("david").delete(post)
    recovered = place.ask("PUT", f"/posts/{post}/recover.json", "david", json={}).json()
    assert (recovered["raw"], recovered["version"], recovered["user_deleted"]) == (
        "Une réponse que l'on regrette, puis plus.",
        3,
        False,
    )


def test_the_companion_cannot_delete_an_opening_post(place: Place) -> None:
    """An opening post cannot be withdrawn by its author: 403, and it stays as it was."""
    topic = a_topic(place, "passerelle")
    post = place.forum.posts(topic)[0]
    assert place.ask("DELETE", f"/posts/{post['id']}.json").status_code == 403
    assert place.forum.posts(topic)[0] == post


def test_the_sixty_calls_a_minute_are_shared_by_all_keys(place: Place) -> None:
    """When the site's limit is on, the 61st call of a minute by any key is 429 with its code;
    anonymous calls are free.
    """
    place.forum.set(max_admin_api_reqs_per_minute=60)
    for number in range(60):
        assert place.ask("GET", "/session/scopes.json", "passerelle" if number % 2 else "bruno").status_code == 200
    refused = place.ask("GET", "/latest.json")
    assert refused.status_code == 429
    assert refused.headers["Discourse-Rate-Limit-Error-Code"] == "admin_api_key_rate_limit"
    assert refused.json()["extras"]["wait_seconds"] == int(refused.headers["Retry-After"])
    assert place.ask("GET", "/latest.json", None).status_code == 200
    place.forum.pass_time(timedelta(minutes=1))
    assert place.ask("GET", "/latest.json").status_code == 200


def test_a_small_early_edit_keeps_the_version(place: Place) -> None:
    """A small change within five minutes is no new version (and yet announced); a later or bigger one is."""
    post = place.forum.as_member("bruno").reply(a_topic(place, "david"), "Une réponse avec une petitte faute.")
    place.forum.as_member("bruno").edit(post, "Une réponse avec une petite faute.")
    assert place.ask("GET", f"/posts/{post}.json").json()["version"] == 1
    place.forum.pass_time(timedelta(minutes=6))
    place.forum.as_member("bruno").edit(post, "Une réponse avec une petite faute, corrigée.")
    assert place.ask("GET", f"/posts/{post}.json").json()["version"] == 2


def test_a_title_is_taken_once(place: Place) -> None:
    """A title that a public topic has already is refused, whatever its case."""
    a_topic(place)
    refused = write(
        place,
        title="UN sujet pour essayer les RÈGLES".lower(),
        raw="Un texte assez long pour ce sujet.",
        category=place.rooms["open"],
    )
    assert refused.json()["errors"] == ["Title has already been used"]


def test_writing_in_a_restricted_room_is_for_its_people(place: Place) -> None:
    """A topic or reply in a category that one may not open is refused, and its name is not told."""
    given = {
        "title": "Un sujet dans la salle fermée",
        "raw": "Un texte assez long pour ce sujet.",
        "category": place.rooms["closed"],
    }
    assert write(place, "david", **given).status_code == 403
    assert write(place, "amelie", **given).status_code == 200
    shown = place.ask("GET", "/categories.json", "david").text + place.ask("GET", "/site.json", "david").text
    assert "secrète" not in shown
