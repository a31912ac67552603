"""Waiting for batches: how far they are is asked for again and again, ever less often."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from extractor.errors import ExtractorError, ProviderError
from extractor.providers import Progress
from extractor.providers.batches import BatchProvider
from extractor.runs.batches.collecting import Collecting
from extractor.runs.batches.handing_in import HandingIn
from extractor.runs.batches.records import Batch, Batches, BatchState

_TELL_AGAIN = 10.0
"""Seconds after which a wait is told again, for whoever has just begun to look."""


@dataclass(frozen=True, slots=True)
class Polling:
    """How often a provider is asked, in seconds.

    Args:
        first: until it is asked again for the first time; twice as long each further time.
        longest: between two questions at most.
        outage: for which it may fail to answer.
        grace: after which a batch that was on its way is in its list, or never will be.
    """

    first: float = 2.0
    longest: float = 60.0
    outage: float = 600.0
    grace: float = 120.0


class Poller:
    """Waits until there is news of a run's batches, and has it written down.

    Args:
        batches: the run's.
        handing: finds those of which nobody knows whether they arrived.
        collecting: writes down what came of those that have ended.
        api: who is asked.
        polling: how often.
        tell: is told what is waited for.
    """

    def __init__(
        self,
        batches: Batches,
        handing: HandingIn,
        collecting: Collecting,
        api: BatchProvider,
        *,
        polling: Polling,
        tell: Progress,
    ) -> None:
        self._batches, self._handing, self._collecting = batches, handing, collecting
        self._api, self._polling, self._tell = api, polling, tell
        self._stopped = asyncio.Event()
        self._failing_since: float | None = None

    def stop(self) -> None:
        """End all waits at once, now and later."""
        self._stopped.set()

    async def news(self) -> ExtractorError | None:
        """Wait until a batch has ended, or it is known whether one arrived; or until stopped.

        Returns:
            What would meet every other request too, if there was such a thing.

        Raises:
            ProviderError: the provider can't be asked for longer than an outage lasts.
            StoreError: what came can't be written down.
        """
        interval = self._polling.first
        while not self._stopped.is_set():
            before = self._batches.open()
            ends = await self._looked(before)
            after = self._batches.open()
            if ends is not None or _states(after) != _states(before) or not after:
                return ends
            await self.pause(interval, _told(after, interval))
            interval = min(2 * interval, self._polling.longest)
        return None

    async def pause(self, seconds: float, why: str) -> None:
        """Let some time pass, unless it is stopped."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self._stopped.is_set():
            self._tell(why)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), min(left, _TELL_AGAIN))

    async def _looked(self, batches: Sequence[Batch]) -> ExtractorError | None:
        """Look at each; a provider that can't be asked is asked again, as long as an outage."""
        ends: ExtractorError | None = None
        for batch in batches:
            if self._stopped.is_set():
                break
            try:
                ends = await asyncio.to_thread(self._look, batch) or ends
            except ProviderError as error:
                now = time.monotonic()
                self._failing_since = self._failing_since or now
                if not error.retryable or now - self._failing_since > self._polling.outage:
                    raise
                self._tell(f"{error.message}: asking again")
                break
            self._failing_since = None
        return ends

    def _look(self, batch: Batch) -> ExtractorError | None:
        if batch.state == "reserving":
            self._handing.give_up(batch)
            return None
        found = batch if batch.remote else self._handing.find(batch)
        if found is None or found.remote is None:
            return None
        status = self._api.status(found.remote)
        self._batches.progress(found, status.done, status.total)
        return self._collecting.collect(found, status) if status.is_over else None


def _states(batches: Sequence[Batch]) -> dict[int, BatchState]:
    return {batch.id: batch.state for batch in batches}


def _told(batches: Sequence[Batch], seconds: float) -> str:
    """Say how far batches are."""
    done, count = (
        sum(counts) for counts in zip(*((b.done, b.count) for b in batches), strict=True)
    )
    many = "1 batch" if len(batches) == 1 else f"{len(batches):,} batches"
    unsure = " (looking whether the last one has arrived)" if not batches[-1].remote else ""
    return (
        f"{many} under way, {done:,} of {count:,} requests done{unsure}; "
        f"asking again in {seconds:.0f} s"
    )
