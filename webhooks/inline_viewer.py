"""Who looks at help beside a text: a member in the forum's own signed words, or anybody who passes by."""

from sqlalchemy import select

from connector.archive.tables import members, tombstones
from plugins.doors import Viewer
from webhooks import wishes
from webhooks.inline_signing import Known
from webhooks.roles import rights_of
from webhooks.saying import language_of
from webhooks.service import Service


def viewer_of(
    service: Service, known: Known | None, lang: str, *, topic_id: int | None = None, category_id: int | None = None
) -> Viewer:
    """The viewer with the rights that the signed groups give; who is suspended or was erased counts as anybody.

    Whoever looks after some categories is a manager in those alone: `topic_id` or `category_id` say where.
    """
    archive = service.archive
    if known is None or not is_member(service, known.member_id):
        return Viewer(None, lang=lang, audience=archive.audience_anonymous())
    also = ("moderators",) if known.moderator else ()
    rooms = rights_of(service, (*known.groups, *also), admin=known.admin).rooms
    if rooms and topic_id is not None:
        topic = archive.topic(topic_id)
        category_id = None if topic is None else topic.category_id
    return Viewer(
        member_id=known.member_id,
        username=known.username,
        groups=known.groups,
        is_manager=rooms is None or category_id in rooms,
        lang=lang,
        audience=archive.audience_for(known.groups, known.member_id),
    )


def is_member(service: Service, member_id: int) -> bool:
    """Whether nothing is known against this member: neither suspended just now, nor destroyed or anonymised.

    Somebody of whom the memory knows nothing yet is a member all the same: the forum has just said so.
    """
    site = service.site
    buried = select(tombstones.c.id).where(
        tombstones.c.site == site, tombstones.c.kind == "member", tombstones.c.id == member_id, tombstones.c.final
    )
    told = select(members.c.suspended_till).where(members.c.site == site, members.c.id == member_id)
    with service.database.read() as connection:
        if connection.execute(buried).first() is not None:
            return False
        until = connection.execute(told).scalar()
    return until is None or until <= service.clock.now()


def language_for(service: Service, member_id: int) -> str:
    """The language to say something to a member in: the one chosen on `/me`, else the one the memory knows."""
    with service.database.read() as connection:
        chosen = wishes.language(connection, service.site, member_id)
    return chosen or language_of(service.archive, member_id, service.config)
