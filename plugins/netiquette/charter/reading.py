"""From a charter's YAML to the charter, or to what is wrong with it: the line and the clause of every problem.

Made for hands that know no YAML: nothing is guessed, every problem is told at once, and a text that would explode
(references, absurd nesting) is refused before it is put together.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from plugins.netiquette.charter.model import Charter, Clause, Example, Scope, Use
from plugins.netiquette.charter.problems import CharterError, Place, Problem, line_at, told

LONGEST_YAML = 400_000
_DEEPEST = 12
_CONDUCT = ("attack", "heating", "pile_on")
_HERE = Path(__file__).parent
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def default_text() -> str:
    """The YAML of the charter that ships."""
    return (_HERE / "default.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=16)
def read_charter(text: str, version: int = 0) -> Charter:
    """The charter that a YAML text holds. :raises CharterError: it holds none; every problem is in it."""
    root = _composed(text)
    lines = dict(_lines(root, ()))
    doubles = list(_double_keys(root))
    data = _constructed(root)
    problems = [*doubles, *(told(error, data, lines) for error in _validator().iter_errors(data))]
    if not problems:
        problems = list(_senseless(data, lines))
    if problems:
        raise CharterError(problems)
    return _charter(data, version)


def _composed(text: str) -> yaml.Node:
    if len(text) > LONGEST_YAML:
        raise CharterError([Problem("problem.too_long", values={"most": f"{LONGEST_YAML:,}"})])
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                raise CharterError([Problem("problem.reference", _line_of(event))])
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise CharterError([Problem("problem.too_deep", _line_of(event))])
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = str(error.problem or error.context or "")
        raise CharterError([Problem("problem.no_yaml", mark.line + 1 if mark else 0, values={"said": said})]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise CharterError([Problem("problem.no_yaml", values={"said": str(error).splitlines()[0][:200]})]) from error
    if root is None:
        raise CharterError([Problem("problem.empty", 1)])
    return root


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _constructed(root: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(root)
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        said = str(getattr(error, "problem", None) or error)[:200]
        raise CharterError([Problem("problem.no_yaml", mark.line + 1 if mark else 0, values={"said": said})]) from error
    finally:
        loader.dispose()


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads((_HERE / "schema.json").read_text(encoding="utf-8")))


def _lines(node: yaml.Node, place: Place) -> Iterator[tuple[Place, int]]:
    """The line of everything in the tree, by the place where jsonschema would find it."""
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*place, str(key.value))
            yield from _lines(value, here)
            yield here, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _lines(value, (*place, number))


def _double_keys(node: yaml.Node, clause: str = "") -> Iterator[Problem]:
    """YAML would silently keep the last of two equal keys."""
    if isinstance(node, yaml.MappingNode):
        written = [str(key.value) for key, _ in node.value]
        clause = next((str(value.value) for key, value in node.value if key.value == "id"), clause)
        for place, (key, value) in enumerate(node.value):
            if written[place] in written[:place]:
                yield Problem("problem.double_key", key.start_mark.line + 1, clause, {"name": written[place]})
            yield from _double_keys(value, clause)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _double_keys(value, clause)


def _senseless(data: Mapping[str, Any], lines: Mapping[Place, int]) -> Iterator[Problem]:
    """What no schema can say: numbers and ids that come twice, conduct called a matter of form, a scope of nothing."""
    seen: set[tuple[str, Any]] = set()
    for place, clause in enumerate(data["clauses"]):
        for name in ("number", "id"):
            if (name, clause[name]) in seen:
                values = {"name": name, "value": str(clause[name])}
                yield Problem("problem.taken", line_at(lines, ("clauses", place, name)), str(clause["id"]), values)
            seen.add((name, clause[name]))
        for number, use in enumerate(clause.get("detectors", ())):
            if clause.get("formal") and use["use"] in _CONDUCT:
                here = ("clauses", place, "detectors", number, "use")
                yield Problem(
                    "problem.conduct_is_not_form", line_at(lines, here), str(clause["id"]), {"name": use["use"]}
                )
        step = clause.get("first_step", "hint")
        if step not in clause.get("ladder", (step,)):
            yield Problem(
                "problem.first_step_off_ladder",
                line_at(lines, ("clauses", place, "first_step")),
                str(clause["id"]),
                {"name": step},
            )


def _charter(data: Mapping[str, Any], version: int) -> Charter:
    return Charter(
        title=data["title"],
        preamble=data.get("preamble", {}),
        listening=data.get("listening", {}),
        glossary=tuple(data.get("glossary", ())),
        clauses=tuple(sorted((_clause(one) for one in data["clauses"]), key=lambda one: one.number)),
        version=version,
    )


def _clause(data: Mapping[str, Any]) -> Clause:
    where, examples = data.get("where", {}), data.get("examples", {})
    categories = where.get("categories")
    first = data.get("first_step", "hint")
    return Clause(
        number=int(data["number"]),
        id=data["id"],
        title=data["title"],
        text=data["text"],
        uses=tuple(
            Use(one["use"], tuple(one.get("kinds", ())), {k: v for k, v in one.items() if k not in ("use", "kinds")})
            for one in data.get("detectors", ())
        ),
        formal=data.get("formal", False),
        first_step=first,
        ladder=tuple(data.get("ladder", ("look", "hint", "message", "queue"))),
        scope=Scope(
            None if categories is None else tuple(categories),
            tuple(where.get("groups", ())),
            where.get("only_where_asked", False),
        ),
        breach=tuple(_example(one) for one in examples.get("breach", ())),
        allowed=tuple(_example(one) for one in examples.get("allowed", ())),
    )


def _example(data: Mapping[str, Any]) -> Example:
    known = {**data, "links": tuple(data.get("links", ())), "earlier": tuple(data.get("earlier", ()))}
    return Example(**known)
