"""The words after `passerelle`, and what they say when something is wrong: one sentence that names the mend."""

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.archive.backends import best_here
from connector.sandbox.serve import SandboxServer
from tests.webhooks.conftest import SECRET
from tests.webhooks.place import lent_forum
from webhooks.cli import main

KEY = "c0ffee" * 10 + "cafe"
"""Shaped like a real key; the canary that may stand nowhere."""


@pytest.fixture
def forum() -> Iterator[SandboxServer]:
    """A forum with one category, one member, one topic and our account."""
    with lent_forum() as server:
        server.forum.add_category("General")
        server.forum.add_member("lea")
        server.forum.add_member("passerelle", trust_level=2)
        server.forum.as_member("lea").topic("general", "How do I prune an apple tree?", "It was not cut for ten years.")
        yield server


@pytest.fixture
def run(tmp_path: Path, forum: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line of an operator who has set up everything; a test takes away what it needs to."""
    for name, value in {
        "FORUM_URL": forum.url, "API_USERNAME": "passerelle", "API_KEY": forum.forum.make_key("passerelle"),
        "HOOK_SECRET": SECRET, "SECRET_KEY": "k" * 32, "DATA_DIR": str(tmp_path / "data"), "MODEL": "",
        "REQUESTS_PER_MINUTE": "6000", "DATABASE_URL": "", "LOG_LEVEL": "ERROR",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"PASSERELLE_{name}", value)
    return CliRunner()


def said(result: Result) -> str:
    """What went wrong, in one sentence and without a traceback."""
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.output


def test_a_path_that_is_not_there_is_named(run: CliRunner) -> None:
    """`import` of a wrong path says which one."""
    assert "nowhere.jsonl does not exist" in said(run.invoke(main, ["import", "nowhere.jsonl"]))


def test_a_broken_line_is_named_and_the_rest_is_learned(run: CliRunner, tmp_path: Path, forum: SandboxServer) -> None:
    """Of an archive file with one broken line, its number is told and the other topics are in the memory."""
    [topic] = [row["id"] for row in forum.board.store.all("SELECT id FROM topics WHERE title LIKE 'How do I prune%'")]
    with urllib.request.urlopen(f"{forum.url}/t/{topic}.json") as answer:
        whole = json.loads(answer.read())
    path = tmp_path / "topics.jsonl"
    path.write_text(json.dumps(whole) + "\n{broken\n")
    result = run.invoke(main, ["import", str(path), "--public", "all"])

    assert result.exit_code == 0, result.output
    assert "1 topics with 1 posts" in result.output
    assert "topics.jsonl, line 2" in result.output


def test_a_forums_history_is_read_once(run: CliRunner) -> None:
    """`import --forum` reads everything, and a second time finds that it is there."""
    first = run.invoke(main, ["import", "--forum"])
    second = run.invoke(main, ["import", "--forum"])

    assert "The history is complete" in first.output, first.output
    assert " 0 topics read" in second.output, second.output


def test_a_forum_that_is_down_is_said_so(run: CliRunner, forum: SandboxServer) -> None:
    """With the forum away the command says so in one sentence."""
    forum.forum.faults.add("down", times=None)
    assert "forum" in said(run.invoke(main, ["import", "--forum"])).lower()


def test_a_page_instead_of_data_is_said_so(run: CliRunner, forum: SandboxServer) -> None:
    """A proxy or login page where data should be: the sentence says what to look at."""
    forum.forum.faults.add("html", times=None)
    assert "something that is not data" in said(run.invoke(main, ["import", "--forum"]))


def test_nobody_listening_is_said_so(run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where nobody answers is one sentence."""
    monkeypatch.setenv("PASSERELLE_FORUM_URL", "http://127.0.0.1:9")
    assert "cannot be reached" in said(run.invoke(main, ["doctor"]))


def test_a_wrong_key_is_told_without_showing_it(run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong key: the scope and the place to look are named, the key itself is shown nowhere."""
    monkeypatch.setenv("PASSERELLE_API_KEY", KEY)
    sentence = said(run.invoke(main, ["doctor"]))

    assert "scope" in sentence
    assert "Admin, API, Keys" in sentence
    assert KEY not in sentence


def test_a_missing_scope_is_named(run: CliRunner, forum: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that may read and not write: the scopes it lacks are named."""
    monkeypatch.setenv("PASSERELLE_API_KEY", forum.forum.make_key("passerelle", ("global:read",)))
    assert "topics:write" in said(run.invoke(main, ["doctor"]))


def test_all_is_well(run: CliRunner) -> None:
    """With forum, key and secret in place `doctor` finds nothing."""
    result = run.invoke(main, ["doctor"])
    assert (result.exit_code, result.output) == (0, "Forum, key and database are as they should be.\n")


def test_no_forum_configured_is_named(run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a forum's address, the variable to set is named."""
    monkeypatch.setenv("PASSERELLE_FORUM_URL", "")
    assert "PASSERELLE_FORUM_URL is not set" in said(run.invoke(main, ["import", "--forum"]))


def test_pause_and_resume(run: CliRunner) -> None:
    """`pause` stops everything, `status` says so, `resume` goes on."""
    told = [run.invoke(main, [word]).output for word in ("pause", "pause", "status", "resume", "status")]

    assert told[:2] == ["Everything is paused.\n", "Everything was paused already.\n"]
    assert told[2].startswith("Everything is paused.")
    assert told[3] == "Everything goes on.\n"
    assert told[4].startswith("Running.")


def test_erase_forgets_a_member(run: CliRunner) -> None:
    """`erase` asks first, forgets the member, and says so plainly where nobody of that name is known."""
    run.invoke(main, ["import", "--forum"])
    refused = run.invoke(main, ["erase", "lea"], input="n\n")
    done = run.invoke(main, ["erase", "lea", "--yes"])
    again = run.invoke(main, ["erase", "lea", "--yes"])

    assert refused.exit_code == 1
    assert "lea is forgotten." in done.output
    assert "Nobody named lea is known here." in said(again)


def test_without_a_model_words_alone_are_searched(run: CliRunner) -> None:
    """`model check` and `reindex` without a model say that search goes by words, and what to set."""
    assert "PASSERELLE_MODEL" in run.invoke(main, ["model", "check"]).output
    assert "PASSERELLE_MODEL" in run.invoke(main, ["reindex"]).output


def test_a_model_that_is_not_there_is_one_sentence(run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model's path that does not exist is told without a traceback."""
    monkeypatch.setenv("PASSERELLE_MODEL", "/nowhere/model")
    assert "/nowhere/model" in said(run.invoke(main, ["model", "check"]))


def test_which_backend_and_why_is_told(run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """`model check` names the backend, why it is that one, and its speed here; naming another asks for `reindex`."""
    monkeypatch.setenv("PASSERELLE_MODEL", "bundled")
    best = best_here()
    chosen = run.invoke(main, ["model", "check"])
    assert chosen.exit_code == 0, chosen.output
    assert f"backend {best.backend} (" in chosen.output
    assert f"because {best.why}." in chosen.output
    assert re.search(r"^[1-9]\d* texts of a hundred words a second", chosen.output, re.MULTILINE)
    assert "It knows English." in chosen.output
    assert "It knows French badly" in chosen.output

    monkeypatch.setenv("PASSERELLE_MODEL_BACKEND", "onnx")
    asked = run.invoke(main, ["model", "check"]).output
    assert f"backend {best.backend} (" in asked
    assert "backend onnx: `passerelle reindex` moves the index to it" in asked
    assert "(onnx)" in run.invoke(main, ["reindex"]).output
    assert "PASSERELLE_MODEL_BACKEND names" in run.invoke(main, ["model", "check"]).output

    monkeypatch.setenv("PASSERELLE_MODEL_BACKEND", "")
    kept = run.invoke(main, ["model", "check"]).output
    assert "backend onnx (f32)" in kept
    assert f"The best backend here is {best.backend}, because {best.why}" in kept


def test_replay_names_the_plugins_there_are(run: CliRunner) -> None:
    """`replay` of an unknown plugin lists those installed."""
    assert "There is no plugin nobody; installed: expert_finder, netiquette" in said(
        run.invoke(main, ["replay", "nobody"])
    )


def test_requeue_with_nothing_aside(run: CliRunner) -> None:
    """`requeue` says how many deliveries get new tries."""
    assert run.invoke(main, ["requeue"]).output == "0 deliveries will be tried again.\n"
