"""Starts processes of Passerelle quickly: everything is imported once here, each of them is then a fork.

Reads one JSON line a process from standard input ({"arguments", "environment", "log"}), answers with its pid.
"""

import json
import os
import signal
import sys


def main() -> None:
    """Fork whatever is asked for, until standard input ends."""
    # What both processes need, loaded before the first fork; no thread runs here.
    import webhooks.cli
    from connector.archive import Archive

    assert Archive
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            become(asked, webhooks.cli.main)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def become(asked: dict[str, object], command: object) -> None:
    """Be the process that was asked for; never comes back."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(str(asked["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(log, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    arguments = [str(one) for one in asked["arguments"]]  # type: ignore[attr-defined]
    sys.argv[:] = ["passerelle", *arguments]
    code = 1
    try:
        command(arguments, standalone_mode=True)  # type: ignore[operator]
        code = 0
    except SystemExit as end:
        code = int(end.code or 0) if not isinstance(end.code, str) else 1
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
