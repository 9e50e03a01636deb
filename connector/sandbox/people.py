"""Members and groups: finding them, adding them, raising their trust."""

from datetime import datetime

from .board import DISCOBOT, SYSTEM, Board
from .clock import stamp
from .store import Row

AUTOMATIC = {
    1: "admins", 2: "moderators", 3: "staff", 10: "trust_level_0", 11: "trust_level_1", 12: "trust_level_2",
    13: "trust_level_3", 14: "trust_level_4",
}  # fmt: skip


def lay_foundations(board: Board) -> None:
    """The system members, the automatic groups and the category without a name, where they are missing."""
    with board.store.transaction():
        if board.store.one("SELECT 1 FROM members WHERE id = ?", SYSTEM) is not None:
            return
        now = board.clock.stamp()
        for number, name in ((SYSTEM, "system"), (DISCOBOT, "discobot")):
            board.store.insert(
                "members", id=number, username=name, lower_name=name, name=name, email=f"{name}@{name}.invalid",
                trust_level=4, admin=1, moderator=1, created_at=now,
            )  # fmt: skip
        for number, name in AUTOMATIC.items():
            board.store.insert("groups", id=number, name=name, automatic=1, visibility_level=1)
        board.store.insert(
            "categories", id=1, name="Uncategorized", slug="uncategorized", color="0088CC", text_color="FFFFFF",
            position=0, description="Topics that don't need a category, or don't fit into any other existing category.",
        )  # fmt: skip


def named(board: Board, username: str) -> Row | None:
    """The member of this name, in any case of letters."""
    return board.store.one("SELECT * FROM members WHERE lower_name = ?", username.strip().lower())


def by_id(board: Board, number: int | None) -> Row | None:
    """The member of this id."""
    return board.store.one("SELECT * FROM members WHERE id = ?", number)


def require(board: Board, username: str) -> Row:
    """The member of this name; KeyError when there is none."""
    found = named(board, username)
    if found is None:
        raise KeyError(f"no member named {username!r}")
    return found


def is_suspended(board: Board, member: Row) -> bool:
    """Whether the member may not log in at the moment."""
    return member["suspended_till"] is not None and member["suspended_till"] > board.clock.stamp()


def is_silenced(board: Board, member: Row) -> bool:
    """Whether the member may not write at the moment."""
    return member["silenced_till"] is not None and member["silenced_till"] > board.clock.stamp()


def groups_of(board: Board, user_id: int) -> list[Row]:
    """The groups of a member, automatic ones included, by id."""
    return board.store.all(
        "SELECT g.* FROM groups g JOIN group_members m ON m.group_id = g.id WHERE m.user_id = ? ORDER BY g.id", user_id
    )


def group_named(board: Board, name: str) -> Row | None:
    """The group of this name."""
    return board.store.one("SELECT * FROM groups WHERE name = ? COLLATE NOCASE", name)


def write_member(board: Board, **columns: object) -> int:
    """Put a member's row in place, without a word to anybody (loading a community)."""
    username = str(columns["username"])
    number = board.store.insert("members", **{"lower_name": username.lower(), **columns})
    for group_id in _automatic_groups(board, number):
        _join(board, group_id, number)
    return number


def add_member(
    board: Board, username: str, *, name: str = "", email: str | None = None, trust_level: int = 1,
    admin: bool = False, moderator: bool = False, locale: str | None = None, active: bool = True,
    approved: bool = True, staged: bool = False, bio: str | None = None, created_at: datetime | None = None,
) -> Row:  # fmt: skip
    """A new account, announced as a real forum does: created, confirmed, logged in, welcomed by discobot."""
    if named(board, username) is not None:
        raise ValueError(f"there is a member named {username!r} already")
    with board.store.transaction():
        number = max(0, board.store.value("SELECT max(id) FROM members") or 0) + 1
        board.store.insert(
            "members", id=number, username=username, lower_name=username.lower(), name=name,
            email=email or f"{username.lower()}@example.com", trust_level=0, admin=int(admin), moderator=int(moderator),
            locale=locale, active=int(active), approved=int(approved), staged=int(staged), bio=bio,
            created_at=stamp(created_at or board.clock()),
        )  # fmt: skip
        board.announce("user_created", number)
        _settle_groups(board, number)
        if active and not staged:
            board.announce("user_confirmed_email", number)
            if approved:
                board.announce("user_logged_in", number)
        if trust_level:
            promote(board, number, trust_level)
        if board.setting("discourse_narrative_bot_enabled") and not staged:
            _welcome(board, number, username)
    found = by_id(board, number)
    assert found is not None
    return found


