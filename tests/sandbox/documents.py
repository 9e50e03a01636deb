"""What a recorded answer looks like, so that ours can be held against it: keys, and the types of values."""

from collections.abc import Iterable
from typing import Any


class Form:
    """Learnt from examples: which types a value had, which keys were there always and which sometimes."""

    def __init__(self, examples: Iterable[Any] = ()) -> None:
        self.types: set[str] = set()
        self.keys: dict[str, Form] = {}
        self.always: set[str] | None = None
        self.items: Form | None = None
        for example in examples:
            self.learn(example)

    def learn(self, value: Any) -> None:
        self.types.add(kind(value))
        if isinstance(value, dict):
            self.always = set(value) if self.always is None else self.always & set(value)
            for name, inner in value.items():
                self.keys.setdefault(name, Form()).learn(inner)
        if isinstance(value, list):
            self.items = self.items or Form()
            for inner in value:
                self.items.learn(inner)

    def faults(self, value: Any, where: str = "", *, free: frozenset[str] = frozenset()) -> list[str]:
        """How a value differs; `free`: key names whose presence or content is not compared."""
        if self.types <= {"null"} or value is None:
            return [] if self.types else [f"{where}: nothing was recorded"]
        if kind(value) not in self.types:
            return [f"{where}: {kind(value)} instead of {sorted(self.types)}"]
        if isinstance(value, dict):
            missing = (self.always or set()) - set(value) - free
            found = [f"{where}.{name} is missing" for name in sorted(missing)]
            found += [f"{where}.{name} is new" for name in sorted(set(value) - set(self.keys) - free)]
            for name in sorted(set(value) & set(self.keys) - free):
                found += self.keys[name].faults(value[name], f"{where}.{name}", free=free)
            return found
        if isinstance(value, list) and self.items is not None and self.items.types:
            return [fault for inner in value for fault in self.items.faults(inner, f"{where}[]", free=free)]
        return []


def kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return {str: "string", list: "list", dict: "dict"}[type(value)]
