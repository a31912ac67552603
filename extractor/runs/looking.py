"""A look at a folder before anything is agreed to: what its files hold, and what is to be asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from extractor.calls.database import storable
from extractor.documents.options import Limits
from extractor.errors import ExtractorError
from extractor.runs.base import Contents
from extractor.runs.configuration import Configuration, key_of
from extractor.runs.folder import contents_of, has_changed


def look(
    folder: Path,
    paths: Iterable[str],
    known: Mapping[str, Contents],
    limits: Limits,
    *,
    tell: Callable[[int], None],
) -> dict[str, Contents | None]:
    """Return what each file holds; None for one that can't be opened. Nothing is written down.

    Args:
        folder: where they are.
        paths: below it.
        known: what they held when they were looked at last: what has not changed is not read.
        limits: on what is loaded.
        tell: is told how many were looked at, now and then.
    """
    found: dict[str, Contents | None] = {}
    for path in paths:
        before = known.get(storable(path))
        if before is not None and not has_changed(folder / path, before):
            found[path] = before
        else:
            found[path] = _contents(folder / path, limits)
        if len(found) % _EVERY == 0:
            tell(len(found))
    return found


def unanswered(
    files: Mapping[str, Contents | None], asked: Configuration, ended: Collection[bytes]
) -> list[str]:
    """Return a file for each content that is to be asked about, in the order of the files.

    Files with the same content are asked about once, and what can't be opened is not at all.

    Args:
        files: what they hold.
        asked: what they are asked under.
        ended: the keys of documents about which nothing more is asked.
    """
    digest = asked.digest
    first: dict[bytes, str] = {}
    for path, held in files.items():
        if held is not None:
            first.setdefault(key_of(digest, held.sha256), path)
    return [path for key, path in first.items() if key not in ended]


_EVERY = 1_000


def _contents(path: Path, limits: Limits) -> Contents | None:
    try:
        return contents_of(path, limits)[1]
    except ExtractorError:
        return None
