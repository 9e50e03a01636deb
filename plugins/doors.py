"""The doors a plugin may go through: protocols of what the host hands to a handler, and the facts that pass them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from connector.models import Member, Post, Topic
from connector.records import (
    Audience,
    SearchResult,
    StoredCategory,
    StoredMember,
    StoredPost,
    StoredTopic,
    TopicVectors,
)
from plugins.blocks import Anchor

Urgency = Literal["now", "normal", "whenever"]
Answer = Literal["useful", "not_useful", "not_now", "never", "not_here", "accept"]
"""`not_now` silences the plugin for a month, `never` for good, `not_here` is about this one act alone: pass
it on; `accept` says yes to what was asked."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: signed identity of a member, or nobody (`member_id` None, anonymous)."""

    member_id: int | None
    username: str = ""
    groups: tuple[str, ...] = ()
    is_manager: bool = False
    lang: str = "en"
    audience: Audience | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """An act that was asked for: the handle a plugin may keep. `once` identifies it within the plugin for ever."""

    once: str
    verb: str
    state: str
    post_id: int | None = None
    topic_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a member said about an act or a suggestion: `once` or suggestion key, answer, optional reason."""

    once: str
    member_id: int
    answer: Answer
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A post that supports an act: shown beside it in the console, and in the reason line where readers may open it."""

    topic_id: int
    post_number: int | None = None
    label: str = ""


class ForumDoor(Protocol):
    """A few fresh reads, and writes that are queued: nothing is sent before the host's one door, the outbox.

    Every write returns the `Act`; a second call with the same `once` changes nothing and returns the first one. `why`
    is one sentence for managers and members, in the site's language; `evidence` the posts that support it; `about` the
    members it concerns (their attention budget is asked, their erasure reaches it); `topic` the topic it serves (alerts
    and "leave in peace" stop it); `expires` when it stops making sense; `feedback` names the answers its text offers.
    """

    def topic(self, topic_id: int) -> Topic | None:
        """The topic with its posts, read afresh from the forum; None where it is gone or out of reach."""

    def post(self, post_id: int) -> Post | None:
        """A post, read afresh; None where it is gone or out of reach."""

    def member(self, username: str) -> Member | None:
        """A member by username, read afresh."""

    def reply(self, topic_id: int, text: str, *, once: str, why: str, evidence: Sequence[Evidence] = (),
              urgency: Urgency = "normal", reply_to: int | None = None, whisper: bool = False,
              about: Sequence[int] = (), expires: datetime | None = None,
              rule: str = "", conduct: bool = False) -> Act:  # fmt: skip
        """A reply by the bot; `whisper` shows it to staff only, `conduct` keeps it from going beyond propose."""

    def message(self, member_id: int, title: str, text: str, *, once: str, why: str,
                evidence: Sequence[Evidence] = (), urgency: Urgency = "normal", topic: int | None = None,
                about: Sequence[int] = (), expires: datetime | None = None,
                rule: str = "", conduct: bool = False) -> Act:  # fmt: skip
        """A private message to one member; `topic` is what it is about."""

    def message_group(self, group: str, title: str, text: str, *, once: str, why: str,
                      evidence: Sequence[Evidence] = (), urgency: Urgency = "normal", topic: int | None = None,
                      rule: str = "") -> Act:  # fmt: skip
        """A private message to a group."""

    def open_topic(self, category_id: int, title: str, text: str, *, once: str, why: str,
                   tags: Sequence[str] = (), evidence: Sequence[Evidence] = (), urgency: Urgency = "normal",
                   about: Sequence[int] = (), expires: datetime | None = None, rule: str = "") -> Act:  # fmt: skip
        """A new topic by the bot."""

    def edit(
        self,
        of: str,
        text: str,
        *,
        once: str,
        why: str,
        evidence: Sequence[Evidence] = (),
        urgency: Urgency = "normal",
        about: Sequence[int] = (),
        rule: str = "",
    ) -> Act:
        """Change the text of what the act `of` sent; before that was sent, it changes the text that will be."""

    def delete_own(self, of: str, *, once: str, why: str, urgency: Urgency = "normal", rule: str = "") -> Act:
        """Withdraw what the act `of` sent; before that was sent, it simply lapses."""

    def upload(self, filename: str, data: bytes, content_type: str, *, once: str, why: str) -> Act:
        """A file for a later text; the address stands in the act's facts once it is sent."""

    def flag(self, post_id: int, text: str, *, once: str, why: str, rule: str = "") -> Act:
        """A post put before the moderators, where the admin granted it."""

    def alert(
        self,
        kind: str,
        title: str,
        text: str,
        *,
        once: str,
        why: str,
        topic: int | None = None,
        evidence: Sequence[Evidence] = (),
        holds_topic: bool = False,
    ) -> Act:
        """Tell the managers on duty, in the console; `holds_topic` silences suggestions there until it is closed."""

    def mail(self, member_id: int, subject: str, text: str, *, once: str, why: str,
             urgency: Urgency = "normal", rule: str = "") -> Act:  # fmt: skip
        """An e-mail to a member who asked for it."""

    def act(self, once: str) -> Act | None:
        """What became of an act this plugin asked for earlier."""


