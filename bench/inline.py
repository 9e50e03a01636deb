"""How long the elements on the forum's pages wait: twenty members who read and write, beside a memory of 100,000 posts.

Runs the real thing: `passerelle web` over HTTP, SQLite, the installed plugins that help beside texts; where none does,
one that searches for topics like the draft. The forum's topics are told several times over as other people's topics.
The newest posts have their true vectors, so that half of the drafts may find their like; those of the others are drawn,
since looking through them costs the same.
Usage: python -m bench.inline [--posts 100000] [--seconds 60] [--folder KEEP_IT_HERE]
"""

import argparse
import gzip
import http.client
import json
import os
import random
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr

from bench.archive import REAL
from bench.ingest import web_process
from connector.archive.backends import Embedder
from connector.archive.tables import sites
from connector.errors import ModelUnavailable
from plugins.contract import Plugin
from webhooks import announce, cases
from webhooks.config import Config
from webhooks.inline_signing import Known, Seals
from webhooks.modes import set_mode
from webhooks.schema import migrate
from webhooks.service import Service, build
from webhooks.worker import Worker

MEMBERS, PER_MINUTE = 20, 30
P95_MS, P99_MS = 150.0, 400.0
WARMING = 420.0
"""Seconds after which it is measured although nothing was shown yet."""
APART = 10_000_000
TRUE_VECTORS, NEW_TOPICS = 3_000, 400
FORUM = "http://127.0.0.1:9"
KEY = "only-for-this-bench-0123456789abcdef"
SAMPLE = "bench_similar"


def config_of(folder: Path) -> Config:
    """The installation that is measured; nothing listens at its forum's address."""
    return Config(
        data_dir=folder,
        forum_url=FORUM,
        api_username="passerelle",
        api_key=SecretStr("f" * 64),
        secret_key=SecretStr(KEY),
        model="bundled",
        free_disk_mb=0,
    )


def tiled(wanted: int, folder: Path) -> Path:
    """A file with so many posts: the same topics again and again, each time with other numbers and other people."""
    path = folder / "topics.jsonl.gz"
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        topics = [json.loads(line) for line in lines]
    told, copy = 0, 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        while told < wanted:
            for topic in topics:
                file.write(json.dumps(_moved(topic, copy)) + "\n")
                told += len(topic["post_stream"]["posts"])
                if told >= wanted:
                    break
            copy += 1
    return path


def _moved(topic: dict[str, Any], copy: int) -> dict[str, Any]:
    posts = [
        {
            **post,
            "id": post["id"] + copy * APART,
            "topic_id": post["topic_id"] + copy * APART,
            "user_id": (post["user_id"] or 0) + copy * APART,
            "username": f"{post['username']}{copy or ''}",
        }
        for post in topic["post_stream"]["posts"]
    ]
    return {**topic, "id": topic["id"] + copy * APART, "post_stream": {**topic["post_stream"], "posts": posts}}


@dataclass
class _PartlyDrawn:
    """True vectors for the first `left` texts, unit vectors by chance for all others."""

    true: Embedder
    width: int
    left: int = TRUE_VECTORS
    chance: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        told, rest = texts[: self.left], texts[self.left :]
        self.left -= len(told)
        rows = self.chance.standard_normal((len(rest), self.width)).astype(np.float32)
        drawn: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return np.concatenate([self.true.embed(told), drawn]) if told else drawn


def prepare(folder: Path, posts: int) -> None:
    """The memory with its indexes, every plugin at work, and what their own clocks prepare."""
    service = build(config_of(folder))
    migrate(service)
    archive = service.archive
    with tempfile.TemporaryDirectory() as scratch:
        print(f"imported: {archive.import_path(tiled(posts, Path(scratch)), public='all').posts:,} posts", flush=True)
    with service.database.begin() as connection:
        connection.execute(sites.update().values(login_required=False))
    try:
        facts = archive.use_model("bundled")
    except ModelUnavailable as error:
        print(f"by words only: {error}")
    else:
        partly = _PartlyDrawn(archive.models.indexer(facts), facts.dim)
        archive.models.indexer = lambda facts: partly  # type: ignore[method-assign]
        print(f"model: {facts.name}, {facts.backend}", flush=True)
    archive.catch_up(float("inf"))
    let_speak(service)
    Worker(service).run_until_idle()
    service.close()


