"""A call core that sends nothing: what has no reply yet is put off, to go into a batch.

An extraction is the same again whenever it has the same replies. So a document is begun anew each
time that more of them are there, and gets one question further, or to its end.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from extractor.calls import counting
from extractor.calls.base import Budget
from extractor.calls.context import CallContext
from extractor.calls.core import CallCore
from extractor.calls.largest_cost import largest_cost
from extractor.calls.records import CallRecord
from extractor.calls.steps import Steps, Target
from extractor.errors import (
    ExtractorError,
    ProviderError,
    ServerError,
    TokenLimitError,
)
from extractor.providers.batches import BatchFailure, BatchItem, BatchProvider
from extractor.runs.batches.records import Past
from extractor.runs.documents import ends_a_run
from extractor.runs.ledger import DOCUMENT
from extractor.runs.replies import JournalReplies
from extractor.types import ModelRequest, ModelResponse, Usage


@dataclass(frozen=True, slots=True)
class Question:
    """A request without a reply.

    Attributes:
        body: as it is sent.
        key: of its reply.
        record: of its call; each time that it is handed in is a call of its own.
        budgets: that it counts in.
        is_first: whether nothing was asked about its document before.
    """

    body: bytes
    key: bytes
    record: CallRecord
    budgets: tuple[Budget, ...]
    is_first: bool

    @property
    def document(self) -> bytes:
        """The key of the document that it is about."""
        return bytes.fromhex(self.record.metadata[DOCUMENT])

    @property
    def size(self) -> int:
        """Bytes that it takes of a batch."""
        return BatchItem("", self.body).size

    @property
    def target(self) -> Target:
        """Who is asked."""
        return self.record.target

    def as_new_call(self, now: float) -> Question:
        """Return it as another call, of a time in seconds since 1970."""
        id_ = f"{int(now * 1000):012x}{secrets.token_hex(8)}"
        return replace(self, record=replace(self.record, id=id_, started_at=now))


class Deferred(BaseException):
    """Ends an extraction at a question that has no reply yet.

    No `Exception`: nobody who deals with failures takes it for one.
    """

    def __init__(self, question: Question) -> None:
        super().__init__("put off")
        self.question = question


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferringCore(CallCore):
    """Answers from the run's replies, and puts everything else off.

    Args:
        replies: what was answered.
        past: what came of a request in earlier batches, by the key of its reply.
        batches: who will be asked.

    Attributes:
        refused: why a question can't be paid for, by the key of its reply; told when it comes up
            again.
    """

    replies: JournalReplies
    past: Callable[[bytes], Past]
    batches: BatchProvider
    refused: dict[bytes, ExtractorError] = field(
        default_factory=dict[bytes, ExtractorError], init=False
    )

    def call(self, request: ModelRequest, context: CallContext) -> Steps[ModelResponse]:
        """Return the reply to a request.

        Raises:
            Deferred: there is none yet.
            ProviderError: it has failed for good, or as often as the policy allows.
            BudgetError: it may take more than the document is allowed.
        """
        kept = self.replies.get(request, context.target)
        if kept is not None:
            context.allowance.replayed(kept)
            return kept.response
        key = self.replies.key(request, context.target)
        past = self.past(key)
        if past.failure is not None and (past.is_final or past.attempts >= context.retry.attempts):
            raise self._told(past, past.failure, request, context)
        if (refusal := self.refused.pop(key, None)) is not None:
            raise refusal
        yield from self._check_tokens(request, context)
        raise Deferred(self._question(request, context, key, past))

    def _told(
        self, past: Past, failure: BatchFailure, request: ModelRequest, context: CallContext
    ) -> ProviderError:
        """Say why a request has failed, and put it on the document's bill."""
        context.allowance.attempts += past.attempts
        for _ in range(past.doubts):
            context.allowance.doubt()
        error = self.batches.error(failure, request=request)
        if not ends_a_run(error):
            return error
        # It was told of this request, in one batch after the other, and not of all.
        return ServerError(error.message, provider=error.provider, status=error.status)

    def _check_tokens(self, request: ModelRequest, context: CallContext) -> Steps[None]:
        """Refuse what may take more tokens than the document has; nothing stays reserved."""
        allowance = context.allowance
        try:
            share = allowance.reserve(request)
        except TokenLimitError as error:
            if not (yield from counting.count(self, request, context, error)):
                raise
            share = allowance.reserve(request)
        allowance.settle(share, Usage(), sent=False)

    def _question(
        self, request: ModelRequest, context: CallContext, key: bytes, past: Past
    ) -> Question:
        document = context.metadata[DOCUMENT]
        _, most = largest_cost(self, request, context)
        # One id for all of a document's rounds, or each would have its budget anew.
        about = hashlib.sha256(self.replies.nonce_key + document.encode()).hexdigest()[:16]
        record = context.record(self.clock.time(), attempt=past.attempts + 1)
        return Question(
            self.batches.encode(request),
            key,
            replace(record, extraction=about, reserved=most),
            tuple(replace(b, key=about) if b.scope == "document" else b for b in context.budgets),
            is_first=not (context.allowance.attempts or past.attempts),
        )
