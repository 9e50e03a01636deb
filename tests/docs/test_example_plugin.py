"""A third party's plugin: built, installed apart from us, found by its entry point, and run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT

LOOK = """
import sys
from plugins.testing import check_plugin
from webhooks.registry import load_plugins
registry = load_plugins()
plugin = registry.get("thanks_reminder")
assert plugin is not None, registry.faults
assert str(plugin.folder).startswith(sys.argv[1]), plugin.folder
assert check_plugin(plugin) == []
print(plugin.title["fr"])
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example in a folder of its own, as pip installs it without network."""
    source, target = tmp_path_factory.mktemp("source") / "example", tmp_path_factory.mktemp("target")
    shutil.copytree(
        DOCS / "example_plugin", source, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
    )
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index"]
    done = subprocess.run(
        [*pip, "--no-build-isolation", "--target", str(target), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with the installed example beside this project, as on an admin's machine."""
    paths = os.pathsep.join([str(installed), str(ROOT)])
    return subprocess.run(
        [sys.executable, *arguments], env=os.environ | {"PYTHONPATH": paths}, cwd=installed,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_it_is_found_by_its_entry_point_and_keeps_to_the_contract(installed: Path) -> None:
    """After `pip install` nothing else is needed: the host finds it, texts in both languages included."""
    done = run(installed, "-c", LOOK, str(installed))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "Merci pour une première aide"


def test_its_own_tests_pass(installed: Path) -> None:
    """What the tutorial prints as the plugin's tests runs green against the installed plugin."""
    tests = DOCS / "example_plugin" / "tests"
    options = ["-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(installed), "-W", "error"]
    done = run(installed, "-m", "pytest", *options, "--import-mode=importlib", str(tests))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout
