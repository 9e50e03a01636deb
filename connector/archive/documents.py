"""Topic documents as Discourse serves them (`/t/{id}.json`), from a folder, a .zip, a .jsonl, a .jsonl.gz or a .json.

A broken document is told with its file and line and stops nothing.
"""

import gzip
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

LARGEST = 64_000_000
"""Bytes of one document; a megatopic of 10,000 posts has some 30 MB."""

ENDINGS = (".json", ".jsonl", ".jsonl.gz", ".zip")


@dataclass(frozen=True, slots=True)
class Source:
    """One file, or one file within a zip. `key` changes with its content, as far as size and time tell."""

    path: Path
    inside: str = ""

    @property
    def name(self) -> str:
        return f"{self.path.name}:{self.inside}" if self.inside else self.path.name

    def key(self, salt: str) -> str:
        told = self.path.stat()
        words = f"{self.path.resolve()}|{self.inside}|{told.st_size}|{told.st_mtime_ns}|{salt}"
        return hashlib.sha256(words.encode("utf-8", "surrogateescape")).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """One document at its line (1 for a plain .json); `payload` is None where `problem` says why."""

    line: int
    payload: Mapping[str, Any] | None
    problem: str = ""


def sources(path: Path) -> Iterator[Source]:
    """The files to read under a path, in the order of their names.

    :raises FileNotFoundError: there is nothing there. :raises ValueError: it is no kind of file that we read.
    """
    if path.is_dir():
        found = sorted(one for one in path.rglob("*") if one.is_file() and one.name.endswith(ENDINGS))
        for one in found:
            yield from sources(one)
        return
    if not path.exists():
        raise FileNotFoundError(f"there is no file or folder {path}")
    if not path.name.endswith(ENDINGS):
        raise ValueError(f"{path.name} is none of {', '.join(ENDINGS)}, nor a folder of these")
    if path.name.endswith(".zip"):
        try:
            with zipfile.ZipFile(path) as archive:
                names = sorted(one for one in archive.namelist() if one.endswith((".json", ".jsonl")))
        except zipfile.BadZipFile as error:
            raise ValueError(f"{path.name} is no zip archive, or a broken one") from error
        yield from (Source(path, name) for name in names)
        return
    yield Source(path)


def documents(source: Source, after: int = 0) -> Iterator[Document]:
    """The documents of a source behind line `after`."""
    line = 0
    try:
        with _opened(source) as stream:
            if not source.name.removesuffix(".gz").endswith(".jsonl"):
                if after < 1:
                    yield _parsed(stream.read(LARGEST + 1), 1)
                return
            while raw := stream.readline(LARGEST + 1):
                line += 1
                if len(raw) > LARGEST:
                    yield Document(line, None, "too big")
                    while raw and not raw.endswith(b"\n"):
                        raw = stream.readline(LARGEST)
                elif line > after and raw.strip():
                    yield _parsed(raw, line)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        yield Document(line + 1, None, f"cannot be read from here on ({type(error).__name__})")


def _opened(source: Source) -> IO[bytes]:
    if source.inside:
        with zipfile.ZipFile(source.path) as archive:
            return archive.open(source.inside)
    if source.path.name.endswith(".gz"):
        return gzip.open(source.path, "rb")  # type: ignore[return-value]
    return source.path.open("rb")


def _parsed(raw: bytes, line: int) -> Document:
    if len(raw) > LARGEST:
        return Document(line, None, "too big")
    try:
        payload = json.loads(raw)
    except (ValueError, RecursionError):
        return Document(line, None, "not JSON")
    if not isinstance(payload, dict):
        return Document(line, None, "no topic document")
    return Document(line, payload)
