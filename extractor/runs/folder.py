"""The files of a folder, as a run takes them in."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from extractor.documents.options import Limits
from extractor.documents.sources import load
from extractor.errors import DocumentError
from extractor.runs.base import Contents


def files_below(folder: Path) -> Iterator[str]:
    """Yield the paths of a folder's files below it: its own by name, then those of its folders.

    What begins with a dot is left out, as shells do, and links to folders are not followed.

    Raises:
        DocumentError: it is no folder, or one in it can't be opened.
    """
    if not folder.is_dir():
        raise DocumentError(
            f"{str(folder)!r} is no folder", hint="For one contract there is `extractor extract`."
        )
    for parent, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(parent, name).relative_to(folder).as_posix()


def contents_of(path: Path, limits: Limits) -> tuple[bytes, Contents]:
    """Load a file.

    Raises:
        DocumentError: it can't be opened, is none, or is too large.
    """
    data, _ = load(path, limits)
    status = path.stat()
    digest = hashlib.sha256(data).hexdigest()
    return data, Contents(digest, len(data), status.st_mtime_ns)


def has_changed(path: Path, before: Contents) -> bool:
    """Say whether a file holds something else than before, by its size and time."""
    try:
        status = path.stat()
    except OSError:
        return False  # it is gone; what was found in it stays
    return (status.st_size, status.st_mtime_ns) != (before.size, before.changed_at)


def _refuse(error: OSError) -> None:
    raise DocumentError(
        f"{error.filename!r} can't be opened: {error.strerror or error}",
        hint="Give yourself the right to read it, or move it out of the folder.",
    ) from error
