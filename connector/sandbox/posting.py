"""Writing: a topic, a reply, a message."""

import json
from dataclasses import asdict, dataclass

from .board import SYSTEM, Board
from .checking import (
    body_faults,
    check_external,
    check_pace,
    refuse,
    said_just_now,
    slug,
    title_faults,
    title_taken,
    too_many_in_a_row,
)
from .cooking import mentioned, plain, quoted
from .guardian import Guardian
from .notices import notify
from .people import by_id, group_named, is_silenced, is_suspended, named
from .problems import bad_parameter, forbidden, not_created
from .queue import Held, decide, hold, must_wait, pending
from .store import Row
from .words import say

REGULAR, SMALL_ACTION, WHISPER = 1, 3, 4


@dataclass(frozen=True)
class Draft:
    """What somebody asks to publish; which of topic, message or reply it is follows from its fields."""

    raw: str
    title: str = ""
    category: str | int | None = None
    topic_id: int | None = None
    reply_to: int | None = None
    recipients: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    external_id: str | None = None
    message: bool = False
    whisper: bool = False


def publish(board: Board, who: Guardian, draft: Draft, *, approved: bool = False) -> int:
    """Check and publish; gives the post's id. Problem when the forum says no, Held when it waits."""
    author = who.member
    if author is None or is_silenced(board, author) or not author["approved"]:
        raise forbidden(board.locale(author))
    if draft.whisper and not who.whispers:
        refusal = forbidden(board.locale(author))
        refusal.body["errors"] = [say("whisper_refused", board.locale(author))]
        raise refusal
    with board.store.transaction():
        if draft.message and draft.topic_id is None:
            return _message(board, who, author, draft)
        write = _topic if draft.topic_id is None else _reply
        done = write(board, who, author, draft, waits=not approved and must_wait(board, who))
    if isinstance(done, Held):
        raise done
    return done


def approve(board: Board, review_id: int) -> int:
    """Publish a waiting draft in its author's name; gives the post's id."""
    row = pending(board, review_id)
    kept = json.loads(row["draft"])
    draft = Draft(**{**kept, "recipients": tuple(kept["recipients"]), "tags": tuple(kept["tags"])})
    with board.store.transaction():
        post_id = publish(board, Guardian(board, by_id(board, row["created_by_id"])), draft, approved=True)
        decide(board, review_id, post_id=post_id)
    return post_id


def _topic(board: Board, who: Guardian, author: Row, draft: Draft, *, waits: bool) -> int | Held:
    locale = board.locale(author)
    category_id = _category(draft.category, locale)
    title = draft.title.strip()
    faults = title_faults(board, title, locale, message=False)
    if not faults and title_taken(board, title):
        faults.append(say("title_taken", locale))
    if category_id is None:
        refuse([*faults, say("category_blank", locale)])
    assert category_id is not None
    if board.store.value("SELECT 1 FROM categories WHERE id = ?", category_id) is None:
        raise bad_parameter("category", locale)
    if who.rights.get(category_id, 3) != 1:
        raise forbidden(locale)
    faults += check_external(board, draft.external_id, locale)
    faults += body_faults(board, draft.raw, board.number("min_first_post_length"), locale)
    if not faults and said_just_now(board, author, draft.raw, message=False):
        faults.append(say("body_same", locale))
    refuse(faults)
    check_pace(board, who, "topic", locale)
    if waits:
        return Held(hold(board, author["id"], asdict(draft)))
    topic_id = insert_topic(
        board, author["id"], title, category_id=category_id, tags=draft.tags, external_id=draft.external_id
    )
    return _first_post(board, topic_id, author["id"], draft.raw)


def _category(given: str | int | None, locale: str) -> int | None:
    if given in (None, ""):
        return None
    try:
        return int(str(given))
    except ValueError:
        raise bad_parameter("category", locale) from None


