"""Acts of the outbox as queue and activity show them: titles, links, evidence, who decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from connector.sentences import in_language
from webhooks import desk
from webhooks.outbox import FINAL
from webhooks.tables import outbox, verdicts
from webhooks.views.console_guard import someone
from webhooks.views.console_here import forum_path, now, service, words
from webhooks.views.console_scope import acts_of, is_closed_to

TONES = {
    "sent": "good",
    "proposed": "info",
    "refused": "bad",
    "unsure": "warning",
    "retry": "warning",
    "declined": "warning",
    "undone": "warning",
}
VERBS = ("reply", "message", "message_group", "open_topic", "edit", "delete_own", "upload", "flag", "alert", "mail")


_UNDO = {"reply": "delete", "open_topic": "topic", "message": "message", "message_group": "message"}
"""How what was sent can be taken back, by verb; the rest cannot."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence: its words and its address on the forum."""

    label: str
    path: str | None


@dataclass(frozen=True, slots=True)
class ShownAct:
    """One act, ready for a template; texts are plain, addresses checked."""

    id: int
    plugin: str
    plugin_title: str
    verb: str
    state: str
    tone: str
    note: str
    title: str
    text: str
    why: str
    evidence: tuple[Proof, ...]
    target: str
    path: str | None
    created_at: datetime
    expires_at: datetime | None
    taken_by: str
    decided_by: str
    decision: str
    reason: str
    verdicts: tuple[tuple[str, int], ...]
    can_undo: bool
    undo_how: str


def acts(*conditions: Any, limit: int = 50, oldest_first: bool = False) -> list[ShownAct]:
    """Acts that concern this person and meet the conditions, newest first unless told otherwise."""
    order = outbox.c.id.asc() if oldest_first else outbox.c.id.desc()
    mine = acts_of(someone())
    query = select(outbox).where(outbox.c.site == service().site, *mine, *conditions).order_by(order).limit(limit)
    with service().database.read() as connection:
        rows = connection.execute(query).all()
        counts = _verdict_counts(connection, rows)
    return shown(rows, counts)


def act_by_id(act_id: int) -> ShownAct | None:
    """One act; None where there is none of this number, or none that concerns this person."""
    return next(iter(acts(outbox.c.id == act_id, limit=1)), None)


def _verdict_counts(connection: Any, rows: Sequence[Row[Any]]) -> Mapping[tuple[str, str], tuple[tuple[str, int], ...]]:
    keys = {row.once for row in rows}
    if not keys:
        return {}
    query = (
        select(verdicts.c.plugin, verdicts.c.once, verdicts.c.answer, func.count())
        .where(verdicts.c.site == service().site, verdicts.c.once.in_(keys))
        .group_by(verdicts.c.plugin, verdicts.c.once, verdicts.c.answer)
    )
    found: dict[tuple[str, str], tuple[tuple[str, int], ...]] = {}
    for plugin, once, answer, count in connection.execute(query):
        found[plugin, once] = (*found.get((plugin, once), ()), (answer, count))
    return found


def shown(rows: Iterable[Row[Any]], counts: Mapping[tuple[str, str], tuple[tuple[str, int], ...]]) -> list[ShownAct]:
    """Rows of the outbox as the templates want them."""
    names = Names()
    return [_shown(row, names, counts.get((row.plugin, row.once), ())) for row in rows]


class Names:
    """Names of topics, members, categories and plugins, each asked of the memory once."""

    def __init__(self) -> None:
        self._topics: dict[int, str] = {}

    def plugin(self, name: str) -> str:
        found = service().registry.get(name)
        if found is None:
            return "Passerelle" if name in ("", "host") else name
        return words().pick(found.title, name)

    def topic(self, topic_id: int) -> str:
        if topic_id not in self._topics:
            found = service().archive.topic(topic_id)
            closed = found is not None and is_closed_to(someone(), found.category_id)
            self._topics[topic_id] = (
                found.title if found and found.title and not closed else words()("common.topic_number", id=topic_id)
            )
        return self._topics[topic_id]

    def member(self, member_id: int) -> str:
        found = service().archive.member(member_id)
        return (found.name or found.username) if found else f"#{member_id}"

    def category(self, category_id: int) -> str:
        found = service().archive.category(category_id)
        return found.name if found and found.name else words()("common.category_number", id=category_id)


def proofs(evidence: Any, names: Names) -> tuple[Proof, ...]:
    """Evidence as stored (`topic_id`, `post_number`, `label`) with words and address, each of the same words once."""
    say = words()
    made: list[Proof] = []
    for one in evidence or ():
        topic_id, number = one.get("topic_id"), one.get("post_number")
        if not isinstance(topic_id, int):
            continue
        label = one.get("label") or names.topic(topic_id)
        if number and not one.get("label"):
            label = say("acts.post_of_topic", title=label, number=number)
        if all(said.label != label for said in made):
            made.append(Proof(str(label), forum_path(topic_id, number)))
    return tuple(made)


