"""`extractor read FILE`: a document as it is read; `extractor read FOLDER`: what would be read."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from extractor.cli.documents import folder
from extractor.cli.exits import OK
from extractor.cli.reading import document_of, read_options
from extractor.cli.streams import Output
from extractor.cli.tables import table
from extractor.cli.terminal import Progress, safe, safe_lines
from extractor.documents import Attachment, Document
from extractor.documents.sniff import NAMES
from extractor.documents.structure.furniture import body_view
from extractor.errors import DocumentError
from extractor.outputs.document import document_record


def run(options: argparse.Namespace, out: Output) -> int:
    """Show one document, or list a folder; with --json an object, or a line for each file.

    A folder with files that can't be read ends as one of them would: its document failed.
    """
    how = read_options(options)
    if Path(options.file).is_dir():
        if options.show:
            raise DocumentError(
                f"{options.file!r} is a folder: --{options.show} shows one file",
                hint="Name a file, or leave the option out for a listing.",
            )
        return folder.show_files(Path(options.file), how, out, as_json=options.json)
    with Progress(f"Reading {safe(options.file)}"):
        document = document_of(options.file, how)
    if options.json:
        out.write_json(document_record(document))
    elif options.show == "pages":
        out.write(_pages(document, out))
    elif options.show == "clauses":
        out.write("\n".join(_clauses(document)) or "No clauses were found.")
    elif options.show == "view":
        body = body_view(document)
        out.write(safe_lines(body.text))
    else:
        out.write("\n".join(_summary(document)))
    return OK


def _summary(document: Document) -> Iterator[str]:
    kinds = Counter(page.kind for page in document.pages)
    pages = f"{len(document.pages):,} page{'s' if len(document.pages) != 1 else ''}"
    yield f"{safe(document.source)}: {safe(_kind(document.media_type))}"
    yield f"Pages: {pages} ({', '.join(f'{many} {kind}' for kind, many in kinds.items())})"
    yield f"Characters: {len(document.text):,}"
    yield f"Clauses: {len(document.clauses):,}"
    if document.reader:
        yield f"Reader: {safe(document.reader)}"
    yield f"SHA-256: {document.sha256}"
    if document.hidden:
        reasons = Counter(part.reason for part in document.hidden)
        size = sum(len(part.text) for part in document.hidden)
        told = ", ".join(f"{many} {safe(reason)}" for reason, many in reasons.items())
        yield f"Hidden: {size:,} characters that are not shown ({told})"
    for attachment in document.attachments:
        yield f"Attachment: {safe(attachment.name)}, {_attached(attachment)}"
    for warning in document.warnings:
        yield f"Warning: {safe(warning)}"


def _attached(attachment: Attachment) -> str:
    kind, size = safe(_kind(attachment.media_type)), f"{attachment.size:,} bytes"
    if attachment.document is None:
        return f"{kind}, {size}; not read: {safe(attachment.problem)}"
    return f"{kind}, {size}, {len(attachment.document.text):,} characters"


def _kind(media_type: str) -> str:
    return NAMES.get(media_type, media_type)


def _pages(document: Document, out: Output) -> str:
    rows = [
        (
            page.kind,
            page.number,
            f"{page.span.end - page.span.start:,}",
            "" if page.width is None else f"{page.width:.0f} x {page.height or 0:.0f}",
            "" if page.confidence is None else f"{page.confidence:.2f}",
        )
        for page in document.pages
    ]
    return table(("Kind", "Page", "Characters", "Points", "Confidence"), rows, out, texts=1)


def _clauses(document: Document) -> Iterator[str]:
    depths: list[int] = []
    for clause in document.clauses:
        depths.append(0 if clause.parent is None else depths[clause.parent] + 1)
        page = document.page_at(clause.span.start)
        size = clause.span.end - clause.span.start
        named = safe(f"{clause.number} {clause.title}".rstrip())
        yield f"{'  ' * depths[-1]}{named}  (page {page}, {size:,} characters)"
