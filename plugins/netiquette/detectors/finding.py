"""What a detector gets and gives: what one author himself said, what is around it, and what was found in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from connector.errors import ModelUnavailable

Options = Mapping[str, Any]
"""What a clause sets for its detector, as the charter's YAML has it."""

LONGEST = 32_000
"""Characters of a text that are looked at: the longest post a forum allows by default."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one author himself wrote: quotes, code and previews are cut out of `text` already.

    `title` is that of a new topic, `lang` "fr", "en" or "" (unknown), `names` the usernames and names of people of the
    thread (set apart before judging), `author_days` the age of the account (used for advertising alone, never for
    conduct), `author_contacts` the author's own e-mail, site and phone as far as they are known.
    """

    text: str
    title: str = ""
    lang: str = ""
    code: str = ""
    quoted: bool = False
    links: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    author_id: int | None = None
    author_days: float | None = None
    author_contacts: tuple[str, ...] = ()
    category_id: int | None = None
    topic_id: int | None = None
    opens_topic: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier topic like a text: `likeness` is 0 to 1 (1: the same)."""

    topic_id: int
    title: str
    likeness: float
    category_id: int | None = None
    author_id: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier post of the thread: its author's own words, and the author whom it answers (None: nobody named)."""

    author_id: int | None
    at: datetime
    text: str
    answers: int | None = None
    post_number: int | None = None


class Around(Protocol):
    """What is around a text. Every detector works with `Nothing()`, as evaluation and the charter's tests use it."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors by the head's own encoder, one row a text.

        :raises ModelUnavailable: there is none here, or it is not loaded yet.
        """

    def similar(self, text: str) -> Sequence[Alike]:
        """Earlier topics like this text, most alike first, of those that all its readers may open."""

    def thread(self) -> Sequence[Turn]:
        """The posts of the thread before this one, in order."""

    def elsewhere(self) -> Sequence[str]:
        """What the same author wrote lately in other topics (for repeated advertising alone), newest first."""


class Nothing:
    """Nothing is known around a text; `embed` is the encoder where there is one."""

    def __init__(self, embed: Callable[[Sequence[str]], NDArray[np.float32]] | None = None) -> None:
        self._embed = embed

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self._embed is None:
            raise ModelUnavailable("nothing here computes embeddings")
        return self._embed(texts)

    def similar(self, text: str) -> Sequence[Alike]:
        return ()

    def thread(self) -> Sequence[Turn]:
        return ()

    def elsewhere(self) -> Sequence[str]:
        return ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a detector found.

    `words` are the very words as the author wrote them, `confidence` a calibrated probability (0 to 1). `target` is
    "person", "group" or "" (nobody: then never more than a look). `protected` is "account" (of harassment or
    discrimination suffered), "union", "safety" or "": protected speech never gets more than a look.
    """

    detector: str
    kind: str
    words: tuple[str, ...]
    confidence: float
    target: str = ""
    protected: str = ""


Detector = Callable[[Said, Around, Options], list[Finding]]
