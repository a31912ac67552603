"""Work through a run: claim, read, ask, write; a few documents at a time, until none is left."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Generic

from extractor.errors import ExtractorError, StoreError
from extractor.extracting.spreading import spread
from extractor.runs.base import FileRow
from extractor.runs.documents import Documents, FileOutcome, written
from extractor.types import T

_BEAT = 15.0
"""Seconds between two heartbeats, a quarter of a lease."""

PAGE = 200
"""Files that are looked up in the journal at once."""

_LOOK_AGAIN = 0.5
"""Seconds after which a process that has nothing to do looks whether another one has died."""


class Runner(Generic[T]):
    """Works on what a journal has left to do, until nothing is, or it is stopped.

    Args:
        documents: how one file is worked on.
        concurrency: how many are worked on at once.
        limit: how many are worked on at most; None for all.
        only: the paths of those that are worked on; None for all.
    """

    def __init__(
        self,
        documents: Documents[T],
        *,
        concurrency: int,
        limit: int | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        self._limit, self._taken, self._only = limit, 0, only
        self._documents, self._journal = documents, documents.journal
        self._concurrency = concurrency
        self._began: dict[int, tuple[str, float]] = {}
        self._stopped: ExtractorError | None = None
        self._is_stopping = False

    @property
    def under_way(self) -> dict[str, float]:
        """The files that are being worked on, and for how many seconds, the longest first."""
        now = time.monotonic()
        began = sorted(self._began.values(), key=lambda each: each[1])
        return {path: now - at for path, at in began}

    def stop(self) -> None:
        """Begin nothing new; what is under way goes on."""
        self._is_stopping = True

    async def outcomes(self) -> AsyncGenerator[FileOutcome]:
        """Yield what becomes of each file that is worked on, as soon as that is written.

        Closing this cancels what is under way; it stays to be done.

        Raises:
            ExtractorError: what would meet every document, such as a budget that is used up.
        """
        async with self._at_work(), aclosing(self._work()) as done:
            async for outcome in done:
                yield outcome
        if self._stopped is not None:
            raise self._stopped

    async def _work(self) -> AsyncGenerator[FileOutcome]:
        """Work on each file that there is to work on, once."""
        async with aclosing(
            spread(self._files(), self._worked_on, concurrency=self._concurrency)
        ) as done:
            async for outcome in done:
                if outcome is not None:
                    yield outcome

    @asynccontextmanager
    async def _at_work(self) -> AsyncGenerator[None]:
        """Keep what this process has taken on its own, as long as this is entered."""
        beating = asyncio.ensure_future(self._beat())
        try:
            yield
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    async def _files(self) -> AsyncGenerator[FileRow]:
        """Yield files to be worked on; wait for other processes, whose work may be left over."""
        while True:
            position, found = -1, False
            while rows := self._journal.unfinished(position, PAGE):
                position = rows[-1].position
                for row in rows:
                    if self._is_stopping or self._taken == self._limit:
                        return
                    if row.position not in self._began and self._is_wanted(row):
                        found = True
                        self._taken += 1
                        yield row
            if found:
                continue
            if not self._journal.others_at_work():
                return
            await asyncio.sleep(_LOOK_AGAIN)
            if self._is_stopping:
                return
            await asyncio.to_thread(self._journal.release_the_dead)

    def _is_wanted(self, file: FileRow) -> bool:
        return self._only is None or file.path in self._only

    async def _worked_on(self, file: FileRow) -> FileOutcome | None:
        """Work on a file; None where there was nothing to do after all."""
        began = time.monotonic()
        self._began[file.position] = file.path, began
        try:
            state, error = await self._documents.work_on(file)
        except asyncio.CancelledError:
            raise
        except ExtractorError as fault:  # the run's own
            self._end_all(fault)
            return None
        finally:
            del self._began[file.position]
        if state in ("done", "failed"):
            return FileOutcome(file.path, state, time.monotonic() - began, error)
        return None

    def _end_all(self, error: ExtractorError) -> None:
        self._stopped = self._stopped or error
        self.stop()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            try:
                await self._renew()
            except StoreError as error:
                self._end_all(error)

    async def _renew(self) -> None:
        """Renew all leases of this process."""
        await written(self._journal.beat())