def _message(board: Board, who: Guardian, author: Row, draft: Draft) -> int:
    locale = board.locale(author)
    title = draft.title.strip()
    faults = title_faults(board, title, locale, message=True)
    faults += check_external(board, draft.external_id, locale)
    members, groups = _recipients(board, who, draft.recipients, locale)
    faults += body_faults(board, draft.raw, board.number("min_personal_message_post_length"), locale)
    if not faults and said_just_now(board, author, draft.raw, message=True):
        faults.append(say("body_same", locale))
    refuse(faults)
    check_pace(board, who, "message", locale)
    return insert_message(board, author["id"], members, title, draft.raw, groups=groups, external_id=draft.external_id)


def _recipients(board: Board, who: Guardian, names: tuple[str, ...], locale: str) -> tuple[list[int], list[int]]:
    members: list[int] = []
    groups: list[int] = []
    for name in names:
        member, group = named(board, name), group_named(board, name)
        if member is not None:
            if not who.staff and is_suspended(board, member):
                raise not_created(say("recipient_refuses", locale))
            members.append(member["id"])
        elif group is not None and _messageable(who, group):
            groups.append(group["id"])
        else:
            raise not_created(say("recipient_missing", locale))
    if not members and not groups:
        raise not_created(say("recipient_missing", locale))
    if not who.staff and who.trust < 1:
        raise not_created(say("recipient_refuses", locale))
    return members, groups


def _messageable(who: Guardian, group: Row) -> bool:
    level = int(group["messageable_level"])
    if level == 99:
        return True
    if level in (3, 4):
        return group["id"] in who.groups or who.staff
    return level in (1, 2) and who.staff


def _reply(board: Board, who: Guardian, author: Row, draft: Draft, *, waits: bool) -> int | Held:
    locale = board.locale(author)
    topic = board.store.one("SELECT * FROM topics WHERE id = ?", draft.topic_id)
    if topic is None or topic["deleted_at"] is not None or (topic["closed"] and not who.staff):
        raise not_created(say("topic_gone", locale))
    if not who.may_reply(topic):
        raise forbidden(locale)
    private = topic["archetype"] == "private_message"
    least = board.number("min_personal_message_post_length" if private else "min_post_length")
    faults = body_faults(board, draft.raw, least, locale)
    if not faults and said_just_now(board, author, draft.raw, message=private):
        faults.append(say("body_same", locale))
    if not faults and too_many_in_a_row(board, author, topic):
        faults.append(say("consecutive", locale, most=board.number("max_consecutive_replies")))
    refuse(faults)
    check_pace(board, who, "reply", locale)
    if waits and not private:
        return Held(hold(board, author["id"], asdict(draft)))
    kind = WHISPER if draft.whisper else REGULAR
    post_id = insert_post(board, topic["id"], author["id"], draft.raw, reply_to=draft.reply_to, post_type=kind)
    board.announce("post_created", post_id)
    _tell_people(board, post_id)
    return post_id


def insert_topic(
    board: Board, user_id: int, title: str, *, category_id: int | None, archetype: str = "regular",
    tags: tuple[str, ...] = (), external_id: str | None = None,
) -> int:  # fmt: skip
    """Put a topic's row in place, yet without posts; gives its id."""
    now = board.clock.stamp()
    return board.store.insert(
        "topics", title=title, slug=slug(title), category_id=category_id, user_id=user_id, archetype=archetype,
        created_at=now, bumped_at=now, external_id=external_id, tags=json.dumps(list(tags)),
    )  # fmt: skip


def insert_message(
    board: Board, user_id: int, members: list[int], title: str, raw: str, *,
    groups: list[int] | None = None, external_id: str | None = None,
) -> int:  # fmt: skip
    """A private conversation with its first message, unchecked; gives the post's id."""
    with board.store.transaction():
        topic_id = insert_topic(
            board, user_id, title, category_id=None, archetype="private_message", external_id=external_id
        )
        for number in dict.fromkeys([*members, user_id]):
            board.store.run("INSERT OR IGNORE INTO topic_members VALUES (?, ?)", topic_id, number)
        for number in groups or ():
            board.store.run("INSERT OR IGNORE INTO topic_groups VALUES (?, ?)", topic_id, number)
        return _first_post(board, topic_id, user_id, raw)


