"""Who may see and do what."""

import json
from functools import cached_property

from .board import Board
from .clock import moment
from .store import Row


class Guardian:
    """The rights of one reader: a member's row, or None for an anonymous one."""

    def __init__(self, board: Board, member: Row | None) -> None:
        self.board = board
        self.member = member
        self.id = member["id"] if member is not None else None
        self.admin = bool(member is not None and member["admin"])
        self.staff = bool(self.admin or (member is not None and member["moderator"]))
        self.trust = int(member["trust_level"]) if member is not None else -1

    @cached_property
    def groups(self) -> dict[int, str]:
        """The reader's groups: id and name."""
        rows = self.board.store.all(
            "SELECT g.id, g.name FROM groups g JOIN group_members m ON m.group_id = g.id WHERE m.user_id = ?", self.id
        )
        return {row["id"]: row["name"] for row in rows}

    @cached_property
    def rights(self) -> dict[int, int]:
        """For each category that the reader may open: 1 = may open topics, 2 = may reply, 3 = may read."""
        found: dict[int, int] = {}
        names = {*self.groups.values(), "everyone"}
        for row in self.board.store.all("SELECT id, permissions FROM categories"):
            granted = [right for name, right in json.loads(row["permissions"]).items() if name in names]
            if self.admin:
                granted.append(1)
            if granted:
                found[row["id"]] = min(granted) if self.member is not None else 3
        return found

    @property
    def open_categories(self) -> str:
        """The ids of the categories that the reader may open, as an SQL list (numbers only)."""
        return "(" + ",".join(str(number) for number in sorted(self.rights)) + ")"

    def sees_topic(self, topic: Row | None) -> bool:
        """Whether the reader may open this topic (an unlisted one, yes: by its address)."""
        if topic is None or (topic["deleted_at"] is not None and not self.staff):
            return False
        if topic["archetype"] == "private_message":
            return self.admin or self.in_message(topic["id"])
        if topic["category_id"] is None:
            return True
        return topic["category_id"] in self.rights

    def in_message(self, topic_id: int) -> bool:
        """Whether the reader takes part in this private message."""
        if self.id is None:
            return False
        one = self.board.store.value(
            "SELECT 1 FROM topic_members WHERE topic_id = ? AND user_id = ? UNION "
            "SELECT 1 FROM topic_groups t JOIN group_members m ON m.group_id = t.group_id WHERE topic_id = ? AND "
            "m.user_id = ?",
            topic_id, self.id, topic_id, self.id,
        )  # fmt: skip
        return one is not None

    def sees_post(self, post: Row) -> bool:
        """Whether the reader may see this post of a topic that he may open (a hidden one is seen, its text is not)."""
        if post["deleted_at"] is not None:
            return self.staff
        return post["post_type"] != 4 or self.whispers

    @cached_property
    def whispers(self) -> bool:
        """Whether the reader is in a group that whispers."""
        allowed = {int(one) for one in str(self.board.setting("whispers_allowed_groups")).split("|") if one}
        return bool(self.admin or allowed & set(self.groups))

    def reads_text(self, post: Row) -> bool:
        """Whether the reader may read the text of a hidden post."""
        return not post["hidden"] or self.staff or (self.id is not None and post["user_id"] == self.id)

    def may_reply(self, topic: Row) -> bool:
        """Whether the reader may reply here."""
        if self.member is None or not self.sees_topic(topic) or topic["deleted_at"] is not None:
            return False
        if (topic["closed"] or topic["archived"]) and not self.staff:
            return False
        return topic["category_id"] is None or self.rights.get(topic["category_id"], 3) <= 2

    def in_time(self, post: Row) -> bool:
        """Whether the author may still edit: 1 day, from trust level 2 on 30 days."""
        name = "tl2_post_edit_time_limit" if self.trust >= 2 else "post_edit_time_limit"
        minutes = self.board.number(name)
        return minutes == 0 or (self.board.clock() - moment(post["created_at"])).total_seconds() < minutes * 60

    def owns(self, post: Row) -> bool:
        """Whether it is the reader's own."""
        return self.id is not None and post["user_id"] == self.id

    def may_edit(self, post: Row, topic: Row) -> bool:
        """Whether the reader may edit this post (time limit apart: see `in_time`)."""
        if self.staff or (self.trust >= 4 and topic["archetype"] == "regular"):
            return True
        return self.owns(post) and not post["user_deleted"] and post["deleted_at"] is None and not topic["archived"]

    def may_delete(self, post: Row, topic: Row) -> bool:
        """Whether the reader may delete this post; an opening post goes with its topic, by staff."""
        if post["post_number"] == 1:
            return False
        return self.staff or (self.owns(post) and not post["user_deleted"] and post["post_type"] == 1)

    def may_edit_topic(self, topic: Row) -> bool:
        """Whether the reader may change title, category and tags."""
        if self.staff:
            return True
        return (self.trust >= 3 and topic["archetype"] == "regular") or (
            self.id is not None and topic["user_id"] == self.id
        )
