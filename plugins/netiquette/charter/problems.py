"""What is wrong with a charter, in terms that a page can say in two languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jsonschema.exceptions import ValidationError

Place = tuple[str | int, ...]
"""Where something stands in the charter: keys and places in lists, from the outside in."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: `line` counts from 1 (0: nowhere in particular), `clause` is its id or number as written ("":
    outside of all), `key` names the sentence about it, which wants `values`.
    """

    key: str
    line: int = 0
    clause: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


class CharterError(Exception):
    """A text is no charter: every problem, by line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        found: list[Problem] = []
        for one in sorted(problems, key=lambda one: one.line):
            if one not in found:
                found.append(one)
        super().__init__(f"{len(found)} problems, the first in line {found[0].line}: {found[0].key}")
        self.problems = tuple(found)


_KEYS = {
    "enum": "problem.not_one_of",
    "type": "problem.wrong_kind",
    "pattern": "problem.wrong_form",
    "minLength": "problem.empty_text",
    "maxLength": "problem.too_long_text",
    "uniqueItems": "problem.twice",
}


def told(error: ValidationError, data: Any, lines: Mapping[Place, int]) -> Problem:
    """A finding of the schema as one of our sentences."""
    place: Place = tuple(error.absolute_path)
    rule: Any = error.validator_value
    given: Any = error.instance
    key = _KEYS.get(str(error.validator), "problem.out_of_bounds")
    values = {"name": str(place[-1]) if place else "", "value": _short(given)}
    if error.validator == "required":
        key, values = "problem.missing", {"name": ", ".join(one for one in rule if one not in given)}
    elif error.validator == "additionalProperties":
        schema: Any = error.schema
        unknown = [str(one) for one in given if one not in schema.get("properties", {})]
        key, values = "problem.unknown", {"name": ", ".join(unknown)}
        place = (*place, unknown[0]) if unknown else place
    elif error.validator == "enum":
        values["choices"] = ", ".join(str(one) for one in rule)
    elif error.validator == "type":
        values["kind"] = str(rule)
    elif key in ("problem.too_long_text", "problem.out_of_bounds"):
        values["bound"] = _short(rule)
    return Problem(key, line_at(lines, place), _clause_at(data, place), values)


def line_at(lines: Mapping[Place, int], place: Place) -> int:
    """The line of a place, or of what it stands in."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _clause_at(data: Any, place: Place) -> str:
    if len(place) < 2 or place[0] != "clauses" or not isinstance(data, dict):
        return ""
    number = int(place[1])
    clause = data["clauses"][number]
    if not isinstance(clause, dict):
        return str(number + 1)
    return str(clause.get("id") or clause.get("number") or number + 1)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
