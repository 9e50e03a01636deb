"""A charter changed clause by clause, for those who would rather not write YAML: one form, and the YAML follows."""

from collections.abc import Mapping
from typing import Any

import yaml

from plugins.netiquette.charter.importing import written
from plugins.netiquette.charter.model import STEPS
from plugins.netiquette.charter.reading import read_charter

_TEXTS = ("title", "text")


def with_clause(text: str, id: str, values: Mapping[str, str]) -> str:
    """The YAML with one clause changed as its form says; comments in it do not survive.

    `values`: `title_fr`, `title_en`, `text_fr`, `text_en`, `first_step`, `furthest` (a step), `categories` (numbers,
    apart by commas; empty: everywhere), and `breach_fr`, `breach_en`, `allowed_fr`, `allowed_en`, each a new example
    where it is not empty.

    :raises CharterError: the text is no charter.
    :raises KeyError: it has no such clause.
    """
    if read_charter(text).clause(id) is None:
        raise KeyError(id)
    data: dict[str, Any] = yaml.safe_load(text)
    clause = next(one for one in data["clauses"] if one["id"] == id)
    for name in _TEXTS:
        for lang in ("fr", "en"):
            given = values.get(f"{name}_{lang}")
            if given is not None:
                clause[name][lang] = " ".join(given.split()) if name == "title" else given.strip()
    _steps(clause, values)
    if "categories" in values:
        _categories(clause, values["categories"])
    for side in ("breach", "allowed"):
        for lang in ("fr", "en"):
            example = values.get(f"{side}_{lang}", "").strip()
            if example:
                clause.setdefault("examples", {}).setdefault(side, []).append({"lang": lang, "text": example})
    return written(data)


def _steps(clause: dict[str, Any], values: Mapping[str, str]) -> None:
    first, furthest = values.get("first_step", ""), values.get("furthest", "")
    if first in STEPS[1:]:
        clause["first_step"] = first
    if furthest in STEPS[1:]:
        clause["ladder"] = list(STEPS[1 : STEPS.index(furthest) + 1])


def _categories(clause: dict[str, Any], given: str) -> None:
    numbers = [int(one) for one in given.replace(",", " ").split() if one.isdigit()]
    where = dict(clause.get("where", {}))
    where.pop("categories", None)
    if numbers:
        where["categories"] = numbers
    if where:
        clause["where"] = where
    else:
        clause.pop("where", None)
