"""`extractor highlight FILE RESULT.json -o OUT`: an extraction's quotes marked where they stand."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from extractor.cli.exits import OK
from extractor.cli.reading import document_of, read_options
from extractor.cli.streams import Output
from extractor.cli.terminal import Progress, safe
from extractor.documents import Document, Highlight, highlight, rects
from extractor.errors import DocumentError, StoreError
from extractor.outputs.places import places_of
from extractor.outputs.result import FieldRecord, Result, check_document, read_result
from extractor.outputs.review import Review
from extractor.plurals import counted
from extractor.types import Span

_HTML = (".html", ".htm")


class _Marked(NamedTuple):
    """What is to be written, the places marked in it, and the fields that have none."""

    data: bytes
    highlights: int
    unplaced: list[str]


class _Place(NamedTuple):
    """Where a highlight goes, and the note to show with it."""

    path: str
    span: Span
    note: str


def run(options: argparse.Namespace, out: Output) -> int:
    """Write a copy of the PDF, or a page of HTML beside any document; --json: {output, highlights,
    unplaced}.
    """
    result = read_result(Path(options.result))
    target = Path(options.output)
    for given in (*options.files, options.result):
        if target.resolve() == Path(given).resolve():
            raise DocumentError(f"{str(target)!r} would overwrite {given!r}; name another file")
    with Progress(f"Reading {safe(options.files[0])}"):
        marked = _page(options, result) if target.suffix.lower() in _HTML else _pdf(options, result)
    _write(target, marked.data)
    if options.json:
        told = {"highlights": marked.highlights, "unplaced": marked.unplaced}
        out.write_json({"output": str(target), **told})
        return OK
    out.write(f"{safe(target)}: {counted(marked.highlights, 'highlight')}.")
    if marked.unplaced:
        print(
            f"Without a place in the document: {safe(', '.join(marked.unplaced))}.", file=sys.stderr
        )
    return OK


def _page(options: argparse.Namespace, result: Result) -> _Marked:
    how = read_options(options)
    documents = [document_of(file, how) for file in options.files]
    review = Review.of(result, documents, name=options.result)
    return _Marked(review.html().encode(), review.highlights, review.unplaced)


def _pdf(options: argparse.Namespace, result: Result) -> _Marked:
    """Highlight every place of a quote.

    The note at the first, the one that the result goes by, is the value; those at the others say
    which of how many they are.
    """
    if len(options.files) > 1:
        raise DocumentError(
            f"{len(options.files)} files can't be marked in one PDF",
            hint="Name the output something.html: a page shows a whole set.",
        )
    how, source = read_options(options), Path(options.files[0])
    document = document_of(options.files[0], how)
    check_document(result, document, name=options.result)
    places = [*_places(result, document)]
    boxes = rects(source, document, [place.span for place in places], options=how)
    highlights = [
        Highlight(found, title=place.path, contents=place.note)
        for place, found in zip(places, boxes, strict=True)
        if found
    ]
    data = highlight(source, highlights, password=how.password)
    placed = {highlight.title for highlight in highlights}
    return _Marked(data, len(highlights), [path for path in result.fields if path not in placed])


def _places(result: Result, document: Document) -> Iterator[_Place]:
    """Yield the places of each field's quotes, the chosen one first."""
    for path, field in result.fields.items():
        spans = places_of(field.evidence, document, path=path)
        for number, span in enumerate(spans, start=1):
            note = _contents(field)
            note = note if number == 1 else f"{note} ({number} of {len(spans)} places)".strip()
            yield _Place(path, span, note)


def _contents(field: FieldRecord) -> str:
    value = "" if field.value is None else str(field.value)
    return value if field.status == "found" else f"{value} [{field.status}]".strip()


def _write(target: Path, data: bytes) -> None:
    try:
        target.write_bytes(data)
    except OSError as error:
        raise StoreError(f"{str(target)!r} can't be written: {error.strerror or error}") from error
