"""`extract_set()` and `aextract_set()`: a contract in several documents, extracted as one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TypeAlias

from extractor.asking.document import FALLBACK_ON
from extractor.calls.core import CallCore
from extractor.calls.ledger.spending import SpendingLimits
from extractor.calls.retry import RetryPolicy
from extractor.checks import check_warnings
from extractor.choices import ReasoningEffort
from extractor.deriving import with_derived
from extractor.documents import read_document
from extractor.documents.document import Document
from extractor.errors import ExtractorError
from extractor.extracting.extractor import DEADLINE, Extractor, Source
from extractor.extracting.options import check_documents
from extractor.planning.layout import CoverageMode
from extractor.providers import Progress, Provider, silent
from extractor.sets.model import DocumentSet, Role, SetExtraction, Stated
from extractor.sets.operative import operative
from extractor.sets.ordering import document_set
from extractor.sets.parts import part_of
from extractor.types import EvidenceMode, Extraction, Repair, T, Unverified

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


def extract_set(
    documents: Sequence[Part],
    schema: type[T],
    *,
    model: str | None = None,
    models: Sequence[str] = (),
    race: bool = False,
    fallback_on: tuple[type[ExtractorError], ...] = FALLBACK_ON,
    backend: str = "auto",
    evidence: EvidenceMode = "quotes",
    reasoning_effort: ReasoningEffort | None = None,
    unverified: Unverified = "drop",
    base_url: str | None = None,
    provider: Provider | None = None,
    providers: Mapping[str, Provider] | None = None,
    prompts: Path | str | None = None,
    instructions: str | None = None,
    max_attempts: int = 4,
    max_tokens: int | None = None,
    coverage: CoverageMode = "full",
    deadline: float | None = DEADLINE,
    retry: RetryPolicy | None = None,
    spending: SpendingLimits | None = None,
    metadata: Mapping[str, str] | None = None,
    core: CallCore | None = None,
    progress: Progress = silent,
) -> SetExtraction[T]:
    """Turn a base agreement with its amendments, exhibits and order forms into one object.

    Each document is asked about by itself; code decides which of their values hold. The limits
    and the bill are those of all documents together. The other arguments are `Extractor`'s.
    `documents` come in any order; `(source, Stated(role=..., date=...))` says what one is.

    Raises:
        ExtractorError: as `Extractor.extract`; an `ExtractionError` too where what the documents
            say together is no valid value.
    """
    with Extractor(
        part_of(schema),
        model=model,
        models=models,
        race=race,
        fallback_on=fallback_on,
        backend=backend,
        evidence=evidence,
        reasoning_effort=reasoning_effort,
        unverified=unverified,
        base_url=base_url,
        provider=provider,
        providers=providers,
        prompts=prompts,
        instructions=instructions,
        max_attempts=max_attempts,
        max_tokens=max_tokens,
        coverage=coverage,
        deadline=deadline,
        retry=retry,
        spending=spending,
        metadata=metadata,
        core=core,
        progress=progress,
    ) as extractor:
        return extract_with(extractor, schema, documents, unverified=unverified)


async def aextract_set(
    documents: Sequence[Part],
    schema: type[T],
    *,
    model: str | None = None,
    models: Sequence[str] = (),
    race: bool = False,
    fallback_on: tuple[type[ExtractorError], ...] = FALLBACK_ON,
    backend: str = "auto",
    evidence: EvidenceMode = "quotes",
    reasoning_effort: ReasoningEffort | None = None,
    unverified: Unverified = "drop",
    base_url: str | None = None,
    provider: Provider | None = None,
    providers: Mapping[str, Provider] | None = None,
    prompts: Path | str | None = None,
    instructions: str | None = None,
    max_attempts: int = 4,
    max_tokens: int | None = None,
    coverage: CoverageMode = "full",
    deadline: float | None = DEADLINE,
    retry: RetryPolicy | None = None,
    spending: SpendingLimits | None = None,
    metadata: Mapping[str, str] | None = None,
    core: CallCore | None = None,
    progress: Progress = silent,
) -> SetExtraction[T]:
    """Do what `extract_set` does, on an event loop."""
    with Extractor(
        part_of(schema),
        model=model,
        models=models,
        race=race,
        fallback_on=fallback_on,
        backend=backend,
        evidence=evidence,
        reasoning_effort=reasoning_effort,
        unverified=unverified,
        base_url=base_url,
        provider=provider,
        providers=providers,
        prompts=prompts,
        instructions=instructions,
        max_attempts=max_attempts,
        max_tokens=max_tokens,
        coverage=coverage,
        deadline=deadline,
        retry=retry,
        spending=spending,
        metadata=metadata,
        core=core,
        progress=progress,
    ) as extractor:
        found = await asyncio.to_thread(_set_of, documents)
        done = await extractor.aextract_together(_questions(found))
        return _joined(schema, found, done, unverified)


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
