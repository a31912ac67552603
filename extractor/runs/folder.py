"""The files of a folder, as a run takes them in."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from extractor.config.paths import FILE_NAME as SETTINGS
from extractor.documents.options import Limits
from extractor.documents.sources import load
from extractor.errors import DocumentError
from extractor.runs.base import Contents
from extractor.runs.tables import FILE_NAME

_NO_UTF8 = re.compile(r"\\udc([89a-f][0-9a-f])")


def files_below(
    folder: Path, *, left_out: Callable[[str], object] = lambda _: None
) -> Iterator[str]:
    """Yield the paths of a folder's files below it: its own by name, then those of its folders.

    What begins with a dot is left out, as shells do, and so are other runs, with all that is in
    their folders, and `extractor.toml`. Links to folders are not followed: they may lead anywhere,
    and back to where they are.

    Args:
        folder: which.
        left_out: is told the path of each link to a folder.

    Raises:
        DocumentError: it is no folder, or one in it can't be opened.
    """
    require_folder(folder)
    for parent, folders, names in os.walk(folder, onerror=_refuse):
        if FILE_NAME in names and Path(parent) != folder:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if Path(parent, name).is_symlink():
                left_out(_below(folder, parent, name))
        for name in sorted(names):
            if not name.startswith(".") and name != SETTINGS:
                yield _below(folder, parent, name)


def _below(folder: Path, parent: str, name: str) -> str:
    return Path(parent, name).relative_to(folder).as_posix()


def require_folder(folder: Path) -> None:
    """Refuse what is no folder.

    Raises:
        DocumentError: it is none, or can't be looked at.
    """
    try:
        is_folder = folder.is_dir()
    except OSError as error:
        _refuse(error)
    if not is_folder:
        raise DocumentError(
            f"{str(folder)!r} is no folder", hint="For one contract there is `extractor extract`."
        )


def no_files(folder: Path) -> DocumentError:
    """Return the error of a folder without files."""
    return DocumentError(
        f"There is no contract in {str(folder)!r}",
        hint="Name the folder that the files are in, or one above it; links to folders are not "
        "followed.",
    )


def contents_of(path: Path, limits: Limits) -> tuple[bytes, Contents]:
    """Load a file; the time that tells whether it changed since is that of before.

    Raises:
        DocumentError: it can't be opened, is none, or is too large.
    """
    path = _named(path)
    try:
        before = path.stat()
    except (OSError, ValueError) as error:
        raise DocumentError(f"{path.name!r} can't be opened: {error}") from error
    if not stat.S_ISREG(before.st_mode):  # a pipe would wait for its writer
        raise DocumentError(f"{path.name!r} is no file: a pipe, a device or a socket")
    data, _ = load(path, limits)
    digest = hashlib.sha256(data).hexdigest()
    return data, Contents(digest, len(data), before.st_mtime_ns)


def stamp_of(path: Path) -> tuple[int, int] | None:
    """Return a file's size and when it was changed, in nanoseconds; None if it is none."""
    try:
        status = _named(path).stat()
    except (OSError, ValueError):
        return None
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def _named(path: Path) -> Path:
    r"""Return a path as the file system has it: a byte that is no UTF-8 is kept as `\udce9`."""
    if _NO_UTF8.search(str(path)) and not os.path.lexists(path):
        return Path(_NO_UTF8.sub(lambda match: chr(0xDC00 + int(match[1], 16)), str(path)))
    return path


def _refuse(error: OSError) -> NoReturn:
    raise DocumentError(
        f"{str(error.filename)!r} can't be opened: {error.strerror or error}",
        hint="Give yourself the right to read it, or move it out of the folder.",
    ) from error
