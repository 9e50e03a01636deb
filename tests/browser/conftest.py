"""A real Chromium on a real server: skipped, with the reason, where this machine has none."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.console.stage import Stage


class Served:
    """A stage whose console answers on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.server = make_server("127.0.0.1", 0, lambda environ, start: self._app(environ, start), threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.stage = Stage(folder, public_url=self.url)
        self._app = self.stage.app
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join(10)
        self.server.server_close()
        self.stage.__exit__(None, None, None)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A forum and a console on 127.0.0.1."""
    found = Served(tmp_path / "data")
    yield found
    found.close()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures go: the folder named by PASSERELLE_SCREENSHOTS, else a temporary one."""
    folder = Path(os.environ.get("PASSERELLE_SCREENSHOTS") or tmp_path / "screens")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def enter(page: Page, served: Served) -> None:
    """Open the console by a one-time link, button and all."""
    page.goto(served.url + served.stage.link())
    page.get_by_role("button", name="console").click()
    page.wait_for_url("**/console")
