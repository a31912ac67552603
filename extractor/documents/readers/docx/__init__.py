"""DOCX: the accepted text of a Word file, with the clause numbers that Word prints."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from extractor.documents.document import Document, has_text
from extractor.documents.options import ReadOptions
from extractor.documents.readers.docx.body import Body
from extractor.documents.readers.docx.numbering import Numbering
from extractor.documents.readers.docx.package import (
    Package,
    Relationship,
    package_warnings,
)
from extractor.documents.readers.docx.styles import Styles
from extractor.documents.readers.docx.writing import Parts
from extractor.documents.readers.docx.xml import (
    NAMESPACES,
    attribute,
    find,
    find_all,
    switch,
)
from extractor.documents.readers.elements import Element
from extractor.documents.readers.paged import document_of
from extractor.documents.sniff import DOCX
from extractor.errors import UnreadableDocumentError
from extractor.plurals import counted

_LONG = 4_000
"""Characters that hardly fit on one page."""


def read_docx(data: bytes, source: str, options: ReadOptions) -> Document:
    """Read a Word file as it reads with all tracked changes accepted.

    Insertions and moved-to text are kept, deletions left out. Automatic numbers are part of the
    text. Footnotes and endnotes follow the paragraph that cites them, on lines that begin with
    their mark ("[1]", "[i]"), as text boxes follow the one they are anchored in. A header that only
    the first page has (a letterhead) is the beginning of the text; other headers and footers are
    left out. Placeholders that nobody filled in are text, as they are on paper. Cells are joined by
    " | ", rows are lines. Pages are those that Word noted when it last saved the file, and those of
    explicit breaks.

    Raises:
        EncryptedDocumentError: its parts are encrypted.
        HostileDocumentError: it passes one of `options.limits`, or holds what no DOCX may.
        UnreadableDocumentError: it is broken.
        EmptyDocumentError: there is no text to see in it.
    """
    package = Package(data, source, options.limits)
    main = package.main_part()
    relations = package.relationships(main)
    root = package.xml(main)
    body = find(root, "w:body")
    if root is None or body is None:
        raise UnreadableDocumentError(f"{source} is a package without a text document")
    parts = _parts(package, relations, root, source, options)
    letterhead, headers = _headers(package, relations, body, parts)
    reading = Body(parts)
    lines = reading.read(body)
    marked = "\n".join([*letterhead, *lines])
    warnings = [
        *reading.warnings(),
        *package_warnings(package, relations),
        *_comments(package, relations),
        *headers,
        *(f"Numbers of the kind {kind} are shown in figures" for kind in parts.numbering.unknown),
    ]
    if not reading.pages.rendered and len(marked) > _LONG:
        warnings.append("It does not tell where its pages end: only explicit breaks are known")
    return document_of(
        marked,
        data,
        source,
        media_type=DOCX,
        reader=f"docx (lxml {etree.__version__})",
        hidden=reading.hidden,
        taken=options.hidden,
        warnings=warnings,
    )


def _parts(
    package: Package,
    relations: dict[str, Relationship],
    root: Element,
    source: str,
    options: ReadOptions,
) -> Parts:
    styles = Styles(_related(package, relations, "styles"))
    notes = {
        (f"w:{kind}", attribute(note, "id") or ""): note
        for kind in ("footnote", "endnote")
        for note in find_all(_related(package, relations, f"{kind}s"), f"w:{kind}")
    }
    return Parts(
        styles=styles,
        numbering=Numbering(_related(package, relations, "numbering"), styles),
        notes=notes,
        background=attribute(find(root, "w:background"), "color") or "FFFFFF",
        hidden=options.hidden,
        room=options.limits.unpacked,
        source=source,
    )


def _related(package: Package, relations: dict[str, Relationship], kind: str) -> Element | None:
    """Return the part of a kind that a document has at most one of."""
    for relation in relations.values():
        if relation.kind == kind and relation.target:
            return package.xml(relation.target)
    return None


def _comments(package: Package, relations: dict[str, Relationship]) -> list[str]:
    number = len(find_all(_related(package, relations, "comments"), "w:comment"))
    return [f"Left out: {counted(number, 'comment')}"] if number else []


def _headers(
    package: Package, relations: dict[str, Relationship], body: Element, parts: Parts
) -> tuple[list[str], list[str]]:
    """Return the lines of a letterhead, and a warning of what other headers and footers say."""
    first = _first_header(body)
    letterhead: list[str] = []
    others = 0
    for key, relation in relations.items():
        if relation.kind not in ("header", "footer") or not relation.target:
            continue
        story = package.xml(relation.target)
        if story is None:
            continue
        own = replace(parts, numbering=Numbering(None, parts.styles), hidden=False)
        lines = [line for line in Body(own).read(story) if has_text(line)]
        if key == first:
            letterhead = lines
        else:
            others += any(any(c.isalpha() for c in line) for line in lines)
    told = f"Left out: {counted(others, 'header or footer', 'headers and footers')}"
    return letterhead, [told] if others else []


def _first_header(body: Element) -> str | None:
    """Return the id of the header that only the first page has: a letterhead."""
    section = find(body, ".//w:sectPr")
    if switch(find(section, "w:titlePg")) is not True:
        return None
    for reference in find_all(section, "w:headerReference"):
        if attribute(reference, "type") == "first":
            return reference.get(f"{{{NAMESPACES['r']}}}id")
    return None
