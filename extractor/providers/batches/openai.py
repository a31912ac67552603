"""OpenAI's Batch API: a file of requests in, a file of replies and one of errors out.

See https://developers.openai.com/api/docs/guides/batch. A batch has metadata, by which one is found
whose id was never saved.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ValidationError

from extractor.providers.batches.base import (
    BatchFailure,
    BatchItem,
    BatchLimits,
    BatchResult,
    BatchStatus,
    Rejection,
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

if TYPE_CHECKING:
    import openai

    from extractor.providers.openai import OpenAIProvider

ENDPOINT = "/v1/chat/completions"
"""Where the requests of a batch would go one by one."""

TOKEN = "extractor_batch"  # noqa: S105 - the name of a batch's metadata
"""The word of a batch's metadata that has our token."""

_OVER = frozenset({"completed", "failed", "expired", "cancelled"})
_CUT_SHORT = frozenset({"expired", "cancelled"})
_NOT_REACHED = frozenset({"batch_expired", "batch_cancelled"})
_BUSY = frozenset({"token_limit_exceeded"})
"""Codes of a batch that failed as a whole since too much is queued already."""

_SLACK = 300.0
"""Seconds by which the provider's clock and ours may differ."""


class OpenAIBatches(SdkBatches):
    """OpenAI's Batch API, through the provider's own client.

    Args:
        provider: who is asked; its key and base URL are used.
    """

    limits = BatchLimits(requests=50_000, bytes=190_000_000)  # of 200 MB

    def __init__(self, provider: OpenAIProvider) -> None:
        super().__init__(provider)
        self._provider = provider

    def submit(self, token: str, items: Sequence[BatchItem], /) -> str:
        """Upload the requests as a file, and begin a batch of them; return its id."""
        file = b"".join(map(_line, items))
        texts = (item.body.decode() for item in items)
        uploaded = self._provider.perform(
            lambda client: _upload(client, token, file), sent=texts, timeout=SLOW
        )
        body = {
            "input_file_id": read(self._provider, uploaded, _Named).id,
            "endpoint": ENDPOINT,
            "completion_window": "24h",
            "metadata": {TOKEN: token},
        }
        made = self._provider.perform(
            lambda client: client.post("/batches", cast_to=httpx2.Response, body=body),
            timeout=SLOW,
        )
        return read(self._provider, made, _Named).id

    def status(self, id_: str, /) -> BatchStatus:
        """Ask how far a batch is."""
        batch = self._batch(id_)
        counts = batch.request_counts or _Counts()
        return BatchStatus(
            is_over=batch.status in _OVER,
            done=counts.completed + counts.failed,
            total=counts.total,
            is_cut_short=batch.status in _CUT_SHORT,
            rejections=batch.rejections() if batch.status == "failed" else (),
        )

    def results(self, id_: str, /) -> Iterator[BatchResult]:
        """Yield the lines of both files that there may be."""
        batch = self._batch(id_)
        for file in (batch.output_file_id, batch.error_file_id):
            if file is None:
                continue
            for line in results(self._provider, f"/files/{quote(file, safe='')}/content"):
                result = _result(line)
                if result is None:
                    unreadable(id_)
                else:
                    yield result

    def find(self, token: str, *, count: int, since: float, known: Collection[str]) -> list[str]:
        """Return the batch that has our token in its metadata; there is one at the most."""
        params: dict[str, object] = {"limit": PAGE}
        while True:
            page = get(self._provider, "/batches", _Page, params)
            batches = [batch for batch in page.data if batch is not None]
            for batch in batches:
                if (batch.metadata or {}).get(TOKEN) == token:
                    return [batch.id]
            if not page.has_more or (batches and batches[-1].is_before(since - _SLACK)):
                return []
            if not batches or batches[-1].id == params.get("after"):
                raise no_batch(self._provider)  # nobody can tell what is on the next page
            params["after"] = batches[-1].id

    def _batch(self, id_: str) -> _Batch:
        return get(self._provider, f"/batches/{quote(id_, safe='')}", _Batch)


def _upload(client: openai.OpenAI, token: str, file: bytes) -> httpx2.Response:
    return client.files.with_raw_response.create(
        file=(f"{token}.jsonl", file, "application/jsonl"), purpose="batch"
    ).http_response


def _line(item: BatchItem) -> bytes:
    head = f'{{"custom_id":"{item.custom_id}","method":"POST","url":"{ENDPOINT}","body":'
    return head.encode() + item.body + b"}\n"


def _result(line: bytes) -> BatchResult | None:
    """Read a line of results; None if it is none."""
    try:
        text = line.decode()
        told = _Line.model_validate_json(text)
        body = members(members(text)["response"]).get("body", "") if told.response else ""
    except (ValidationError, ValueError, RecursionError):
        return None
    if told.response is None:
        error = told.error or {}
        status = 408 if error.get("code") in _NOT_REACHED else 500
        return BatchResult(told.custom_id, failure=_failure(status, error))
    request_id = told.response.request_id
    if told.response.status_code == 200:
        return BatchResult(told.custom_id, reply=body.encode(), request_id=request_id)
    failure = BatchFailure(told.response.status_code, body)
    return BatchResult(told.custom_id, failure=failure, request_id=request_id)


def _failure(status: int, error: dict[str, Any]) -> BatchFailure:
    return BatchFailure(status, json.dumps({"error": error}))


# The part of what the API tells that is read.


class _Named(BaseModel):
    id: str


class _Counts(BaseModel):
    completed: int = 0
    failed: int = 0
    total: int = 0


class _Error(BaseModel):
    code: str | None = None
    message: str | None = None
    line: int | None = None

    def rejection(self) -> Rejection:
        failure = _failure(429 if self.code in _BUSY else 400, self.model_dump(exclude={"line"}))
        return Rejection(failure, None if self.line is None else self.line - 1)


class _Errors(BaseModel):
    data: list[_Error] | None = None


class _Batch(BaseModel):
    id: str
    status: str
    output_file_id: str | None = None
    error_file_id: str | None = None
    request_counts: _Counts | None = None
    errors: _Errors | None = None

    def rejections(self) -> tuple[Rejection, ...]:
        told = (self.errors and self.errors.data) or [_Error(message="The batch failed.")]
        return tuple(error.rejection() for error in told)


class _Listed(BaseModel):
    id: str
    created_at: Readable[float] = None
    metadata: Readable[dict[str, Any]] = None

    def is_before(self, time: float) -> bool:
        return self.created_at is not None and self.created_at < time


class _Page(BaseModel):
    data: list[Readable[_Listed]]
    has_more: bool = False


class _Response(BaseModel):
    status_code: int
    request_id: str | None = None


class _Line(BaseModel):
    custom_id: str
    response: _Response | None = None
    error: dict[str, Any] | None = None
