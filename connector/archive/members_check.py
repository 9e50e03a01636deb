"""Looks at members in turn, so that one who was anonymised, renamed or destroyed unheard is noticed all the same.

Who is on no card may be inactive, hidden, or gone: gone is who has no profile and nothing left on the forum. Whether
something is left is for the reading of topics to find out, in its own turn: three of the member's topics first, and if
he has vanished from these, all of them.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from connector.archive.erasing import erase
from connector.archive.spending import Spending
from connector.archive.store import Row, Store, Writing, chunks
from connector.archive.storing_members import store_member
from connector.archive.tables import categories, members, posts, sync_state, topics
from connector.archive.unheard import note_erased
from connector.errors import ForumRefused
from connector.forum import MEMBERS_PER_CALL, Forum
from connector.models import Member

_ANONYMOUS = re.compile(r"anon\d{3,}", re.IGNORECASE)
_PROBES = 3
_HIDDEN_FOR = timedelta(days=1)
_ABSENT = "absent:"
_NEXT_GROUP = "groups_from"


class MembersCheck:
    """The members of one site, fifty at a time, those not looked at for longest first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.erased: list[int] = []

    def check(self, forum: Forum, spending: Spending) -> bool:
        """One round: names and absence of fifty members, as far as the budget goes; whether the memory changed."""
        wanted = self._store.of_site(members, members.c.id > 0)
        order = (members.c.checked_at.is_not(None), members.c.checked_at, members.c.id)
        query = select(members).where(wanted).order_by(*order).limit(MEMBERS_PER_CALL)
        with self._store.read() as conn:
            held = {row["id"]: row for row in conn.execute(query).mappings()}
        if not held:
            return False
        there = {told.id: told for told in forum.members_by_id(held)}
        seen, changed = set(there), False
        for number, row in held.items():
            told = there.get(number)
            if told is None:
                # Who is not settled stays first in the order of the next round.
                settled = self._is_settled(number, row, forum) if spending.left else False
                seen |= {number} if settled else set()
            elif _was_anonymised(row, told):
                self._erase(number, told.username)
                changed = True
        with self._store.write() as writing:
            for number, told in there.items():
                if number in held and not _was_anonymised(held[number], told):
                    kept = replace(told, suspended_till=held[number]["suspended_till"])
                    store_member(writing, kept)
                    _no_longer_absent(writing, number)
            writing.update(members, members.c.id.in_(sorted(seen)), checked_at=writing.now)
            return changed or bool(self.erased) or writing.changed

    def groups(self, forum: Forum, spending: Spending) -> tuple[bool, bool]:
        """Who is in the groups that read an opted-in category: (the memory changed, there are groups left to ask)."""
        with self._store.read() as conn:
            wanted = self._store.of_site(categories, categories.c.opted_in)
            names = {str(name) for row in conn.execute(select(categories.c.groups).where(wanted)) for name in row[0]}
        begin = self._next_group()
        changed, left = False, sorted(name for name in names if name >= begin)
        while left and spending.left:
            name = left.pop(0)
            try:
                inside = {told.id for told in forum.group_members(name)}
            except ForumRefused:
                # A group that hides its members from us: the login tells each member's groups anyhow.
                continue
            changed |= self._regroup(name, inside)
        with self._store.write() as writing:
            _note(writing, _NEXT_GROUP, {"name": left[0] if left else ""})
        return changed, bool(left)

    def _next_group(self) -> str:
        row = self._store.find(_NEXT_GROUP, sync_state.c.name, sync_state.c.value)
        return "" if row is None else str(row["value"].get("name", ""))

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

    def _is_settled(self, number: int, row: Row, forum: Forum) -> bool:
        """Whether this member's absence was explained or acted upon; False while topics of his are still to be read."""
        noted = self._store.find(f"{_ABSENT}{number}", sync_state.c.name, sync_state.c.value, sync_state.c.due_at)
        if noted is not None and noted["due_at"] is not None:
            if noted["due_at"] > self._store.clock():
                return True
            noted = None
        if row["username"] and forum.member(row["username"]) is not None:
            with self._store.write() as writing:
                _no_longer_absent(writing, number)
            return True
        with self._store.write() as writing:
            written = _topics_with(writing, number)
            if not written:
                self._erase_in(writing, number, "")
                return True
            if noted is None:
                _read_again(writing, number, written[:_PROBES], sure=False)
                return False
            probes = set(noted["value"]["probes"])
            read = _read_since(writing, probes, datetime.fromisoformat(noted["value"]["since"]))
            if read < probes:
                return False
            if not noted["value"]["sure"] and probes.isdisjoint(written):
                _read_again(writing, number, written, sure=True)
                return False
            # He still stands where the forum was asked again: he is hidden or inactive, not gone.
            _note(writing, f"{_ABSENT}{number}", {}, writing.now + _HIDDEN_FOR)
            return True

    def _erase(self, number: int, username: str) -> None:
        with self._store.write() as writing:
            self._erase_in(writing, number, username)

    def _erase_in(self, writing: Writing, number: int, username: str) -> None:
        erase(writing, number, also=[username])
        note_erased(writing, number)
        _no_longer_absent(writing, number)
        self.erased.append(number)


def _topics_with(writing: Writing, member_id: int) -> list[int]:
    """The topics in which the memory holds posts of a member, by number."""
    written = (posts.c.site == writing.site) & (posts.c.user_id == member_id)
    return sorted(writing.conn.execute(select(posts.c.topic_id).where(written).distinct()).scalars())


def _read_since(writing: Writing, topic_ids: Collection[int], since: datetime) -> set[int]:
    """Those of the topics that the forum was asked for again since then; what is gone was, too."""
    waiting: set[int] = set()
    for some in chunks(sorted(topic_ids)):
        mine = (topics.c.site == writing.site) & topics.c.id.in_(some)
        late = topics.c.checked_at.is_(None) | (topics.c.checked_at < since)
        waiting.update(writing.conn.execute(select(topics.c.id).where(mine, late)).scalars())
    return set(topic_ids) - waiting


def _read_again(writing: Writing, member_id: int, topic_ids: list[int], sure: bool) -> None:
    """Let these topics be the next to be read."""
    for some in chunks(topic_ids):
        writing.update(topics, topics.c.id.in_(some), checked_at=None)
    told = {"since": writing.now.isoformat(), "probes": topic_ids, "sure": sure}
    _note(writing, f"{_ABSENT}{member_id}", told)


def _no_longer_absent(writing: Writing, member_id: int) -> None:
    writing.delete(sync_state, sync_state.c.name == f"{_ABSENT}{member_id}")


def _note(writing: Writing, name: str, value: dict[str, object], due: datetime | None = None) -> None:
    writing.upsert(sync_state, [{"name": name, "value": value, "due_at": due, "spent": 0.0}])


def _was_anonymised(row: Row, told: Member) -> bool:
    """The forum made up a name for somebody who had another one."""
    return bool(_ANONYMOUS.fullmatch(told.username)) and told.username.lower() != row["username_key"]
