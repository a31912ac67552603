"""Where a contract's bytes come from: what a caller gives, into bytes and a name."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from extractor.documents.options import Limits
from extractor.documents.plain import clean
from extractor.errors import DocumentError, HostileDocumentError

_LONGEST_PATH = 4096
_SUFFIXES = (
    *(".pdf", ".txt", ".text", ".md", ".markdown", ".docx", ".doc", ".odt", ".rtf"),
    *(".html", ".htm", ".eml", ".msg"),
)
"""What people name contracts: such a string was meant as a path."""


def is_path(text: str) -> bool:
    """Say whether a string is a path: it names something, or only looks as if it did."""
    if "\n" in text or not 0 < len(text) < _LONGEST_PATH:
        return False
    try:
        if Path(text).exists():
            return True
    except (OSError, ValueError):
        pass  # too long a name or a NUL in it: no file has such a name
    separated = "/" in text or "\\" in text
    spaced = any(character.isspace() for character in text)
    return text.lower().endswith(_SUFFIXES) or (separated and not spaced)


def is_text(source: object) -> bool:
    """Say whether a source can't be but a contract's text: that takes no look at the disk."""
    return isinstance(source, str) and ("\n" in source or len(source) >= _LONGEST_PATH)


def load(source: str | os.PathLike[str] | bytes, limits: Limits) -> tuple[bytes, str]:
    """Return a file's bytes and the name it came under.

    Raises:
        DocumentError: there is none, it can't be opened or is no file.
        HostileDocumentError: it is larger than `limits.size`.
    """
    if isinstance(source, bytes):
        _check_size(len(source), "<bytes>", limits)
        return source, "<bytes>"
    path = Path(source)
    try:
        return _contents(path, limits), clean(path.name)
    except FileNotFoundError as error:
        text = "A string is the contract's text if it does not look like a path."
        hint = text if isinstance(source, str) else None  # what is a Path was never meant as one
        raise DocumentError(f"No such file: {str(path)!r}", hint=hint) from error
    except IsADirectoryError as error:
        raise DocumentError(
            f"{str(path)!r} is a folder, not a file",
            hint="Name a file in it; `extractor run` extracts all of them.",
        ) from error
    except (OSError, ValueError) as error:
        raise DocumentError(f"{str(path)!r} can't be opened: {error}") from error


def _contents(path: Path, limits: Limits) -> bytes:
    status = path.stat()
    if stat.S_ISFIFO(status.st_mode):
        return _piped(path, limits)
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise DocumentError(f"{str(path)!r} is a device or a socket, not a file")
    if stat.S_ISREG(status.st_mode):
        _check_size(status.st_size, clean(path.name), limits)
    with path.open("rb") as file:
        return _bounded(file, path, limits)


def _piped(path: Path, limits: Limits) -> bytes:
    """Read a pipe such as a shell's `<(...)`, without waiting for a writer that may never come."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as pipe:
        begun = pipe.read(1)  # None: somebody writes, but has not yet; empty: nobody does
        if begun == b"":
            raise DocumentError(f"{str(path)!r} is a pipe that nobody writes into")
        os.set_blocking(pipe.fileno(), True)
        return (begun or b"") + _bounded(pipe, path, limits)


def _bounded(file: BinaryIO, path: Path, limits: Limits) -> bytes:
    data = file.read(limits.size + 1)
    _check_size(len(data), clean(path.name), limits)
    return data


def _check_size(size: int, name: str, limits: Limits) -> None:
    if size > limits.size:
        raise HostileDocumentError(
            f"{name} is larger than the {limits.size / 1e6:,.0f} MB that a file may have",
            hint="No contract needs that much. If this one does, raise Limits.size.",
        )
