"""What becomes of one document among many: an extraction, or why there is none; never nothing."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar, cast

from extractor.documents.document import Document
from extractor.documents.sources import is_path
from extractor.errors import ExtractorError, InternalError
from extractor.extracting.spreading import each, spread
from extractor.types import Extraction, T

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Ok(Generic[T]):
    """A document that was extracted.

    Attributes:
        position: its place among the documents, from 0.
        source: what it is called: its path or name, `<text>` or `<bytes>`.
        extraction: as `extract` returns it.
    """

    position: int
    source: str
    extraction: Extraction[T]


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that was not; `error` says why, what was billed and what to do.

    `position` and `source` are as those of `Ok`.
    """

    position: int
    source: str
    error: ExtractorError


Outcome: TypeAlias = Ok[T] | Failed


async def outcomes(
    documents: Iterable[S] | AsyncIterable[S],
    extract: Callable[[S], Awaitable[Extraction[T]]],
    *,
    concurrency: int,
) -> AsyncGenerator[Outcome[T]]:
    """Yield what becomes of each document, in the order in which they are done (see `spread`)."""

    async def outcome(numbered: tuple[int, S]) -> Outcome[T]:
        position, document = numbered
        source = called(document)
        try:
            return Ok(position, source, await extract(document))
        except ExtractorError as error:
            return Failed(position, source, error)
        except Exception as error:
            return Failed(position, source, unexpected(error))

    async with aclosing(spread(_numbered(documents), outcome, concurrency=concurrency)) as done:
        async for outcome_of_one in done:
            yield outcome_of_one


def unexpected(error: Exception) -> InternalError:
    """Return what nobody raises on purpose as one of ours; it is the `__cause__`."""
    told = InternalError(f"{type(error).__name__} was raised, which nobody expected.")
    told.__cause__ = error
    return told


def called(document: object) -> str:
    """Say what a document is called, without a word of it.

    >>> called("lease.pdf"), called("A lease of two years.")
    ('lease.pdf', '<text>')
    """
    if isinstance(document, Document):
        return document.source
    if isinstance(document, str):
        return document if is_path(document) else "<text>"
    if isinstance(document, bytes):
        return "<bytes>"
    if isinstance(document, os.PathLike):
        return os.fsdecode(cast("os.PathLike[str]", document))
    return f"<{type(document).__name__}>"


async def _numbered(documents: Iterable[S] | AsyncIterable[S]) -> AsyncGenerator[tuple[int, S]]:
    position = 0
    async for document in each(documents):
        yield position, document
        position += 1
