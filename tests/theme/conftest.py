"""Chromium, a forum's page and a service beside it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.theme.pages import Pages


@pytest.fixture(scope="session")
def both() -> Iterator[Pages]:
    """The two servers, for all tests of a run."""
    found = Pages()
    yield found
    found.close()


@pytest.fixture
def pages(both: Pages) -> Pages:
    """The two servers, nothing asked yet."""
    both.beside.__init__()  # type: ignore[misc]
    return both


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh browser profile; a script's error fails the test."""
    context = chromium.new_context(locale="en-GB", viewport={"width": 900, "height": 800})
    found = context.new_page()
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    yield found
    context.close()
    assert errors == []
