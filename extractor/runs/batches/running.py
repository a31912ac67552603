"""Work through a run by batches, in rounds, until nothing is left.

In each round every document that can go on is begun anew with the replies that there are. It comes
to its end, or to a question without a reply; these go into batches. When one of them has ended, its
replies are kept, and the next round begins.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Generic

from extractor.errors import ConfigurationError, ExtractorError, ProviderError
from extractor.extracting.extractor import Extractor
from extractor.providers import Progress, silent
from extractor.providers.batches import BatchProvider
from extractor.runs.base import FileRow
from extractor.runs.batches.calls import BatchCalls
from extractor.runs.batches.collecting import Collecting
from extractor.runs.batches.deferring import Deferred, DeferringCore, Question
from extractor.runs.batches.handing_in import HandingIn, UnsureError
from extractor.runs.batches.polling import Poller, Polling
from extractor.runs.batches.records import Batches
from extractor.runs.documents import Documents, FileOutcome, ends_a_run, written
from extractor.runs.running import PAGE, Runner
from extractor.types import T

POLLING = Polling()
"""How often a provider is asked, if nobody says."""

_ATTEMPTS = 5
"""Times that a batch is handed in that a provider has no time for, with a wait in between."""


@dataclass(frozen=True, slots=True)
class Batching(Generic[T]):
    """What a run by batches works with: who is asked, and an extractor that sends nothing."""

    extractor: Extractor[T]
    core: DeferringCore
    batches: Batches
    api: BatchProvider


class BatchRunner(Runner[T]):
    """Works on what a journal has left to do, by batches.

    Args:
        documents: how one file is worked on; its extractor is that of `batching`.
        batching: who is asked.
        concurrency: how many files are worked on at once.
        limit: how many are worked on at most; None for all.
        only: the paths of those that are worked on; None for all.
        size: the most requests of a batch, if less than the provider allows.
        repairs: who asks, one by one, all but the first question about a document; None has these
            go into further batches.
        polling: how often the provider is asked.
        tell: is told what is waited for.
    """

    def __init__(
        self,
        documents: Documents[T],
        batching: Batching[T],
        *,
        concurrency: int,
        limit: int | None = None,
        only: Collection[str] | None = None,
        size: int | None = None,
        repairs: Runner[T] | None = None,
        polling: Polling | None = None,
        tell: Progress = silent,
    ) -> None:
        super().__init__(documents, concurrency=concurrency, limit=limit, only=only)
        self._batches, self._core, self._repairs = batching.batches, batching.core, repairs
        self._polling = polling or POLLING
        api, calls = batching.api, BatchCalls(batching.core.ledger)
        self._handing = HandingIn(self._batches, calls, api, grace=self._polling.grace)
        self._collecting = Collecting(self._batches, calls, api, batching.core.pricing)
        self._poller = Poller(
            *(self._batches, self._handing, self._collecting, api),
            polling=self._polling,
            tell=tell,
        )
        self._size = min(size or api.limits.requests, api.limits.requests)
        self._most_bytes = api.limits.bytes
        self._pack: list[Question] = []
        self._packed = 0
        self._packing = asyncio.Lock()
        self._known_keys: set[bytes] = set()
        self._admitted: set[int] = set()
        self._no_money: ExtractorError | None = None

    def stop(self) -> None:
        """Begin nothing new; batches go on at the provider, and so may the run, later."""
        super().stop()
        self._poller.stop()
        if self._repairs is not None:
            self._repairs.stop()

    @asynccontextmanager
    async def _at_work(self) -> AsyncGenerator[None]:
        """Have the run's batches to this process alone.

        Raises:
            ConfigurationError: another process works on the run.
        """
        if self._journal.others_at_work():
            raise ConfigurationError(
                "Another process works on this run, request by request.",
                hint="Let it end first: what is in a batch is not to be asked by it too.",
            )
        self._batches.take()
        try:
            async with super()._at_work():
                yield
        finally:
            self._batches.release()

    async def _work(self) -> AsyncGenerator[FileOutcome]:
        """Work in rounds, and then, if that is wanted, one by one.

        Closing this leaves what is in batches to be fetched later.
        """
        async with aclosing(self._rounds()) as done:
            async for outcome in done:
                yield outcome
        if self._repairs is not None and self._stopped is None and not self._is_stopping:
            async with aclosing(self._repairs.outcomes()) as done:
                async for outcome in done:
                    yield outcome

    async def _rounds(self) -> AsyncGenerator[FileOutcome]:
        self._admitted |= self._batches.waiting_files()
        while not self._is_stopping:
            if self._is_sure():
                async with aclosing(self._round()) as done:
                    async for outcome in done:
                        yield outcome
            if self._batches.open():
                await self._news()
            elif not self._core.refused:  # which the next round tells
                break
        if not self._is_stopping and self._no_money is not None:
            self._end_all(self._no_money)

    async def _round(self) -> AsyncGenerator[FileOutcome]:
        """Take every document as far as the replies go, and hand in what they end with."""
        self._no_money, told_now = None, set(self._core.refused)
        self._known_keys = self._batches.waiting_requests()
        async with aclosing(super()._work()) as done:
            async for outcome in done:
                yield outcome
        for key in told_now:  # that of a file that has changed comes up no more
            self._core.refused.pop(key, None)
        await written(self._journal.beat())  # and before it, what was put off is nobody's again
        async with self._packing:
            await self._hand_in()

    async def _news(self) -> None:
        try:
            ends = await self._poller.news()
        except ExtractorError as error:
            ends = error
        if ends is not None:
            self._end_all(ends)
        if refused := self._collecting.refused_size:
            self._size, self._collecting.refused_size = max(1, refused // 2), 0
            await self._poller.pause(
                self._polling.longest, "The provider has no room for more in batches now"
            )

    async def _files(self) -> AsyncGenerator[FileRow]:
        """Yield the files that are left, but for those that wait for a batch."""
        waiting, position = self._batches.waiting_files(), -1
        while rows := self._journal.unfinished(position, PAGE):
            position = rows[-1].position
            for row in rows:
                if self._is_stopping or self._no_money is not None or not self._is_sure():
                    return
                if row.position not in waiting and self._is_wanted(row) and self._admits(row):
                    yield row

    def _admits(self, file: FileRow) -> bool:
        """Say whether a file is among the first so many, if there is a limit."""
        is_room = self._limit is None or len(self._admitted) < self._limit
        if is_room:
            self._admitted.add(file.position)
        return file.position in self._admitted

    async def _worked_on(self, file: FileRow) -> FileOutcome | None:
        try:
            return await super()._worked_on(file)
        except Deferred as deferred:
            await self._put_off(deferred.question)
            return None

    async def _put_off(self, question: Question) -> None:
        """Have a question go into the next batch; those of equal files are one."""
        if self._repairs is not None and not question.is_first:
            return
        async with self._packing:
            if question.key in self._known_keys:
                return
            size = self._packed + question.size
            if len(self._pack) >= self._size or size > self._most_bytes:
                await self._hand_in()
            self._known_keys.add(question.key)
            self._pack.append(question)
            self._packed += question.size

    async def _hand_in(self) -> None:
        """Hand in what is packed; nothing while nobody knows whether the last batch arrived."""
        questions, self._pack, self._packed = self._pack, [], 0
        if not questions or self._is_stopping or not self._is_sure():
            return
        try:
            refused = await self._handed_in(questions)
        except UnsureError:
            return
        except ExtractorError as error:
            self._end_all(error)
            return
        for key, refusal in refused.items():
            if ends_a_run(refusal):
                self._no_money = refusal
            else:
                self._core.refused[key] = refusal

    async def _handed_in(self, questions: list[Question]) -> dict[bytes, ExtractorError]:
        """Hand in, again and again where the provider has no time for it."""
        for attempt in range(1, _ATTEMPTS):
            try:
                return {**await asyncio.to_thread(self._handing.hand_in, questions)}
            except ProviderError as error:
                if not error.retryable or self._is_stopping:
                    raise
                seconds = error.retry_after or self._polling.first * 2**attempt
                await self._poller.pause(seconds, f"{error.message}: handing in again")
        return {**await asyncio.to_thread(self._handing.hand_in, questions)}

    def _is_sure(self) -> bool:
        return all(batch.remote is not None for batch in self._batches.open())

    async def _renew(self) -> None:
        await super()._renew()
        await written(self._batches.beat())
