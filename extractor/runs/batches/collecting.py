"""Fetching what came of a batch: each reply is kept, then its call settled, then it is ticked off.

Who is killed in between fetches the results again, and goes on with what is not ticked off. So a
reply that is paid is never lost, and what is settled has its reply in the file.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from extractor.calls.base import Recorded
from extractor.calls.cache.entry import StoredReply
from extractor.calls.metering.credible import credible
from extractor.calls.metering.pricing import Pricing
from extractor.calls.storage.store import Pending
from extractor.errors import ExtractorError, NotFoundError, ProviderError
from extractor.providers.batches import BatchFailure, BatchProvider, BatchResult, BatchStatus
from extractor.runs.batches.calls import BatchCalls
from extractor.runs.batches.handing_in import custom_id
from extractor.runs.batches.records import Asked, Batch, Batches, ItemState
from extractor.runs.documents import ends_a_run
from extractor.types import ModelResponse, Usage

_log = logging.getLogger("extractor.batches")

_AT_ONCE = 200
"""Results that may be on their way to the disk."""

_NO_LINE = BatchFailure(500, '{"error": {"message": "The results had no line for this request."}}')
_CUT_SHORT = BatchFailure(408, '{"error": {"message": "The batch ended before this was asked."}}')
_ANOTHERS = BatchFailure(503, '{"error": {"message": "The batch failed by another request."}}')
_BUSY = 429


class Collecting:
    """Writes down what came of batches. All of it blocks.

    Args:
        batches: where.
        calls: where their calls are settled.
        api: who was asked.
        pricing: what that costs in a batch.

    Attributes:
        refused_size: requests of a batch that the provider had no room for; 0 where it had.
    """

    def __init__(
        self, batches: Batches, calls: BatchCalls, api: BatchProvider, pricing: Pricing
    ) -> None:
        self._batches, self._calls, self._api, self._pricing = batches, calls, api, pricing
        self._pending: list[Pending[None]] = []
        self.refused_size = 0

    def collect(self, batch: Batch, status: BatchStatus) -> ExtractorError | None:
        """Write down what came of each request of a batch that has ended.

        Returns:
            What would meet every other request too, if there was such a thing.

        Raises:
            ProviderError: the results can't be had now; what there is of them is written down.
            StoreError: they can't be written.
        """
        left = {custom_id(batch, each.number): each for each in self._batches.waiting(batch)}
        ends: ExtractorError | None = None
        is_ours = not left
        if status.rejections:
            ends = self._rejected(batch, left.values(), status)
        elif batch.remote is not None:
            for number, result in enumerate(self._results(batch.remote)):
                is_ours = is_ours or result.custom_id.startswith(f"{batch.token}-")
                if not is_ours:
                    _log.warning("Batch %s is not ours", batch.remote)
                    self._batches.not_ours(batch)
                    return None
                asked = left.pop(result.custom_id, None)
                if asked is None:
                    _log.error("Batch %s has a result of nobody, or a second one", batch.remote)
                    continue
                ends = self._took(batch, asked, result) or ends
                if number % _AT_ONCE == 0:
                    self._check()
            self._missed(batch, left.values(), status)
        self._check()
        self._batches.ended(batch)
        return ends

    def _results(self, remote: str) -> Iterator[BatchResult]:
        """Yield the results; none where they were not kept until now."""
        try:
            yield from self._api.results(remote)
        except NotFoundError:
            _log.error("The results of batch %s are not there any more", remote)

    def _took(self, batch: Batch, asked: Asked, result: BatchResult) -> ExtractorError | None:
        """Write down one result; return its error if that ends the run."""
        if result.reply is None:
            failure = result.failure or _NO_LINE
            return self._failed(batch, asked, failure, request_id=result.request_id)
        try:
            response = self._api.decode(result.reply)
        except ProviderError as error:
            failure = BatchFailure(200, result.reply.decode(errors="replace"))
            return self._failed(batch, asked, failure, spent=error)
        self._answered(batch, asked, replace(response, request_id=result.request_id))
        return None

    def _answered(self, batch: Batch, asked: Asked, response: ModelResponse) -> None:
        usage = credible(response.usage, asked.call)
        response = replace(response, usage=usage)
        reply = self._entry(batch, asked, response)
        self._pending.append(self._batches.answered(batch, asked, reply))
        self._calls.settle(
            batch,
            asked,
            cost=None if usage is None else self._pricing.cost_micro(batch.target, usage),
            usage=usage,
            response_model=response.model or None,
            stop_reason=response.stop_reason.value,
            request_id=response.request_id,
            response_id=response.response_id,
        )
        self._pending.append(self._batches.settled(batch, asked, "answered"))

    def _entry(self, batch: Batch, asked: Asked, response: ModelResponse) -> bytes:
        """Write a reply as the run keeps it, with what the attempts before it took."""
        past, usage = self._batches.past(asked.request), response.usage
        doubts = past.doubts + (usage is None)
        cost: Decimal | None = None
        if usage is not None and not doubts:
            cost = self._pricing.cost(batch.target, usage)
        recorded = Recorded(response, asked.attempt, usage or Usage(), cost, doubts)
        return StoredReply.of(recorded).model_dump_json().encode()

    def _failed(
        self,
        batch: Batch,
        asked: Asked,
        failure: BatchFailure,
        *,
        spent: ProviderError | None = None,
        in_doubt: bool = False,
        request_id: str | None = None,
    ) -> ExtractorError | None:
        """Write down a failure, which costs nothing unless a reply was made."""
        error = spent or self._api.error(failure)
        usage = Usage() if spent is None else credible(spent.usage, asked.call)
        in_doubt = in_doubt or error.may_be_billed or usage is None
        ends = ends_a_run(error) and not error.retryable
        self._calls.settle(
            batch,
            asked,
            cost=None if in_doubt else self._pricing.cost_micro(batch.target, usage),
            usage=None if in_doubt else usage,
            error_type=type(error).__name__,
            status=failure.status,
            request_id=request_id,
        )
        state: ItemState = "again" if error.retryable else "failed"
        self._pending.append(
            self._batches.settled(
                batch, asked, "unsent" if ends else state, failure=failure, in_doubt=in_doubt
            )
        )
        return error if ends else None

    def _missed(self, batch: Batch, items: Iterable[Asked], status: BatchStatus) -> None:
        """Have asked again what has no result; who ended a batch early was not billed for it."""
        items = list(items)
        for asked in items:
            failure = _CUT_SHORT if status.is_cut_short else _NO_LINE
            self._failed(batch, asked, failure, in_doubt=not status.is_cut_short)
        if items:
            _log.error("Batch %s has no result of %d requests", batch.remote, len(items))

    def _rejected(
        self, batch: Batch, items: Iterable[Asked], status: BatchStatus
    ) -> ExtractorError | None:
        """Write down a batch of which nothing was asked: by whose fault, and who goes on."""
        ends: ExtractorError | None = None
        by_number = {each.number: each.failure for each in status.rejections}
        others = by_number.pop(None, _ANOTHERS)
        for place, asked in enumerate(items):
            failure = by_number.get(place, others)
            if failure.status == _BUSY:  # no attempt: the model was not asked
                self.refused_size = batch.count
                self._calls.settle(batch, asked, cost=0, status=_BUSY)
                self._pending.append(self._batches.settled(batch, asked, "unsent", failure=failure))
            else:
                ends = self._failed(batch, asked, failure) or ends
        return ends

    def _check(self) -> None:
        """Wait until all of it is written; a `StoreError` if some of it can't be."""
        pending, self._pending = self._pending, []
        for each in pending:
            each.wait()
