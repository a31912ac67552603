"""Where the quotes of a result stand in its document, for whoever marks them there."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.documents import Document
from extractor.errors import DocumentError
from extractor.outputs.result import EvidenceRecord
from extractor.types import Span


def places_of(evidence: Sequence[EvidenceRecord], document: Document, *, path: str) -> list[Span]:
    """Return the places of a field's quotes, the one that the result goes by first.

    A passage that only resembles the quote is no other place of it.

    Args:
        evidence: the field's, all of this document.
        document: what the result is about.
        path: the field's, for the error.

    Raises:
        DocumentError: the document has no such place, or other words there.
    """
    held = [each for i, each in enumerate(evidence) if not i or each.status != "altered"]
    spans: dict[Span, None] = {}
    for each in held:
        if each.start is None or each.end is None:
            continue
        is_inside = 0 <= each.start < each.end <= len(document.text)
        words = document.text[each.start : each.end]
        if not is_inside or each.text not in (None, words):
            raise DocumentError(
                f"The result's place of {path} is not in this document",
                hint="Read it with the same --ocr, --hidden and version as it was extracted with.",
            )
        spans[Span(each.start, each.end)] = None
    return list(spans)
