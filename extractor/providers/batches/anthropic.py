"""Anthropic's Message Batches API: requests in one body, results as one file when all have ended.

See https://platform.claude.com/docs/en/build-with-claude/batch-processing. A batch has nothing of
ours on it but the `custom_id` of its requests, which only its results show.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ValidationError

from extractor.errors import NotFoundError
from extractor.providers.batches.base import (
    BatchFailure,
    BatchItem,
    BatchLimits,
    BatchResult,
    BatchStatus,
)
from extractor.providers.batches.exchange import (
    PAGE,
    SLOW,
    Readable,
    SdkBatches,
    get,
    no_batch,
    read,
    results,
    unreadable,
)
from extractor.providers.batches.lines import members
from extractor.providers.failures import as_object

if TYPE_CHECKING:
    from extractor.providers.anthropic import AnthropicProvider

_PATH = "/v1/messages/batches"

_SLACK = 300.0
"""Seconds by which the provider's clock and ours may differ."""

_STATUSES: Mapping[str, int] = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "overloaded_error": 529,
}
"""What a result's error would have had as its HTTP status; any other is the provider's fault."""


class AnthropicBatches(SdkBatches):
    """Anthropic's Message Batches API, through the provider's own client.

    Args:
        provider: who is asked; its key and base URL are used.
    """

    limits = BatchLimits(requests=100_000, bytes=240_000_000)  # of 256 MB

    def __init__(self, provider: AnthropicProvider) -> None:
        super().__init__(provider)
        self._provider = provider

    def submit(self, token: str, items: Sequence[BatchItem], /) -> str:
        """Hand in the requests; their ids begin with the token. Return the batch's id."""
        body = b'{"requests":[' + b",".join(map(_request, items)) + b"]}"
        made = self._provider.perform(
            lambda client: client.post(_PATH, cast_to=httpx2.Response, content=body),
            sent=(item.body.decode() for item in items),
            timeout=SLOW,
        )
        return read(self._provider, made, _Named).id

    def status(self, id_: str, /) -> BatchStatus:
        """Ask how far a batch is; the counts of what is done stay 0 until all is."""
        batch = get(self._provider, f"{_PATH}/{quote(id_, safe='')}", _Batch)
        counts = batch.request_counts
        return BatchStatus(batch.is_over, counts.total - counts.processing, counts.total)

    def results(self, id_: str, /) -> Iterator[BatchResult]:
        """Yield the lines of the results; there are none before the batch has ended."""
        for line in results(self._provider, f"{_PATH}/{quote(id_, safe='')}/results"):
            result = _result(line)
            if result is None:
                unreadable(id_)
            else:
                yield result

    def find(self, token: str, *, count: int, since: float, known: Collection[str]) -> list[str]:
        """Return batches of that time and size; one that has ended shows whether it is ours.

        Raises:
            ProviderError: the list can't be had; an `InvalidResponseError` if one that can't be
                read may be the one that is looked for.
        """
        found: list[str] = []
        is_sure = True
        for batch in self._newest(since - _SLACK):
            if batch is None:
                is_sure = False
                continue
            if batch.request_counts.total != count or batch.id in known:
                continue
            is_ours = self._is_ours(batch, token)
            if is_ours:
                return [batch.id]
            if is_ours is None:
                found.append(batch.id)
        if not (found or is_sure):
            raise no_batch(self._provider)
        return found

    def _newest(self, since: float) -> Iterator[_Batch | None]:
        """Yield batches from the newest to the first made at a time; None is one that is odd."""
        params: dict[str, object] = {"limit": PAGE}
        while True:
            page = get(self._provider, _PATH, _Page, params)
            for batch in page.data:
                if batch is not None and batch.created_at.timestamp() < since:
                    return
                yield batch
            if not (page.has_more and page.last_id):
                return
            params["after_id"] = page.last_id

    def _is_ours(self, batch: _Batch, token: str) -> bool | None:
        """Say whether a batch's results have our token; None if it has none that can be seen."""
        if not batch.is_over:
            return None
        try:
            first = next(self.results(batch.id), None)
        except NotFoundError:  # they are kept for 29 days
            return None
        return None if first is None else first.custom_id.startswith(token)


def _request(item: BatchItem) -> bytes:
    return f'{{"custom_id":"{item.custom_id}","params":'.encode() + item.body + b"}"


def _result(line: bytes) -> BatchResult | None:
    """Read a line of results; None if it is none."""
    try:
        text = line.decode()
        told = _Line.model_validate_json(text)
        if told.result.type == "succeeded":
            message = members(members(text)["result"])["message"]
            return BatchResult(told.custom_id, reply=message.encode())
    except (ValidationError, LookupError, ValueError, RecursionError):
        return None
    if told.result.type == "errored":
        error = told.result.error or {}
        kind = as_object(error.get("error")).get("type")
        failure = BatchFailure(_STATUSES.get(str(kind), 500), json.dumps(error))
        return BatchResult(told.custom_id, failure=failure, request_id=error.get("request_id"))
    said = {"error": {"message": f"The batch was {told.result.type} before this was asked."}}
    return BatchResult(told.custom_id, failure=BatchFailure(408, json.dumps(said)))


# The part of what the API tells that is read.


class _Named(BaseModel):
    id: str


class _Counts(BaseModel):
    processing: int = 0
    succeeded: int = 0
    errored: int = 0
    canceled: int = 0
    expired: int = 0

    @property
    def total(self) -> int:
        return self.processing + self.succeeded + self.errored + self.canceled + self.expired


class _Batch(BaseModel):
    id: str
    processing_status: str
    created_at: datetime
    request_counts: _Counts

    @property
    def is_over(self) -> bool:
        return self.processing_status == "ended"


class _Page(BaseModel):
    data: list[Readable[_Batch]]
    has_more: bool = False
    last_id: str | None = None


class _Outcome(BaseModel):
    type: str
    error: dict[str, Any] | None = None


class _Line(BaseModel):
    custom_id: str
    result: _Outcome
