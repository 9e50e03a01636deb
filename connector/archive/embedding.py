"""The one place where torch and sentence-transformers are loaded: only in the worker, only when a model is prepared.

A model is exported once, with all its modules (pooling, dense, normalisation) inside the graph, so that what answers
queries without torch computes exactly what sentence-transformers says. Code of a model is never run.
"""

import json
import logging
import shutil
import time
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connector.archive.bf16 import agrees_in_bf16
from connector.archive.model_files import BF16_AGREES, FACTS, NUMBERS, TOKENIZER, WEIGHTS, ModelFacts
from connector.errors import ModelUnavailable

_OPSET = 17
_OUTPUT = "sentence_embedding"


class TorchEmbedder:
    """Sentence-transformers itself; the measure of all other backends."""

    def __init__(self, where: str) -> None:
        self._model = _load(where)
        self.dim = int(self._model.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, one a text."""
        rows = self._model.encode(
            list(texts), batch_size=16, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(rows, dtype=np.float32).reshape(len(texts), self.dim)


def export(where: str, facts: ModelFacts, folder: Path) -> None:
    """Write the model's graph, tokenizer and facts into `folder`, whole or not at all.

    :raises ModelUnavailable: it cannot be loaded here, or cannot be expressed as ONNX.
    """
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = _load(where)
    fresh = folder.with_name(f"{folder.name}.{time.monotonic_ns()}.tmp")
    fresh.mkdir(parents=True)
    try:
        inputs = _example(model)
        names = sorted(inputs)
        axes: dict[str, dict[int, str]] = {name: {0: "texts", 1: "words"} for name in names}
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                _Whole(model, names), tuple(inputs[name] for name in names), str(fresh / WEIGHTS["onnx"]),
                input_names=names, output_names=[_OUTPUT], dynamic_axes={**axes, _OUTPUT: {0: "texts"}},
                opset_version=_OPSET, dynamo=False,
            )  # fmt: skip
        if facts.backend == "onnx-int8":
            _quietly(
                quantize_dynamic, str(fresh / WEIGHTS["onnx"]), str(fresh / WEIGHTS["onnx-int8"]),
                # Channel by channel, and the matrices only: cosine .992 to the whole weights, against .946 without.
                weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"],
            )  # fmt: skip
            (fresh / WEIGHTS["onnx"]).unlink()
        if facts.backend == "openvino":
            _numbers_apart(fresh / WEIGHTS["openvino"])
        model.tokenizer.backend_tokenizer.save(str(fresh / TOKENIZER))
        told = facts.to_json() | {"dim": int(model.get_embedding_dimension() or 0), "inputs": names}
        told |= {"max_tokens": int(model.max_seq_length or 256), "prompts": dict(model.prompts)}
        _write_facts(fresh, told)
        if facts.backend == "openvino" and (agrees := agrees_in_bf16(fresh)) is not None:
            _write_facts(fresh, told | {BF16_AGREES: agrees})
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except (RuntimeError, ValueError, TypeError, AttributeError, OSError) as error:
        raise ModelUnavailable(f"The model {facts.name} could not be exported ({type(error).__name__}).") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_facts(folder: Path, told: Mapping[str, Any]) -> None:
    (folder / FACTS).write_text(json.dumps(told, indent=1, sort_keys=True), encoding="utf-8")


def _numbers_apart(weights: Path) -> None:
    """Move a graph's numbers into a file beside it: mapped, they take no memory of a process's own (90 of 200 MB)."""
    import onnx

    whole = onnx.load(str(weights))
    onnx.save_model(whole, str(weights), save_as_external_data=True, all_tensors_to_one_file=True, location=NUMBERS)
    shutil.copymode(weights, weights.with_name(NUMBERS))


def _load(where: str) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar
    except ImportError as error:
        raise ModelUnavailable("sentence-transformers is not installed here.") from error
    _quietly(disable_progress_bar)
    try:
        return _quietly(
            SentenceTransformer, where, device="cpu", trust_remote_code=False,
            model_kwargs={"attn_implementation": "eager"},
        )  # fmt: skip
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        raise ModelUnavailable(f"The model {where} could not be loaded ({type(error).__name__}).") from error


def _example(model: Any) -> Mapping[str, Any]:
    told = model.tokenizer(["one line", "another line, with a few words more"], padding=True, return_tensors="pt")
    return {name: told[name] for name in ("input_ids", "attention_mask", "token_type_ids") if name in told}


def _quietly(call: Any, *args: Any, **kwargs: Any) -> Any:
    """Progress bars and advice of these libraries are not for our logs."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        return call(*args, **kwargs)
    finally:
        logging.disable(before)


def _Whole(model: Any, names: Sequence[str]) -> Any:  # noqa: N802 -- a class that can only be made once torch is here
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *inputs: Any) -> Any:
            rows = self.model.forward(dict(zip(names, inputs, strict=True)))[_OUTPUT]
            return torch.nn.functional.normalize(rows, p=2.0, dim=1)

    return Whole().eval()
