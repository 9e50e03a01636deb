"""The announcement's way into the forum: an act of the host's own, through the same door as every other."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection

from webhooks import outbox
from webhooks.asking import Asking
from webhooks.service import Service

HOST_PLUGIN = "host"
"""The name under which the host's own acts stand in the outbox; no plugin may bear it."""

ANNOUNCEMENT = "announcement:"


def announce_in_forum(
    connection: Connection, service: Service, category_id: int, texts: Sequence[str], why: str, who: str
) -> int | None:
    """Queue the topic that announces us: the first text's first line is its title, the further languages follow below.

    A manager has just published it, so no mode holds it back; None where the very same text was announced before.
    """
    title, _, first = texts[0].partition("\n")
    rest = [text.partition("\n")[2].strip() for text in texts[1:]]
    body = "\n\n---\n\n".join([first.strip(), *(text for text in rest if text)])
    now = service.clock.now()
    asking = Asking(
        connection=lambda: connection,
        archive=service.archive,
        names=service.names,
        site=service.site,
        key=service.config.signing_key(),
        plugin=HOST_PLUGIN,
        ceiling="act",
        cause="console",
        now=now,
    )
    digest = hashlib.sha256(f"{category_id}\n{title}\n{body}".encode()).hexdigest()[:16]
    row = asking.row(
        "open_topic",
        once=f"{ANNOUNCEMENT}{digest}",
        why=why,
        title=title.strip(" #"),
        text=body or title,
        category_id=category_id,
        urgency="now",
        details={"tags": []},
    )
    decided = {"state": "due", "mode": "act", "note": "", "decided_by": who, "decided_at": now}
    return outbox.add(connection, {**row, **decided})
