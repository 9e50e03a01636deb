"""Accounts that are no people: the forum's own (ids below 0), and ours, whose id is like anybody's."""

from collections.abc import Callable

from plugins.doors import ArchiveDoor


def person_in(archive: ArchiveDoor, *, ask_for_all: bool = False) -> Callable[[int | None], bool]:
    """Says of an author's id whether a person wrote; members are looked up once each, or all at once."""
    known = {member.id: not member.is_bot for member in archive.members()} if ask_for_all else {}

    def is_person(member_id: int | None) -> bool:
        if member_id is None or member_id <= 0:
            return False
        if member_id not in known:
            member = archive.member(member_id)
            known[member_id] = member is None or not member.is_bot
        return known[member_id]

    return is_person
