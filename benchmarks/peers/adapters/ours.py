"""This project: one extractor for the whole batch, with everything as it is by default.

Quotes are asked for and checked, which no peer does; `ours_no_evidence` is what compares with them
in work. The provider is made by hand only because a timeout is set.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

from benchmarks.peers.schema import MODEL, SYSTEM, Contract
from benchmarks.peers.system import OneByOne, Result, Setup
from extractor import Extractor
from extractor.calls.core import CallCore
from extractor.calls.limits import RateLimiter, RateLimits
from extractor.extracting.outcomes import Ok
from extractor.providers.openai import OpenAIProvider
from extractor.types import EvidenceMode


class Ours(OneByOne):
    """Told of the limits where there are any."""

    evidence: EvidenceMode = "quotes"
    is_told = True

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        importlib.import_module("openai")  # as its peers do before the clock runs
        told = RateLimits(
            requests_per_minute=setup.rpm or None, tokens_per_minute=setup.tpm or None
        )
        self.provider = OpenAIProvider(base_url=f"{setup.url}/v1", read_timeout=setup.timeout)
        self.extractor = Extractor(
            Contract,
            model=MODEL,
            provider=self.provider,
            evidence=self.evidence,
            instructions=SYSTEM,
            core=CallCore(limiter=RateLimiter(ceilings=told if self.is_told else None)),
        )

    async def close(self) -> None:
        self.extractor.close()
        self.provider.close()

    async def one(self, document: str) -> Result:
        return (await self.extractor.aextract(document)).value

    async def drain(self, documents: Sequence[str], take: Callable[[int, Result], None]) -> None:
        """Extract from a generator, as is documented for many documents; no result is kept."""
        concurrency = self.setup.concurrency
        async for outcome in self.extractor.aextract_many(documents, concurrency=concurrency):
            if isinstance(outcome, Ok):
                take(outcome.position, outcome.extraction.value)
            else:
                take(outcome.position, outcome.error)


class OursNoEvidence(Ours):
    """Without quotes: one plain answer, like that of the peers."""

    evidence = "none"


class OursUntold(Ours):
    """The first one, without a word of the provider's limits."""

    is_told = False
