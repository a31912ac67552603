"""A folder's files: what would be read, what is a scan, a duplicate, or broken and why."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from extractor.cli.streams import Output
from extractor.cli.tables import table
from extractor.cli.terminal import Progress, safe
from extractor.documents import Document, ReadOptions
from extractor.documents.isolation import shared_pool
from extractor.documents.read import read_bytes
from extractor.documents.registry import reader_entry
from extractor.documents.sniff import NAMES, PDF, TEXT, media_type
from extractor.documents.sources import load
from extractor.errors import DocumentError, EmptyDocumentError, EncryptedDocumentError
from extractor.types import JsonObject

Status: TypeAlias = Literal[
    "broken", "encrypted", "unsupported", "empty", "scan", "read", "duplicate"
]

_ORDER: tuple[Status, ...] = get_args(Status)
"""What wants looking at first."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One file. `scan`: pages of pictures, whose text is recognised or else not read at all."""

    path: str
    status: Status
    media_type: str | None = None
    sha256: str | None = None
    size: int | None = None
    document: Document | None = None
    error: DocumentError | None = None
    same_as: str | None = None

    def record(self) -> JsonObject:
        document, error = self.document, self.error
        return {
            "path": self.path,
            "status": self.status,
            "media_type": self.media_type,
            "sha256": self.sha256,
            "size": self.size,
            "pages": None if document is None else len(document.pages),
            "page_kinds": None if document is None else _page_kinds(document),
            "characters": None if document is None else len(document.text),
            "clauses": None if document is None else len(document.clauses),
            "hidden": None if document is None else len(document.hidden),
            "attachments": None if document is None else len(document.attachments),
            "warnings": [] if document is None else list(document.warnings),
            "duplicate_of": self.same_as,
            "error": None if error is None else _error_record(error),
        }


def list_files(folder: Path, options: ReadOptions, out: Output, *, as_json: bool) -> None:
    """Write a row for each file below a folder, those that can't be read first, then by path.

    Links to folders are not followed, and what begins with a dot is left out, as shells do.
    """
    with Progress(f"Reading {safe(folder)}") as progress:
        rows = _read_all(sorted(_files(folder)), folder, options, progress)
    rows.sort(key=lambda row: (_ORDER.index(row.status), row.path))
    if as_json:
        for row in rows:
            out.write_json(row.record())
        return
    if rows:
        columns = ("Status", "File", "Kind", "Note", "Pages", "Characters")
        out.write(table(columns, map(_cells, rows), out, texts=4))
    out.write(_totals(rows))


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent, name) for name in names if not name.startswith("."))


def _read_all(
    paths: Sequence[Path], folder: Path, options: ReadOptions, progress: Progress
) -> list[_Row]:
    """Read each different file once, as many at a time as there are processes for."""
    done, lock = Counter[str](), threading.Lock()
    first: dict[str, str] = {}

    def row(path: Path) -> _Row:
        name = path.relative_to(folder).as_posix()
        found = _row(path, name, options, first.get(name))
        with lock:
            done["files"] += 1
            if done["files"] % max(1, len(paths) // 10) == 0:  # no flood in a log
                progress.say(f"Reading: {done['files']} of {len(paths)} files are done")
        return found

    first.update(_duplicates(paths, folder, options))
    executor = ThreadPoolExecutor(shared_pool().size)
    try:
        return list(executor.map(row, paths))
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        shared_pool().close()  # ends the files that are being read
        raise
    finally:
        executor.shutdown()


def _duplicates(paths: Iterable[Path], folder: Path, options: ReadOptions) -> Mapping[str, str]:
    """Return for each file the first one of the same bytes, if that is another."""
    same: dict[str, str] = {}
    by_hash: dict[str, str] = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        try:
            data, _ = load(path, options.limits)
        except DocumentError:
            continue  # its row says so
        if data:
            original = by_hash.setdefault(hashlib.sha256(data).hexdigest(), name)
            if original != name:
                same[name] = original
    return same


def _row(path: Path, name: str, options: ReadOptions, same_as: str | None) -> _Row:
    kind = sha256 = size = None
    try:
        data, source = load(path, options.limits)
        kind, sha256, size = media_type(data), hashlib.sha256(data).hexdigest(), len(data)
        if same_as is not None:
            return _Row(name, "duplicate", kind, sha256, size, same_as=same_as)
        document = read_bytes(data, source, options)
    except EmptyDocumentError as error:
        return _Row(name, "scan" if kind == PDF else "empty", kind, sha256, size, error=error)
    except DocumentError as error:
        status: Status = "broken"
        if isinstance(error, EncryptedDocumentError):
            status = "encrypted"
        elif kind is not None and kind != TEXT and reader_entry(kind) is None:
            status = "unsupported"
        return _Row(name, status, kind, sha256, size, error=error)
    kinds = _page_kinds(document)
    is_scan = kinds.keys() <= {"ocr", "empty", "unreadable"} and not kinds.keys() <= {"empty"}
    return _Row(name, "scan" if is_scan else "read", kind, sha256, size, document=document)


def _page_kinds(document: Document) -> dict[str, int]:
    return dict(Counter(page.kind for page in document.pages))


def _cells(row: _Row) -> tuple[object, ...]:
    document = row.document
    return (
        row.status,
        row.path,
        "" if row.media_type is None else NAMES[row.media_type].partition(" ")[2],
        _note(row),
        None if document is None else f"{len(document.pages):,}",
        None if document is None else f"{len(document.text):,}",
    )


def _note(row: _Row) -> str:
    if row.same_as is not None:
        return f"the same as {row.same_as}"
    if row.error is not None:
        return f"{type(row.error).__name__}: {row.error.message}"
    if row.document is None:
        return ""
    attached = len(row.document.attachments)
    files = [f"{attached} file{'s' * (attached > 1)} attached"] if attached else []
    return "; ".join([*files, *row.document.warnings])


def _totals(rows: Sequence[_Row]) -> str:
    counts = Counter(row.status for row in rows)
    told = ", ".join(f"{counts[status]} {status}" for status in _ORDER if counts[status])
    read = [row.document for row in rows if row.document is not None]
    pages, characters = sum(len(d.pages) for d in read), sum(len(d.text) for d in read)
    files = "1 file" if len(rows) == 1 else f"{len(rows):,} files"
    read_too = f"To read: {pages:,} pages, {characters:,} characters."
    return f"{files}{f': {told}' if told else ''}. {read_too}"


def _error_record(error: DocumentError) -> JsonObject:
    return {"type": type(error).__name__, "message": error.message, "hint": error.hint}
