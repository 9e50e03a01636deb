"""Who looked at pages about people: for managers all lines, for each member his own on `/me`."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, insert, select

from webhooks.tables import access_log
from webhooks.views.console_acts import Names
from webhooks.views.console_guard import LEADS, Person, needs
from webhooks.views.console_here import now, service

blueprint = Blueprint("console_access", __name__, url_prefix="/console/access")

_LINES = 100


@blueprint.get("")
@needs(*LEADS)
def page() -> ResponseReturnValue:
    """The newest lines."""
    before = request.args.get("before", type=int)
    query = select(access_log).where(access_log.c.site == service().site)
    if before:
        query = query.where(access_log.c.id < before)
    with service().database.read() as connection:
        rows = connection.execute(query.order_by(access_log.c.id.desc()).limit(_LINES)).all()
    names = Names()
    looks = [
        {"at": row.at, "viewer": row.viewer, "member": names.member(row.member_id), "page": row.page} for row in rows
    ]
    return render_template("console/access.html", looks=looks, older=rows[-1].id if len(rows) == _LINES else None)


def log_view(connection: Connection, viewer: Person, members: tuple[int, ...], page: str) -> None:
    """Note that somebody saw a page about these members; looking at oneself is no event."""
    rows = [
        {
            "site": service().site,
            "viewer_id": viewer.member_id,
            "viewer": viewer.username,
            "member_id": member,
            "page": page,
            "at": now(),
        }
        for member in sorted(set(members))
        if member != viewer.member_id
    ]
    if rows:
        connection.execute(insert(access_log), rows)


def looks_at(connection: Connection, member_id: int, limit: int = 200) -> list[dict[str, Any]]:
    """Who looked at pages about this member, newest first: at, who, page."""
    rows = connection.execute(
        select(access_log)
        .where(access_log.c.site == service().site, access_log.c.member_id == member_id)
        .order_by(access_log.c.id.desc())
        .limit(limit)
    )
    return [{"at": row.at, "who": row.viewer, "page": row.page} for row in rows]
