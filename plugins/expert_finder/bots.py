"""Accounts that are no people: the forum's own (ids below 0), and ours, whose id is like anybody's."""

from collections.abc import Callable

from plugins.doors import ArchiveDoor


def person_in(archive: ArchiveDoor) -> Callable[[int | None], bool]:
    """Says of an author's id whether a person wrote; members are looked up once each."""
    known: dict[int, bool] = {}

    def is_person(member_id: int | None) -> bool:
        if member_id is None or member_id <= 0:
            return False
        if member_id not in known:
            member = archive.member(member_id)
            known[member_id] = member is None or not member.is_bot
        return known[member_id]

    return is_person
