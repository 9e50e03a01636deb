"""Vectors without torch: an exported model, onnxruntime and tokenizers; for queries, and for indexing."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connector.archive.model_files import WEIGHTS, ModelFacts
from connector.archive.tokens import Tokens
from connector.errors import ModelUnavailable


class OnnxEmbedder:
    """Exactly one exported model. Thread-safe: onnxruntime's sessions and tokenizers' encoders are.

    :raises ModelUnavailable: the files are missing, broken, or of a kind this machine cannot run.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self.facts = ModelFacts.read(folder)
        self.dim = self.facts.dim
        self._tokens = Tokens(folder)
        self._threads = threads or min(os.cpu_count() or 1, 4)
        try:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            weights = str(folder / WEIGHTS[self.facts.backend])
            self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        except ImportError as error:
            raise ModelUnavailable("onnxruntime is not installed here.") from error
        except Exception as error:
            # The library raises bare Exceptions; whatever it is, the model cannot serve and words alone carry on.
            raise ModelUnavailable(f"The model's files cannot be read ({type(error).__name__}).") from error

    @property
    def precision(self) -> str:
        """What the weights are held and computed in."""
        return "int8" if self.facts.backend == "onnx-int8" else "f32"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, one a text; a text's row does not depend on what else is asked for."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        encoded = self._tokens.read(texts)
        # Each text alone, several side by side: nothing is computed for padding, int8 weighs a text by its own numbers
        # only, and a core busy with one small text is faster than several that share it (1.2 times on two cores).
        if len(encoded) > 1 and self._threads > 1:
            with ThreadPoolExecutor(self._threads) as side_by_side:
                found = list(side_by_side.map(self._row, encoded))
        else:
            found = [self._row(one) for one in encoded]
        for place, row in enumerate(found):
            rows[place] = row
        return rows

    def _row(self, encoded: Any) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self._session.run(None, self._tokens.columns([encoded], len(encoded.ids)))[0][0]
        return row
