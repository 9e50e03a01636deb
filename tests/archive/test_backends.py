"""What computes vectors: the fastest backend that keeps to the model, one for each index, and nothing sent anywhere."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from connector.archive import Archive
from connector.archive.backends import best_here, opened
from connector.archive.embedding import TorchEmbedder, export
from connector.archive.model_files import ModelFacts, resolve_model
from connector.archive.onnx_embedding import OnnxEmbedder
from connector.archive.openvino_embedding import OpenVinoEmbedder, knows_bf16, openvino_is_here
from connector.errors import ModelUnavailable
from tests.archive.world import World, archive_in, engine_at

needs_openvino = pytest.mark.skipif(not openvino_is_here(), reason="there is no OpenVINO for this machine")
TEXTS = [
    "The pump at the bottom of the garden lost its pressure overnight, and the filter is clean.",
    "Comment vidanger la pompe sans vider le puits ? Merci d’avance, cdt",
    "ok",
    "",
    "A much longer text, with more of the same in it. " * 40,
    "SELECT name FROM members WHERE id = 3;",
    "Who has a template for a risk analysis, and may I copy it for the merger of the two warehouses?",
    "Prune the roses in March, the apple tree in winter, and never the cherry tree when it rains. " * 3,
]


def agreement(ones: NDArray[np.float32], others: NDArray[np.float32]) -> float:
    """The least cosine of two rows of the same text."""
    return float((ones * others).sum(axis=1).min())


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled model, exported once for this backend."""
    where, revision = resolve_model("bundled")
    folder = tmp_path_factory.mktemp("model") / "openvino"
    export(where, ModelFacts("bundled", revision, "openvino"), folder)
    return folder


def test_openvino_says_what_sentence_transformers_says(exported: Path) -> None:
    """Same weights, same vectors: cosine at least .9999, in whatever this machine computes."""
    truth = TorchEmbedder(resolve_model("bundled")[0]).embed(TEXTS)
    ours = opened(exported).embed(TEXTS)
    assert np.allclose(np.linalg.norm(ours, axis=1), 1.0, atol=1e-4)
    assert agreement(ours, truth) >= 0.9999


@needs_openvino
def test_an_index_goes_on_on_another_machine(exported: Path) -> None:
    """Rows made in bf16, in f32, and by onnxruntime where there is no OpenVINO, are of one index: cosine .9999."""
    whole = OpenVinoEmbedder(exported, precision="f32").embed(TEXTS)
    assert agreement(OnnxEmbedder(exported).embed(TEXTS), whole) >= 0.9999
    if not knows_bf16():
        pytest.skip("this processor does not compute in bf16")
    assert opened(exported).precision == "bf16"
    assert agreement(opened(exported).embed(TEXTS), whole) >= 0.9999


def test_without_openvino_its_index_is_served_all_the_same(exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has no OpenVINO serves an index made with it, and begins a new one with 8-bit weights."""
    there = opened(exported).embed(TEXTS)
    monkeypatch.setitem(sys.modules, "openvino", None)
    assert agreement(opened(exported).embed(TEXTS), there) >= 0.9999
    assert (best_here().backend, best_here().why) == ("onnx-int8", "there is no OpenVINO on this machine")


@needs_openvino
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=20))
def test_a_text_means_the_same_in_any_company(exported: Path, texts: list[str]) -> None:
    """Whatever else is read with a text, and in which order: its row is the one it has alone (cosine .9999)."""
    embedder = _one(exported)
    alone = np.vstack([embedder.embed([text]) for text in texts])
    assert agreement(embedder.embed(texts), alone) >= 0.9999


_opened: dict[Path, OpenVinoEmbedder] = {}


def _one(folder: Path) -> OpenVinoEmbedder:
    return _opened.setdefault(folder, OpenVinoEmbedder(folder))


@needs_openvino
def test_nothing_is_sent_and_torch_stays_away(exported: Path) -> None:
    """Reading texts with OpenVINO opens no connection, and loads neither what reports use, nor torch."""
    program = f"""
import os, sys
seen = []
def hear(event, args):
    if event.startswith("socket.") or (event == "import" and "telemetry" in args[0]):
        seen.append((event, str(args[0])))
from pathlib import Path
from connector.archive.backends import best_here, opened
sys.addaudithook(hear)
best_here()
rows = opened(Path({str(exported)!r})).embed(["one text", "and another"])
loaded = [name for name in sys.modules if name.split(".")[0] in ("torch", "transformers", "openvino_telemetry")]
held = [one for one in Path("/proc/self/fd").glob("*") if one.is_symlink()]
sockets = [one for one in held if "socket" in os.readlink(one)]
print(rows.shape, seen, loaded, sockets)
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root)
    assert done.stdout.strip() == "(2, 384) [] [] []", done.stderr
    # This process has exported a model, as the worker does, with all that torch brings.
    assert "openvino_telemetry" not in sys.modules


@needs_openvino
def test_two_first_questions_at_once_are_both_answered(exported: Path) -> None:
    """Whoever asks first after a start, and with how many others, gets an answer: no process stands still for ever."""
    program = f"""
import os, sys, threading
from pathlib import Path
from connector.archive.openvino_embedding import OpenVinoEmbedder
sys.setswitchinterval(1e-6)
embedder, together = OpenVinoEmbedder(Path({str(exported)!r})), threading.Barrier(2)
def ask():
    together.wait()
    embedder.embed(["How do I merge cells?"])
both = [threading.Thread(target=ask, daemon=True) for _ in range(2)]
for one in both: one.start()
for one in both: one.join()
print("answered", flush=True)
os._exit(0)
"""
    root = Path(__file__).parents[2]
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root, timeout=60)
        assert done.stdout.strip() == "answered", done.stderr


@pytest.mark.parametrize("file", ["model.onnx", "model.weights", "tokenizer.json"])
@pytest.mark.parametrize("left", [None, 0, 1000])
def test_a_broken_model_is_told_in_one_sentence(exported: Path, tmp_path: Path, file: str, left: int | None) -> None:
    """A file of the model that is missing, empty or cut: the model is not to be had, and nothing else fails."""
    for one in exported.iterdir():
        if one.name != file:
            (tmp_path / one.name).hardlink_to(one)
        elif left is not None:
            (tmp_path / one.name).write_bytes(one.read_bytes()[:left])
    with pytest.raises(ModelUnavailable):
        opened(tmp_path)


def test_an_index_keeps_its_backend_until_it_is_made_anew(tmp_path: Path) -> None:
    """An index of an earlier version goes on with its backend after an update; `reindex` moves it to the best one."""
    world = World()
    world.room(5, "Help")
    world.person(2, "amelie")
    with archive_in(tmp_path, world, engine_at(tmp_path / "memory.sqlite")) as archive:
        world.topic(1, "Garden pump", 5, 2, "My water pump has no pressure any more")
        archive.apply(world.topic_event(1), world.forum())
        archive.use_model("bundled", "onnx")
        assert archive.catch_up(seconds=60) == 1

        started_again = Archive(archive._store.engine, 1, tmp_path / "files", clock=world.clock)
        assert started_again.use_model("bundled").backend == "onnx"
        assert started_again.models.building() is None

        moved = started_again.reindex("bundled")
        active = started_again.models.active()
        assert moved is not None
        assert active is not None
        assert moved.backend == active.backend == best_here().backend
        found = started_again.search("weak flow in the yard", started_again.audience_public(), mode="semantic")
        assert [hit.topic_id for hit in found.hits] == [1]
        assert started_again.use_model("bundled").id == active.id
