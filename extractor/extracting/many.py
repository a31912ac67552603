"""`extract_many()` and `aextract_many()`: any number of contracts, a few at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable, Mapping, Sequence
from contextlib import aclosing, closing
from pathlib import Path
from typing import TypedDict, Unpack

from extractor.calls.core import CallCore
from extractor.calls.ledger.spending import SpendingLimits
from extractor.calls.retry import RetryPolicy
from extractor.choices import ReasoningEffort
from extractor.errors import ExtractorError
from extractor.extracting.extractor import CONCURRENCY, Extractor, Source
from extractor.extracting.outcomes import Outcome
from extractor.planning.layout import CoverageMode
from extractor.providers import Progress, Provider
from extractor.types import EvidenceMode, T, Unverified


class Options(TypedDict, total=False):
    """`Extractor`'s arguments by name; it says what they mean, and their defaults."""

    model: str | None
    models: Sequence[str]
    race: bool
    fallback_on: tuple[type[ExtractorError], ...]
    backend: str
    evidence: EvidenceMode
    reasoning_effort: ReasoningEffort | None
    unverified: Unverified
    second_look: bool
    base_url: str | None
    provider: Provider | None
    providers: Mapping[str, Provider] | None
    prompts: Path | str | None
    instructions: str | None
    max_attempts: int
    max_tokens: int | None
    coverage: CoverageMode
    deadline: float | None
    retry: RetryPolicy | None
    spending: SpendingLimits | None
    metadata: Mapping[str, str] | None
    core: CallCore | None
    progress: Progress


def extract_many(
    documents: Iterable[Source],
    schema: type[T],
    *,
    concurrency: int = CONCURRENCY,
    **options: Unpack[Options],
) -> Generator[Outcome[T]]:
    """Extract any number of contracts, and yield what becomes of each as soon as it is known.

    See `Extractor.extract_many`.

    Args:
        documents: the contracts; taken only when there is room to work on them, in a thread of
            their own.
        schema: the Pydantic model to fill.
        concurrency: how many are worked on at once.
        options: `Extractor`'s.

    Raises:
        ConfigurationError: nothing can be extracted with these options.
    """
    with (
        Extractor(schema, **options) as extractor,
        closing(extractor.extract_many(documents, concurrency=concurrency)) as outcomes,
    ):
        yield from outcomes


async def aextract_many(
    documents: Iterable[Source] | AsyncIterable[Source],
    schema: type[T],
    *,
    concurrency: int = CONCURRENCY,
    **options: Unpack[Options],
) -> AsyncGenerator[Outcome[T]]:
    """Do what `extract_many` does, on an event loop; the documents may come asynchronously.

    They are taken on that loop: where the next one is waited for, they should.
    """
    with Extractor(schema, **options) as extractor:
        async with aclosing(
            extractor.aextract_many(documents, concurrency=concurrency)
        ) as outcomes:
            async for outcome in outcomes:
                yield outcome
