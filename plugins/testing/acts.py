"""The bench's outbox: `plugins.doors.ForumDoor` that writes down what was asked, in the state it would reach.

In `act` mode an act is done at once: its post stands in the bench's forum, written by the bot (id -1). In `propose`
and `watch` it is only noted, as the host would; alerts are for managers and need nobody's approval. A change of what
was not sent yet is `merged` into it, or lets it lapse.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from connector.models import Member, Post, Topic
from connector.records import StoredPost
from plugins.doors import Act, Evidence
from plugins.testing.world import World

BOT = -1
STATES = {"watch": "watched", "propose": "proposed", "act": "sent"}
"""The state an act reaches in each mode, in the host's words."""


class BenchError(Exception):
    """A plugin or a test asked for something impossible; the message says what and why."""


@dataclass(frozen=True, slots=True)
class BenchAct:
    """One act as it was asked for, and what became of it.

    `handler` asked, at `at`; `by` sent the form that asked for it, if one did; `details` holds the verb's own.
    """

    once: str
    verb: str
    state: str
    handler: str
    at: datetime
    why: str
    text: str = ""
    title: str = ""
    topic_id: int | None = None
    member_id: int | None = None
    post_id: int | None = None
    evidence: tuple[Evidence, ...] = ()
    urgency: str = "normal"
    about: tuple[int, ...] = ()
    expires: datetime | None = None
    rule: str = ""
    conduct: bool = False
    by: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def handle(self) -> Act:
        return Act(self.once, self.verb, self.state, self.post_id, self.topic_id)


