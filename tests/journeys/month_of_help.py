"""Four weeks in which two people answer about Excel and one about kanban: the past of a forum, as a plugin meets it."""

from datetime import timedelta

from tests.webhooks.conftest import MONDAY
from tests.webhooks.place import Place

EXCEL = "pivot table macro spreadsheet column formula filter"
KANBAN = "kanban board cards flow limits queue visual"
EXPERTS = {"xavier": EXCEL, "xenia": EXCEL, "karim": KANBAN}
ASKERS = ("asker0", "asker1", "asker2")


def how(words: str) -> str:
    """A question in the words of a subject."""
    return f"How do I work with {words}?"


def join(place: Place) -> None:
    """Experts, askers and claire, members for more than a year."""
    for name in (*EXPERTS, *ASKERS, "claire"):
        place.forum.add_member(name, name=name.title(), created_at=MONDAY - timedelta(days=400))


def live(place: Place) -> None:
    """A question a day, answered within two hours; read at the end, unheard meanwhile. Then the plugin may act: it is a
    Friday, 9:00.
    """
    forum = place.forum
    forum.faults.lose_hooks = True
    for day in range(25):
        name = list(EXPERTS)[day % len(EXPERTS)]
        subject = EXPERTS[name].split()[0]
        asker = forum.as_member(ASKERS[day % len(ASKERS)])
        topic = asker.topic("general", f"How do I work with {subject}, case {day}?", how(EXPERTS[name]))
        forum.pass_time(timedelta(hours=2))
        forum.as_member(name).reply(topic, f"This is how {EXPERTS[name]} works in case {day}.")
        forum.pass_time(timedelta(hours=22))
    place.service.archive.import_forum(place.service.forum)
    forum.faults.lose_hooks = False
    place.let("expert_finder")
    place.settle()
