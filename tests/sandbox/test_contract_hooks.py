"""What the sandbox sends as web hooks, held against 493 deliveries of a running Discourse 3.1."""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

import pytest

from connector.sandbox.queue import Held
from tests.recorded import deliveries
from tests.sandbox.conftest import SECRET, Place
from tests.sandbox.documents import Form
from tests.sandbox.receiver import Receiver

PROFILE = frozenset({"bio_raw", "bio_excerpt", "location", "website", "website_name"})
SOMETIMES = PROFILE | {
    "category_slug",
    "reply_to_user",
    "action_code",
    "user_suspended",
    "external_id",
    "display_name",
    "parent_category_id",
}
SOMETIMES |= {
    "deleted_by",
    "suspend_reason",
    "suspended_till",
    "can_edit_group",
    "group_name",
    "message_archived",
    "topic_archetype",
}
FREE = frozenset(SOMETIMES)
LIFE = (
    "user_created", "user_added_to_group", "user_logged_in", "user_confirmed_email", "notification_created",
    "topic_created",
    "post_created", "user_promoted", "user_updated", "group_created", "user_removed_from_group",
    "category_created", "post_liked",
    "post_edited", "topic_edited", "reviewable_created", "reviewable_score_updated", "user_logged_out",
    "post_destroyed",
    "post_recovered", "category_updated", "topic_closed_status_updated", "topic_visible_status_updated",
    "topic_destroyed",
    "user_destroyed", "user_approved",
)  # fmt: skip


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A service that listens for deliveries."""
    with Receiver() as made:
        yield made


def everything(place: Place) -> None:
    """A day on which everything happens that sends a web hook."""
    forum, rooms, staff = place.forum, place.rooms, place.forum.staff
    forum.set(discourse_narrative_bot_enabled=True)
    farid = forum.add_member("farid", name="Farid Benali", trust_level=1)
    forum.set(discourse_narrative_bot_enabled=False)
    forum.add_member("iris", approved=False)
    staff.approve("iris")
    bruno, david, chloe = (forum.as_member(name) for name in ("bruno", "david", "chloe"))
    topic = chloe.topic(
        rooms["open"], "Comment tailler un rosier en automne ?", "Bonjour, quand et comment faut-il le tailler ?"
    )
    answer = bruno.reply(topic, "À la fin de l'hiver, @david en a vingt.")
    david.reply(topic, "Oui, et avec un sécateur propre, toujours.", to=2)
    chloe.like(answer)
    bruno.edit(answer, "À la fin de l'hiver, @david en a vingt, ou trente.")
    staff.move_topic(topic, rooms["garden"])
    insult = farid.reply(topic, "Tu es vraiment trop bête pour avoir un jardin.")
    bruno.flag(insult, 4)
    own = david.reply(topic, "Ce message sera supprimé par son auteur.")
    david.delete(own)
    david.recover(own)
    staff.close(topic)
    staff.unlist(topic)
    staff.delete_topic(topic)
    forum.as_member("amelie").message("chloe", "Un mot en privé", "CANARI-PRIVE bonjour et bienvenue.")
    staff.update("amelie", location="Lyon", bio="Je fais du jardinage et des confitures.")
    staff.join_group("greeters", "bruno")
    staff.leave_group("greeters", "bruno")
    forum.add_group("cuisine", full_name="Cuisine")
    room = forum.add_category("Potager", permissions={"greeters": 1})
    forum.as_member("amelie").topic(room, "Un sujet qui sera bientôt public", "Le texte qui sera bientôt public ici.")
    staff.set_permissions(room, {"everyone": 1})
    staff.suspend("farid", forum.clock() + timedelta(days=3), "essai")
    forum.set(approve_unless_trust_level=2)
    other = bruno.topic(rooms["open"], "Un autre sujet de la même journée", "Le texte de cet autre sujet du jour.")
    with pytest.raises(Held):
        forum.as_member("elsa").reply(other, "Une réponse que l'équipe lira d'abord.")
    staff.approve_post(staff.waiting()[0])
    staff.destroy("farid")
    staff.anonymise("david")


def test_every_event_carries_what_a_real_forum_sends(place: Place, receiver: Receiver) -> None:
    """Headers, the one key of the body, its keys and their types are those of the recorded deliveries,
    event by event.
    """
    forms: dict[str, Form] = defaultdict(Form)
    kinds: dict[str, set[str]] = defaultdict(set)
    for one in deliveries():
        forms[one.name].learn(json.loads(one.body))
        kinds[one.name].add(one.headers["X-Discourse-Event-Type"])
    place.forum.add_hook(receiver.url, SECRET)
    everything(place)
    assert all(answer.fine for answer in place.forum.hooks.deliver_all())
    sent: dict[str, int] = defaultdict(int)
    faults = []
    for delivery in receiver.deliveries:
        name = delivery.headers["X-Discourse-Event"]
        sent[name] += 1
        assert {delivery.headers["X-Discourse-Event-Type"]} == kinds[name], name
        faults += [f"{name}{fault}" for fault in forms[name].faults(json.loads(delivery.body), free=FREE)]
    assert set(LIFE) <= set(sent), sorted(set(LIFE) - set(sent))
    assert not faults, "\n".join(sorted(set(faults)))


def test_a_delivery_is_signed_over_its_bytes(place: Place, receiver: Receiver) -> None:
    """The signature is HMAC-SHA256 over the exact body, and the headers are the recorded ones."""
    place.forum.add_hook(receiver.url, SECRET)
    place.forum.as_member("bruno").topic(
        place.rooms["open"], "Un sujet avec des accents éàü", "Le texte — avec des signes « divers » et 🌹."
    )
    place.forum.hooks.deliver_all()
    recorded = set(deliveries()[5].headers)
    for one in receiver.deliveries:
        expected = "sha256=" + hmac.new(SECRET.encode(), one.body, hashlib.sha256).hexdigest()
        assert one.headers["X-Discourse-Event-Signature"] == expected
        assert recorded <= set(one.headers)
        assert one.headers["Content-Length"] == str(len(one.body))
        assert "é".encode() in one.body, "letters are sent as they are"


def test_a_ping_is_sent_even_when_the_hook_is_off(place: Place, receiver: Receiver) -> None:
    """A ping says {"ping":"OK"} under its own type."""
    hook = place.forum.hooks.add(receiver.url, SECRET, ["post"], active=False)
    place.forum.hooks.ping(hook)
    place.forum.hooks.deliver_all()
    assert [(one.headers["X-Discourse-Event"], one.body) for one in receiver.deliveries] == [("ping", b'{"ping":"OK"}')]


def test_only_the_chosen_types_are_sent(place: Place, receiver: Receiver) -> None:
    """A hook for posts hears of posts and of nothing else."""
    place.forum.add_hook(receiver.url, SECRET, ("post",))
    place.forum.as_member("bruno").topic(
        place.rooms["open"], "Un sujet qui ne dit rien de neuf", "Le texte du sujet qui ne dit rien."
    )
    place.forum.hooks.deliver_all()
    assert [one.headers["X-Discourse-Event"] for one in receiver.deliveries] == ["post_created"]
