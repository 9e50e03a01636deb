"""`passerelle evaluate similar` through its front door."""

import json
from pathlib import Path

import pytest

from plugins.expert_finder import plugin
from plugins.testing import Bench
from tests.plugins.expert_finder.linked import forum


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "topics.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in forum()))
    return path


def test_the_json_names_every_ranker_with_every_measure(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer has the agreed shape, and topics that were linked are found with a draft and with a title alone."""
    assert Bench(plugin).command("evaluate similar", ["--archive", str(archive), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["questions"] == found["links"] == 16
    assert set(found["rankers"]) == {"passerelle", "bm25_first_post", "bm25_topic"}
    for forms in found["rankers"].values():
        assert set(forms) == {"full", "title"}
        for one in forms.values():
            assert set(one) == {"hit@1", "hit@3", "hit@5", "recall@5", "latency_ms"}
            assert set(one["latency_ms"]) == {"p50", "p95"}
            assert 0 <= one["hit@1"] <= one["hit@3"] <= one["hit@5"] <= 1
    assert found["rankers"]["passerelle"]["full"]["hit@5"] >= 0.9
    assert found["rankers"]["passerelle"]["title"]["hit@5"] >= 0.9


def test_without_a_model_words_alone_carry_on(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no model is to be had it says so, and the topics are still found by their words."""
    assert Bench(plugin, model=False).command("evaluate similar", ["--archive", str(archive), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["rankers"]["passerelle"]["full"]["hit@5"] >= 0.9
    assert "No model" in told.err


def test_a_table_is_printed_for_people(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without `--json` every ranker has a line for each way of asking, and the way there is told."""
    assert Bench(plugin).command("evaluate similar", ["--archive", str(archive)]) == 0
    told = capsys.readouterr()
    assert "passerelle" in told.out
    assert told.out.count("title alone") == told.out.count("title and text") == 3
    assert "16 questions" in told.err


@pytest.mark.parametrize("arguments", [["--archive", "nowhere.jsonl"], ["--wrong"], ["--archive"], []])
def test_bad_input_is_told_in_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file, a wrong word, and a memory without any link end with code 2 and say what was wrong."""
    assert Bench(plugin).command("evaluate similar", arguments) == 2
    assert "passerelle evaluate similar" in capsys.readouterr().err


def test_an_archive_without_links_or_topics_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty file, and topics of which none leads to another, are told for what they are."""
    empty, alone = tmp_path / "empty.jsonl", tmp_path / "alone.jsonl"
    empty.write_text("")
    alone.write_text("\n".join(json.dumps(one) for one in forum(1)))
    for path, word in ((empty, "no topic documents"), (alone, "nothing to measure")):
        assert Bench(plugin).command("evaluate similar", ["--archive", str(path)]) == 2
        assert word in capsys.readouterr().err
