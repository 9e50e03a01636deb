"""From an act to the exact bytes of its request; what cannot be written is said why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from connector.records import StoredMember
from connector.writing import WriteRequest
from plugins.voice import escape
from webhooks import outbox, wishes
from webhooks.feedback import Links
from webhooks.markers import marked
from webhooks.saying import language_of
from webhooks.service import Service
from webhooks.tone import tone_of

SIGNED = ("reply", "message", "message_group", "open_topic")
"""Verbs whose texts end with the community's signature, where it has one."""


class Unwritable(Exception):  # noqa: N818 -- it names a state
    """An act cannot be put into a request; the message is a sentence for managers."""


@dataclass(frozen=True)
class Writer:
    """Puts acts into requests. Texts to one member end with his links, public ones with the link to the why-page."""

    service: Service
    links: Links

    def request(self, connection: Connection, row: outbox.Row) -> WriteRequest:
        """The request, byte for byte. :raises Unwritable: who or what it is for is not there."""
        forum, details = self.service.forum, row["details"]
        match row["verb"]:
            case "reply":
                return forum.prepare_reply(
                    row["topic_id"], self.raw(row), details.get("reply_to"), bool(details.get("whisper"))
                )
            case "message":
                people = [self._name(row), *self._beside(row)]
                return forum.prepare_message(people, row["title"], self.raw(row), row["external_id"])
            case "message_group":
                return forum.prepare_message([details["group"]], row["title"], self.raw(row), row["external_id"])
            case "open_topic":
                return forum.prepare_topic(
                    row["category_id"], row["title"], self.raw(row), details.get("tags", ()), row["external_id"]
                )
            case "edit":
                earlier = self._earlier(connection, row)
                return forum.prepare_edit(earlier["post_id"], self.raw(earlier, text=row["text"]), None)
            case "delete_own":
                return forum.prepare_delete(self._earlier(connection, row)["post_id"])
            case "upload":
                return forum.prepare_upload(details["filename"], row["data"] or b"", details["content_type"])
            case "flag":
                return forum.prepare_flag(details["post_id"], self._flag_kind(), row["text"])
            case "mail":
                raise Unwritable("No mail address of this member is kept: nobody has opted in to mail here.")
        raise Unwritable(f"This version does not know the act {row['verb']}.")

    def raw(self, row: outbox.Row, text: str | None = None) -> str:
        """The text as it goes into the forum: the plugin's words, our links where it put none, our marker."""
        words = row["text"] if text is None else text
        return marked(self._signed(row, words) + self._footer(row, words), row["marker"])

    def _signed(self, row: outbox.Row, words: str) -> str:
        """The words with the community's signature, above the plugin's own line of links where it ends with one.

        What is said about somebody's conduct bears the name of the human who let it go.
        """
        if row["plugin"] == "host" or row["verb"] not in SIGNED:
            return words
        signature = self._human(row) if row["conduct"] else self._house()
        if not signature or signature in words:
            return words
        before, gap, last = words.rstrip().rpartition("\n\n")
        if gap and f"{self.service.config.public_url}/feedback/" in last:
            return f"{before}\n\n{signature}\n\n{last}"
        return f"{words.rstrip()}\n\n{signature}"

    def _house(self) -> str:
        with self.service.database.read() as connection:
            return escape(tone_of(connection, self.service.site).signature)

    def _human(self, row: outbox.Row) -> str:
        member = self._signer(row)
        return escape((member.name or member.username) if member else row["decided_by"])

    def _beside(self, row: outbox.Row) -> list[str]:
        """Who else is in the conversation: a word about conduct is answered to its human signer, not to a bot."""
        member = self._signer(row) if row["conduct"] else None
        return [member.username] if member is not None and member.id != row["recipient_id"] else []

    def _signer(self, row: outbox.Row) -> StoredMember | None:
        return self.service.archive.member_named(row["decided_by"]) if row["decided_by"] else None

    def _footer(self, row: outbox.Row, words: str) -> str:
        base = self.service.config.public_url
        if f"{base}/why/" in words or row["plugin"] == "host":
            return ""
        member = row["recipient_id"]
        lang = self._chosen(member) or language_of(self.service.archive, member, self.service.config)
        why = self.links.why(row["plugin"], lang)
        if member is None or f"{base}/feedback/" in words:
            return f"\n\n<small>{why}</small>"
        line = self.links.line(row["plugin"], row["once"], member, lang)
        return f"\n\n<small>{line} · {why}</small>"

    def _chosen(self, member: int | None) -> str:
        if member is None:
            return ""
        with self.service.database.read() as connection:
            return wishes.language(connection, self.service.site, member)

    def _name(self, row: outbox.Row) -> str:
        member = self.service.archive.member(row["recipient_id"])
        if member is None or not member.username:
            raise Unwritable("The member this is for is not known any more.")
        return member.username

    def _earlier(self, connection: Connection, row: outbox.Row) -> Mapping[str, Any]:
        earlier = outbox.find(
            connection, row["site"], row["details"].get("plugin", row["plugin"]), row["details"]["of"]
        )
        if earlier is None or earlier["post_id"] is None or earlier["state"] != "sent":
            raise Unwritable("What this would change does not stand in the forum.")
        return earlier

    def _flag_kind(self) -> int:
        kinds = dict(self.service.forum.site().flags)
        if "notify_moderators" not in kinds:
            raise Unwritable("This forum offers no flag to its moderators.")
        return kinds["notify_moderators"]
