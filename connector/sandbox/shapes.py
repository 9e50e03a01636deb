"""The parts of Discourse's answers that stay the same here, as documents recorded from a running 3.1.

Each call gives a fresh copy to fill in. What a small sandbox has no use for keeps the recorded value, so that the
keys and types are those of a real forum.
"""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "shapes" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def shape(name: str, /, **values: Any) -> dict[str, Any]:
    """A copy of the recorded document of this name with some values changed; unknown keys are added."""
    found = copy.deepcopy(_document(name))
    found.update(values)
    return found
