"""Reads the TOML sources strictly: an entry that is missing or unknown is named."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connector.sandbox.community.model import CommunityError


def read_toml(folder: Path, name: str) -> dict[str, Any]:
    """The tables of one file; CommunityError with the parser's line and column when it is not TOML."""
    try:
        return tomllib.loads((folder / name).read_text("utf-8"))
    except OSError as error:
        raise CommunityError(f"{name}: cannot be read ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise CommunityError(f"{name}: {error}") from error


def check_entries(
    row: Mapping[str, Any], where: str, required: set[str], optional: frozenset[str] = frozenset()
) -> None:
    """CommunityError unless ``row`` has all ``required`` entries and none beside the ``optional`` ones."""
    missing = sorted(required - row.keys())
    unknown = sorted(row.keys() - required - optional)
    if missing or unknown:
        raise CommunityError(f"{where} missing entries {missing}, unknown entries {unknown}")