class ArchiveDoor(Protocol):
    """The forum's local memory. Every question to it names its audience."""

    def audience_anonymous(self) -> Audience:
        """Whoever passes by: nothing where login is required."""

    def audience_public(self) -> Audience:
        """Any member who is logged in."""

    def audience_for(self, groups: Iterable[str], member_id: int | None = None) -> Audience:
        """A member of these groups."""

    def audience_of_topic(self, topic_id: int) -> Audience:
        """What every reader of this topic may open: public things and the topic's own room."""

    def audience_of_category(self, category_id: int) -> Audience:
        """What every reader of this category may open; nothing where its readers are not known."""

    def search(self, text: str, audience: Audience, *, limit: int = 20, per: Literal["topic", "post"] = "topic",
               mode: Literal["hybrid", "lexical", "semantic"] = "hybrid", before: datetime | None = None,
               exclude_topics: Iterable[int] = ()) -> SearchResult:  # fmt: skip
        """What was written like this, best first; `per` topic or post, `before` hides what came later."""

    def embed(self, texts: Sequence[str], model: str | None = None) -> NDArray[np.float32]:
        """Unit vectors, one row a text; raises `connector.errors.ModelUnavailable` where there is no model."""

    def vectors(self, topic_ids: Sequence[int]) -> TopicVectors:
        """Vectors of these topics' opening posts, as far as the worker has computed them; nothing is computed here.

        Raises `connector.errors.ModelUnavailable` where no model is set up.
        """

    def topic(self, topic_id: int) -> StoredTopic | None:
        """A topic as the archive knows it."""

    def post(self, post_id: int) -> StoredPost | None:
        """A post as the archive knows it: its author's own words and code, without what it quotes."""

    def member(self, member_id: int) -> StoredMember | None:
        """A member by id."""

    def member_named(self, username: str) -> StoredMember | None:
        """A member by username, in any case of letters."""

    def category(self, category_id: int) -> StoredCategory | None:
        """A category by id."""

    def categories(self) -> Sequence[StoredCategory]:
        """Every category that is known."""

    def topics(self, audience: Audience, *, since: datetime | None = None, until: datetime | None = None,
               category_id: int | None = None, unanswered: bool | None = None,
               limit: int = 200) -> Sequence[StoredTopic]:  # fmt: skip
        """Visible topics, newest first; `unanswered`: nobody but author and bots replied."""

    def posts_of_topic(self, topic_id: int) -> Sequence[StoredPost]:
        """A topic's posts in order; whoever shows them checks the audience first."""

    def posts_of_member(self, member_id: int, audience: Audience, *, limit: int = 50) -> Sequence[StoredPost]:
        """A member's posts that this audience may read, newest first."""

    def all_posts(
        self, audience: Audience, *, after: tuple[datetime, int] | None = None, before: datetime | None = None
    ) -> Iterator[StoredPost]:
        """Visible regular posts in order of (created_at, id); `after` resumes behind such a pair."""

    def members(self) -> Iterator[StoredMember]:
        """Every member that is known, bots (negative ids) included."""

    def likers(self, post_id: int) -> Sequence[int]:
        """Who liked a post, as far as web hooks told."""

    def circles(self) -> Mapping[int, Literal["core", "occasional", "reader"]]:
        """Which circle each member is in: core, occasional or reader."""

    def usual_answer_time(self, category_id: int | None) -> timedelta | None:
        """Time in which this category answers three quarters of what it ever answers; None: too little was seen."""

    def generation(self) -> int:
        """Grows with every change; a plugin's own index compares it to know whether it is behind."""


