"""Readers by media type, found among the installed entry points: ours by the same door."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TypeAlias

from extractor.documents.document import Document
from extractor.documents.options import ReadOptions

READERS = "extractor.readers"
"""The entry-point group; a reader is registered under the media type that it reads."""

Reader: TypeAlias = Callable[[bytes, str, ReadOptions], Document]
"""From a file's bytes and the name it came under to a document without clauses."""


@cache
def reader_entry(media_type: str) -> EntryPoint | None:
    """Return where the reader of a media type stands; None if none is installed.

    Nothing is imported: readers run in a process of their own.
    """
    found: tuple[EntryPoint, ...] = tuple(entry_points(group=READERS, name=media_type))
    return found[0] if found else None
