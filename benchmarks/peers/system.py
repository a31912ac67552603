"""What a system looks like to the benchmark."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import BaseModel

Result: TypeAlias = BaseModel | Exception | None
"""What a system found, or what it raised; None where it lost a document without a word."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a system is told.

    Attributes:
        url: where the provider is, without `/v1`.
        concurrency: documents that may be worked on at once.
        timeout: seconds after which a call is to be given up.
        rpm: the provider's requests a minute, for systems that take such limits; 0 if not known.
        tpm: the same of tokens.
        tokens: how long the documents are.
    """

    url: str
    concurrency: int
    timeout: float
    rpm: int
    tpm: int
    tokens: int


class System(ABC):
    """What is measured: it is opened, given all documents, and closed."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    async def open(self) -> None:  # noqa: B027 - most have nothing to get ready
        """Get ready; the clock does not run yet."""

    async def close(self) -> None:  # noqa: B027 - most have nothing to give back
        """Give back what is open."""

    @abstractmethod
    async def batch(self, documents: Sequence[str]) -> Sequence[Result]:
        """Extract all of them."""

    async def drain(self, documents: Sequence[str], take: Callable[[int, Result], None]) -> None:
        """Extract all of them, and hand each result over with the document's place.

        A system that can do so without keeping the results has a `drain` of its own.
        """
        for place, result in enumerate(await self.batch(documents)):
            take(place, result)


class OneByOne(System):
    """A system that has a call for one document, and none for many."""

    @abstractmethod
    async def one(self, document: str) -> Result:
        """Extract one document."""

    async def batch(self, documents: Sequence[str]) -> Sequence[Result]:
        """Extract all of them as most people do: a semaphore and `gather`."""
        gate = asyncio.Semaphore(self.setup.concurrency)

        async def guarded(document: str) -> Result:
            async with gate:
                try:
                    return await self.one(document)
                except Exception as error:
                    return error

        return await asyncio.gather(*map(guarded, documents))
