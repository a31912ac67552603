"""`extract()` and `aextract()`: one contract, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from extractor.asking.document import FALLBACK_ON
from extractor.calls.core import CallCore
from extractor.calls.ledger.spending import SpendingLimits
from extractor.calls.retry import RetryPolicy
from extractor.choices import ReasoningEffort
from extractor.errors import ExtractorError
from extractor.extracting.extractor import DEADLINE, Extractor, Source
from extractor.planning.layout import CoverageMode
from extractor.providers import Progress, Provider, silent
from extractor.types import EvidenceMode, Extraction, T, Unverified


def extract(
    document: Source,
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
    second_look: bool = True,
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
) -> Extraction[T]:
    """Turn one contract into a validated object whose values carry verified quotes.

    The arguments are `Extractor`'s; for more than one document use that, and keep its connections.

    Raises:
        ExtractorError: see `Extractor` and `Extractor.extract`; every subclass says what happened,
            what was billed and what to do.
    """
    with Extractor(
        schema,
        model=model,
        models=models,
        race=race,
        fallback_on=fallback_on,
        backend=backend,
        evidence=evidence,
        reasoning_effort=reasoning_effort,
        unverified=unverified,
        second_look=second_look,
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
        return extractor.extract(document)


async def aextract(
    document: Source,
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
    second_look: bool = True,
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
) -> Extraction[T]:
    """Do what `extract` does, on an event loop."""
    with Extractor(
        schema,
        model=model,
        models=models,
        race=race,
        fallback_on=fallback_on,
        backend=backend,
        evidence=evidence,
        reasoning_effort=reasoning_effort,
        unverified=unverified,
        second_look=second_look,
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
        return await extractor.aextract(document)
