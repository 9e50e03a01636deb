"""The door to the forum: a few fresh reads, and writes that are queued."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from connector.models import Member, Post, Topic
from plugins.doors.facts import Act, Evidence, Urgency


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
