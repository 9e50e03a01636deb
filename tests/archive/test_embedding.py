"""Meaning without torch: the exported model says what sentence-transformers says, and search carries on without it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from connector.archive import Archive
from connector.archive.model_files import resolve_model
from connector.archive.sentences import IN_FRENCH, NO_MODEL, in_language
from connector.errors import ModelUnavailable
from tests.archive.world import World, archive_in, engine_at

TEXTS = [
    "The pump at the bottom of the garden lost its pressure overnight, and the filter is clean.",
    "Comment vidanger la pompe ?",
    "ok",
    "A much longer text. " * 60,
    "SELECT name FROM members WHERE id = 3;",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One archive's files for all tests here: exporting a model takes some seconds."""
    return tmp_path_factory.mktemp("meaning")


@pytest.fixture(scope="module")
def filled(folder: Path) -> tuple[World, Path]:
    world = World()
    world.room(5, "Help")
    world.person(2, "amelie")
    subjects = {
        1: ("Garden pump", "My water pump has no pressure any more, what can I check?"),
        2: ("Roses", "The leaves of my rose bushes have black spots since the rain."),
        3: ("Invoices", "How do I send an invoice to a supplier abroad?"),
    }
    for number, (title, text) in subjects.items():
        world.topic(number, title, 5, 2, text)
        world.clock.forward(days=1)
    with archive_in(folder, world, engine_at(folder / "memory.sqlite")) as archive:
        for number in subjects:
            archive.apply(world.topic_event(number), world.forum())
        archive.use_model("bundled", "onnx")
        assert archive.waiting_for_vectors() == 3
        assert archive.catch_up(seconds=60) == 3
    return world, folder


def reopened(filled: tuple[World, Path]) -> Archive:
    world, folder = filled
    return Archive(engine_at(folder / "memory.sqlite"), 1, folder / "files", clock=world.clock)


def test_the_exported_model_agrees_with_sentence_transformers(filled: tuple[World, Path]) -> None:
    """Same weights, same vectors: cosine at least .9999 for short, long, French, coded and tiny texts."""
    from connector.archive.embedding import TorchEmbedder

    truth = TorchEmbedder(resolve_model("bundled")[0]).embed(TEXTS)
    archive = reopened(filled)
    facts = archive.models.active()
    assert facts is not None
    archive.models.embedder(facts.id, patience=120)  # a question would not wait this long for a busy machine
    ours = archive.embed(TEXTS)
    assert np.allclose(np.linalg.norm(ours, axis=1), 1.0, atol=1e-4)
    assert (ours * truth).sum(axis=1).min() >= 0.9999


