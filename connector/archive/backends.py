"""What computes vectors on this machine: which backend is the fastest that keeps to the model, and why that one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from connector.archive.model_files import Backend, ModelFacts
from connector.archive.onnx_embedding import OnnxEmbedder
from connector.archive.openvino_embedding import OpenVinoEmbedder, knows_bf16, openvino_is_here
from connector.errors import ModelUnavailable


class Embedder(Protocol):
    """Texts to unit rows."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class ExportedEmbedder(Embedder, Protocol):
    """An exported model: texts to unit rows without torch, computed in `precision` (bf16, f32 or int8)."""

    @property
    def precision(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A backend, and half a sentence that says why it."""

    backend: Backend
    why: str


def best_here() -> Choice:
    """The fastest backend that keeps to the model, by what this machine can do; measured with `bench/embedding.py`.

    Where a processor computes in bf16, OpenVINO does the model's own weights 1.3 times as fast as onnxruntime does
    weights of 8 bits; without bf16 it takes twice the time of those.
    """
    if not openvino_is_here():
        return Choice("onnx-int8", "there is no OpenVINO on this machine")
    if not knows_bf16():
        return Choice("onnx-int8", "this processor does not compute in bf16, with which OpenVINO would be faster")
    return Choice("openvino", "this processor computes in bf16")


def opened(folder: Path) -> ExportedEmbedder:
    """The exported model of a folder, by the backend its facts name. :raises ModelUnavailable: it cannot be used here.

    An index made with OpenVINO is served where there is none, too: onnxruntime reads the same weights whole, and says
    the same of a text (cosine .9999 at least), in more time.
    """
    if ModelFacts.read(folder).backend == "openvino" and openvino_is_here():
        return OpenVinoEmbedder(folder)
    return OnnxEmbedder(folder)


def backend_of(name: str) -> Backend | None:
    """A backend by its name; None for no name. :raises ModelUnavailable: there is no such."""
    known: dict[str, Backend] = {one: one for one in get_args(Backend)}
    if name and name not in known:
        raise ModelUnavailable(f"There is no backend {name!r}: it is one of {', '.join(known)}.")
    return known.get(name)
