"""Work through a run: claim, read, ask, write; a few documents at a time, until none is left."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from extractor.documents.document import Document
from extractor.documents.options import ReadOptions
from extractor.documents.read import read_bytes
from extractor.errors import (
    AuthenticationError,
    CacheMissError,
    ConfigurationError,
    CostLimitError,
    DailyLimitError,
    ExtractorError,
    NotFoundError,
    OutageError,
    PermissionDeniedError,
    QuotaExhaustedError,
    StoreError,
    UnknownPriceError,
)
from extractor.extracting import Extractor
from extractor.outcomes import unexpected
from extractor.outputs.record import extraction_record
from extractor.runs.base import Bill, Claim, FileRow, FileState, Journal, Pending
from extractor.runs.folder import contents_of
from extractor.runs.known import KnownRuns
from extractor.spreading import spread
from extractor.types import Extraction, JsonObject, T

R = TypeVar("R")

BEAT = 15.0
"""Seconds between two heartbeats, a quarter of a lease."""

_PAGE = 200
"""Files that are looked up in the journal at once."""

_LOOK_AGAIN = 0.5
"""Seconds after which a process that has nothing to do looks whether another one has died."""

_FOR_ALL = (
    AuthenticationError,
    CacheMissError,
    ConfigurationError,
    DailyLimitError,
    NotFoundError,
    OutageError,
    PermissionDeniedError,
    QuotaExhaustedError,
    StoreError,
    UnknownPriceError,
)
"""What would meet every other document too: a run ends with it, and no document has failed."""


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of a file just now; `error` says why it failed, `seconds` how long it took.

    `claimed` is False where there was nothing to do: another file has the same content.
    """

    path: str
    state: FileState
    seconds: float
    claimed: bool = True
    error: ExtractorError | None = None


class Runner(Generic[T]):
    """Works on what a journal has left to do, until nothing is, or it is stopped.

    Args:
        journal: the run, whose files are registered.
        extractor: how each document is extracted; its core keeps ledger and replies in the run.
        folder: where the files are.
        schema: its name, for the results.
        options: how the files are read.
        concurrency: how many are worked on at once.
        limit: how many are worked on at most; None for all.
        only: the paths of those that are worked on; None for all.
        known: other runs, whose results are taken over; None for none.
    """

    def __init__(
        self,
        journal: Journal,
        extractor: Extractor[T],
        *,
        folder: Path,
        schema: str,
        options: ReadOptions,
        concurrency: int,
        limit: int | None = None,
        only: Collection[str] | None = None,
        known: KnownRuns | None = None,
    ) -> None:
        self._known = known
        self._limit, self._taken, self._only = limit, 0, only
        self._journal, self._extractor = journal, extractor
        self._folder, self._schema, self._options = folder, schema, options
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
        beating = asyncio.ensure_future(self._beat())
        try:
            async with aclosing(
                spread(self._files(), self._worked_on, concurrency=self._concurrency)
            ) as done:
                async for outcome in done:
                    if outcome is not None:
                        yield outcome
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating
        if self._stopped is not None:
            raise self._stopped

    async def _files(self) -> AsyncGenerator[FileRow]:
        """Yield files to be worked on; wait for other processes, whose work may be left over."""
        while True:
            position, found = -1, False
            while rows := self._journal.unfinished(position, _PAGE):
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
            state, error, claimed = await self._done(file)
        except asyncio.CancelledError:
            raise
        except ExtractorError as fault:  # the run's own
            self._end_all(fault)
            return None
        finally:
            del self._began[file.position]
        if state in ("done", "failed"):
            return FileOutcome(file.path, state, time.monotonic() - began, claimed, error)
        return None

    async def _done(self, file: FileRow) -> tuple[FileState, ExtractorError | None, bool]:
        path = self._folder / file.path
        try:
            data, contents = await asyncio.to_thread(contents_of, path, self._options.limits)
        except ExtractorError as error:
            await written(self._journal.unreadable(file, error.facts()))
            return "failed", error, True
        claim = await written(self._journal.claim(file, contents))
        if not isinstance(claim, Claim):
            return ("planned" if claim.is_under_way else claim.state), None, False
        try:
            known = await asyncio.to_thread(self._known.result, claim.key) if self._known else None
            if known is not None:
                await written(self._journal.finish(claim, known, Bill()))
                return "done", None, True
            return await self._extracted(claim, data, path.name)
        except BaseException:
            self._journal.release(claim)  # without effect once it has ended
            raise

    async def _extracted(
        self, claim: Claim, data: bytes, name: str
    ) -> tuple[FileState, ExtractorError | None, bool]:
        try:
            document = await asyncio.to_thread(read_bytes, data, name, self._options)
            told = {"document": claim.key.hex()}
            extraction = await self._extractor.aextract(document, metadata=told)
            record = self._record(extraction, document)
        except ExtractorError as error:
            failure = error
        except Exception as error:
            failure = unexpected(error)
        else:
            await self._write(self._journal.finish(claim, record, _bill(extraction)))
            return "done", None, True
        if ends_a_run(failure):
            raise failure
        await self._write(self._journal.fail(claim, failure.facts(), _bill(failure)))
        return "failed", failure, True

    async def _write(self, pending: Pending[bool]) -> None:
        """Wait until it is written; where the claim was lost, its new owner writes the same."""
        await written(pending)

    def _record(self, extraction: Extraction[T], document: Document) -> JsonObject:
        return extraction_record(extraction) | {
            "schema": self._schema,
            "document": {"source": document.source, "sha256": document.sha256},
        }

    def _end_all(self, error: ExtractorError) -> None:
        self._stopped = self._stopped or error
        self.stop()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                await written(self._journal.beat())
            except StoreError as error:
                self._end_all(error)


def ends_a_run(error: ExtractorError) -> bool:
    """Say whether an error would meet every other document of a run too."""
    if isinstance(error, CostLimitError):
        return error.scope == "run"
    return isinstance(error, _FOR_ALL)


async def written(pending: Pending[R]) -> R:
    """Wait on an event loop until something is written, and return what came of it.

    Raises:
        StoreError: it could not be.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def end() -> None:
        if not done.done():
            done.set_result(None)

    def wake() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(end)

    pending.signal.on_set(wake)
    await done
    return pending.result()


def _bill(spent: Extraction[Any] | ExtractorError) -> Bill:
    usage, cost = spent.usage, spent.cost_usd
    return Bill(
        spent.attempts,
        usage.input_tokens,
        usage.output_tokens,
        None if cost is None else float(cost),
    )
