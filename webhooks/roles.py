"""Which forum groups give which role in the console: those the house settings name, else the usual names."""

from collections.abc import Iterable, Mapping

from plugins.contract import Role
from webhooks.house import House
from webhooks.service import Service
from webhooks.settings_store import house_of

USUAL_GROUPS: Mapping[Role, tuple[str, ...]] = {
    "admin": ("admins",),
    "community_manager": ("moderators", "animation", "community-managers", "community_managers"),
    "category_manager": ("category-managers", "category_managers"),
    "greeter": ("greeters", "accueil"),
    "mediator": ("mediators", "mediation"),
    "sponsor": ("sponsors",),
}
"""Groups that give a role as long as the house settings name none for it."""


def groups_of_roles(house: House) -> dict[Role, tuple[str, ...]]:
    """For each role the names of the groups that give it."""
    named: Mapping[Role, tuple[str, ...]] = {
        "community_manager": house.manager_groups,
        "category_manager": house.category_manager_groups,
        "greeter": house.greeter_groups,
        "mediator": house.mediator_groups,
        "sponsor": house.sponsor_groups,
    }
    return {role: named.get(role) or usual for role, usual in USUAL_GROUPS.items()}


def roles_of(service: Service, groups: Iterable[str], *, admin: bool) -> frozenset[Role]:
    """The roles of somebody in these groups; the forum's administrators and `console_admins` administer here too."""
    mine = {name.lower() for name in groups}
    with service.database.read() as connection:
        mapping = groups_of_roles(house_of(connection, service.site))
    found = {role for role, names in mapping.items() if mine & {name.lower() for name in names}}
    if admin or mine & {name.lower() for name in service.config.admin_groups}:
        found.add("admin")
    return frozenset(found)