def let_speak(service: Service) -> None:
    """Everything is announced, and every plugin may act."""
    now = service.clock.now()
    with service.database.begin() as connection:
        for kind in announce.KINDS:
            announce.write(connection, service.site, "", kind, "en", "Because it helps.", who="bench", now=now)
            announce.publish(connection, service.site, "", kind, now)
        for name in (*service.registry.plugins, SAMPLE):
            cases.mark_seen(connection, service.site, name, who="bench", now=now)
            set_mode(connection, service.site, name, "act", who="bench", now=now)


def similar() -> Plugin:
    """The plugin that is measured where no other helps beside texts."""
    from plugins.contract import Draft, InlineContext, Link, Suggestion

    plugin = Plugin(SAMPLE, about="Topics like the draft.", title={"en": "Similar", "fr": "Semblables"})

    @plugin.inline("topic")
    @plugin.inline("composer")
    def like_this(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
        topic = ctx.archive.topic(draft.topic_id) if draft.topic_id is not None else None
        text = f"{draft.title}\n{draft.text[:4000]}" if topic is None else topic.title
        own = () if topic is None else (topic.id,)
        assert draft.viewer.audience is not None
        hits = ctx.archive.search(text, draft.viewer.audience, limit=5, exclude_topics=own).hits
        links = tuple(Link(hit.topic_id) for hit in hits)
        return (
            [Suggestion(f"like:{hits[0].topic_id}", "similar", "Like this", "Same words.", links=links)] if hits else []
        )

    return plugin


@contextmanager
def sample_plugin() -> Iterator[dict[str, str]]:
    """The environment in which `similar` is found as an installed plugin."""
    with tempfile.TemporaryDirectory() as folder:
        info = Path(folder) / f"{SAMPLE}-0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {SAMPLE}\nVersion: 0\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[passerelle.plugins]\n{SAMPLE} = {SAMPLE}:plugin\n", "utf-8")
        (Path(folder) / f"{SAMPLE}.py").write_text("from bench.inline import similar\n\nplugin = similar()\n", "utf-8")
        here = str(Path(__file__).parent.parent)
        yield {"PYTHONPATH": os.pathsep.join(filter(None, (folder, here, os.environ.get("PYTHONPATH"))))}


@dataclass
class Waits:
    """What one member's page saw, in milliseconds by route; how often somebody suggested something, and refusals."""

    of: dict[str, list[float]] = field(default_factory=lambda: {"composer": [], "topic": []})
    suggested: int = 0
    refused: list[int] = field(default_factory=list)


