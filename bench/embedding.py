"""Embedding speed of the four backends, and what each does to the vectors; ratios from one run."""

import gzip
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.archive import REAL
from connector.archive.backends import Embedder, best_here, opened
from connector.archive.embedding import TorchEmbedder, export
from connector.archive.model_files import Backend, ModelFacts, resolve_model
from connector.text import own_words

POSTS, WORDS, GOAL = 192, 100, 200
ROUNDS = 3
EXPORTED: tuple[Backend, ...] = ("onnx", "onnx-int8", "openvino")


def hundred_words(path: Path) -> list[str]:
    """Posts of a real forum, cut to a hundred words; shorter ones are left out."""
    found: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            words = [own_words(post["cooked"]).text.split() for post in json.loads(line)["post_stream"]["posts"]]
            found += [" ".join(one[:WORDS]) for one in words if len(one) >= WORDS]
            if len(found) >= POSTS:
                break
    return found[:POSTS]


def shared_neighbours(vectors: np.ndarray, truth: np.ndarray) -> float:
    """Which part of each text's ten nearest is the same as by the true vectors."""

    def nearest(rows: np.ndarray) -> np.ndarray:
        near = rows @ rows.T
        np.fill_diagonal(near, -2.0)
        return np.argsort(-near, axis=1)[:, :10]

    pairs = zip(nearest(vectors), nearest(truth), strict=True)
    return float(np.mean([len({*one.tolist()} & {*other.tolist()}) / 10 for one, other in pairs]))


def speeds(embedder: Embedder, texts: list[str]) -> tuple[float, float]:
    """Texts a second, and texts in a second of one core's work, which other programs change less."""
    start, worked = time.perf_counter(), time.process_time()
    embedder.embed(texts)
    return len(texts) / (time.perf_counter() - start), len(texts) / (time.process_time() - worked)


def main() -> int:
    """Print for each backend posts of a hundred words a second, the least cosine to torch, and how many of the ten
    nearest stay.
    """
    if not REAL.exists():
        print(f"skipped: there is no {REAL.name} beside this checkout (../shared/data/forum)")
        return 0
    where, revision = resolve_model("bundled")
    hundred = hundred_words(REAL)
    with tempfile.TemporaryDirectory() as folder:
        backends: dict[str, Embedder] = {"torch": TorchEmbedder(where)}
        for backend in EXPORTED:
            export(where, ModelFacts("bundled", revision, backend), Path(folder) / backend)
            backends[backend] = opened(Path(folder) / backend)
        best = best_here()
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; best here: {best.backend}, since {best.why}")
        vectors = {name: embedder.embed(hundred) for name, embedder in backends.items()}
        # In turn, so that whoever else uses the machine slows all of them; the best of each counts.
        rounds = [{name: speeds(one, hundred) for name, one in backends.items()} for _ in range(ROUNDS)]
        print("backend    posts/s  to torch  to goal  a core  cosine same 10")
        for name, rows in vectors.items():
            rate, base = (max(one[each][0] for one in rounds) for each in (name, "torch"))
            core = max(one[name][1] for one in rounds)
            cosine = float((rows * vectors["torch"]).sum(axis=1).min())
            print(f"{name:10} {rate:7.1f} {rate / base:8.2f}× {rate / GOAL:7.2f}× {core:7.1f} {cosine:7.5f}"
                  f" {shared_neighbours(rows, vectors['torch']):7.3f}")  # fmt: skip
    return 0
