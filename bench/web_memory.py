"""How much memory the web process takes before its first query: below 200 MB, and without torch.

Starts `passerelle web` on a new data folder, waits until it answers /health, and reads the resident memory of its one
worker from /proc. Gunicorn's master only watches that worker and shares most of its memory with it, so that both
together (proportional set size) are told too.
Usage: python -m bench.web_memory
"""

import os
import platform
import tempfile
import urllib.request
from pathlib import Path

from bench.ingest import web_process

GOAL_MB = 200.0


def memory_mb(pid: int, what: str) -> float:
    """Memory of a process in MB (1,000,000 bytes): `Rss` or `Pss` of /proc/PID/smaps_rollup."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def children(pid: int) -> list[int]:
    """The processes that a process started and that still run."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(one) for one in found.split()]


def measure() -> dict[str, float]:
    """MB of the `worker` (resident), of it and its master `together` (proportional), and 1.0 under `torch` where
    torch's library is in the worker's memory.
    """
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-") as folder, web_process(Path(folder)) as web:
        urllib.request.urlopen(f"http://127.0.0.1:{web.port}/health", timeout=60).close()
        [worker] = children(web.pid)
        mapped = Path(f"/proc/{worker}/maps").read_text(encoding="utf-8", errors="replace")
        together = memory_mb(web.pid, "Pss") + memory_mb(worker, "Pss")
        return {"worker": memory_mb(worker, "Rss"), "together": together, "torch": float("libtorch" in mapped)}


def main() -> int:
    """Print the figures; 1 where the goal is missed or torch was loaded."""
    found = measure()
    print(f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"web process before the first query: {found['worker']:.0f} MB resident (goal < {GOAL_MB:.0f})")
    print(f"with gunicorn's master: {found['together']:.0f} MB; torch loaded: {'yes' if found['torch'] else 'no'}")
    return 1 if found["worker"] >= GOAL_MB or found["torch"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
