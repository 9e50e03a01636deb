"""Reading `locales/<lang>.toml`: what a key may hold, and every mistake named with its file and key.

    [who_knows]                              # namespaces join with a dot: "who_knows.title"
    title = "People who have helped"         # title, subject, why: plain text, never Markdown
    hello = ["Hello {name},", "Hi {name},"]  # several wordings: nobody gets the same one twice in a row

    [who_knows.intro]                        # addressed to one person: tu and vous, the house chooses
    tu = "Tu as demandé…"
    vous = "Vous avez demandé…"

    [who_knows.count]                        # by the value `count`; French counts 0 as one
    one = "One person"
    other = "{count} people"

`all = "…"` marks a text to several people, where French always says vous. `plain = true` in a namespace makes all its
texts plain (pages, labels). Placeholders are bare names; `{signature}` and `{forum}` are filled in by the house.
"""

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESERVED = frozenset({"signature", "forum"})
_FORBIDDEN = frozenset({"seed", "turn", "key", "lang", "member"})
_ADDRESS = frozenset({"tu", "vous"})
_COUNT = frozenset({"zero", "one", "other"})
_PLAIN_ENDINGS = frozenset({"title", "subject", "why"})


class VoiceError(Exception):
    """A text that is missing or cannot be spoken; the message names file and key."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One key's wordings. `forms` maps (address, count form) to them; "" stands for any.

    Addresses are "", "tu", "vous" and "all"; count forms are "", "zero", "one" and "other".
    """

    key: str
    plain: bool
    forms: Mapping[tuple[str, str], tuple[str, ...]]

    @property
    def placeholders(self) -> frozenset[str]:
        """Every value that some wording needs, without what the house fills in."""
        return frozenset(name for text in self.texts() for name in placeholders(text)) - RESERVED

    def form(self, name: str) -> tuple[str, ...]:
        """The wordings of one form. :raises VoiceError: the key has no such form."""
        for one, wordings in self.forms.items():
            if form_name(one) == name:
                return wordings
        raise VoiceError(f"{self.key}: there is no form {name!r}")

    def texts(self) -> Iterator[str]:
        for wordings in self.forms.values():
            yield from wordings


def form_name(form: tuple[str, str]) -> str:
    """An address and a count form in one word: "", "vous", "one", "vous.one"."""
    return ".".join(part for part in form if part)


def placeholders(text: str) -> frozenset[str]:
    """The names in braces.

    :raises ValueError: anything but a bare name in braces (no index, attribute, format or conversion).
    """
    names = set()
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(f"{{{name}}} is no plain name; write a brace that is meant as {{{{ or }}}}")
        names.add(name)
    return frozenset(names)


def read_file(path: Path) -> dict[str, Entry]:
    """The entries of one file by key.

    :raises VoiceError: no such file, no TOML, or a key that holds no text.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise VoiceError(
            f"{path.name} is missing in {path.parent.name}: every plugin speaks French and English"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VoiceError(f"{path.name}: {error}") from error
    entries: dict[str, Entry] = {}
    for key, node, plain in _leaves(document, "", False, path.name):
        entries[key] = Entry(key, plain, _forms(node, f"{path.name}, {key}"))
        _check(entries[key], path.name)
    return entries


def _leaves(node: Mapping[str, Any], prefix: str, plain: bool, file: str) -> Iterator[tuple[str, Any, bool]]:
    plain = bool(node.get("plain", plain))
    for name, child in node.items():
        if name == "plain" and isinstance(child, bool):
            continue
        key = f"{prefix}{name}"
        if isinstance(child, Mapping) and not _is_variant(child, f"{file}, {key}"):
            yield from _leaves(child, key + ".", plain, file)
        else:
            mine = plain or name in _PLAIN_ENDINGS or (isinstance(child, Mapping) and child.get("plain") is True)
            yield key, child, mine


def _is_variant(node: Mapping[str, Any], where: str) -> bool:
    names = set(node) - {"plain"}
    special = names & (_ADDRESS | _COUNT | {"all"})
    if not special:
        return False
    if names <= _ADDRESS or names <= _COUNT or names == {"all"}:
        return True
    raise VoiceError(f"{where}: {', '.join(sorted(special))} cannot stand beside {', '.join(sorted(names - special))}")


def _forms(node: Any, where: str, address: str = "", count: str = "") -> dict[tuple[str, str], tuple[str, ...]]:
    if isinstance(node, str):
        node = [node]
    if isinstance(node, list) and node and all(isinstance(one, str) and one.strip() for one in node):
        return {(address, count): tuple(one.strip("\n") for one in node)}
    if not isinstance(node, Mapping) or not _is_variant(node, where):
        raise VoiceError(f"{where}: no text: write a string, several in a list, or tu/vous, one/other, all")
    names = set(node) - {"plain"}
    if names & _ADDRESS and names != _ADDRESS:
        raise VoiceError(f"{where}: tu and vous are both needed, since each forum chooses")
    if names & _COUNT and not {"one", "other"} <= names:
        raise VoiceError(f"{where}: one and other are both needed")
    forms: dict[tuple[str, str], tuple[str, ...]] = {}
    for name in sorted(names):
        speaks_to, counts = (name, count) if name not in _COUNT else (address, name)
        forms |= _forms(node[name], where, speaks_to, counts)
    return forms


def _check(entry: Entry, file: str) -> None:
    try:
        wrong = entry.placeholders & _FORBIDDEN
    except ValueError as error:
        raise VoiceError(f"{file}, {entry.key}: {error}") from error
    if wrong:
        raise VoiceError(f"{file}, {entry.key}: {{{min(wrong)}}} cannot be the name of a value; choose another")
