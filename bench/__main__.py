"""`make bench` runs every benchmark of this folder in turn, each printing its table; `make bench ARGS=ingest` one."""

import importlib
import os
import pkgutil
import platform
import sys
import time
from pathlib import Path


def machine() -> str:
    """One line on the machine, so that a figure can be read beside where it was measured."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text().splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} × {model}, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def benchmarks() -> list[str]:
    """Names of the benchmarks: modules of this folder that have a `main()`."""
    return sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)]) if not m.name.startswith("_"))


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in benchmarks()]
    if unknown:
        print(f"unknown benchmark: {', '.join(unknown)}; there are {', '.join(benchmarks())}")
        return 2
    print(f"machine: {machine()}\n", flush=True)
    for name in wanted or benchmarks():
        module = importlib.import_module(f"bench.{name}")
        if not hasattr(module, "main"):
            continue
        print(f"── {name} ──", flush=True)
        started = time.perf_counter()
        code = module.main()
        print(f"   ({time.perf_counter() - started:.0f} s)\n", flush=True)
        if code:
            return int(code)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
