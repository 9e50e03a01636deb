"""`python -m connector.sandbox`: the forum as a process of its own."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from .clock import SandboxClock
from .serve import SandboxServer


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the first line printed is the address. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m connector.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: any free one)")
    parser.add_argument("--data", type=Path, help="SQLite file to keep the forum in (default: in memory)")
    parser.add_argument("--community", action="store_true", help="fill an empty forum with the invented community")
    parser.add_argument("--archive", type=Path, help="fill an empty forum with a file or folder of topic documents")
    parser.add_argument("--clock-file", type=Path, help="tell the forum's time to other processes in this file")
    parser.add_argument("--no-hooks", action="store_true", help="send web hooks only when control says so")
    options = parser.parse_args(arguments)
    if options.archive is not None and not options.archive.exists():
        parser.error(f"{options.archive} does not exist; give a .json, .jsonl, .jsonl.gz or .zip file, or a folder")
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    clock = SandboxClock(mirror=options.clock_file)
    try:
        server = SandboxServer(options.data, port=options.port, clock=clock, background_hooks=not options.no_hooks)
    except OSError as error:
        sys.stderr.write(f"The forum cannot listen on port {options.port}: {error.strerror}. Choose another --port.\n")
        return 1
    empty = server.board.store.value("SELECT 1 FROM topics") is None
    if options.community and empty:
        server.forum.load_community()
    if options.archive is not None and empty:
        sys.stderr.write(f"{server.forum.load_archive(options.archive)} posts loaded\n")
    with server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        stopped.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
