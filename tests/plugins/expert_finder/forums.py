"""Small forums for these tests: who asks and who answers what, day by day."""

from datetime import datetime, timedelta

from connector.records import StoredMember
from plugins.expert_finder import plugin
from plugins.expert_finder.past import DAY, PastPost
from plugins.testing import Bench

SUBJECTS = {
    "excel": "pivot table macro spreadsheet column formula filter",
    "kanban": "kanban board cards flow limits queue visual",
    "sensor": "sensor calibration voltage probe drift thermocouple",
    "audit": "audit supplier checklist nonconformity quality report",
}


def past(topics: int = 120, start: float = 1_600_000_000.0) -> list[PastPost]:
    """One question a day on one of four subjects, answered by that subject's helper and now and then by another."""
    posts: list[PastPost] = []
    names = list(SUBJECTS)
    for number in range(topics):
        at, subject = start + number * DAY, number % 4
        words = SUBJECTS[names[subject]]
        asker = 100 + number % 9
        title = f"Help with {names[subject]} {words.split()[number % 5]}?"
        posts.append(PastPost(3 * number + 1, number + 1, asker, at, at, 1, f"How do I use {words}?", title))
        helper = 1 + subject
        posts.append(
            PastPost(3 * number + 2, number + 1, helper, at + 3600, at + 3600, 2, f"Try the {words} this way.")
        )
        if number % 3 == 0:
            other = 10 + number % 7
            posts.append(PastPost(3 * number + 3, number + 1, other, at + 7200, at + 7200, 3, f"Or {words} else."))
    return posts


def helpful_forum(**kwargs: object) -> tuple[Bench, dict[str, StoredMember]]:
    """Three hundred days of help: xavier and xenia on Excel, karim on kanban, sonia on sensors; now a Monday, 9:00."""
    bench = Bench(plugin, **kwargs)  # type: ignore[arg-type]
    people = {name: bench.add_member(name, name=name.title()) for name in ("xavier", "xenia", "karim", "sonia", "yann")}
    askers = [bench.add_member(f"asker{number}") for number in range(6)]
    words = {"xavier": "excel", "xenia": "excel", "karim": "kanban", "sonia": "sensor"}
    for day in range(1, 61):
        name = list(words)[day % 4]
        about = SUBJECTS[words[name]]
        at = bench.now - timedelta(days=300 - 4.9 * day)
        topic = bench.add_topic(
            askers[day % 6], f"Question on {words[name]}?", f"How do I {about} number {day}?", at=at
        )
        bench.add_post(topic, people[name], f"This is how {about} works, case {day}.", at=at + timedelta(hours=2))
    bench.usual_answer_time(6)
    return bench, people


def ask(bench: Bench, asker: StoredMember, words: str = SUBJECTS["excel"], *, hours: float = 0) -> int:
    """A question of today, and the time that has passed since."""
    topic = bench.add_topic(asker, "Excel question?", f"Hello, how do I make a {words}?")
    bench.pass_time(hours=hours)
    return topic.id


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat()
