"""From a plugin's wish to a row of the outbox: its mode, its state, the keys by which we will know it again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from connector.archive.forgotten import ForgottenNames
from plugins.contract import Mode
from plugins.doors import ArchiveDoor, Evidence
from webhooks import blanking, duty, modes, pause
from webhooks.blanking import ERASED
from webhooks.markers import external_id_of, marker_of
from webhooks.outbox import PUBLIC

LONGEST_TEXT = 32_000
STATE_IN: Mapping[Mode, str] = {"off": "lapsed", "watch": "watched", "propose": "proposed", "act": "due"}


class ActError(ValueError):
    """A plugin asked for something impossible; the message is for its author."""


@dataclass(frozen=True)
class Asking:
    """What is the same for all acts of one handler's run."""

    connection: Callable[[], Connection]
    archive: ArchiveDoor
    names: ForgottenNames
    site: int
    key: str
    plugin: str
    ceiling: Mode
    cause: str
    now: datetime
    by: str = ""
    """Whoever sent a form of a console page; "" where nobody did."""

    def row(
        self,
        verb: str,
        *,
        once: str,
        why: str,
        title: str = "",
        text: str = "",
        evidence: Sequence[Evidence] = (),
        urgency: str = "normal",
        topic_id: int | None = None,
        category_id: int | None = None,
        recipient_id: int | None = None,
        about: Sequence[int] = (),
        expires: datetime | None = None,
        rule: str = "",
        conduct: bool = False,
        details: Mapping[str, Any] | None = None,
        data: bytes | None = None,
    ) -> dict[str, Any]:
        """The row for an act. :raises ActError: it has no key, no reason, or nothing to say."""
        _check(verb, once, why, title, text, expires)
        topic = self.archive.topic(topic_id) if topic_id is not None else None
        if category_id is None and topic is not None:
            category_id = topic.category_id
        mode, note = self.mode(category_id, rule, conduct)
        state, decided_by = STATE_IN[mode], ""
        if self.by and verb == "message" and mode != "off":
            # A person wrote it, or let it go, by sending the form: nobody else's yes is wanted, whatever the mode.
            state, note, decided_by = "due", "", self.by
        marker = marker_of(self.key, self.site, self.plugin, once)
        row = {
            "site": self.site,
            "plugin": self.plugin,
            "once": once,
            "verb": verb,
            "state": state,
            "note": note,
            "mode": mode,
            "ceiling": self.ceiling,
            "rule": rule,
            "conduct": conduct,
            "urgency": urgency,
            "cause": self.cause,
            "category_id": category_id,
            "topic_id": topic_id,
            "recipient_id": recipient_id,
            "about": [int(one) for one in about],
            "title": str(title),
            "text": str(text),
            "why": why,
            "evidence": [asdict(one) for one in evidence],
            "details": dict(details or {}),
            "data": data,
            # A word about conduct does not lapse because somebody answered the topic meanwhile.
            "unanswered": not conduct
            and verb in (*PUBLIC, "message")
            and topic_id is not None
            and self.is_unanswered(topic_id),
            "created_at": self.now,
            "changed_at": self.now,
            "expires": expires,
            "run_at": self.now,
            "tries": 0,
            "fence": 0,
            "marker": marker,
            "external_id": external_id_of(marker) if verb in ("message", "message_group", "open_topic") else "",
            "replayed": False,
            "error": "",
            "taken_by": "",
            "decided_by": decided_by,
            "decided_at": self.now if decided_by else None,
            "decision": "",
        }
        return self._without_erased(row)

    def _without_erased(self, row: dict[str, Any]) -> dict[str, Any]:
        """A plugin that read the forum afresh may speak of somebody who was erased here: it then says nothing."""
        names = self.names.of(self.connection())
        if names and names.scrubbed(said := blanking.spoken(row)) != said:
            return row | blanking.BLANKED | {"about": [], "state": "lapsed", "note": ERASED}
        return row

    def mode(self, category_id: int | None, rule: str, conduct: bool) -> tuple[Mode, str]:
        """The mode in force here and now, after every ceiling, and why it is lower than what managers set."""
        connection = self.connection()
        wanted = modes.mode_of(connection, self.site, self.plugin, category_id, rule)
        wanted = modes.lower(wanted, self.ceiling, "propose" if conduct else "act")
        if wanted in ("off", "watch"):
            return wanted, "off" if wanted == "off" else ""
        if pause.is_paused(connection, self.site):
            return "watch", "paused"
        if duty.is_unattended(connection, self.site, self.now):
            return "watch", "nobody_on_duty"
        return wanted, ""

    def is_unanswered(self, topic_id: int) -> bool:
        """Whether nobody but its author (and bots) has written in a topic."""
        return unanswered(self.archive, topic_id)


def unanswered(archive: ArchiveDoor, topic_id: int, bots: frozenset[int] = frozenset()) -> bool:
    """Whether a topic stands without an answer of another person; False for one that is not known."""
    topic = archive.topic(topic_id)
    if topic is None or topic.solved_post_id is not None:
        return False
    return not any(
        post.user_id is not None
        and post.user_id > 0
        and post.user_id != topic.user_id
        and post.user_id not in bots
        and post.post_type == 1
        for post in archive.posts_of_topic(topic_id)
    )


def _check(verb: str, once: str, why: str, title: str, text: str, expires: datetime | None) -> None:
    if not once.strip() or len(once) > 200:
        raise ActError(f"{verb}: once= is a key of 1 to 200 characters")
    if not why.strip():
        raise ActError(f"{verb}: why= says in one sentence why this is done")
    if verb not in ("upload", "delete_own") and not str(text).strip():
        raise ActError(f"{verb}: the text is empty")
    if verb in ("message", "message_group", "open_topic", "alert", "mail") and not str(title).strip():
        raise ActError(f"{verb}: the title is empty")
    if len(text) > LONGEST_TEXT:
        raise ActError(f"{verb}: the text is longer than {LONGEST_TEXT} characters")
    if expires is not None and expires.tzinfo is None:
        raise ActError(f"{verb}: expires needs a time zone")
