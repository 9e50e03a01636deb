"""One stage a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.stage import Stage, Visitor
from tests.webhooks.conftest import database_url, postgres_template, postgres_url

__all__ = ["database_url", "postgres_template", "postgres_url"]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A forum and a console, fresh."""
    with Stage(tmp_path / "data") as found:
        yield found


@pytest.fixture
def claire(stage: Stage) -> Visitor:
    """The community manager's browser, logged in through the forum."""
    return stage.client().login("claire")
