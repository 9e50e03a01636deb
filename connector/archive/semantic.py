"""Search by meaning, over the vectors of the model in use."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from connector.archive.lexical import Found
from connector.archive.store import Store
from connector.errors import ModelUnavailable


class Semantic:
    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder

    def search(
        self, text: str, classes: Iterable[str], limit: int, before: datetime | None, exclude_topics: Iterable[int]
    ) -> list[Found]:
        raise ModelUnavailable("No model is set up: search goes by words alone.")

    def embed(self, texts: Sequence[str], model: str | None = None) -> NDArray[np.float32]:
        raise ModelUnavailable("No model is set up: search goes by words alone.")
