"""Embedding speed of the three backends, and what each does to whom we would find; ratios from one run."""

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
TOPICS = 250


def posts_of(path: Path, topics: int) -> list[tuple[int, int, str]]:
    """(topic, author, words) of the first posts and replies of a real forum's first topics."""
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for _, line in zip(range(topics), stream, strict=False):
            told = json.loads(line)
            for post in told["post_stream"]["posts"]:
                words = own_words(post["cooked"]).text
                text = f"{told['title']}\n{words}" if post["post_number"] == 1 else words
                found.append((told["id"], post["user_id"], text))
    return found


def hit_at_3(vectors: np.ndarray, posts: list[tuple[int, int, str]]) -> float:
    """Of the later topics: whether one of the three authors nearest by earlier posts did answer."""
    topics = np.array([one[0] for one in posts])
    authors = np.array([one[1] for one in posts])
    order = list(dict.fromkeys(topics.tolist()))
    hits, asked = 0, 0
    for topic in order[len(order) // 2 :]:
        inside = np.flatnonzero(topics == topic)
        answered = set(authors[inside[1:]].tolist()) - {int(authors[inside[0]])}
        earlier = np.arange(inside[0])
        if not answered & set(authors[earlier].tolist()):
            continue
        scores: dict[int, float] = {}
        near = vectors[earlier] @ vectors[inside[0]]
        for place in np.argsort(-near)[:50]:
            author = int(authors[place])
            if author != authors[inside[0]]:
                scores[author] = scores.get(author, 0.0) + float(near[place]) ** 3
        asked += 1
        hits += bool(answered & set(sorted(scores, key=lambda one: -scores[one])[:3]))
    return hits / max(1, asked)


def main() -> int:
    """Print posts of a hundred words a second, cosine to torch, and hit@3 of a plain vote, for each backend."""
    if not REAL.exists():
        print(f"skipped: there is no {REAL.name} beside this checkout (../shared/data/forum)")
        return 0
    where, revision = resolve_model("bundled")
    posts = posts_of(REAL, TOPICS)
    hundred = [" ".join(text.split()[:WORDS]) for _, _, text in posts if len(text.split()) >= WORDS][:POSTS]
    with tempfile.TemporaryDirectory() as folder:
        backends: dict[str, Embedder] = {"torch": TorchEmbedder(where)}
        for backend in ("onnx", "onnx-int8"):
            export(where, ModelFacts("bundled", revision, backend), Path(folder) / backend)
            backends[backend] = OnnxEmbedder(Path(folder) / backend)
        truth, base, base_hit = None, 0.0, 0.0
        print(f"{'backend':10} {'posts/s':>8} {'to torch':>9} {'to goal':>8} {'cosine':>8} {'hit@3':>7} {'change':>8}")
        for name, embedder in backends.items():
            embedder.embed(hundred[:8])
            start = time.perf_counter()
            vectors = embedder.embed(hundred)
            rate = len(hundred) / (time.perf_counter() - start)
            truth = vectors if truth is None else truth
            base = base or rate
            hit = hit_at_3(embedder.embed([text[:4_000] for _, _, text in posts]), posts)
            base_hit = base_hit or hit
            cosine = float((vectors * truth).sum(axis=1).mean())
            print(f"{name:10} {rate:8.1f} {rate / base:8.2f}× {rate / GOAL:7.2f}× {cosine:8.4f} {hit:7.3f}"
                  f" {hit - base_hit:+8.3f}", flush=True)  # fmt: skip
    return 0
