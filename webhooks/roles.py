"""Which forum groups give which role in the console: those the house settings name, else the usual names.

Who looks after single categories is said per category: that role goes no further than the categories it comes from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from connector.records import StoredCategory
from plugins.contract import Role
from webhooks.house import House
from webhooks.service import Service
from webhooks.settings_store import EVERYWHERE, HOST, house_of
from webhooks.tables import settings

USUAL_GROUPS: Mapping[Role, tuple[str, ...]] = {
    "admin": ("admins",),
    "community_manager": ("moderators", "animation", "community-managers", "community_managers"),
    "greeter": ("greeters", "accueil"),
    "mediator": ("mediators", "mediation"),
    "sponsor": ("sponsors",),
}
"""Groups that give a role as long as the house settings name none for it."""

CARETAKERS = "caretakers"
"""The name of the setting, one per category, that lists the groups looking after it."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody's groups give: roles, and the categories that are his or hers; None stands for the whole forum."""

    roles: frozenset[Role]
    rooms: frozenset[int] | None


def groups_of_roles(house: House) -> dict[Role, tuple[str, ...]]:
    """For each role over the whole forum the names of the groups that give it."""
    named: Mapping[Role, tuple[str, ...]] = {
        "community_manager": house.manager_groups,
        "greeter": house.greeter_groups,
        "mediator": house.mediator_groups,
        "sponsor": house.sponsor_groups,
    }
    return {role: named.get(role) or usual for role, usual in USUAL_GROUPS.items()}


def caretakers(connection: Connection, site: int) -> dict[int, tuple[str, ...]]:
    """For each category that somebody looks after the names of the groups that do."""
    rows = connection.execute(
        select(settings.c.category_id, settings.c.value).where(
            settings.c.site == site,
            settings.c.plugin == HOST,
            settings.c.name == CARETAKERS,
            settings.c.category_id != EVERYWHERE,
        )
    )
    return {row.category_id: tuple(str(name) for name in row.value) for row in rows if row.value}


def rights_of(service: Service, groups: Iterable[str], *, admin: bool) -> Rights:
    """What these groups give; the forum's administrators and `console_admins` administer here too."""
    mine = {name.lower() for name in groups}
    with service.database.read() as connection:
        mapping = groups_of_roles(house_of(connection, service.site))
        cared = caretakers(connection, service.site)
    found = {role for role, names in mapping.items() if mine & {name.lower() for name in names}}
    if admin or mine & {name.lower() for name in service.config.admin_groups}:
        found.add("admin")
    own = {category for category, names in cared.items() if mine & {name.lower() for name in names}}
    if own:
        found.add("category_manager")
    if found & {"admin", "community_manager"}:
        return Rights(frozenset(found), None)
    return Rights(frozenset(found), frozenset(_with_below(own, service.archive.categories() if own else ())))


def _with_below(own: set[int], categories: Sequence[StoredCategory]) -> set[int]:
    """Whoever looks after a category looks after those inside it."""
    reach = set(own)
    while more := {one.id for one in categories if one.parent_id in reach} - reach:
        reach |= more
    return reach