def _target(row: Row[Any], names: Names) -> tuple[str, str | None]:
    say = words()
    topic_id = row.sent_topic_id or row.topic_id
    if row.conduct and row.verb == "message" and row.state in FINAL:
        # Whoever has to decide sees whom it is for; afterwards no list of ours says who got a word about conduct.
        return say("acts.to_somebody"), forum_path(row.topic_id)
    if row.verb in ("message", "mail") and row.recipient_id:
        return say("acts.to_member", name=names.member(row.recipient_id)), forum_path(row.topic_id)
    if row.verb == "message_group" and row.details.get("group"):
        return say("acts.to_group", name=row.details["group"]), None
    if row.verb == "open_topic" and row.category_id and not row.sent_topic_id:
        return say("acts.in_category", name=names.category(row.category_id)), None
    if topic_id:
        return names.topic(topic_id), forum_path(topic_id)
    return row.title or say("acts.nowhere"), None


def _shown(row: Row[Any], names: Names, said: tuple[tuple[str, int], ...]) -> ShownAct:
    target, path = _target(row, names)
    own = row.url if row.state == "sent" and row.url else None
    reason = row.decision if row.state == "declined" else ""
    told = said_by_host({"plugin": row.plugin, "kind": row.details.get("kind"), "title": row.title, "text": row.text})
    act = ShownAct(
        id=row.id,
        plugin=row.plugin,
        plugin_title=names.plugin(row.plugin),
        verb=row.verb if row.verb in VERBS else "reply",
        state=row.state,
        tone=TONES.get(row.state, "info"),
        note=_note(row),
        title=told["title"],
        text=told["text"],
        why=row.why,
        evidence=proofs(row.evidence, names),
        target=target,
        path=_own_post(own) or path,
        created_at=row.created_at,
        expires_at=row.expires,
        taken_by=desk.taken_by(dict(row._mapping), now()),
        decided_by=row.decided_by,
        decision=_decision(row),
        reason=reason,
        verdicts=said,
        can_undo=row.state in ("due", "retry")
        or (row.state == "sent" and row.verb in _UNDO and row.post_id is not None),
        undo_how=_undo_how(row),
    )
    return _veiled(act) if is_closed_to(someone(), row.category_id) else act


def _veiled(act: ShownAct) -> ShownAct:
    """An act in a room that is closed to the person: that it was done and by what, and none of its words."""
    say = words()
    return replace(
        act, title="", text="", why=say("acts.closed_room_help"), evidence=(), target=say("acts.closed_room"), reason=""
    )


def _note(row: Row[Any]) -> str:
    """Why it waits or how it ended: the host's short words as sentences, anything else as it stands."""
    say = words()
    key = f"notes.{row.note.replace(':', '_')}"
    return say(key) if row.note and say.has(key) else in_language(str(row.note or row.error), say.lang)


def _decision(row: Row[Any]) -> str:
    if row.state in ("declined", "undone"):
        return str(row.state)
    if row.first_text is not None and row.first_text != row.text:
        return "edited"
    return "approved" if row.decided_by else "other"


def _undo_how(row: Row[Any]) -> str:
    return _UNDO.get(row.verb, "delete") if row.state == "sent" else "cancel"


def _own_post(url: str | None) -> str | None:
    """The address the forum gave for the post, if it is on our forum."""
    base = service().config.forum_url
    if not url or not base:
        return None
    if url.startswith("/") and not url.startswith("//"):
        return base + url
    return url if url.startswith(base + "/") else None


def said_by_host(alert: Mapping[str, Any]) -> dict[str, Any]:
    """An alert as the reader may see it: the host's own in his words, a plugin's as the plugin wrote it, one about a
    room that is closed to him (`closed`) without any.
    """
    say, mine = words(), f"alerts.host_{alert['kind']}"
    topic = service().archive.topic(alert["topic_id"]) if alert.get("topic_id") else None
    if topic is not None and is_closed_to(someone(), topic.category_id):
        return {**alert, "title": say("acts.closed_room"), "text": say("acts.closed_room_help"), "closed": True}
    if alert["plugin"] != "host" or not say.has(mine):
        return dict(alert)
    text = f"{mine}_text"
    return {**alert, "title": say(mine), "text": say(text) if say.has(text) else alert["text"]}


def plugin_choices() -> list[tuple[str, str]]:
    """Names and titles of all plugins, for choosing one."""
    return [(plugin.name, words().pick(plugin.title, plugin.name)) for plugin in service().registry]
