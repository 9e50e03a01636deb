"""How many signed deliveries one web process takes a second, each durable before it is acknowledged.

Runs the real thing: gunicorn gthread, one process of eight threads, SQLite with `synchronous=FULL`, over HTTP on
127.0.0.1. Prints events a second and the 50th, 95th and 99th percentile of the answer's time.
Usage: python -m bench.ingest [--events 5000] [--clients 8]
"""

import argparse
import http.client
import json
import os
import platform
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from connector.events import sign

SECRET = "bench-secret-0123456789"
GOAL_PER_SECOND, GOAL_P99 = 500.0, 0.100


def body_of(number: int) -> bytes:
    """A post of some hundred words, each another one."""
    words = f"post {number} " + "le pont de bois au bord de la rivière est fermé depuis hier " * 12
    post = {
        "id": number, "topic_id": number % 400 + 1, "topic_archetype": "regular", "category_id": 3, "user_id": 7,
        "username": "lea", "post_number": 2, "post_type": 1, "raw": words, "cooked": f"<p>{words}</p>",
        "created_at": "2026-03-02T08:40:00.000Z", "updated_at": "2026-03-02T08:40:00.000Z",
    }  # fmt: skip
    return json.dumps({"post": post}).encode()


@dataclass(frozen=True)
class Web:
    """A running web process: gunicorn's master and where it listens."""

    pid: int
    port: int


@contextmanager
def web_process(folder: Path, **more: str) -> Iterator[Web]:
    """`passerelle web` on a free port, until the end of the block; `more` is added to its environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        **os.environ, "PASSERELLE_DATA_DIR": str(folder), "PASSERELLE_HOOK_SECRET": SECRET,
        "PASSERELLE_PORT": str(port), "PASSERELLE_LOG_LEVEL": "ERROR", "PASSERELLE_INBOX_LIMIT": "1000000",
        "PASSERELLE_FREE_DISK_MB": "0", **more,
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "webhooks", "web"], env=environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield Web(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def send(port: int, deliveries: list[bytes], times: list[float], refused: list[int]) -> None:
    """Send deliveries one after another over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for body in deliveries:
        headers = {"X-Discourse-Event": "post_created", "X-Discourse-Event-Type": "post",
                   "X-Discourse-Event-Signature": sign(body, SECRET), "Content-Type": "application/json"}  # fmt: skip
        begin = time.perf_counter()
        connection.request("POST", "/webhooks/discourse", body, headers)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - begin)
        if answer.status != 202:
            refused.append(answer.status)
    connection.close()


def measure(events: int, clients: int) -> dict[str, float]:
    """The figures of one run; `lost` counts acknowledged deliveries that are not in the database."""
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-") as name:
        folder = Path(name)
        with web_process(folder) as web:
            times: list[float] = []
            refused: list[int] = []
            send(web.port, [body_of(10_000_000 + number) for number in range(50)], [], [])
            shares = [[body_of(n) for n in range(start, events, clients)] for start in range(clients)]
            threads = [threading.Thread(target=send, args=(web.port, share, times, refused)) for share in shares]
            begin = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            seconds = time.perf_counter() - begin
        with sqlite3.connect(folder / "passerelle.db") as database:
            stored = int(database.execute("select count(*) from host_inbox").fetchone()[0]) - 50
    times.sort()
    return {
        "per_second": events / seconds, "p50": times[len(times) // 2], "p95": times[int(len(times) * 0.95)],
        "p99": times[int(len(times) * 0.99)], "refused": len(refused), "lost": events - len(refused) - stored,
    }  # fmt: skip


def main() -> int:
    """Print the figures; 1 where an acknowledged delivery was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--clients", type=int, default=8)
    options, _ = parser.parse_known_args()
    found = measure(options.events, options.clients)
    print(f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; SQLite FULL, 1 × 8 threads")
    p50, p95, p99 = (found[name] * 1000 for name in ("p50", "p95", "p99"))
    print(f"{found['per_second']:.0f} events/s (goal {GOAL_PER_SECOND:.0f})")
    print(f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms (goal {GOAL_P99 * 1000:.0f})")
    print(f"refused {found['refused']:.0f}, acknowledged and lost {found['lost']:.0f}")
    return 1 if found["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
