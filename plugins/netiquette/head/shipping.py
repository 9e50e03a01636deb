"""The trained head's files: numbers and JSON, no pickle, no text and no word of anybody's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHIPPED = Path(__file__).parent / "shipped"
NUMBERS, TOLD, CARD = "head.npz", "head.json", "card.md"
FORM = 1
_NEEDED = {"form", "languages", "kinds", "inputs", "encoder"}


class HeadUnusableError(Exception):
    """The head's files are missing, broken, or of another version; the message names the file."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """`told` is head.json, `numbers` the arrays of head.npz."""

    told: Mapping[str, Any]
    numbers: Mapping[str, NDArray[np.generic]]


def read_shipped(folder: Path = SHIPPED) -> Shipped:
    """:raises HeadUnusableError: what is wrong with which file."""
    try:
        told = json.loads((folder / TOLD).read_bytes())
        if not isinstance(told, dict) or told.get("form") != FORM or not told.keys() >= _NEEDED:
            raise HeadUnusableError(f"{TOLD} is not of form {FORM}; run passerelle netiquette train")
    except (OSError, ValueError) as error:
        raise HeadUnusableError(f"{TOLD} cannot be read ({type(error).__name__})") from error
    try:
        with np.load(folder / NUMBERS, allow_pickle=False) as held:
            numbers = {name: held[name] for name in held.files}
    except Exception as error:  # zipfile and numpy raise half a dozen kinds for a broken file
        raise HeadUnusableError(f"{NUMBERS} cannot be read ({type(error).__name__})") from error
    return Shipped(told, numbers)


def write_shipped(folder: Path, told: Mapping[str, Any], numbers: Mapping[str, NDArray[Any]], card: str) -> None:
    """Write the files; the same numbers give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / NUMBERS, **{name: numbers[name] for name in sorted(numbers)})  # type: ignore[arg-type]
    (folder / TOLD).write_text(json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / CARD).write_text(card, encoding="utf-8")
