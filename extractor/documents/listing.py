"""What the files of a folder are: read, a scan, a duplicate, or broken and why."""

from __future__ import annotations

import hashlib
import os
from collections import Counter, deque
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from extractor.documents.isolation import WorkerPool
from extractor.documents.options import ReadOptions
from extractor.documents.plain import clean
from extractor.documents.read import read_bytes
from extractor.documents.registry import reader_entry
from extractor.documents.sniff import PDF, media_type
from extractor.documents.sources import load
from extractor.errors import DocumentError, EmptyDocumentError, EncryptedDocumentError

FileStatus: TypeAlias = Literal[
    "broken", "encrypted", "unsupported", "empty", "scan", "read", "duplicate"
]
"""`scan`: pages of pictures, whose text is recognised or else not read at all."""

_AHEAD = 2
"""Files for each process that are in memory: a slow one does not keep the others waiting."""


@dataclass(frozen=True, slots=True)
class Content:
    """What was read from a file, in figures."""

    pages: int
    page_kinds: Mapping[str, int]
    characters: int
    clauses: int
    hidden: int
    attachments: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file can't be read; the error itself would keep all that its traceback names."""

    type: str
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class FileSummary:
    """One file of a folder; `path` is below it.

    `content` is None for a duplicate of the file at `duplicate_of`, and for one that can't be read,
    of which `failure` says why. `media_type`, `sha256` and `size` are None where it was not loaded.
    """

    path: str
    status: FileStatus
    media_type: str | None = None
    sha256: str | None = None
    size: int | None = None
    content: Content | None = None
    failure: Failure | None = None
    duplicate_of: str | None = None


def list_files(folder: Path, options: ReadOptions) -> Generator[FileSummary]:
    """Yield what each file below a folder is: the folder's own by name, then those of its folders.

    Each file is loaded once, as many are read at a time as there are processors for, and one with
    the bytes of an earlier one is not read again. Kept are the files that are being read, and a
    hash and a path for each that was. Links to folders are not followed, and what begins with a
    dot is left out, as shells do. A folder that can't be opened is broken.
    """
    first: dict[bytes, str] = {}
    rows: deque[Future[FileSummary]] = deque()
    with closing(WorkerPool()) as pool, ThreadPoolExecutor(pool.size) as executor:
        try:
            for found in _found(folder):
                row, data = _loaded(found, folder, options, first)
                rows.append(executor.submit(_read, row, data, options, pool))
                if len(rows) > _AHEAD * pool.size:
                    yield rows.popleft().result()
            while rows:
                yield rows.popleft().result()
        finally:  # nobody wants what is being read after an interrupt
            executor.shutdown(wait=False, cancel_futures=True)
            pool.close()


def _found(folder: Path) -> Iterator[Path | OSError]:
    """Yield the paths of the files, and the errors of folders that can't be opened."""
    errors: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=errors.append):
        while errors:
            yield errors.pop(0)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if not name.startswith("."))
    yield from errors


def _loaded(
    found: Path | OSError, folder: Path, options: ReadOptions, first: dict[bytes, str]
) -> tuple[FileSummary, bytes | None]:
    """Load a file; None where there is nothing to read."""
    if isinstance(found, OSError):
        name = Path(found.filename).relative_to(folder).as_posix()
        failure = Failure("DocumentError", f"{name} can't be opened: {found.strerror or found}")
        return FileSummary(name, "broken", failure=failure), None
    name = found.relative_to(folder).as_posix()
    try:
        data, _ = load(found, options.limits)
    except DocumentError as error:
        return FileSummary(name, "broken", failure=_failure(error)), None
    digest = hashlib.sha256(data)
    row = FileSummary(name, "read", media_type(data), digest.hexdigest(), len(data))
    original = first.setdefault(digest.digest(), name) if data else name
    if original != name:
        return replace(row, status="duplicate", duplicate_of=original), None
    return row, data


def _read(
    row: FileSummary, data: bytes | None, options: ReadOptions, pool: WorkerPool
) -> FileSummary:
    """Read what was loaded, and keep of it what a row needs."""
    if data is None:
        return row
    try:
        document = read_bytes(data, clean(Path(row.path).name), options, pool=pool)
    except DocumentError as error:
        return replace(row, status=_status(error, row.media_type), failure=_failure(error))
    kinds = Counter[str](page.kind for page in document.pages)
    is_scan = kinds.keys() <= {"ocr", "empty", "unreadable"} and not kinds.keys() <= {"empty"}
    content = Content(
        pages=len(document.pages),
        page_kinds=dict(kinds),
        characters=len(document.text),
        clauses=len(document.clauses),
        hidden=len(document.hidden),
        attachments=len(document.attachments),
        warnings=document.warnings,
    )
    return replace(row, status="scan" if is_scan else "read", content=content)


def _status(error: DocumentError, kind: str | None) -> FileStatus:
    if isinstance(error, EmptyDocumentError):
        return "scan" if kind == PDF else "empty"
    if isinstance(error, EncryptedDocumentError):
        return "encrypted"
    if kind is not None and reader_entry(kind) is None:
        return "unsupported"
    return "broken"


def _failure(error: DocumentError) -> Failure:
    return Failure(type(error).__name__, error.message, error.hint)
