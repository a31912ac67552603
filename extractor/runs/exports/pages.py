"""Pages of HTML for people: each contract of a run beside what was found in it, and an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.documents import read_document
from extractor.errors import ExtractorError
from extractor.outputs.html import html_template
from extractor.outputs.result import TO_CHECK, Result
from extractor.outputs.review import Review
from extractor.plurals import counted
from extractor.runs.base import FileState
from extractor.runs.exports.base import Written
from extractor.runs.exports.facts import run_facts
from extractor.runs.exports.fields import failure_of, fields_of
from extractor.runs.reader import RunReader, RunRow

_INDEX = Path(__file__).with_name("index.html.jinja")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file's line in the index; `without` says why there is no page."""

    path: str
    state: FileState
    page: str | None = None
    duplicate_of: str | None = None
    found: int = 0
    to_check: Sequence[str] = ()
    without: str | None = None


def write_pages(reader: RunReader, folder: Path, *, password: str | None = None) -> Written:
    """Make a folder with `index.html` and a page for each content that has a result.

    The run has no contract's text: each file is read again, where the run found it and as the run
    read it. Where that gives another document, or none, there is a line in the index and no page.
    """
    folder.mkdir()
    pages: dict[str, str | None] = {}
    entries: list[_Entry] = []
    for number, row in enumerate(reader.rows(), start=1):
        without = failure_of(row)
        if row.result is not None and row.duplicate_of is None:
            try:
                page = _page(reader, row, password)
            except ExtractorError as error:
                pages[row.path], without = None, error.message
            else:
                pages[row.path] = name = f"{number:06}.html"
                (folder / name).write_bytes(page.encode())
        of = row.path if row.duplicate_of is None else row.duplicate_of
        entries.append(_entry(row, pages.get(of), without))
    index = html_template(_INDEX).render(facts=run_facts(reader), entries=entries)
    (folder / "index.html").write_bytes(index.encode())
    return Written(len(entries), sum(page is not None for page in pages.values()), _notes(pages))


def _entry(row: RunRow, page: str | None, without: str | None) -> _Entry:
    fields = [*fields_of(row)]
    return _Entry(
        row.path,
        row.state,
        page,
        row.duplicate_of,
        sum(field.status in ("found", "derived") for field in fields),
        [f"{field.path} ({field.status})" for field in fields if field.status in TO_CHECK],
        without,
    )


def _page(reader: RunReader, row: RunRow, password: str | None) -> str:
    """Return a file's page.

    Raises:
        DocumentError: it can't be read, or is another one than was extracted.
    """
    path = Path(reader.folder or "", row.path)
    reading = reader.configuration.told.get("reading", {})
    document = read_document(path, password=password, **reading)
    return Review.of(Result.model_validate(row.result), [document], name=row.path).html()


def _notes(pages: dict[str, str | None]) -> tuple[str, ...]:
    without = sum(page is None for page in pages.values())
    told = f"{counted(without, 'file')} can't be read again as the run read them: see the index."
    return (told,) if without else ()
