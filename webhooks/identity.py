"""Who we are on the forum, and which authors are machines: neither ever sets a plugin in motion."""

from datetime import timedelta

from sqlalchemy import Connection

from connector.errors import ForumError
from connector.models import Event
from webhooks.facts import recall, recalled, remember
from webhooks.markers import is_marked
from webhooks.service import Service

_LEARNED_FOR = timedelta(hours=6)


def learn(service: Service) -> bool:
    """Ask the forum who we are and what it lets an ordinary member do, every six hours; False where it did not say."""
    known = recalled(service.database, service.site, "bot")
    now = service.clock.now()
    name = service.config.api_username
    if known is not None and known[0].get("name") == name and known[1] <= now < known[1] + _LEARNED_FOR:
        return True
    try:
        member = service.forum.member(name)
        settings = service.forum.client_settings()
    except ForumError as error:
        note_connection(service, error.message)
        return False
    with service.database.begin() as connection:
        if member is not None:
            remember(connection, service.site, "bot", {"id": member.id, "name": name}, now)
        plain = {key: value for key, value in settings.items() if isinstance(value, bool | int | str)}
        remember(connection, service.site, "client_settings", plain, now)
    note_connection(service, "" if member is not None else f"The forum does not know a member named {name}.")
    return member is not None


def is_known(service: Service) -> bool:
    """Whether the forum has told us who our account is."""
    return recalled(service.database, service.site, "bot") is not None


def note_connection(service: Service, fault: str) -> None:
    """Keep how it stands between us and the forum, for the console and `passerelle doctor`: one sentence, "" where all
    is well, and whether the forum takes no writes just now.
    """
    value = {"fault": fault, "read_only": service.forum.client.read_only}
    with service.database.begin() as connection:
        remember(connection, service.site, "connection", value, service.clock.now())


def bot_ids(connection: Connection, site: int) -> frozenset[int]:
    """Our own account's id, once the forum has told it."""
    known = recall(connection, site, "bot")
    return frozenset({int(known["id"])}) if isinstance(known, dict) and known.get("id") else frozenset()


def is_by_machine(event: Event, bots: frozenset[int]) -> bool:
    """Whether an event was caused by us, by another Passerelle, or by an account of the forum's own (id < 0)."""
    if event.type not in ("topic", "post", "solved", "like"):
        return False
    if event.type == "like":
        return _is_bot(event.member().id, bots)
    if event.type == "topic":
        topic = event.topic()
        return _is_bot(topic.user_id, bots) or (topic.external_id or "").startswith("passerelle-")
    post = event.post()
    return _is_bot(post.user_id, bots) or is_marked(post.raw)


def _is_bot(member_id: int | None, bots: frozenset[int]) -> bool:
    return member_id is not None and (member_id < 0 or member_id in bots)