def test_questions_are_answered_without_torch(filled: tuple[World, Path]) -> None:
    """A process that only answers questions finds by meaning and never loads torch or sentence-transformers."""
    _, folder = filled
    program = f"""
import sys
from pathlib import Path
from connector.archive import Archive
from tests.archive.world import engine_at
archive = Archive(engine_at(Path({str(folder / "memory.sqlite")!r})), 1, Path({str(folder / "files")!r}), writes=False)
hits = archive.search("my plants are sick", archive.audience_public(), mode="semantic").hits
print(hits[0].topic_id, [name for name in ("torch", "sentence_transformers", "transformers") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "2 []", done.stderr


def test_meaning_finds_other_words(filled: tuple[World, Path]) -> None:
    """A question in quite other words finds its topic; only what existed before a moment is found before it."""
    archive = reopened(filled)
    public = archive.audience_public()
    assert archive.search("weak water flow in the yard", public, mode="semantic").hits[0].topic_id == 1
    assert archive.search("weak water flow in the yard", public).degraded is None
    first = archive.topic(2)
    assert first is not None
    earlier = archive.search("black spots on leaves", public, before=first.created_at).hits
    assert {hit.topic_id for hit in earlier} == {1}
    without = archive.search("black spots on leaves", public, exclude_topics=[2]).hits
    assert 2 not in {hit.topic_id for hit in without}


def test_two_models_side_by_side(filled: tuple[World, Path]) -> None:
    """While a new model reads the posts, the old one answers; then the new one takes over, and no index mixes them."""
    archive = reopened(filled)
    old = archive.models.active()
    new = archive.use_model("bundled", "onnx-int8")
    assert old is not None
    assert new.id != old.id
    active = archive.models.active()
    assert active is not None
    assert active.id == old.id
    told: list[tuple[int, int]] = []
    archive.reindex("bundled", progress=lambda done, total: told.append((done, total)), backend="onnx-int8")
    active = archive.models.active()
    assert active is not None
    assert active.backend == "onnx-int8"
    assert told[-1] == (3, 3)
    assert archive.search("weak water flow", archive.audience_public(), mode="semantic").hits[0].topic_id == 1


def test_a_purged_post_leaves_no_vector(filled: tuple[World, Path]) -> None:
    """What was deleted is not found by meaning either, in a process that had already loaded its vectors."""
    world, _ = filled
    archive = reopened(filled)
    public = archive.audience_public()
    assert 3 in {hit.topic_id for hit in archive.search("billing a company", public, mode="semantic").hits}
    topic, post = world.topics.pop(3), world.posts.pop(301)
    archive.refresh_topic(3, world.forum())
    assert 3 not in {hit.topic_id for hit in archive.search("billing a company", public, mode="semantic").hits}
    world.topics[3], world.posts[301] = topic, post


@pytest.mark.parametrize("broken", ["missing", "no such name", "files cut"])
def test_search_carries_on_by_words_without_a_model(world: World, tmp_path: Path, broken: str) -> None:
    """Model missing, misspelt or broken: words alone answer, say so in both languages, and nothing fails."""
    with archive_in(tmp_path, world) as archive:
        world.topic(1, "La pompe", 5, 2, "Ma pompe ne pompe plus depuis hier")
        archive.apply(world.topic_event(1), world.forum())
        if broken == "no such name":
            with pytest.raises(ModelUnavailable):
                archive.use_model("nobody/has-this-model")
        if broken == "files cut":
            facts = archive.use_model("bundled", "onnx")
            archive.catch_up(30)
            weights = archive.models.folder_of(facts.id) / "model.onnx"
            weights.write_bytes(weights.read_bytes()[:1000])
            archive = Archive(archive._store.engine, 1, tmp_path / "files", clock=world.clock)
        result = archive.search("pompe", archive.audience_public())
        assert [hit.topic_id for hit in result.hits] == [1]
        assert result.degraded
        if broken != "files cut":
            assert result.degraded == NO_MODEL
            assert in_language(result.degraded, "fr") == IN_FRENCH[NO_MODEL]


def test_the_words_of_posts_are_not_embedded_twice(filled: tuple[World, Path]) -> None:
    """A plugin that asks for the vectors of posts gets those of the index, even where the model's files are gone."""
    world, _ = filled
    archive = reopened(filled)
    text = "The leaves of my rose bushes have black spots since the rain."
    world.topic(7, "Again", 5, 2, "An opening")
    world.post(790, 7, 2, text)
    archive.apply(world.topic_event(7), world.forum())
    archive.catch_up(seconds=60)
    facts = archive.models.active()
    assert facts is not None
    fresh = archive.models.embedder(facts.id, patience=60).embed([text])[0]
    files = archive.models.folder_of(facts.id)
    hidden = files.rename(files.with_name("hidden"))
    try:
        row = reopened(filled).embed([text, f"  {text}\n"])
        assert np.allclose(np.linalg.norm(row, axis=1), 1.0, atol=1e-5)
        assert float((row @ fresh).min()) >= 0.9999
        with pytest.raises(ModelUnavailable):
            reopened(filled).embed(["words that no post holds"])
    finally:
        hidden.rename(files)


def test_vectors_catch_up_once_the_model_is_there(world: World, tmp_path: Path) -> None:
    """A worker that starts without its model answers by words; once the model is there, meaning comes too."""
    with archive_in(tmp_path, world) as archive:
        world.topic(1, "Garden pump", 5, 2, "My water pump has no pressure any more")
        archive.apply(world.topic_event(1), world.forum())
        with pytest.raises(ModelUnavailable):
            archive.use_model(str(tmp_path / "not-copied-yet"))
        assert archive.catch_up() == 0
        assert archive.search("pump", archive.audience_public()).degraded == NO_MODEL
        archive.use_model("bundled", "onnx")
        assert archive.catch_up(seconds=60) == 1
        found = archive.search("weak flow in the yard", archive.audience_public())
        assert (found.hits[0].topic_id, found.degraded) == (1, None)


def test_plugins_get_the_vectors_of_questions_that_the_worker_computed(filled: tuple[World, Path]) -> None:
    """Opening posts under their titles, without the model's files; none for what is withdrawn, and never another's."""
    world, _ = filled
    archive = reopened(filled)
    world.topic(8, "Bees", 5, 2, "How do I move a hive by night?")
    world.post(890, 8, 2, "Nobody?")
    archive.apply(world.topic_event(8), world.forum())
    assert 8 not in archive.vectors([1, 8]).rows
    archive.catch_up(seconds=60)
    facts = archive.models.active()
    assert facts is not None
    fresh = archive.models.embedder(facts.id, patience=60).embed(["Bees\nHow do I move a hive by night?"])[0]
    files = archive.models.folder_of(facts.id)
    hidden = files.rename(files.with_name("hidden"))
    try:
        found = reopened(filled).vectors([1, 2, 8, 999])
    finally:
        hidden.rename(files)
    assert found.model == facts.id
    assert set(found.rows) == {1, 2, 8}
    assert float(found.rows[8] @ fresh) >= 0.9999
    del world.posts[801], world.posts[890], world.topics[8]
    archive.apply(world.topic_event(8, "topic_destroyed"), world.forum())
    assert set(archive.vectors([1, 8]).rows) == {1}


def test_without_a_model_there_are_no_vectors_of_questions(world: World, tmp_path: Path) -> None:
    """A plugin hears that no model is set up, rather than that every question lacks its vector."""
    with archive_in(tmp_path, world) as archive, pytest.raises(ModelUnavailable):
        archive.vectors([1])