def _first_post(board: Board, topic_id: int, user_id: int, raw: str) -> int:
    post_id = insert_post(board, topic_id, user_id, raw)
    board.announce("topic_created", topic_id)
    board.announce("post_created", post_id)
    _tell_people(board, post_id)
    return post_id


def insert_post(
    board: Board, topic_id: int, user_id: int, raw: str, *, reply_to: int | None = None,
    post_type: int = REGULAR, action_code: str | None = None,
) -> int:  # fmt: skip
    """Put a post at the end of a topic and count it there; gives its id."""
    now = board.clock.stamp()
    cooked = board.cook(raw)
    number = (board.store.value("SELECT max(post_number) FROM posts WHERE topic_id = ?", topic_id) or 0) + 1
    post_id = board.store.insert(
        "posts", topic_id=topic_id, post_number=number, user_id=user_id, post_type=post_type, action_code=action_code,
        raw=raw, cooked=cooked, reply_to_post_number=reply_to, created_at=now, updated_at=now,
        quote_count=len(quoted(cooked)),
    )  # fmt: skip
    if reply_to is not None:
        board.store.run(
            "UPDATE posts SET reply_count = reply_count + 1 WHERE topic_id = ? AND post_number = ?", topic_id, reply_to
        )
    if post_type == REGULAR:
        board.store.run("UPDATE topics SET bumped_at = ? WHERE id = ?", now, topic_id)
        board.store.run("UPDATE members SET last_posted_at = ? WHERE id = ?", now, user_id)
    recount(board, topic_id)
    return post_id


def recount(board: Board, topic_id: int) -> None:
    """Bring a topic's counters and its last poster in line with its posts."""
    rows = board.store.all(
        "SELECT post_number, user_id, created_at, cooked, like_count, reply_to_post_number, post_type FROM posts "
        "WHERE topic_id = ? AND deleted_at IS NULL AND post_type <> 4 ORDER BY post_number", topic_id,
    )  # fmt: skip
    counted = [row for row in rows if row["post_type"] != SMALL_ACTION]
    last = counted[-1] if counted else None
    board.store.change(
        "topics", topic_id,
        posts_count=len(counted),
        reply_count=sum(row["reply_to_post_number"] is not None for row in counted),
        like_count=sum(row["like_count"] for row in counted),
        word_count=sum(len(plain(row["cooked"]).split()) for row in counted),
        highest_post_number=board.store.value("SELECT max(post_number) FROM posts WHERE topic_id = ?", topic_id) or 0,
        last_posted_at=last["created_at"] if last is not None else None,
        last_post_user_id=last["user_id"] if last is not None else None,
    )  # fmt: skip


def small_action(board: Board, topic_id: int, code: str, raw: str = "", *, by: int = SYSTEM) -> int:
    """The line that says what happened to a topic; announced as a post of type 3."""
    post_id = insert_post(board, topic_id, by, raw, post_type=SMALL_ACTION, action_code=code)
    board.announce("post_created", post_id)
    return post_id


def _tell_people(board: Board, post_id: int) -> None:
    post = board.store.one("SELECT * FROM posts WHERE id = ?", post_id)
    assert post is not None
    topic = board.store.one("SELECT * FROM topics WHERE id = ?", post["topic_id"])
    assert topic is not None
    told = {post["user_id"]}
    if topic["archetype"] == "private_message":
        rows = board.store.all("SELECT user_id FROM topic_members WHERE topic_id = ?", topic["id"])
        for row in rows:
            notify(board, row["user_id"], "private_message", post, told)
        return
    for name in mentioned(post["cooked"]):
        notify(board, board.store.value("SELECT id FROM members WHERE lower_name = ?", name), "mentioned", post, told)
    for name in quoted(post["cooked"]):
        found = named(board, name)
        notify(board, found["id"] if found else None, "quoted", post, told)
    if post["reply_to_post_number"] is not None:
        answered = board.store.value(
            "SELECT user_id FROM posts WHERE topic_id = ? AND post_number = ?",
            topic["id"],
            post["reply_to_post_number"],
        )
        notify(board, answered, "replied", post, told)
    if post["post_number"] > 1:
        notify(board, topic["user_id"], "posted", post, told)
