"""`extract_many()` and `aextract_many()`: any number of contracts, a few at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable
from contextlib import aclosing, closing
from typing import Unpack

from extractor.extracting.extractor import CONCURRENCY, Extractor, Source
from extractor.extracting.options import Options, shows_options
from extractor.extracting.outcomes import Outcome
from extractor.types import T


@shows_options(Extractor)
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


@shows_options(Extractor)
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
