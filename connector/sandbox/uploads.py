"""Files that members attach."""

import hashlib
import struct
from typing import Any

from .board import Board
from .guardian import Guardian
from .problems import not_saved
from .words import say

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _short(sha1: str) -> str:
    value, text = int(sha1, 16), ""
    while value:
        value, rest = divmod(value, 62)
        text = _LETTERS[rest] + text
    return text


def _size(data: bytes) -> tuple[int | None, int | None]:
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) > 24:
        width, height = struct.unpack(">II", data[16:24])
        return int(width), int(height)
    if data[:4] == b"GIF8" and len(data) > 10:
        width, height = struct.unpack("<HH", data[6:10])
        return int(width), int(height)
    return None, None


def keep_upload(board: Board, who: Guardian, filename: str, data: bytes) -> dict[str, Any]:
    """Keep a file and tell its addresses; 422 for an unknown kind or an empty file."""
    locale = board.locale(who.member)
    extension = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    allowed = str(board.setting("authorized_extensions")).split("|")
    if extension not in allowed:
        raise not_saved(say("upload_refused", locale, allowed=", ".join(allowed)))
    if not data:
        raise not_saved(say("upload_empty", locale))
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    width, height = _size(data)
    found = board.store.value("SELECT id FROM uploads WHERE sha1 = ?", sha1)
    number = found or board.store.insert(
        "uploads", user_id=who.id, filename=filename, extension=extension, sha1=sha1, data=data, width=width,
        height=height, created_at=board.clock.stamp(),
    )  # fmt: skip
    short = f"{_short(sha1)}.{extension}"
    where = board.base_url.split(":", 1)[1]
    size = f"{len(data)} Bytes" if len(data) < 1024 else f"{len(data) / 1024:.1f} KB"
    return {
        "id": number,
        "url": f"{where}/uploads/default/original/1X/{sha1}.{extension}",
        "original_filename": filename,
        "filesize": len(data),
        "width": width,
        "height": height,
        "thumbnail_width": width,
        "thumbnail_height": height,
        "extension": extension,
        "short_url": f"upload://{short}",
        "short_path": f"/uploads/short-url/{short}",
        "retain_hours": None,
        "human_filesize": size,
        "dominant_color": "",
    }


def find_upload(board: Board, name: str) -> tuple[bytes, str] | None:
    """A file's bytes and extension by its short or long name; None when there is none."""
    stem = name.rsplit(".", 1)[0]
    for row in board.store.all("SELECT sha1, data, extension FROM uploads"):
        if stem in (row["sha1"], _short(row["sha1"])):
            return bytes(row["data"]), str(row["extension"])
    return None
