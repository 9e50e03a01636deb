"""Looks at members in turn, so that one who was anonymised, renamed or destroyed unheard is noticed all the same."""

import re
from dataclasses import replace

from sqlalchemy import select

from connector.archive.erasing import erase
from connector.archive.store import Row, Store
from connector.archive.storing_members import store_member
from connector.archive.sync import Sync
from connector.archive.tables import categories, members, posts, topics
from connector.archive.unheard import note_erased
from connector.errors import ForumRefused
from connector.forum import MEMBERS_PER_CALL, Forum
from connector.models import Member

_ANONYMOUS = re.compile(r"anon\d{3,}", re.IGNORECASE)


class MembersCheck:
    """The members of one site, fifty at a time, those not looked at for longest first."""

    def __init__(self, store: Store, sync: Sync) -> None:
        self._store = store
        self._sync = sync
        self.erased: list[int] = []

    def check(self, forum: Forum) -> tuple[int, bool]:
        """(requests, changed) of one round: names and absence of fifty members."""
        wanted = self._store.of_site(members, members.c.id > 0)
        order = (members.c.checked_at.is_not(None), members.c.checked_at, members.c.id)
        query = select(members).where(wanted).order_by(*order).limit(MEMBERS_PER_CALL)
        with self._store.read() as conn:
            held = {row["id"]: row for row in conn.execute(query).mappings()}
        if not held:
            return 0, False
        there = {told.id: told for told in forum.members_by_id(held)}
        spent, changed = 1, False
        for number, row in held.items():
            told = there.get(number)
            if told is None:
                spent += 1
                changed |= self._absent(number, row, forum)
            elif _was_anonymised(row, told):
                with self._store.write() as writing:
                    erase(writing, number)
                    note_erased(writing, number)
                self.erased.append(number)
                changed = True
        with self._store.write() as writing:
            for number, told in there.items():
                if number in held and not _was_anonymised(held[number], told):
                    kept = replace(told, suspended_till=held[number]["suspended_till"])
                    store_member(writing, kept)
            writing.update(members, members.c.id.in_(list(held)), checked_at=writing.now)
            return spent, changed or writing.changed

    def groups(self, forum: Forum) -> tuple[int, bool]:
        """(requests, changed): who is in the groups that read an opted-in category."""
        with self._store.read() as conn:
            wanted = self._store.of_site(categories, categories.c.opted_in)
            names = {str(name) for row in conn.execute(select(categories.c.groups).where(wanted)) for name in row[0]}
        spent, changed = 0, False
        for name in sorted(names):
            spent += 1
            try:
                inside = {told.id for told in forum.group_members(name)}
            except ForumRefused:
                # A group that hides its members from us: the login tells each member's groups anyhow.
                continue
            changed |= self._regroup(name, inside)
        return spent, changed

    def _regroup(self, name: str, inside: set[int]) -> bool:
        query = select(members.c.id, members.c.groups).where(self._store.of_site(members))
        with self._store.write() as writing:
            for row in writing.conn.execute(query).all():
                belongs = row.id in inside
                if belongs != (name in row.groups):
                    groups = sorted({*row.groups, name} if belongs else set(row.groups) - {name})
                    writing.update(members, members.c.id == row.id, groups=groups)
                    _ = writing.generation
            return writing.changed

    def _absent(self, number: int, row: Row, forum: Forum) -> bool:
        """Not on the cards: inactive, hidden, or gone. Gone is who has no profile and nothing left on the forum."""
        if row["username"] and forum.member(row["username"]) is not None:
            return False
        written = self._store.of_site(posts, posts.c.user_id == number)
        with self._store.read() as conn:
            inside = list(conn.execute(select(posts.c.topic_id).where(written).distinct().limit(3)).scalars())
        for topic_id in inside:
            self._sync.topics.read_topic(topic_id, forum)
        with self._store.write() as writing:
            still = writing.conn.execute(select(posts.c.id).where(written).limit(1)).first()
            if still is None:
                erase(writing, number)
                note_erased(writing, number)
                self.erased.append(number)
            else:
                writing.update(topics, topics.c.id.in_(select(posts.c.topic_id).where(written)), checked_at=None)
            return writing.changed


def _was_anonymised(row: Row, told: Member) -> bool:
    """The forum made up a name for somebody who had another one."""
    return bool(_ANONYMOUS.fullmatch(told.username)) and told.username.lower() != row["username_key"]
