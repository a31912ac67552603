"""A document as plain JSON. The shape is a contract: keys are added, never changed or removed."""

from __future__ import annotations

from extractor.documents import Attachment, Clause, Document, Page, Rect
from extractor.types import JsonObject


def document_record(document: Document) -> JsonObject:
    """Return all of a document: {source, sha256, media_type, reader, text, pages, clauses,
    warnings, hidden, attachments}. `start` and `end` are code points of `text`.
    """
    return {
        "source": document.source,
        "sha256": document.sha256,
        "media_type": document.media_type,
        "reader": document.reader,
        "text": document.text,
        "pages": [_page(page) for page in document.pages],
        "clauses": [_clause(clause) for clause in document.clauses],
        "warnings": list(document.warnings),
        "hidden": [
            {"text": part.text, "reason": part.reason, "page": part.page}
            for part in document.hidden
        ],
        "attachments": [_attachment(attachment) for attachment in document.attachments],
    }


def rect_record(rect: Rect) -> JsonObject:
    """Return a box as {page, left, bottom, right, top}, in points to a hundredth."""
    return {
        "page": rect.page,
        "left": round(rect.left, 2),
        "bottom": round(rect.bottom, 2),
        "right": round(rect.right, 2),
        "top": round(rect.top, 2),
    }


def _page(page: Page) -> JsonObject:
    return {
        "number": page.number,
        "start": page.span.start,
        "end": page.span.end,
        "kind": page.kind,
        "width": page.width,
        "height": page.height,
        "confidence": page.confidence,
        "words": [
            {
                "start": word.span.start,
                "end": word.span.end,
                "rect": rect_record(word.rect),
                "confidence": word.confidence,
            }
            for word in page.words
        ],
    }


def _clause(clause: Clause) -> JsonObject:
    return {
        "number": clause.number,
        "title": clause.title,
        "level": clause.level,
        "start": clause.span.start,
        "end": clause.span.end,
        "parent": clause.parent,
    }


def _attachment(attachment: Attachment) -> JsonObject:
    return {
        "name": attachment.name,
        "media_type": attachment.media_type,
        "sha256": attachment.sha256,
        "size": attachment.size,
        "document": None if attachment.document is None else document_record(attachment.document),
        "problem": attachment.problem,
    }
