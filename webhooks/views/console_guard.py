"""Who may open what: the person of the request's session, and the roles that a page asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec

from flask import abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from connector.errors import ForumError, ForumRefused
from plugins.contract import Role
from webhooks.roles import rights_of
from webhooks.sessions import LoggedIn, close_session, find_session, refresh_session
from webhooks.views.console_here import now, service

P = ParamSpec("P")

ALL_ROLES: tuple[Role, ...] = ("admin", "community_manager", "category_manager", "greeter", "mediator", "sponsor")
LEADS: tuple[Role, ...] = ("admin", "community_manager")
"""Who may change modes, settings, the pause, the calendar, the why-page, for the whole forum."""
MANAGERS: tuple[Role, ...] = ("admin", "community_manager", "category_manager")
"""Who may decide about single acts, alerts and topics; category managers about those of their categories."""

_TRUSTED = timedelta(minutes=30)
"""How long the last known groups count in full while the forum does not answer."""
_GRACE = timedelta(hours=4)
"""How long after the last answer they still open the console: to look, and to stop things, never to let anything go.

Whoever looks after a forum in trouble must not be thrown out just then, since a login needs the forum; what was taken
from somebody meanwhile gives no power in any case.
"""
_ASK_AGAIN = timedelta(minutes=1)
"""How long a silent forum is not asked for groups: each page would wait for it."""
_SILENT_UNTIL = "passerelle.no_groups_until"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is logged in, with the roles that the forum groups give now; `member_id` 0 came by a console link.

    `rooms` are the categories that the person looks after; None for who looks after the whole forum. `unsure_since` is
    when the forum last confirmed all this, where that is too long ago to let anything go by it; `groups` are none then,
    so that nothing is shown which not every member may read.
    """

    member_id: int
    username: str
    groups: tuple[str, ...]
    roles: frozenset[Role]
    rooms: frozenset[int] | None = frozenset()
    unsure_since: datetime | None = None

    def may(self, *roles: Role) -> bool:
        """Whether one of these roles is held."""
        return bool(self.roles & set(roles))

    def sees(self, category_id: int | None) -> bool:
        """Whether what happens in a category concerns this person; what stands in none concerns leads alone."""
        return self.rooms is None or category_id in self.rooms


def current_person() -> Person | None:
    """The person of this request, whose groups were asked for within five minutes; None for nobody."""
    if "person" not in g:
        g.person = _person()
    found: Person | None = g.person
    return found


def forget_person() -> None:
    """Look again, after logging in or out within this request."""
    g.pop("person", None)
    g.pop("frame", None)


def _person() -> Person | None:
    word = session.get("sid")
    if not isinstance(word, str):
        return None
    with service().database.read() as connection:
        found = find_session(connection, service().site, word, now())
    if found is None:
        session.clear()
        return None
    if found.is_due(now()):
        found = _asked_again(found, word)
        if found is None:
            session.clear()
            return None
    return person_of(found)


def person_of(found: LoggedIn) -> Person:
    """The roles that go with these groups."""
    rights = rights_of(service(), found.groups, admin=found.admin)
    unsure = found.member_id != 0 and now() - found.checked_at >= _TRUSTED
    return Person(
        found.member_id,
        found.username,
        () if unsure else found.groups,
        rights.roles,
        rights.rooms,
        found.checked_at if unsure else None,
    )


def _asked_again(found: LoggedIn, word: str) -> LoggedIn | None:
    """The session with what the forum says now; None where the account is gone or the forum silent for too long."""
    host = service()
    silent_until = current_app.extensions.get(_SILENT_UNTIL)
    if silent_until is not None and now() < silent_until:
        return _still_known(found)
    try:
        member = host.forum.member(found.username) if host.has_forum else None
    except ForumRefused:
        member = None
    except ForumError:
        current_app.extensions[_SILENT_UNTIL] = now() + _ASK_AGAIN
        return _still_known(found)
    with host.database.begin() as connection:
        if member is None or member.id != found.member_id:
            close_session(connection, host.site, word)
            return None
        groups = found.groups if member.groups is None else member.groups
        admin = found.admin if member.admin is None else member.admin
        refresh_session(connection, host.site, word, groups=groups, admin=admin, now=now())
    return LoggedIn(found.member_id, found.username, groups, admin, now())


def _still_known(found: LoggedIn) -> LoggedIn | None:
    """The session while the forum does not answer; None once that lasts too long."""
    return found if now() - found.checked_at < _GRACE else None


def needs(
    *roles: Role, calming: bool = False
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Let only these roles in: others get 403, whoever is not logged in is sent to the login (or 401 for htmx).

    While the forum does not confirm a role, its holder may look, and do what is `calming`; all else is 503.
    """

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            person = current_person()
            if person is None:
                return to_login()
            if not person.may(*roles):
                abort(403)
            if person.unsure_since is not None and not calming and request.method not in ("GET", "HEAD"):
                abort(503)
            return view(*args, **kwargs)

        return guarded

    return guard


def to_login() -> ResponseReturnValue:
    """On to the login, and afterwards back to the page that was asked for."""
    if request.headers.get("HX-Request"):
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/console"
    return redirect(url_for("login.page", next=wanted), 303)


def someone() -> Person:
    """The person of a guarded view."""
    person = current_person()
    if person is None:
        abort(401)
    return person