class BenchForum:
    """The forum door of one handler's run. `mode` is the highest it may reach; words about conduct stay at propose.

    `by` is the manager who sent a form of a console page, if one did: a private message is that person's own, then.
    """

    def __init__(
        self, world: World, acts: dict[str, BenchAct], *, handler: str, mode: str, now: datetime, by: str = ""
    ) -> None:
        self._world, self._acts = world, acts
        self._handler, self._mode, self._now, self._by = handler, mode, now, by

    def topic(self, topic_id: int) -> Topic | None:
        """The topic with all its posts, as a fresh read of the forum gives it."""
        stored = self._world.topics.get(topic_id)
        if stored is None:
            return None
        posts = [post for post in self._world.posts.values() if post.topic_id == topic_id]
        return Topic(
            id=stored.id,
            title=stored.title,
            slug=stored.slug,
            category_id=stored.category_id,
            tags=stored.tags,
            created_at=stored.created_at,
            user_id=stored.user_id,
            visible=stored.visible,
            closed=stored.closed,
            archived=stored.archived,
            archetype="regular",
            posts_count=stored.posts_count,
            last_posted_at=stored.last_posted_at,
            has_accepted_answer=stored.solved_post_id is not None,
            stream=tuple(post.id for post in posts),
            posts=tuple(self._fresh(post) for post in posts),
        )

    def post(self, post_id: int) -> Post | None:
        stored = self._world.posts.get(post_id)
        return self._fresh(stored) if stored is not None else None

    def member(self, username: str) -> Member | None:
        wanted = username.lower()
        stored = next((one for one in self._world.members.values() if one.username.lower() == wanted), None)
        if stored is None:
            return None
        return Member(
            id=stored.id,
            username=stored.username,
            name=stored.name,
            trust_level=stored.trust_level,
            groups=stored.groups,
            locale=stored.locale or None,
            suspended_till=stored.suspended_till,
            created_at=stored.created_at,
            last_seen_at=stored.last_seen_at,
        )

    def reply(self, topic_id: int, text: str, *, once: str, why: str, evidence: Sequence[Evidence] = (),
              urgency: str = "normal", reply_to: int | None = None, whisper: bool = False,
              about: Sequence[int] = (), expires: datetime | None = None,
              rule: str = "", conduct: bool = False) -> Act:  # fmt: skip
        if topic_id not in self._world.topics:
            raise BenchError(f"reply to topic {topic_id}: there is no such topic")
        return self._ask(
            "reply", once, why, text=text, topic_id=topic_id, evidence=evidence, urgency=urgency, about=about,
            expires=expires, rule=rule, conduct=conduct, details={"reply_to": reply_to, "whisper": whisper},
        )  # fmt: skip

    def message(self, member_id: int, title: str, text: str, *, once: str, why: str,
                evidence: Sequence[Evidence] = (), urgency: str = "normal", topic: int | None = None,
                about: Sequence[int] = (), expires: datetime | None = None,
                rule: str = "", conduct: bool = False) -> Act:  # fmt: skip
        self._person(member_id)
        return self._ask(
            "message", once, why, title=title, text=text, member_id=member_id, topic_id=topic, evidence=evidence,
            urgency=urgency, about=about, expires=expires, rule=rule, conduct=conduct,
        )  # fmt: skip

    def message_group(self, group: str, title: str, text: str, *, once: str, why: str,
                      evidence: Sequence[Evidence] = (), urgency: str = "normal", topic: int | None = None,
                      rule: str = "") -> Act:  # fmt: skip
        return self._ask(
            "message_group", once, why, title=title, text=text, topic_id=topic, evidence=evidence, urgency=urgency,
            rule=rule, details={"group": group},
        )  # fmt: skip

    def open_topic(self, category_id: int, title: str, text: str, *, once: str, why: str,
                   tags: Sequence[str] = (), evidence: Sequence[Evidence] = (), urgency: str = "normal",
                   about: Sequence[int] = (), expires: datetime | None = None, rule: str = "") -> Act:  # fmt: skip
        if category_id not in self._world.categories:
            raise BenchError(f"open a topic in category {category_id}: there is no such category")
        return self._ask(
            "open_topic", once, why, title=title, text=text, evidence=evidence, urgency=urgency, about=about,
            expires=expires, rule=rule, details={"category_id": category_id, "tags": tuple(tags)},
        )  # fmt: skip

    def edit(self, of: str, text: str, *, once: str, why: str, evidence: Sequence[Evidence] = (),
             urgency: str = "normal", about: Sequence[int] = (), rule: str = "") -> Act:  # fmt: skip
        return self._ask(
            "edit", once, why, text=text, topic_id=self._earlier(of).topic_id, evidence=evidence, urgency=urgency,
            about=about, rule=rule, conduct=self._earlier(of).conduct, details={"of": of},
        )  # fmt: skip

    def delete_own(self, of: str, *, once: str, why: str, urgency: str = "normal", rule: str = "") -> Act:
        topic = self._earlier(of).topic_id
        return self._ask("delete_own", once, why, topic_id=topic, urgency=urgency, rule=rule, details={"of": of})

    def upload(self, filename: str, data: bytes, content_type: str, *, once: str, why: str) -> Act:
        details = {"filename": filename, "data": data, "content_type": content_type}
        return self._ask("upload", once, why, details=details)

    def flag(self, post_id: int, text: str, *, once: str, why: str, rule: str = "") -> Act:
        if post_id not in self._world.posts:
            raise BenchError(f"flag post {post_id}: there is no such post")
        topic = self._world.posts[post_id].topic_id
        return self._ask(
            "flag", once, why, text=text, topic_id=topic, rule=rule, conduct=True, details={"post_id": post_id}
        )

    def alert(self, kind: str, title: str, text: str, *, once: str, why: str, topic: int | None = None,
              evidence: Sequence[Evidence] = (), holds_topic: bool = False) -> Act:  # fmt: skip
        details = {"kind": kind, "holds_topic": holds_topic}
        return self._ask("alert", once, why, title=title, text=text, topic_id=topic, evidence=evidence, details=details)

    def mail(self, member_id: int, subject: str, text: str, *, once: str, why: str, urgency: str = "normal",
             rule: str = "") -> Act:  # fmt: skip
        self._person(member_id)
        return self._ask("mail", once, why, title=subject, text=text, member_id=member_id, urgency=urgency, rule=rule)

    def act(self, once: str) -> Act | None:
        found = self._acts.get(once)
        return found.handle if found is not None else None

    def _ask(self, verb: str, once: str, why: str, *, evidence: Sequence[Evidence] = (), about: Sequence[int] = (),
             conduct: bool = False, **rest: Any) -> Act:  # fmt: skip
        if once in self._acts:
            return self._acts[once].handle
        if not once.strip() or not why.strip():
            raise BenchError(f"{verb}: every act carries a key (once=) and a reason (why=)")
        if verb not in ("upload", "delete_own") and not rest.get("text", "").strip():
            raise BenchError(f"{verb}: the text is empty")
        mode = "propose" if conduct and self._mode == "act" else self._mode
        mode = "act" if self._by and verb == "message" else mode
        asked = BenchAct(
            once=once, verb=verb, state=STATES[mode], handler=self._handler, at=self._now, why=why,
            evidence=tuple(evidence), about=tuple(about), conduct=conduct, by=self._by, **rest,
        )  # fmt: skip
        self._acts[once] = self._carry_out(asked)
        return self._acts[once].handle

    def _carry_out(self, asked: BenchAct) -> BenchAct:
        """What the host does with it: in act mode the forum changes, before that only what will be sent may."""
        earlier = self._acts.get(str(asked.details.get("of", "")))
        if earlier is not None and earlier.state in ("watched", "proposed"):
            lapsed = asked.verb == "delete_own"
            changed = replace(earlier, state="lapsed") if lapsed else replace(earlier, text=asked.text)
            self._acts[earlier.once] = changed
            return replace(asked, state="lapsed" if lapsed else "merged")
        if earlier is not None and earlier.state != "sent":
            return replace(asked, state="lapsed")
        if asked.verb == "alert" and asked.state == "proposed":
            return replace(asked, state="sent")
        if asked.state != "sent":
            return asked
        if asked.verb == "reply" and asked.topic_id is not None:
            kind = 4 if asked.details["whisper"] else 1
            post = self._world.add_post(asked.topic_id, BOT, asked.text, at=self._now, post_type=kind)
            return replace(asked, post_id=post.id)
        if asked.verb == "open_topic":
            topic = self._world.add_topic(
                BOT, asked.title, category=asked.details["category_id"], tags=asked.details["tags"], at=self._now
            )
            post = self._world.add_post(topic, BOT, asked.text, at=self._now)
            return replace(asked, topic_id=topic.id, post_id=post.id)
        if earlier is not None and earlier.post_id in self._world.posts:
            if asked.verb == "edit":
                self._world.change_post(earlier.post_id, text=asked.text, updated_at=self._now)
            else:
                self._world.remove_post(earlier.post_id)
                self._acts[earlier.once] = replace(earlier, state="undone")
            return replace(asked, post_id=earlier.post_id)
        return asked

    def _earlier(self, of: str) -> BenchAct:
        if of not in self._acts:
            raise BenchError(f"there is no act {of!r} to change; acts so far: {', '.join(self._acts) or 'none'}")
        return self._acts[of]

    def _person(self, member_id: int) -> None:
        if member_id not in self._world.members:
            raise BenchError(f"write to member {member_id}: there is no such member")

    def _fresh(self, post: StoredPost) -> Post:
        author = self._world.members.get(post.user_id or 0)
        topic = self._world.topics[post.topic_id]
        return Post(
            id=post.id,
            topic_id=post.topic_id,
            post_number=post.post_number,
            user_id=post.user_id,
            username=author.username if author else "",
            created_at=post.created_at,
            updated_at=post.updated_at,
            cooked=f"<p>{post.text}</p>",
            raw=post.text,
            post_type=post.post_type,
            reply_to_post_number=post.reply_to_post_number,
            hidden=post.hidden,
            like_count=post.like_count,
            accepted=post.accepted,
            topic_archetype="regular",
            topic_title=topic.title,
            topic_slug=topic.slug,
            category_id=topic.category_id,
        )
