"""An extraction as one HTML page: its fields beside the contract, each quote where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.documents import Document
from extractor.errors import DocumentError
from extractor.outputs.html import html_template
from extractor.outputs.marked import Mark, Stretch, stretches
from extractor.outputs.places import places_of
from extractor.outputs.record import extraction_record, set_record
from extractor.outputs.result import (
    TO_CHECK,
    EvidenceRecord,
    FieldRecord,
    Result,
    SupersededRecord,
    check_document,
)
from extractor.sets.model import SetExtraction
from extractor.types import Extraction

_PAGE = Path(__file__).with_name("review.html.jinja")

_MOST = 3
"""Quotes of a field that are shown unfolded: a party's name may stand on every page."""


@dataclass(frozen=True, slots=True)
class _Quote:
    """A quote beside its field: a link to its place, or the words that are nowhere."""

    words: str
    status: str
    document: str | None = None
    page: int | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class _Field:
    """A field as it is shown: `number` stands behind each of its marks in the text."""

    number: int
    path: str
    record: FieldRecord
    quotes: Sequence[_Quote]

    @property
    def needs_check(self) -> bool:
        return self.record.status in TO_CHECK

    @property
    def superseded(self) -> SupersededRecord | None:
        return self.record if isinstance(self.record, SupersededRecord) else None


@dataclass(frozen=True, slots=True)
class _Source:
    """A document as it is shown, and the marks that the fields have left in it."""

    number: int
    name: str | None
    about: str
    document: Document
    marks: list[Mark] = field(default_factory=list[Mark])

    @property
    def stretches(self) -> Iterator[Stretch]:
        return stretches(self.document, self.marks)


@dataclass(frozen=True, slots=True)
class Review:
    """A result beside its documents, to be written as a page."""

    result: Result
    sources: Sequence[_Source]
    fields: Sequence[_Field]

    @classmethod
    def of(cls, result: Result, documents: Sequence[Document], *, name: str = "result") -> Review:
        """Put a result beside its documents.

        Args:
            result: of one document, or of a set.
            documents: what it was extracted from, in any order.
            name: the result's, for errors.

        Raises:
            DocumentError: it is about another document, or about more than are given.
        """
        sources = _sources(result, documents, name)
        return cls(result, sources, [*_fields(result, sources)])

    @property
    def highlights(self) -> int:
        """How many places are marked."""
        return sum(len(source.marks) for source in self.sources)

    @property
    def unplaced(self) -> list[str]:
        """The fields without a place in any document."""
        placed = {each.path for each in self.fields if any(quote.link for quote in each.quotes)}
        return [path for path in self.result.fields if path not in placed]

    def html(self) -> str:
        """Return the page; see `review_page`."""
        return html_template(_PAGE).render(
            result=self.result,
            title=", ".join(source.document.source for source in self.sources),
            sources=self.sources,
            fields=self.fields,
            most=_MOST,
            to_check=[each for each in self.fields if each.needs_check and not each.superseded],
            counts=Counter(each.status for each in self.result.fields.values()).most_common(),
        )


def review_page(extraction: Extraction[Any], *documents: Document) -> str:
    """Return an extraction as HTML: its fields on one side, the contract with its quotes beside.

    The page is one file without scripts, which fetches nothing: it can be kept, mailed, or served.
    It holds the contract's whole text.

    Args:
        extraction: of one document, or of a set.
        documents: what it was extracted from; a set has its own.

    Raises:
        DocumentError: the extraction is about another document.
    """
    if isinstance(extraction, SetExtraction):
        documents = documents or tuple(member.document for member in extraction.documents)
        record = set_record(extraction)
    else:
        record = extraction_record(extraction)
    record["schema"] = type(extraction.value).__name__
    return Review.of(Result.model_validate(record), documents).html()


def _sources(result: Result, documents: Sequence[Document], name: str) -> list[_Source]:
    if result.documents is None:
        if len(documents) != 1:
            raise DocumentError(f"{name!r} is about one document, not {len(documents)}")
        check_document(result, documents[0], name=name)
        return [_Source(1, None, "", documents[0])]
    given = {document.sha256: document for document in documents}
    sources: list[_Source] = []
    for number, each in enumerate(result.documents, start=1):
        document = given.get(each.sha256)
        if document is None:
            raise DocumentError(
                f"{name!r} is about {each.name!r} too, which is not given",
                hint="Give all files of the set, the very ones that were extracted.",
            )
        about = ", ".join(filter(None, (each.role, each.date)))
        sources.append(_Source(number, each.name, about, document))
    return sources


def _fields(result: Result, sources: Sequence[_Source]) -> Iterator[_Field]:
    """Yield what holds, each value with those behind it that don't; mark all their quotes."""
    for number, (path, record) in enumerate(_records(result), start=1):
        quotes = [quote for source in sources for quote in _marked(number, path, record, source)]
        missing = [
            _Quote(each.quote, each.status, each.document)
            for each in record.evidence
            if each.start is None and each.quote
        ]
        yield _Field(number, path, record, [*quotes, *missing])


def _records(result: Result) -> Iterator[tuple[str, FieldRecord]]:
    """Yield each path with what holds there, and behind it with what does not any more."""
    for path in dict.fromkeys((*result.fields, *result.superseded)):
        if path in result.fields:
            yield path, result.fields[path]
        for superseded in result.superseded.get(path, ()):
            yield path, superseded


def _marked(number: int, path: str, record: FieldRecord, source: _Source) -> Iterator[_Quote]:
    """Mark the quotes of a field that stand in one document, and yield them with their links."""
    own = [each for each in record.evidence if source.name in (None, each.document)]
    said = {(each.start, each.end): each for each in reversed(own)}
    for span in places_of(own, source.document, path=path):
        evidence: EvidenceRecord = said[span.start, span.end]
        needs_check = record.status in TO_CHECK or isinstance(record, SupersededRecord)
        source.marks.append(Mark(span, number, needs_check))
        yield _Quote(
            source.document.text[span.start : span.end],
            evidence.status,
            source.name,
            source.document.page_at(span.start) if len(source.document.pages) > 1 else None,
            f"d{source.number}-{span.start}",
        )
