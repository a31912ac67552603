"""`extract_set()` and `aextract_set()`: a contract in several documents, extracted as one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TypeAlias, Unpack

from extractor.checks import check_warnings
from extractor.deriving import with_derived
from extractor.documents import read_document
from extractor.documents.document import Document
from extractor.errors import ExtractorError
from extractor.extracting.extractor import Extractor, Source
from extractor.extracting.options import SetOptions, check_documents, shows_options
from extractor.sets.model import DocumentSet, Role, SetExtraction, Stated
from extractor.sets.operative import operative
from extractor.sets.ordering import document_set
from extractor.sets.parts import part_of
from extractor.types import Extraction, Repair, T, Unverified

Part: TypeAlias = Source | tuple[Source, Stated]
"""One document of a set, alone or with what the caller knows of it."""

_WHAT: Mapping[Role, str] = {
    "base": "the agreement itself",
    "amendment": "an amendment, which states only what it changes or adds",
    "exhibit": "an exhibit to the agreement",
    "order_form": "an order form under the agreement",
    "restatement": "the agreement as amended and restated",
    "unknown": "of a kind that is not known",
}


@shows_options(Extractor, but=["second_look"])
def extract_set(
    documents: Sequence[Part], schema: type[T], **options: Unpack[SetOptions]
) -> SetExtraction[T]:
    """Turn a base agreement with its amendments, exhibits and order forms into one object.

    Each document is asked about by itself; code decides which of their values hold. The limits
    and the bill are those of all documents together.

    Args:
        documents: in any order; `(source, Stated(role=..., date=...))` says what one is.
        schema: the Pydantic model to fill.
        options: `Extractor`'s.

    Raises:
        ExtractorError: as `Extractor.extract`; an `ExtractionError` too where what the documents
            say together is no valid value.
    """
    unverified = options.get("unverified", "drop")
    with _extractor(schema, options) as extractor:
        return extract_with(extractor, schema, documents, unverified=unverified)


@shows_options(Extractor, but=["second_look"])
async def aextract_set(
    documents: Sequence[Part], schema: type[T], **options: Unpack[SetOptions]
) -> SetExtraction[T]:
    """Do what `extract_set` does, on an event loop."""
    unverified = options.get("unverified", "drop")
    with _extractor(schema, options) as extractor:
        found = await asyncio.to_thread(_set_of, documents)
        done = await extractor.aextract_together(_questions(found))
        return _joined(schema, found, done, unverified)


def _extractor(schema: type[T], options: SetOptions) -> Extractor[T]:
    return Extractor(part_of(schema), second_look=False, **options)


def extract_with(
    extractor: Extractor[T],
    schema: type[T],
    documents: Sequence[Part],
    *,
    unverified: Unverified = "drop",
) -> SetExtraction[T]:
    """Extract a set with an extractor of `part_of(schema)`, made with any of its options.

    Raises:
        ExtractorError: as `extract_set`.
    """
    found = _set_of(documents)
    done = extractor.extract_together(_questions(found))
    return _joined(schema, found, done, unverified)


def _set_of(documents: Sequence[Part]) -> DocumentSet:
    check_documents(documents)
    pairs = [each if isinstance(each, tuple) else (each, Stated()) for each in documents]
    return document_set([(read_document(source), stated) for source, stated in pairs])


def _questions(found: DocumentSet) -> list[tuple[Document, str]]:
    words = (
        "- This document is one of {n} that make up one contract: it is {what}. Answer only what "
        "this document itself states or changes. Don't answer what it only repeats or recites of "
        "the others, nor its own title or date where it is not the agreement itself."
    )
    total = len(found.members)
    return [(each.document, words.format(n=total, what=_WHAT[each.role])) for each in found.members]


def _joined(
    schema: type[T], found: DocumentSet, done: Sequence[Extraction[T]], unverified: Unverified
) -> SetExtraction[T]:
    last = done[-1]
    try:
        result = operative(schema, found, [each.fields for each in done], unverified=unverified)
    except ExtractorError as error:
        error.billed(attempts=last.attempts, usage=last.usage, cost_usd=last.cost_usd)
        raise
    texts = {member.name: member.document.text for member in found.members}
    value, by_path, failed = with_derived(
        result.value, result.fields, lambda item: texts.get(item.document or "", "")
    )
    told = [
        *found.warnings,
        *(
            f"{member.name}: {warning}"
            for member, each in zip(found.members, done, strict=True)
            for warning in each.warnings
        ),
        *result.warnings,
        *failed,
        *check_warnings(value, by_path),
    ]
    kept = {each.name: getattr(last, each.name) for each in fields(Extraction)}
    sizes = [len(member.document.text) for member in found.members]
    shown = sum(size * each.coverage for size, each in zip(sizes, done, strict=True))
    kept |= {
        "value": value,
        "fields": by_path,
        "repairs": (*_repairs(done), *result.repairs),
        "warnings": tuple(dict.fromkeys(told)),
        "coverage": shown / sum(sizes),
    }
    return SetExtraction(**kept, superseded=result.superseded, documents=found.members)


def _repairs(done: Sequence[Extraction[T]]) -> list[Repair]:
    """Return what was done to the answers; that a part has defaults says nothing."""
    return [each for one in done for each in one.repairs if each.kind != "default"]
