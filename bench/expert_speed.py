"""How long naming people takes beside a memory of 100,000 posts: question text to checked, ranked people.

`python -m bench.expert_speed [POSTS]`. The whole live path on an invented forum in a real database: the question is
embedded, candidates are portrayed and ranked by a model learned here, what is left of their weeks is priced, proofs are
searched and every name is checked against its consent, its absences and what the readers may open. Vectors of the posts
are drawn around their subjects, since likeness costs the same whatever it finds; also prints how long the turns of
reading and learning were, which a handler's limit of 30 s bounds.
"""

import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from pydantic import SecretStr
from sqlalchemy import select

from bench.invented_forum import MEMBERS, SUBJECTS, subject_of, words, write
from connector.archive.model_files import ModelFacts
from connector.archive.tables import posts as posts_table
from connector.archive.tables import vectors as vectors_table
from connector.archive.vectoring import packed
from connector.records import StoredTopic
from plugins.expert_finder import nightly, plugin, tables
from plugins.expert_finder.consent import Willing
from plugins.expert_finder.knowledge import StillReadingError
from plugins.expert_finder.past import Question, seconds
from plugins.expert_finder.suggesting import people_for, people_like
from webhooks.clock import SetClock
from webhooks.config import Config
from webhooks.context import Ground, HostContext, write_context
from webhooks.registry import registry_of
from webhooks.schema import migrate
from webhooks.service import Service, build

POSTS = 100_000
ASKED = 100
GOAL_P95, LIMIT = 150.0, 30.0


@contextmanager
def forum(posts: int) -> Iterator[tuple[Service, SetClock]]:
    """An installation that remembers an invented forum of so many posts, all with vectors."""
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-") as name:
        folder = Path(name)
        clock = SetClock(write(folder / "forum.jsonl", posts))
        config = Config(
            data_dir=folder / "data",
            hook_secret=SecretStr("bench-secret-0123456789"),
            secret_key=SecretStr("k" * 32),
            forum_url="http://127.0.0.1:1",
            public_url="http://127.0.0.1:2",
        )
        service = build(config, clock=clock, registry=registry_of((plugin,)))
        migrate(service)
        service.archive.import_path(folder / "forum.jsonl", public="all")
        draw_vectors(service, service.archive.use_model("bundled"))
        service.archive.catch_up(seconds=1.0)
        yield service, clock
        service.close()


def draw_vectors(service: Service, model: ModelFacts) -> None:
    """A unit vector near its subject's for every post."""
    chance = np.random.default_rng(13)
    centres = chance.standard_normal((SUBJECTS, model.dim)).astype(np.float32)
    with service.database.begin() as connection:
        held = select(posts_table.c.content_hash, posts_table.c.topic_id).where(posts_table.c.content_hash != "")
        rows = {row.content_hash: row.topic_id for row in connection.execute(held)}
        told = []
        for key, topic in rows.items():
            vector = centres[subject_of(topic)] + 0.9 * chance.standard_normal(model.dim).astype(np.float32)
            row = {"site": 1, "content_hash": key, "model_id": model.id, "changed": 1}
            told.append(row | {"vector": packed(vector / np.linalg.norm(vector))})
        connection.execute(vectors_table.insert(), told)


def turns(service: Service, call: Callable[[HostContext], bool]) -> list[float]:
    """Seconds of each turn of a handler, each in its own transaction, until `call` says that it is done."""
    took = []
    done = False
    while not done:
        start = time.perf_counter()
        with service.database.session() as session:
            done = call(write_context(service, session, Ground(plugin, cause="bench")))
        took.append(time.perf_counter() - start)
    return took


def read_on(ctx: HostContext) -> bool:
    """One turn of reading the past, by naming people for some question."""
    try:
        people_for(ctx, ctx.archive.topics(ctx.archive.audience_public(), limit=1)[0])
    except StillReadingError:
        return False
    return True


def learn_on(ctx: HostContext) -> bool:
    """One turn of learning from the past."""
    if nightly.under_way(ctx):
        nightly.go_on(ctx)
    else:
        nightly.begin(ctx)
    return not nightly.under_way(ctx)


def drafts(now: datetime) -> Iterator[Question]:
    """Questions that nobody has asked yet."""
    chance, said = np.random.default_rng(14), words()
    for number in range(ASKED):
        subject = number * 7 % SUBJECTS
        title, text = said.text(chance, subject, 8) + "?", said.text(chance, subject, 60)
        yield Question(0, int(chance.integers(1, MEMBERS)), seconds(now), title, text)


@dataclass(frozen=True)
class Suggested:
    """One suggestion: milliseconds on the clock and of the processor, and how many people were found."""

    clock: float
    processor: float
    people: int


def suggested(service: Service, call: Callable[[HostContext], int]) -> Suggested:
    """One suggestion in a transaction of its own."""
    with service.database.session() as session:
        ctx = write_context(service, session, Ground(plugin, cause="bench"))
        start, spent = time.perf_counter(), time.process_time()
        found = call(ctx)
        return Suggested((time.perf_counter() - start) * 1000, (time.process_time() - spent) * 1000, found)


def for_draft(question: Question) -> Callable[[HostContext], int]:
    def named(ctx: HostContext) -> int:
        audience = ctx.archive.audience_public()
        return len(people_like(ctx, audience, question, Willing(ctx, None, ""), ctx.settings).people)

    return named


def for_topic(topic: StoredTopic) -> Callable[[HostContext], int]:
    return lambda ctx: len(people_for(ctx, topic))


def shown(name: str, found: list[Suggested]) -> None:
    """One line; the processor's time tells what a busy machine hides."""
    middle, slow = np.percentile([one.clock for one in found], [50, 95])
    spent = np.percentile([one.processor for one in found], 95)
    people = np.mean([one.people for one in found])
    print(f"{name:24} p50 {middle:6.1f} ms   p95 {slow:6.1f} ms   {slow / GOAL_P95:4.2f} × the goal   "
          f"(processor p95 {spent:.1f} ms; {people:.1f} people each)")  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Print times beside the goals; 1 where a turn was longer than a handler may take."""
    wanted = int(arguments[0]) if arguments else POSTS
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}")
    with forum(wanted) as (service, clock):
        reading = turns(service, read_on)
        learning = turns(service, learn_on)
        with service.database.session() as session:
            model = session.execute(select(tables.models.c.questions, tables.models.c.learned)).first()
        told = "none" if model is None else f"hit@3 {model.learned:.2f} on {model.questions} later questions"
        for what, took in ((f"{wanted} posts read", reading), (f"learned ({told})", learning)):
            print(f"{what} in {len(took)} turns, {sum(took):.0f} s, the longest {max(took):.1f} s")
        suggested(service, for_draft(next(drafts(clock.now()))))
        shown("a draft, embedded first", [suggested(service, for_draft(one)) for one in drafts(clock.now())])
        audience = service.archive.audience_public()
        waiting = service.archive.topics(audience, unanswered=True, limit=ASKED)
        shown("a topic that waits", [suggested(service, for_topic(one)) for one in waiting])
    print(f"memory at its most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 1 if max(reading + learning) > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
