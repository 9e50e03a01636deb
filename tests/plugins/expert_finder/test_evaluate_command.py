"""`passerelle evaluate experts` through its front door."""

import json
from pathlib import Path

import pytest

from plugins.expert_finder import plugin
from plugins.testing import Bench
from tests.plugins.expert_finder.forums import helpful_forum
from tests.plugins.expert_finder.test_no_peeking import document


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "topics.jsonl"
    path.write_text("\n".join(json.dumps(document(number, liked=False)) for number in range(1, 121)))
    return path


def test_the_json_names_every_ranker_with_every_measure(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer has the agreed shape, and on a forum of clear subjects ours finds who answers."""
    assert Bench(plugin).command("evaluate experts", ["--archive", str(archive), "--last", "25%", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["questions"] == 30
    assert set(found["rankers"]) == {"passerelle", "most_active_90d", "bm25", "dense", "random"}
    for ranker in found["rankers"].values():
        assert {"hit@1", "hit@3", "hit@5", "mrr", "ndcg@10", "helper_recall@5", "ci", "capped", "people", "gini",
                "latency_ms"} <= set(ranker)  # fmt: skip
        assert {"hit@3", "helper_recall@3", "people", "gini"} <= set(ranker["capped"])
        assert set(ranker["latency_ms"]) == {"p50", "p95"}
    assert found["rankers"]["passerelle"]["hit@3"] >= found["rankers"]["random"]["hit@3"] + 0.2


def test_without_a_model_words_alone_carry_on(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no model is to be had it says so, and there is no dense baseline."""
    assert Bench(plugin, model=False).command("evaluate experts", ["--archive", str(archive), "--json"]) == 0
    told = capsys.readouterr()
    assert "dense" not in json.loads(told.out)["rankers"]
    assert "No model" in told.err


def test_the_forums_own_memory_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a path the archive of this forum is replayed, and a table is printed."""
    bench, _ = helpful_forum()
    assert bench.command("evaluate experts") == 0
    assert "most_active_90d" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["--last", "120%"], ["--slots", "0"], ["--archive", "nowhere.jsonl"], ["--wrong"], ["--cap", "many"]],
)
def test_bad_input_is_told_in_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong share, number, path or word ends with code 2 and says what was wrong."""
    assert Bench(plugin).command("evaluate experts", arguments) == 2
    assert "passerelle evaluate experts" in capsys.readouterr().err
