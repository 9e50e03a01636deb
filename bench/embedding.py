"""Embedding speed of the three backends, and what each does to the vectors; ratios from one run."""

import gzip
import json
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.archive import REAL
from connector.archive.embedding import TorchEmbedder, export
from connector.archive.model_files import ModelFacts, resolve_model
from connector.archive.models import Embedder
from connector.archive.onnx_embedding import OnnxEmbedder
from connector.text import own_words

POSTS, WORDS, GOAL = 192, 100, 200


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


def main() -> int:
    """Print posts of a hundred words a second, cosine to torch, and how many of the ten nearest stay, for each."""
    if not REAL.exists():
        print(f"skipped: there is no {REAL.name} beside this checkout (../shared/data/forum)")
        return 0
    where, revision = resolve_model("bundled")
    hundred = hundred_words(REAL)
    with tempfile.TemporaryDirectory() as folder:
        backends: dict[str, Embedder] = {"torch": TorchEmbedder(where)}
        for backend in ("onnx", "onnx-int8"):
            export(where, ModelFacts("bundled", revision, backend), Path(folder) / backend)
            backends[backend] = OnnxEmbedder(Path(folder) / backend)
        truth, base = None, 0.0
        print(f"{'backend':10} {'posts/s':>8} {'to torch':>9} {'to goal':>8} {'cosine':>8} {'same 10':>8}")
        for name, embedder in backends.items():
            embedder.embed(hundred[:8])
            start = time.perf_counter()
            vectors = embedder.embed(hundred)
            rate = len(hundred) / (time.perf_counter() - start)
            truth = vectors if truth is None else truth
            base = base or rate
            cosine = float((vectors * truth).sum(axis=1).mean())
            print(f"{name:10} {rate:8.1f} {rate / base:8.2f}× {rate / GOAL:7.2f}× {cosine:8.4f}"
                  f" {shared_neighbours(vectors, truth):8.3f}", flush=True)  # fmt: skip
    return 0