def _welcome(board: Board, number: int, username: str) -> None:
    from .posting import insert_message

    greeting = f"Thanks for joining {board.setting('title')}, and welcome!\n\nI’m only a robot, {username}."
    insert_message(board, DISCOBOT, [number], "Greetings!", greeting)


def promote(board: Board, number: int, level: int) -> None:
    """Set the trust level; raising it is announced, lowering it is not."""
    with board.store.transaction():
        before = board.store.value("SELECT trust_level FROM members WHERE id = ?", number)
        board.store.change("members", number, trust_level=level)
        _settle_groups(board, number)
        if level >= before:
            board.announce("user_promoted", number)


def _automatic_groups(board: Board, number: int) -> set[int]:
    member = by_id(board, number)
    assert member is not None
    groups = {10 + level for level in range(int(member["trust_level"]) + 1)}
    if member["admin"]:
        groups |= {1, 3}
    if member["moderator"]:
        groups |= {2, 3}
    return groups if number > 0 else set()


def _settle_groups(board: Board, number: int) -> None:
    wanted = _automatic_groups(board, number)
    rows = board.store.all("SELECT group_id FROM group_members WHERE user_id = ? AND group_id < 40", number)
    present = {row["group_id"] for row in rows}
    for group_id in sorted(wanted - present):
        board.announce("user_added_to_group", _join(board, group_id, number))
    for group_id in sorted(present - wanted):
        _leave(board, group_id, number)


def set_staff(board: Board, number: int, *, admin: bool | None = None, moderator: bool | None = None) -> None:
    """Give or take the rights of an admin or moderator."""
    with board.store.transaction():
        if admin is not None:
            board.store.change("members", number, admin=int(admin))
        if moderator is not None:
            board.store.change("members", number, moderator=int(moderator))
        _settle_groups(board, number)
        board.announce("user_updated", number)


def _join(board: Board, group_id: int, number: int) -> int:
    return board.store.insert("group_members", group_id=group_id, user_id=number, added_at=board.clock.stamp())


def _leave(board: Board, group_id: int, number: int) -> None:
    row = board.store.one("SELECT * FROM group_members WHERE group_id = ? AND user_id = ?", group_id, number)
    if row is not None:
        board.announce("user_removed_from_group", row["id"])
        board.store.run("DELETE FROM group_members WHERE id = ?", row["id"])


def add_group(
    board: Board,
    name: str,
    *,
    full_name: str | None = None,
    messageable_level: int = 0,
    visibility_level: int = 0,
    number: int | None = None,
) -> int:
    """A new group; gives its id."""
    with board.store.transaction():
        free = max(40, board.store.value("SELECT max(id) FROM groups")) + 1
        group_id = board.store.insert(
            "groups", id=number or free, name=name, full_name=full_name, messageable_level=messageable_level,
            visibility_level=visibility_level, members_visibility_level=visibility_level,
        )  # fmt: skip
        board.announce("group_created", group_id)
        return group_id


def join_group(board: Board, name: str, username: str) -> None:
    """Put a member into a group; KeyError when either is unknown."""
    group, member = group_named(board, name), require(board, username)
    if group is None:
        raise KeyError(f"no group named {name!r}")
    with board.store.transaction():
        if board.store.one("SELECT 1 FROM group_members WHERE group_id = ? AND user_id = ?", group["id"], member["id"]):
            return
        board.announce("user_added_to_group", _join(board, group["id"], member["id"]))


def leave_group(board: Board, name: str, username: str) -> None:
    """Take a member out of a group."""
    group, member = group_named(board, name), require(board, username)
    if group is not None:
        with board.store.transaction():
            _leave(board, group["id"], member["id"])
