"""The same question asked by two at once is worked out once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector.archive.once import Once


def test_two_who_ask_the_same_at_once_wait_for_one_answer() -> None:
    """Both handlers of a draft embed its words: one does, the other gets what was made."""
    begun, go_on, made = threading.Event(), threading.Event(), []

    def embed(text: str) -> str:
        made.append(text)
        begun.set()
        assert go_on.wait(10)
        return text.upper()

    once = Once(embed, 2)
    with ThreadPoolExecutor(3) as crew:
        first = crew.submit(once, "draft")
        assert begun.wait(10)
        others = [crew.submit(once, "draft") for _ in range(2)]
        go_on.set()
        assert [one.result(10) for one in (first, *others)] == ["DRAFT"] * 3
    assert made == ["draft"]


def test_what_failed_is_tried_again_and_what_is_old_is_forgotten() -> None:
    """An error is told to whoever asked and not kept; only the last few answers are."""
    made: list[str] = []

    def embed(text: str) -> int:
        made.append(text)
        if len(made) == 1:
            raise ValueError("not yet")
        return len(made)

    once = Once(embed, 2)
    with pytest.raises(ValueError, match="not yet"):
        once("a")
    assert [once("a"), once("a"), once("b"), once("c"), once("a")] == [2, 2, 3, 4, 5]
    once.forget()
    assert once("a") == 6
