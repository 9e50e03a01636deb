"""Vectors of questions for an evaluation, computed once each: a cache by text and model in the plugin's own folder.

The live side has no need of it: there the archive holds the vectors. An archive file that is evaluated again and again
is embedded once.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from connector.errors import ModelUnavailable
from plugins.expert_finder.subjects import Vector

BATCH = 256
SAVED_EVERY = 8
Embed = Callable[[Sequence[str]], Vector]
PROBE = "passerelle"


class VectorCache:
    """`vectors(texts)` embeds what is new, in batches, and remembers it; a change of model starts a new file."""

    def __init__(self, folder: Path, embed: Embed) -> None:
        self._folder = folder
        self._embed = embed
        self._found: dict[str, Vector] = {}
        self._file: Path | None = None

    def vectors(
        self, texts: Mapping[int, str], *, progress: Callable[[str], None] = lambda _: None
    ) -> dict[int, Vector] | None:
        """By key, the vector of each text. None where no model is to be had."""
        try:
            self._open()
            missing = sorted({text for text in texts.values() if _key(text) not in self._found}, key=len)
            for start in range(0, len(missing), BATCH):
                batch = missing[start : start + BATCH]
                for text, row in zip(batch, self._embed(batch), strict=True):
                    self._found[_key(text)] = np.asarray(row, np.float32)
                progress(f"{min(start + BATCH, len(missing))} of {len(missing)} texts embedded")
                if start // BATCH % SAVED_EVERY == SAVED_EVERY - 1:
                    self._save()
            if missing:
                self._save()
        except ModelUnavailable:
            return None
        return {key: self._found[_key(text)] for key, text in texts.items()}

    def _open(self) -> None:
        """The file is named after what the model makes of one word, so that no two models share one."""
        if self._file is not None:
            return
        probe = np.asarray(self._embed([PROBE])[0], np.float32)
        mark = hashlib.sha256(np.round(probe, 2).tobytes()).hexdigest()[:16]
        self._file = self._folder / f"questions-{mark}.npz"
        if self._file.exists():
            try:
                with np.load(self._file, allow_pickle=False) as stored:
                    rows = stored["rows"].astype(np.float32)
                    self._found = dict(zip(stored["keys"].tolist(), rows, strict=True))
            except (OSError, ValueError, KeyError):
                self._found = {}

    def _save(self) -> None:
        if self._file is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._file.with_name(f"{self._file.stem}.{os.getpid()}.part.npz")
        rows = np.array(list(self._found.values()), np.float16)
        np.savez(part, keys=np.array(list(self._found)), rows=rows)
        part.replace(self._file)


def forget_files(folder: Path) -> None:
    """Vectors are personal data: drop every file; what still stands is embedded again when next evaluated."""
    for file in folder.glob("questions-*"):
        file.unlink(missing_ok=True)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
