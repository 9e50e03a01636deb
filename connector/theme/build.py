"""The theme component as files and as the zip that a forum imports, in the flavour that its core can read.

Discourse 3.1 compiles `.js` and `.hbs`, knows no `renderInOutlet`, and answers 201 to a component with a broken file;
the newest wants `.gjs` and has other outlets. So there are two flavours: the joined module, what is in
`component/common`, and what only one of them has.
"""

import json
import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connector.theme.joining import joined

COMPONENT = Path(__file__).parent / "component"
MODULE = "javascripts/discourse/lib/passerelle.js"
FLAVOURS: dict[str, dict[str, str]] = {
    "3.1": {"minimum_discourse_version": "3.1.0.beta2", "maximum_discourse_version": "3.4.999"},
    "newest": {"minimum_discourse_version": "3.5.0.beta1"},
}
"""The cores that each flavour is for, as `about.json` says it: outside them a forum switches the component off."""

_FIRST_OF_NEWEST = (3, 5)
_OLDEST = (3, 1)
_WHEN = (1980, 1, 1, 0, 0, 0)
_NAMED = re.compile(r"^\s*v?(\d{1,4})\.(\d{1,3})(?:\.|\b)")
_SERVICE = re.compile(r'^(service_url:\n(?:  .*\n)*?  default: )"".*$', re.MULTILINE)


class ThemeError(Exception):
    """The component cannot be built; the message is one sentence."""


def flavour_for(version: str) -> str:
    """Which flavour a Discourse of this version takes ("3.1.0.beta2", "2026.8.0", "v3.4").

    :raises ThemeError: it names no version, or one before 3.1.
    """
    found = _NAMED.match(version)
    if found is None:
        raise ThemeError(f"{version!r} is no version of Discourse; one looks like 3.1.0 or 2026.8.0.")
    number = (int(found[1]), int(found[2]))
    if number < _OLDEST:
        raise ThemeError(f"Discourse {version} is too old: the component needs 3.1 or newer.")
    return "newest" if number >= _FIRST_OF_NEWEST else "3.1"


def component(flavour: str, service_url: str) -> dict[str, bytes]:
    """Path to content of every file of a flavour, the service's address set as the default of its setting.

    :raises ThemeError: the address is none that a browser can open.
    """
    files = {**_tree(COMPONENT / "common"), **_tree(COMPONENT / flavour), MODULE: joined().encode()}
    about: dict[str, Any] = json.loads(files["about.json"])
    files["about.json"] = (json.dumps({**about, **FLAVOURS[flavour]}, indent=2) + "\n").encode()
    files["settings.yml"] = _preset(files["settings.yml"].decode(), flavour, _address(service_url)).encode()
    return dict(sorted(files.items()))


def _tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _address(service_url: str) -> str:
    parts = urlsplit(service_url)
    if service_url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username):
        raise ThemeError(f"{service_url!r} is no address that browsers open; PASSERELLE_PUBLIC_URL is like https://…")
    return service_url.rstrip("/")


def _preset(settings: str, flavour: str, service_url: str) -> str:
    # A text in JSON is the same text in YAML.
    settings = _SERVICE.sub(lambda found: found[1] + json.dumps(service_url), settings)
    if flavour == "newest":
        # This core tells a page only whether its reader is in the groups, not which they are.
        settings = settings.replace("  list_type: group\n", "  list_type: group\n  resolve_group_membership: true\n")
    return settings


def packed(files: Mapping[str, bytes]) -> bytes:
    """These files as a zip that is the same, byte for byte, whenever and wherever it is made."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
    return held.getvalue()


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """These files in a folder, for tools that look at files."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
