"""Which sentences code and templates ask for, and with which values: read from their syntax, nothing is run."""

import ast
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
ANY = "\0"
"""Stands in a key for a part that is known only when it runs."""


@dataclass(frozen=True)
class Asked:
    """One call that names a sentence: where, the key (`ANY` for what is put in later), the values' names.

    `values` is None where they are handed on (`**values`).
    """

    where: str
    key: str
    values: frozenset[str] | None

    def meets(self, key: str) -> bool:
        """Whether this call may mean that key."""
        return re.fullmatch(".+".join(map(re.escape, self.key.split(ANY))), key) is not None

    @property
    def is_exact(self) -> bool:
        return ANY not in self.key


def in_python(path: Path, names: Iterable[str], place: int = 0) -> Iterator[Asked]:
    """Calls of functions or methods of these names whose argument at `place` is a key."""
    wanted = set(names)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or len(node.args) <= place or _name_of(node.func) not in wanted:
            continue
        values = (
            None if any(one.arg is None for one in node.keywords) else frozenset(str(one.arg) for one in node.keywords)
        )
        for key in _keys(node.args[place]):
            yield Asked(f"{path.relative_to(ROOT)}:{node.lineno}", key, values)


def _name_of(function: ast.expr) -> str:
    """`say` of `say(…)` and `ctx.say(…)`, `words()` of `words()(…)`."""
    if isinstance(function, ast.Call):
        return f"{_name_of(function.func)}()"
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _keys(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.IfExp):
        return [*_keys(node.body), *_keys(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else ANY for part in node.values)]
    return []


def in_template(path: Path, names: Iterable[str]) -> Iterator[Asked]:
    """Calls of these functions in a Jinja template whose first argument is a key."""
    wanted = set(names)
    tree = Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse(path.read_text(encoding="utf-8"))
    for node in tree.find_all(nodes.Call):
        if isinstance(node.node, nodes.Name) and node.node.name in wanted and node.args:
            values = None if node.dyn_kwargs is not None else frozenset(one.key for one in node.kwargs)
            for key in _template_keys(node.args[0]):
                yield Asked(f"{path.relative_to(ROOT)}:{node.lineno}", key, values)


def _template_keys(node: nodes.Node) -> list[str]:
    if isinstance(node, nodes.Const):
        return [str(node.value)]
    if isinstance(node, nodes.CondExpr):
        return [*_template_keys(node.expr1), *(_template_keys(node.expr2) if node.expr2 else [])]
    if isinstance(node, nodes.Concat):
        return ["".join(str(part.value) if isinstance(part, nodes.Const) else ANY for part in node.nodes)]
    return []


def gaps(text: str) -> frozenset[str]:
    """The values that a sentence needs."""
    return frozenset(gap for _, gap, _, _ in string.Formatter().parse(text) if gap)


def faults(asked: Iterable[Asked], needs: Mapping[str, frozenset[str]]) -> list[str]:
    """What would break or show braces when it runs: unknown keys, and values that a sentence needs and does not get.

    `needs` says which values each key of a catalogue needs. A key put together at run time counts for all the keys that
    nobody names in full.
    """
    asked = list(asked)
    exact = {one.key for one in asked if one.is_exact}
    found = []
    for one in asked:
        meant = [one.key] if one.is_exact else [key for key in needs if one.meets(key) and key not in exact]
        if one.is_exact and one.key not in needs:
            found.append(f"{one.where}: nobody wrote {one.key!r}")
            continue
        if not one.is_exact and not any(one.meets(key) for key in needs):
            found.append(f"{one.where}: no key is like {one.key.replace(ANY, '…')!r}")
        for key in meant:
            lacking = needs[key] - (one.values if one.values is not None else needs[key])
            if lacking:
                found.append(f"{one.where}: {key!r} needs {', '.join(sorted(lacking))}")
    return found


def unspoken(asked: Iterable[Asked], needs: Mapping[str, frozenset[str]]) -> list[str]:
    """Keys that no call can mean."""
    asked = list(asked)
    return [key for key in needs if not any(one.meets(key) for one in asked)]
