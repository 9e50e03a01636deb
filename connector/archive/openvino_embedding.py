"""Vectors by OpenVINO: the same exported weights, computed in bf16 where the processor does that by itself."""

import os
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from connector.archive.model_files import BF16_AGREES, WEIGHTS, ModelFacts, read_facts
from connector.archive.tokens import Tokens
from connector.errors import ModelUnavailable

Precision = Literal["bf16", "f32"]
_TOGETHER = 4
_STEP = 16
# Four texts at once, filled up to a multiple of sixteen tokens: the matrix unit's tiles are full (1.4 times as fast as
# each text at its own length), and there are few shapes for which code must be made (sixteen lengths, not 256).
_TOOLS = "openvino.tools.ovc"
_FIRST = threading.Lock()
"""Held while a model answers for the first time: whatever openvino's bindings make once in a process is made there.

They make it holding a lock of their own and waiting for Python's: two threads that ask at once wait for each other for
ever (seen with 2026.4.1, one start in three with two threads).
"""


def load_openvino() -> Any:
    """The runtime, without its conversion tool: only that one loads a module that reports use over the network.

    :raises ImportError: there is no build of it for this machine.
    """
    if "openvino" not in sys.modules:
        # What is None here cannot be imported by anybody in this process; openvino itself goes on without it.
        sys.modules[_TOOLS] = None  # type: ignore[assignment]
    import openvino

    return openvino


def openvino_is_here() -> bool:
    """Whether this machine has OpenVINO; there is none for 64-bit ARM on Linux, for instance."""
    try:
        load_openvino()
    except (ImportError, OSError):
        return False
    return True


def knows_bf16() -> bool:
    """Whether the processor computes in bf16 by itself; OpenVINO does not list what it would only imitate, slowly.

    :raises ImportError: OpenVINO is not here.
    """
    return "BF16" in load_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


class OpenVinoEmbedder:
    """Exactly one exported model. Thread-safe: each request to the model has one thread at a time.

    In bf16 where the processor has it and the model was found to agree with itself in it when it was exported, in f32
    otherwise; rows of both are of the same index (cosine .9999 at least). One core a text: for one question that costs
    some milliseconds, and a core is left for others; many texts take all cores.
    :raises ModelUnavailable: the files are missing, broken, or of a kind this machine cannot run.
    """

    def __init__(self, folder: Path, threads: int | None = None, precision: Precision | None = None) -> None:
        told = read_facts(folder)
        self.facts = ModelFacts.read(folder)
        self.dim = self.facts.dim
        self._tokens = Tokens(folder)
        self._threads = threads or min(os.cpu_count() or 1, 4)
        self._requests: SimpleQueue[Any] = SimpleQueue()
        try:
            best: Precision = "bf16" if told.get(BF16_AGREES) and knows_bf16() else "f32"
            self.precision: Precision = precision or best
            # Unpinned, so that the web process and the worker do not sit on the same core beside a free one.
            wanted = {
                "INFERENCE_PRECISION_HINT": self.precision, "NUM_STREAMS": self._threads,
                "INFERENCE_NUM_THREADS": self._threads, "ENABLE_CPU_PINNING": False,
            }  # fmt: skip
            compiled = load_openvino().Core().compile_model(str(folder / WEIGHTS[self.facts.backend]), "CPU", wanted)
            for _ in range(self._threads):
                self._requests.put(compiled.create_infer_request())
            with _FIRST:
                for text in ("one", "and then a longer one, " * 8):
                    self._rows(self._tokens.read([text]))
        except ImportError as error:
            raise ModelUnavailable("OpenVINO is not installed here.") from error
        except Exception as error:
            # The library raises bare RuntimeErrors; whatever it is, the model cannot serve and words alone carry on.
            raise ModelUnavailable(f"The model's files cannot be read ({type(error).__name__}).") from error

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, one a text; what else is asked for changes a row by less than a ten-thousandth (cosine)."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        encoded = self._tokens.read(texts)
        order = sorted(range(len(encoded)), key=lambda place: -len(encoded[place].ids))
        groups = [order[start : start + _TOGETHER] for start in range(0, len(order), _TOGETHER)]
        if len(groups) > 1 and self._threads > 1:
            with ThreadPoolExecutor(self._threads) as side_by_side:
                found = list(side_by_side.map(lambda group: self._rows([encoded[one] for one in group]), groups))
        else:
            found = [self._rows([encoded[one] for one in group]) for group in groups]
        for group, some in zip(groups, found, strict=True):
            rows[group] = some
        return rows

    def _rows(self, some: Sequence[Any]) -> NDArray[np.float32]:
        longest = max(len(one.ids) for one in some)
        width = min(-(-longest // _STEP) * _STEP, max(self._tokens.most, longest))
        request = self._requests.get()
        try:
            request.infer(self._tokens.columns(some, width))
            # A copy: the request's own memory is written over by whoever takes it next.
            return np.array(request.get_output_tensor(0).data, dtype=np.float32)
        finally:
            self._requests.put(request)
