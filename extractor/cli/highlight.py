"""`extractor highlight FILE RESULT.json -o out.pdf`: an extraction's quotes marked in the PDF."""

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
from extractor.outputs.result import FieldRecord, Result, check_document, read_result
from extractor.plurals import counted
from extractor.types import Span


class _Place(NamedTuple):
    """Where a highlight goes, and the note to show with it."""

    path: str
    span: Span
    note: str


def run(options: argparse.Namespace, out: Output) -> int:
    """Write a copy with each field's quotes highlighted; --json: {output, highlights, unplaced}.

    Every place of a quote is marked. The note at the first, the one that the result goes by, is the
    value; those at the others say which of how many they are.
    """
    result = read_result(Path(options.result))
    target = Path(options.output)
    for given in (Path(options.file), Path(options.result)):
        if target.resolve() == given.resolve():
            raise DocumentError(
                f"{str(target)!r} would overwrite {str(given)!r}; name another file"
            )
    how = read_options(options)
    with Progress(f"Reading {safe(options.file)}"):
        document = document_of(options.file, how)
        check_document(result, document, name=options.result)
        places = [*_places(result, document)]
        boxes = rects(Path(options.file), document, [place.span for place in places], options=how)
        highlights = [
            Highlight(found, title=place.path, contents=place.note)
            for place, found in zip(places, boxes, strict=True)
            if found
        ]
        data = highlight(Path(options.file), highlights, password=how.password)
    _write(target, data)
    placed = {highlight.title for highlight in highlights}
    unplaced = [path for path in result.fields if path not in placed]
    if options.json:
        out.write_json({"output": str(target), "highlights": len(highlights), "unplaced": unplaced})
        return OK
    out.write(f"{safe(target)}: {counted(len(highlights), 'highlight')}.")
    if unplaced:
        print(f"Without a place in the document: {safe(', '.join(unplaced))}.", file=sys.stderr)
    return OK


def _places(result: Result, document: Document) -> Iterator[_Place]:
    """Yield the places of each field's quotes, the chosen one first.

    A passage that only resembles the quote is no other place of it.
    """
    for path, field in result.fields.items():
        held = [e for i, e in enumerate(field.evidence) if not i or e.status != "altered"]
        spans = dict.fromkeys(
            Span(e.start, e.end) for e in held if e.start is not None and e.end is not None
        )
        for number, span in enumerate(spans, start=1):
            if not 0 <= span.start < span.end <= len(document.text):
                raise DocumentError(
                    f"The result's place of {path} is not in this document",
                    hint="Read it with the same --ocr, --hidden and version as it was extracted "
                    "with.",
                )
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