def drafts(count: int, chance: random.Random) -> list[tuple[str, str]]:
    """Titles and openings of real topics, as far as somebody has typed them."""
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        topics = [json.loads(line) for line in lines]
    found = []
    topics.sort(key=lambda topic: str(topic["created_at"]))
    picked = chance.sample(topics, count // 2) + chance.sample(topics[-NEW_TOPICS:], count // 2)
    for topic in chance.sample(picked, len(picked)):
        text = " ".join(topic["post_stream"]["posts"][0]["cooked"].split())[:4_000]
        found.append((topic["title"], text[: chance.choice((0, 60, 200, 600, 4_000))]))
    return found


def member(number: int, port: int, seconds: float, topics: Sequence[int], waits: Waits) -> None:
    """One member reads and writes, a request every two seconds, each for another draft or topic."""
    chance = random.Random(number)
    written = drafts(200, chance)
    seals = Seals(config_of(Path("unused")))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Origin": FORUM, "Content-Type": "application/json"}
    begin = time.perf_counter() + chance.random() * 60 / PER_MINUTE
    for turn in range(int(seconds * PER_MINUTE / 60)):
        time.sleep(max(0.0, begin + turn * 60.5 / PER_MINUTE - time.perf_counter()))
        known = Known(number * APART + 4, f"member{number}", ("trust_level_1",))
        headers["Authorization"] = f"Bearer {seals.identity(known, _now())}"
        if chance.random() < 0.8:
            title, text = written[turn % len(written)]
            route = "composer"
            sent: dict[str, Any] = {"action": "new_topic", "title": title, "text": text, "lang": "en"}
        else:
            route = "topic"
            sent = {"topic_id": chance.choice(topics), "lang": "en"}
        started = time.perf_counter()
        connection.request("POST", f"/inline/{route}", json.dumps(sent).encode(), headers)
        answer = connection.getresponse()
        told = answer.read()
        waits.of[route].append((time.perf_counter() - started) * 1000)
        if answer.status != 200:
            waits.refused.append(answer.status)
        elif json.loads(told)["suggestions"]:
            waits.suggested += 1
    connection.close()


def _now() -> Any:
    from connector.archive.archive import utc_now

    return utc_now()


def measure(folder: Path, seconds: float) -> tuple[list[Waits], str]:
    """Everybody's waits, and what the web process counted of its handlers."""
    service = build(config_of(folder), writes=False)
    topics = [topic.id for topic in service.archive.topics(service.archive.audience_public(), limit=500)]
    has_own = any(plugin.inlines for plugin in service.registry)
    service.close()
    environment: dict[str, str] = {
        "PASSERELLE_FORUM_URL": FORUM, "PASSERELLE_SECRET_KEY": KEY, "PASSERELLE_API_USERNAME": "passerelle",
        "PASSERELLE_API_KEY": "f" * 64,
    }  # fmt: skip
    with sample_plugin() as sample, web_process(folder, **environment, **({} if has_own else sample)) as web:
        # The first questions load the model and read the past; who measures speed does not mean those.
        began = time.perf_counter()
        while time.perf_counter() - began < WARMING:
            first = Waits()
            member(90, web.port, 10, topics, first)
            if first.suggested:
                break
        print(f"something was shown {time.perf_counter() - began:.0f} s after the start", flush=True)
        waits = [Waits() for _ in range(MEMBERS)]
        threads = [
            threading.Thread(target=member, args=(number, web.port, seconds, topics, waits[number]))
            for number in range(MEMBERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with urllib.request.urlopen(f"http://127.0.0.1:{web.port}/metrics", timeout=30) as answer:
            text = answer.read().decode()
    counted = [line for line in text.splitlines() if line.startswith("passerelle_inline_handlers_total")]
    return waits, "\n".join(counted)


def main(arguments: list[str] | None = None) -> int:
    """Print milliseconds beside what is to be reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--folder", type=Path, default=None)
    given, _ = parser.parse_known_args(arguments)
    if not REAL.exists():
        print(f"skipped: there is no {REAL.name} beside this checkout (../shared/data/forum)")
        return 0
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-") as scratch:
        folder = given.folder or Path(scratch)
        if not (folder / "passerelle.db").exists():
            prepare(folder, given.posts)
        waits, counted = measure(folder, given.seconds)
    for route in ("composer", "topic"):
        _print(route, [one for each in waits for one in each.of[route]])
    everything = [one for each in waits for values in each.of.values() for one in values]
    _print("all", everything)
    refused = [status for each in waits for status in each.refused]
    print(f"{sum(each.suggested for each in waits)} of {len(everything)} were shown something; refused: {refused or 0}")
    print(counted)
    return 0


def _print(route: str, times: list[float]) -> None:
    middle, most, worst = np.percentile(times, [50, 95, 99])
    print(
        f"{route:10} {len(times):5} requests   p50 {middle:6.1f} ms   p95 {most:6.1f} ms ({most / P95_MS:4.2f} × the"
        f" goal)   p99 {worst:6.1f} ms ({worst / P99_MS:4.2f} × the goal)"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
