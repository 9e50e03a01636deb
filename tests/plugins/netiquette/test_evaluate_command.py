"""`passerelle evaluate netiquette` and `passerelle netiquette train`: figures of the stated form, bad files named."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from connector.errors import ModelUnavailable
from plugins.netiquette import plugin
from plugins.netiquette.detectors.finding import Nothing, Said
from plugins.netiquette.evaluating.figures import auc, calibration_error, recall_at
from plugins.netiquette.head.classifier import NamedClassifier
from plugins.netiquette.head.encoder import base_model
from plugins.netiquette.training.texts import TEST_THEMES, read_corpus
from plugins.testing import Bench

CASES = [
    {"id": "a", "text": "T'es vraiment qu'un crétin, Karim.", "lang": "fr", "label": "breach", "kind": "insult"},
    {"id": "b", "text": "Cette décision est absurde, relisez-la.", "lang": "fr", "label": "ok", "kind": "criticism"},
    {"id": "c", "text": "You are a complete moron.", "lang": "en", "label": "breach", "kind": "insult"},
    {"id": "d", "text": "Kill the process and restart it.", "lang": "en", "label": "ok", "kind": "technical"},
    {"id": "e", "text": "Well done, as always.", "lang": "en", "label": "gray", "kind": "sarcasm"},
]


def written(path: Path, packed: bool = False) -> str:
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in CASES).encode()
    path.write_bytes(gzip.compress(lines) if packed else lines)
    return str(path)


def test_the_figures_have_the_stated_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Per language and kind the share at each step, AUC, recall, calibration; a verdict a line, packed files too."""
    for packed in (False, True):
        out = tmp_path / "verdicts.jsonl"
        arguments = ["--cases", written(tmp_path / "cases", packed), "--out", str(out), "--json"]
        assert Bench(plugin).command("evaluate netiquette", arguments) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["texts"] == 5
        assert found["texts_per_second"] > 0
        french, english = found["languages"]["fr"], found["languages"]["en"]
        assert {"auc", "recall_at_1pct", "recall_at_2pct", "ece", "flagged", "kinds"} <= french.keys()
        assert french["auc"] == english["auc"] == 1.0
        assert french["flagged"]["breach"].keys() == {"hint", "message", "queue"}
        assert english["flagged"]["gray"]["hint"] in (0, 1)
        assert french["flagged"]["gray"]["hint"] is None
        assert english["kinds"]["technical"] == {"hint": 0, "message": 0, "queue": 0, "n": 1}
        lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert [one["id"] for one in lines] == ["a", "b", "c", "d", "e"]
        assert lines[0].keys() == {"id", "probability", "step", "clause", "words"}
        assert lines[0]["step"] in ("hint", "message", "queue")
        assert lines[0]["words"] == ["T'es vraiment qu'un crétin, Karim."]
        assert (lines[1]["step"], lines[1]["clause"], lines[1]["words"]) == ("none", None, [])


def test_a_table_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json the same figures are a table."""
    assert Bench(plugin).command("evaluate netiquette", ["--cases", written(tmp_path / "cases")]) == 0
    table = capsys.readouterr().out
    assert "5 texts" in table
    assert "technical" in table


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"text": "x"}', b'{"text": 1, "label": "ok"}', b"\xff\xfe", b"\x1f\x8bno"]
)
def test_a_bad_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    """What cannot be judged ends with one sentence that says what and where."""
    path = tmp_path / "cases"
    path.write_bytes(content)
    assert Bench(plugin).command("evaluate netiquette", ["--cases", str(path)]) == 2
    assert "usage" not in capsys.readouterr().err.lower()
    assert Bench(plugin).command("evaluate netiquette", ["--cases", str(tmp_path / "missing")]) == 2
    assert Bench(plugin).command("evaluate netiquette", []) == 2


def test_the_figures_are_right() -> None:
    """Ties count half in AUC; recall is above a limit that no more than the share of allowed texts passes."""
    scores, labels = np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])
    assert auc(scores, labels) == 0.875
    assert recall_at(scores, labels, 0.01) == 0.5
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0.0
    assert auc(scores, np.array([True] * 4)) is None


def test_test_themes_are_never_trained_on() -> None:
    """A quarter of the themes, the same in both languages, is read by the evaluation alone."""
    trained = {one.source for one in read_corpus()}
    assert not trained & TEST_THEMES
    assert len(trained) >= 12


def test_a_head_is_trained_from_a_folder_of_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same texts give the same head; a folder with one side only is refused in a sentence."""
    for lang, bad, good in (
        ("fr", "Tu es un crétin", "Ce plan est absurde"),
        ("en", "You are a fool", "This is absurd"),
    ):
        folder = tmp_path / "corpus" / lang
        folder.mkdir(parents=True)
        for theme in ("un", "deux", "trois"):
            rows = [f"breach | insult | {at} | - | {bad}, {theme} {at}." for at in range(6)]
            rows += [f"ok | criticism-decision | {at} | - | {good}, {theme} {at}." for at in range(6)]
            (folder / f"{theme}.txt").write_text("\n".join(rows), encoding="utf-8")
    heads = []
    for name in ("first", "second"):
        arguments = ["--corpus", str(tmp_path / "corpus"), "--to", str(tmp_path / name), "--words-only", "--json"]
        assert Bench(plugin).command("netiquette train", arguments) == 0
        measured = json.loads(capsys.readouterr().out)
        assert measured["fr"]["words alone"]["auc"] == 1.0
        heads.append((tmp_path / name / "head.json").read_bytes())
        assert not (tmp_path / name / "encoder.npz").exists()
    assert heads[0] == heads[1]
    (tmp_path / "empty").mkdir()
    assert Bench(plugin).command("netiquette train", ["--corpus", str(tmp_path / "empty"), "--words-only"]) == 2
    (tmp_path / "corpus" / "fr" / "un.txt").write_text("nonsense", encoding="utf-8")
    assert Bench(plugin).command("netiquette train", ["--corpus", str(tmp_path / "corpus"), "--words-only"]) == 2
    assert "un.txt, line 1" in capsys.readouterr().err


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A text classifier of one small layer with weights by chance, saved as Hugging Face's are."""
    import transformers as hf

    folder = tmp_path / "tiny"
    folder.mkdir()
    tokenizer: Any = hf.AutoTokenizer.from_pretrained(base_model())
    tokenizer.save_pretrained(folder)
    labels = {"neutral": 0, "toxic": 1}
    sizes: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = hf.BertConfig(
        vocab_size=len(tokenizer), intermediate_size=16, id2label={0: "neutral", 1: "toxic"}, label2id=labels, **sizes
    )
    hf.BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_any_text_classifier_can_be_named(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A classifier of Hugging Face takes the head's place; one that is not there is refused in a sentence."""
    [finding] = NamedClassifier(str(tiny)).find(Said("You are a moron. Thanks.", lang="en"), Nothing())
    assert 0 < finding.confidence < 1
    assert finding.words[0] in ("You are a moron.", "Thanks.")
    cases = written(tmp_path / "cases")
    assert Bench(plugin).command("evaluate netiquette", ["--cases", cases, "--classifier", str(tiny), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["texts"] == 5
    assert Bench(plugin).command("evaluate netiquette", ["--cases", cases, "--classifier", str(tmp_path / "no")]) == 2
    with pytest.raises(ModelUnavailable):
        NamedClassifier(str(tmp_path / "no"))
