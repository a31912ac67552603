"""`extractor read FOLDER`: a line for each file, as soon as it is known."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import get_args

from extractor.cli.exits import DOCUMENT, OK
from extractor.cli.streams import Output
from extractor.cli.terminal import Progress, safe
from extractor.documents import ReadOptions
from extractor.documents.listing import FileStatus, FileSummary, list_files
from extractor.documents.sniff import NAMES
from extractor.plurals import counted
from extractor.types import JsonObject

_HEAD = f"{'Status':11}  {'Pages':>6}  {'Characters':>11}  File"
_EVERY = 50
"""Files after which progress is told: no flood in a log."""


def show_files(folder: Path, options: ReadOptions, out: Output, *, as_json: bool) -> int:
    """Write a line for each file below a folder, and for people the sum of them.

    Returns:
        The exit code: that of a failed document if any file can't be read.
    """
    statuses = Counter[FileStatus]()
    pages = characters = 0
    code = OK
    with (
        Progress(f"Reading {safe(folder)}") as progress,
        closing(list_files(folder, options)) as rows,
    ):
        for row in rows:
            progress.clear()
            if row.failure is not None:
                code = DOCUMENT
                out.ends_with(code)
            if as_json:
                out.write_json(_record(row))
            else:
                out.write(_line(row) if statuses else f"{_HEAD}\n{_line(row)}")
            statuses[row.status] += 1
            if row.content is not None:
                pages += row.content.pages
                characters += row.content.characters
            if statuses.total() % _EVERY == 0:
                progress.say(f"Reading: {statuses.total():,} files are done")
    if not as_json:
        read = f"{counted(pages, 'page')}, {characters:,} characters"
        out.write(f"{_counted(statuses)}. To read: {read}.")
    return code


def _record(row: FileSummary) -> JsonObject:
    content = row.content
    return {
        "path": row.path,
        "status": row.status,
        "media_type": row.media_type,
        "sha256": row.sha256,
        "size": row.size,
        "pages": content and content.pages,
        "page_kinds": content and content.page_kinds,
        "characters": content and content.characters,
        "clauses": content and content.clauses,
        "hidden": content and content.hidden,
        "attachments": content and content.attachments,
        "warnings": content.warnings if content else (),
        "duplicate_of": row.duplicate_of,
        "error": row.failure and asdict(row.failure),
    }


def _line(row: FileSummary) -> str:
    pages = characters = ""
    if row.content is not None:
        pages, characters = f"{row.content.pages:,}", f"{row.content.characters:,}"
    kind = "" if row.media_type is None else f" ({NAMES[row.media_type].partition(' ')[2]})"
    note = f": {_note(row)}" if _note(row) else ""
    return safe(f"{row.status:11}  {pages:>6}  {characters:>11}  {row.path}{kind}{note}")


def _note(row: FileSummary) -> str:
    if row.duplicate_of is not None:
        return f"the same as {row.duplicate_of}"
    if row.failure is not None:
        return f"{row.failure.type}: {row.failure.message}"
    if row.content is None:
        return ""
    attached = row.content.attachments
    files = [f"{attached} file{'s' * (attached > 1)} attached"] if attached else []
    return "; ".join([*files, *row.content.warnings])


def _counted(statuses: Counter[FileStatus]) -> str:
    many = statuses.total()
    told = ", ".join(f"{statuses[s]:,} {s}" for s in get_args(FileStatus) if statuses[s])
    files = counted(many, "file")
    return f"{files}: {told}" if told else files
