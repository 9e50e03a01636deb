"""The demonstration at its start: what is in its way is said with the way out, and no other one is disturbed."""

import os
import socket
from pathlib import Path

import pytest

from webhooks.demo.stage import Stage, StageError


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_taken_port_is_named_with_the_way_out(tmp_path: Path, lang: str) -> None:
    """Where a port is taken the demonstration says which, and what to type; it makes no folder."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with (
            pytest.raises(StageError, match=rf"{port}.*--port 0 --forum-port 0"),
            Stage(tmp_path / "demo", port=port, lang=lang),
        ):
            pass

    assert not (tmp_path / "demo").exists()


def test_folder_of_a_running_demonstration_is_left_alone(tmp_path: Path) -> None:
    """A second demonstration does not empty the folder under the first; once that one has ended, it may."""
    folder = tmp_path / "demo"
    with Stage(folder):
        (folder / "forum.sqlite3").write_text("somebody's forum")
        (folder / "running.pid").write_text(str(os.getppid()))

        with pytest.raises(StageError, match=str(os.getppid())), Stage(folder):
            pass
        assert (folder / "forum.sqlite3").exists()

    with Stage(folder):
        assert not (folder / "forum.sqlite3").exists()
