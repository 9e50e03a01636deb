"""The frame: packaging and promises that hold for the whole tree."""

import configparser
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_every_dependency_is_pinned_by_range_and_by_version() -> None:
    """Whoever installs Passerelle gets the versions it was tried with: each dependency has a range and a constraint."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    constraints = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    wanted = config["options"]["install_requires"].strip().splitlines()

    for line in wanted:
        requirement = line.split(";")[0].strip()
        name = requirement.split()[0].split("[")[0].lower().replace("_", "-")

        assert "<" in requirement, f"{requirement} has no upper bound"
        assert name in constraints, f"{name} is missing in constraints.txt"


def test_small_files_only() -> None:
    """Whoever reads the code finds one idea a file: no Python file above 400 lines, generated migrations apart."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _tracked()
        if path.suffix == ".py" and not {"migrations", "tests", "bench"} & set(path.relative_to(ROOT).parts)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }

    assert {} == long


def test_no_path_of_a_machine_is_committed() -> None:
    """A clone works on any machine: nothing names the folders of the one where it was written."""
    needles = ("/" + "work/main", "/" + "work/shared", "/tmp/" + "w/", "/opt/" + "wheels", "." + "library")
    found = [
        f"{path.relative_to(ROOT)}: {needle}"
        for path in _tracked()
        if path.suffix in {".py", ".md", ".cfg", ".toml", ".txt", ".html", ".yml", ""} or path.name == "Makefile"
        for needle in needles
        if needle in path.read_text(encoding="utf-8", errors="ignore")
    ]

    assert [] == found
