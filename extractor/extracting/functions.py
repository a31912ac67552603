"""`extract()` and `aextract()`: one contract, in one call."""

from __future__ import annotations

from typing import Unpack

from extractor.extracting.extractor import Extractor, Source
from extractor.extracting.options import Options, shows_options
from extractor.types import Extraction, T


@shows_options(Extractor)
def extract(document: Source, schema: type[T], **options: Unpack[Options]) -> Extraction[T]:
    """Turn one contract into a validated object whose values carry verified quotes.

    For more than one document use an `Extractor`, and keep its connections.

    Args:
        document: the contract.
        schema: the Pydantic model to fill.
        options: `Extractor`'s.

    Raises:
        ExtractorError: see `Extractor` and `Extractor.extract`; every subclass says what happened,
            what was billed and what to do.
    """
    with Extractor(schema, **options) as extractor:
        return extractor.extract(document)


@shows_options(Extractor)
async def aextract(document: Source, schema: type[T], **options: Unpack[Options]) -> Extraction[T]:
    """Do what `extract` does, on an event loop."""
    with Extractor(schema, **options) as extractor:
        return await extractor.aextract(document)
