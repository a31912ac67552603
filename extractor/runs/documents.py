"""One file of a run at a time: claimed, read, asked about, and what came of it written."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from extractor.calls.steps import Wait, apause
from extractor.documents.document import Document
from extractor.documents.options import ReadOptions
from extractor.documents.read import read_bytes
from extractor.errors import (
    AuthenticationError,
    CacheMissError,
    ConfigurationError,
    CostLimitError,
    DailyLimitError,
    DeadlineError,
    ExtractorError,
    NotFoundError,
    OutageError,
    OverloadedError,
    PermissionDeniedError,
    QuotaExhaustedError,
    RateLimitError,
    StoreError,
    UnknownPriceError,
)
from extractor.extracting.extractor import Extractor
from extractor.extracting.outcomes import unexpected
from extractor.outputs.record import extraction_record
from extractor.runs.base import (
    Bill,
    Claim,
    Contents,
    FileRow,
    FileState,
    Journal,
    Pending,
    Taken,
)
from extractor.runs.folder import contents_of
from extractor.runs.known import KnownRuns
from extractor.runs.ledger import DOCUMENT
from extractor.runs.replies import CLAIM
from extractor.types import Extraction, JsonObject, T

R = TypeVar("R")

_LOOK_AGAIN = 60.0
"""Seconds; the signal comes long before."""

_FOR_ALL = (
    AuthenticationError,
    CacheMissError,
    ConfigurationError,
    DailyLimitError,
    NotFoundError,
    OutageError,
    OverloadedError,
    PermissionDeniedError,
    QuotaExhaustedError,
    RateLimitError,
    StoreError,
    UnknownPriceError,
)
"""What would meet every other document too: a run ends with it, and no document has failed."""


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of a file just now; `error` says why it failed, `seconds` how long it took."""

    path: str
    state: FileState
    seconds: float
    error: ExtractorError | None = None


class Documents(Generic[T]):
    """Works on the files of a run.

    Args:
        journal: the run, whose files are registered.
        extractor: how each document is extracted; its core keeps ledger and replies in the run.
        folder: where the files are.
        schema: its name, for the results.
        options: how the files are read.
        known: other runs, whose results are taken over; None for none.

    Attributes:
        journal: the run.
    """

    def __init__(
        self,
        journal: Journal,
        extractor: Extractor[T],
        *,
        folder: Path,
        schema: str,
        options: ReadOptions,
        known: KnownRuns | None = None,
    ) -> None:
        self.journal, self._extractor, self._known = journal, extractor, known
        self._folder, self._schema, self._options = folder, schema, options

    async def work_on(self, file: FileRow) -> tuple[FileState, ExtractorError | None]:
        """Work on a file, and return its state and why it failed; `planned` if it is another's.

        Raises:
            ExtractorError: what would meet every other document too; this one stays to be done.
        """
        path = self._folder / file.path
        try:
            data, contents = await asyncio.to_thread(contents_of, path, self._options.limits)
        except ExtractorError as error:
            await written(self.journal.unreadable(file, error.facts()))
            return "failed", error
        claim = await self._claimed(file, contents)
        if not isinstance(claim, Claim):
            return ("planned" if claim.is_under_way else claim.state), None
        CLAIM.set(claim)
        try:
            known = await asyncio.to_thread(self._known.result, claim.key) if self._known else None
            if known is not None:
                return await self._ended(self.journal.finish(claim, known, Bill()), "done")
            return await self._extracted(claim, data, path.name)
        except BaseException:
            self.journal.release(claim)  # without effect once it has ended
            raise

    async def _claimed(self, file: FileRow, contents: Contents) -> Claim | Taken:
        """Claim what a file holds; who is cancelled meanwhile gives it back when it is there."""
        pending = self.journal.claim(file, contents)
        try:
            return await written(pending)
        except asyncio.CancelledError:
            pending.signal.on_set(lambda: self._give_back(pending))
            raise

    def _give_back(self, pending: Pending[Claim | Taken]) -> None:
        with suppress(ExtractorError):
            claim = pending.result()
            if isinstance(claim, Claim):
                self.journal.release(claim)

    async def _extracted(
        self, claim: Claim, data: bytes, name: str
    ) -> tuple[FileState, ExtractorError | None]:
        try:
            document = await asyncio.to_thread(read_bytes, data, name, self._options)
            told = {DOCUMENT: claim.key.hex()}
            extraction = await self._extractor.aextract(document, metadata=told)
            record = self._record(extraction, document)
        except ExtractorError as error:
            failure = error
        except Exception as error:
            failure = unexpected(error)
        else:
            finished = self.journal.finish(claim, record, _bill(extraction))
            return await self._ended(finished, "done")
        if ends_a_run(failure):
            raise failure
        failed = self.journal.fail(claim, failure.facts(), _bill(failure))
        return await self._ended(failed, "failed", failure)

    async def _ended(
        self, pending: Pending[bool], state: FileState, error: ExtractorError | None = None
    ) -> tuple[FileState, ExtractorError | None]:
        """Wait until an end is written; one of a lost claim is its new owner's to tell."""
        return (state, error) if await written(pending) else ("planned", None)

    def _record(self, extraction: Extraction[T], document: Document) -> JsonObject:
        return extraction_record(extraction) | {
            "schema": self._schema,
            "document": {"source": document.source, "sha256": document.sha256},
        }


def ends_a_run(error: ExtractorError) -> bool:
    """Say whether an error would meet every other document of a run too."""
    if isinstance(error, CostLimitError):
        return error.scope == "run"
    if isinstance(error, DeadlineError):
        return error.in_outage
    return isinstance(error, _FOR_ALL)


async def written(pending: Pending[R]) -> R:
    """Wait on an event loop until something is written, and return what came of it.

    Raises:
        StoreError: it could not be.
    """
    while not pending.signal.is_set:
        await apause(Wait(_LOOK_AGAIN, "", pending.signal))
    return pending.result()


def _bill(spent: Extraction[Any] | ExtractorError) -> Bill:
    usage, cost = spent.usage, spent.cost_usd
    return Bill(
        spent.attempts,
        usage.input_tokens,
        usage.output_tokens,
        None if cost is None else float(cost),
    )
