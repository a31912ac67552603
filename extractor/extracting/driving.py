"""Who performs the steps of an extraction: the only place where one meets a provider.

What is to be done is one generator of steps (`asking/document.py`); here it is driven, blocking or
on an event loop, with a span for the whole and one for each POST.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Generic, cast

from extractor.asking.candidates import Candidate
from extractor.asking.document import Asking
from extractor.calls.race import first_success, run_apart
from extractor.calls.steps import Count, Post, Reply, Steps, aperform, perform
from extractor.errors import APITimeoutError
from extractor.extracting import telemetry
from extractor.providers import Progress, Provider
from extractor.providers.base import CountsTokens
from extractor.types import Extraction, T

_GRACE = 0.25
"""Seconds after its time within which a provider may still end a call by itself."""


class Driver(Generic[T]):
    """Sends what an extraction asks for to the provider that it asks.

    Args:
        candidates: the models that may answer.
        race: whether the first two are asked at once.
        progress: is told what is being done and what is waited for.
    """

    def __init__(
        self, candidates: tuple[Candidate[T], ...], *, race: bool, progress: Progress
    ) -> None:
        self._candidates = candidates
        self._race = race
        self._progress = progress
        self._providers = {each.target: each.provider for each in candidates}

    def run(self, asking: Asking[T]) -> Extraction[T]:
        """Ask about one document, blocking; works inside a running event loop too."""
        with self._span() as span, asking.billed():
            if self._race:
                return span.ended(run_apart(self._raced(asking)))
            done = perform(asking.in_turn(), lambda step: self._post(step, asking), self._progress)
            return span.ended(done)

    async def arun(self, asking: Asking[T]) -> Extraction[T]:
        """Do the same on an event loop."""
        with self._span() as span, asking.billed():
            if self._race:
                return span.ended(await self._raced(asking))
            return span.ended(await self._adrive(asking.in_turn(), asking))

    async def _raced(self, asking: Asking[T]) -> Extraction[T]:
        """Ask the first two at once, and the others in turn where neither has answered."""
        runs = [
            aperform(asking.alone(number), lambda step: self._apost(step, asking), self._progress)
            for number in (0, 1)
        ]
        try:
            winner, extraction, failures = await first_success(runs)
        except ExceptionGroup as group:
            return await self._unraced(asking, *group.exceptions)
        asking.pass_over(1 - winner, failures.get(1 - winner))
        return asking.with_bill(extraction)

    async def _unraced(
        self, asking: Asking[T], first: Exception, second: Exception
    ) -> Extraction[T]:
        """Go on where neither of two has answered: with the others, or with one, in patience.

        In a race nobody waits for an outage, which one model alone would have sat out.
        """
        if len(self._candidates) > 2:
            asking.pass_over(0, first)
            asking.pass_over(1, second)
            return await self._adrive(asking.in_turn(start=2), asking)
        for number, error, other in ((1, second, first), (0, first, second)):
            if asking.is_worth_waiting(error):
                asking.pass_over(1 - number, other)
                return await self._adrive(asking.in_patience(number), asking)
        asking.pass_over(0, first)
        raise second from None

    async def _adrive(self, steps: Steps[Extraction[T]], asking: Asking[T]) -> Extraction[T]:
        return await aperform(steps, lambda step: self._apost(step, asking), self._progress)

    def _post(self, step: Post, asking: Asking[T]) -> Reply:
        provider = self._providers[step.target]
        self._tell(step, asking)
        if isinstance(step, Count):
            counter = cast(CountsTokens, provider)
            return counter.count_tokens(step.request, timeout=step.timeout)
        with telemetry.call(step, provider) as span:
            return span.answered(provider.send(step.request, timeout=step.timeout))

    async def _apost(self, step: Post, asking: Asking[T]) -> Reply:
        provider = self._providers[step.target]
        self._tell(step, asking)
        if isinstance(step, Count):
            counter = cast(CountsTokens, provider)
            async with _in_time(step, provider):
                return await counter.acount_tokens(step.request, timeout=step.timeout)
        with telemetry.call(step, provider) as span:
            async with _in_time(step, provider):
                return span.answered(await provider.asend(step.request, timeout=step.timeout))

    def _span(self) -> AbstractContextManager[telemetry.ExtractionSpan]:
        first = self._candidates[0]
        return telemetry.extraction(
            schema=first.plan.schema.__name__,
            model=first.model,
            technique=first.plan.backend.name,
        )

    def _tell(self, step: Post, asking: Asking[T]) -> None:
        if isinstance(step, Count):
            self._progress(f"Asking {step.target} for the tokens of a request")
            return
        size = sum(len(message.content) for message in step.request.messages)
        again = "again, " if asking.has_asked(step.target) else ""
        technique = asking.techniques[step.target]
        self._progress(f"Asking {step.target} ({technique}) {again}with {size:,} characters")


@asynccontextmanager
async def _in_time(step: Post, provider: Provider) -> AsyncGenerator[None]:
    """End a POST by a provider that doesn't heed its timeout; ours end by themselves."""
    try:
        async with asyncio.timeout(None if step.timeout is None else step.timeout + _GRACE):
            yield
    except TimeoutError:
        raise APITimeoutError(
            f"{provider.name} did not answer in time", provider=provider.name, may_be_billed=True
        ) from None
