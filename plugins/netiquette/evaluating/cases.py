"""Labelled texts to be judged: one JSON record a line, packed or not."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.netiquette.training.texts import LABELS, read_corpus


@dataclass(frozen=True, slots=True)
class Case:
    """`label` is breach, ok or gray; `kind` any word; `lang` fr, en, or another code."""

    id: str
    text: str
    lang: str
    label: str
    kind: str


class UnreadableCasesError(ValueError):
    """A file or a line that cannot be judged; the message says which."""


def read_cases(path: Path) -> list[Case]:
    """The records `{"id","text","lang","label","kind"}` of a file. :raises UnreadableCasesError: names the line."""
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError, gzip.BadGzipFile) as error:
        raise UnreadableCasesError(f"{path} cannot be read ({type(error).__name__}).") from error
    found = [_case(line, number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not found:
        raise UnreadableCasesError(f"There are no records in {path}.")
    return found


def own_cases() -> list[Case]:
    """The texts of the project's own test themes, which no training has read."""
    texts = read_corpus(test=True)
    return [Case(f"{one.lang}-{at}", one.text, one.lang, one.label, one.kind) for at, one in enumerate(texts)]


def _case(line: str, number: int) -> Case:
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise UnreadableCasesError(f"Line {number} is no JSON.") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or row.get("label") not in LABELS:
        raise UnreadableCasesError(f"Line {number} needs a text, and a label that is one of {', '.join(LABELS)}.")
    return Case(str(row.get("id", number)), row["text"], str(row.get("lang") or ""), row["label"], _kind(row))


def _kind(row: dict[str, Any]) -> str:
    return str(row.get("kind") or "none")


def languages(cases: Sequence[Case]) -> list[str]:
    """The languages of these cases, the most frequent first."""
    counts: dict[str, int] = {}
    for one in cases:
        counts[one.lang] = counts.get(one.lang, 0) + 1
    return sorted(counts, key=lambda lang: (-counts[lang], lang))