class CalendarDoor(Protocol):
    """The site's one working calendar: weekends, holidays, closures, time zone."""

    @property
    def zone(self) -> str:
        """The site's time zone, `Europe/Paris` for instance."""

    def is_working(self, moment: datetime) -> bool:
        """Whether people are at work at this moment."""

    def is_working_day(self, day: date) -> bool:
        """Neither weekend, nor holiday, nor closure."""

    def add_working(self, start: datetime, hours: float) -> datetime:
        """The moment after so many working hours."""

    def working_hours(self, start: datetime, end: datetime) -> float:
        """Working hours between two moments."""

    def next_working(self, moment: datetime) -> datetime:
        """The moment itself if people work then, else the next one at which they do."""

    def managers_on_duty(self, moment: datetime) -> Sequence[str]:
        """Usernames of the managers who answer for the forum at this moment; empty: nobody."""


class SharedDoor(Protocol):
    """What other plugins publish under a name (the charter, say); None where they are off."""

    def get(self, name: str) -> Any | None:
        """What was published under a name; None where its plugin is off."""

    def publish(self, name: str, value: Any) -> None:
        """Publish a value for other plugins."""


class Say(Protocol):
    """A text in that member's language and the forum's voice. `member` may be an id, or a language code."""

    def __call__(self, key: str, member: int | str | None = None, /, **values: Any) -> str: ...


class ConsentDoor(Protocol):
    """What members have said about being named or written to; kept by the host, so that every plugin honours it."""

    def opted_out(self, member_id: int, *, topic: str | None = None) -> bool:
        """The member said no: to this plugin, or to this subject."""

    def agreed(self, member_id: int) -> bool:
        """The member agreed once to be named in public by this plugin."""

    def away_until(self, member_id: int) -> datetime | None:
        """Until when the member said to be away; None: here."""

    def attention_left(self, member_id: int) -> int:
        """How many messages of any plugin this member may still get this week."""

    def feedback_links(self, once: str, member_id: int, answers: Sequence[str] = ()) -> str:
        """A short line of signed links (useful · not useful · not now · never for me) to put under a text."""

    def feedback_anchors(self, once: str, member_id: int, answers: Sequence[Answer]) -> tuple[Anchor, ...]:
        """The same links for a member's card on `/me`, in the order of `answers`: cells of a `Table`."""


class InlineContext(Protocol):
    """What an inline handler may touch: it cannot write."""

    @property
    def site(self) -> int:
        """The forum's number in this installation: every row of a plugin's own tables carries it."""

    @property
    def archive(self) -> ArchiveDoor:
        """The forum's local memory."""

    @property
    def calendar(self) -> CalendarDoor:
        """The working calendar."""

    @property
    def shared(self) -> SharedDoor:
        """What other plugins publish."""

    @property
    def consent(self) -> ConsentDoor:
        """What members said about being named or written to."""

    @property
    def settings(self) -> Any:
        """The plugin's settings, an instance of its frozen dataclass."""

    @property
    def db(self) -> Session:
        """A session on the plugin's own tables, committed by the host together with the queued acts."""

    @property
    def say(self) -> Say:
        """A text of the plugin in a member's language."""

    @property
    def now(self) -> datetime:
        """The time, in UTC; there is no other clock."""

    @property
    def log(self) -> Any:
        """A structured log: `ctx.log.info("what", key=value)`."""

    @property
    def data_dir(self) -> Any:
        """A folder of the plugin's own (a `pathlib.Path`), for files it can rebuild."""

    def settings_for(self, category_id: int | None) -> Any:
        """The settings with this category's overrides applied."""


class Context(InlineContext, Protocol):
    """What a handler may touch, and all it may touch."""

    @property
    def forum(self) -> ForumDoor:
        """A few fresh reads, and writes that are queued."""
