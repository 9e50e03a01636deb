"""Which forum groups give which role in the console; an administrator may change it, every change is kept."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from plugins.contract import Role
from webhooks.service import Service
from webhooks.tables import changes, settings
from webhooks.upsert import upsert

ROLES: tuple[Role, ...] = ("admin", "community_manager", "category_manager", "greeter", "mediator", "sponsor")

USUAL_GROUPS: Mapping[Role, tuple[str, ...]] = {
    "admin": ("admins",),
    "community_manager": ("moderators", "animation", "community-managers", "community_managers"),
    "category_manager": ("category-managers", "category_managers", "animation-categories"),
    "greeter": ("greeters", "accueil"),
    "mediator": ("mediators", "mediation"),
    "sponsor": ("sponsors",),
}
"""Forum groups that give a role as long as nobody has said otherwise."""

_NAME = "roles"


def groups_of_roles(connection: Connection, site: int) -> dict[Role, tuple[str, ...]]:
    """For each role the names of the groups that give it."""
    stored = connection.execute(
        select(settings.c.value).where(
            settings.c.site == site, settings.c.plugin == "", settings.c.category_id == 0, settings.c.name == _NAME
        )
    ).scalar()
    chosen = stored if isinstance(stored, dict) else {}
    return {role: tuple(chosen.get(role, USUAL_GROUPS[role])) for role in ROLES}


def roles_of(service: Service, groups: Iterable[str], *, admin: bool) -> frozenset[Role]:
    """The roles of somebody in these groups; the forum's administrators and `console_admins` administer here too."""
    lowered = {name.lower() for name in groups}
    with service.database.read() as connection:
        mapping = groups_of_roles(connection, service.site)
    found = {role for role, names in mapping.items() if lowered & {name.lower() for name in names}}
    if admin or lowered & {name.lower() for name in service.config.admin_groups}:
        found.add("admin")
    return frozenset(found)


def set_groups(
    connection: Connection, site: int, wanted: Mapping[Role, tuple[str, ...]], *, who: str, now: datetime
) -> None:
    """Keep which groups give which role, and who said so."""
    before = {role: list(names) for role, names in groups_of_roles(connection, site).items()}
    after = {role: list(wanted.get(role, ())) for role in ROLES}
    if before == after:
        return
    key = {"site": site, "plugin": "", "category_id": 0, "name": _NAME}
    upsert(connection, settings, key, {"value": after})
    connection.execute(
        changes.insert().values(
            site=site, plugin="", category_id=0, name=_NAME, old=before, new=after, who=who, at=now
        )
    )
