"""A reply as it is stored: checked when it is read back, since anybody may write to a file."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt

from extractor.calls.base import Recorded
from extractor.types import ModelResponse, StopReason, Usage


class _Counts(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    input_tokens: NonNegativeInt
    output_tokens: NonNegativeInt
    cache_read_input_tokens: NonNegativeInt
    cache_creation_input_tokens: NonNegativeInt
    reasoning_tokens: NonNegativeInt

    @classmethod
    def of(cls, usage: Usage) -> _Counts:
        return cls(**asdict(usage))

    def usage(self) -> Usage:
        return Usage(**dict(self))


class StoredReply(BaseModel):
    """A reply as it is stored, and checked when it is read back."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str
    reply_usage: _Counts | None
    stop_reason: StopReason
    model: str
    response_id: str | None
    request_id: str | None
    refusal: str | None
    attempts: PositiveInt
    usage: _Counts
    cost_usd: Decimal | None
    unreported: NonNegativeInt

    @classmethod
    def of(cls, recorded: Recorded) -> StoredReply:
        response = recorded.response
        return cls(
            text=response.text,
            reply_usage=None if response.usage is None else _Counts.of(response.usage),
            stop_reason=response.stop_reason,
            model=response.model,
            response_id=response.response_id,
            request_id=response.request_id,
            refusal=response.refusal,
            attempts=recorded.attempts,
            usage=_Counts.of(recorded.usage),
            cost_usd=recorded.cost_usd,
            unreported=recorded.unreported,
        )

    def recorded(self) -> Recorded:
        response = ModelResponse(
            self.text,
            None if self.reply_usage is None else self.reply_usage.usage(),
            self.stop_reason,
            self.model,
            self.response_id,
            self.request_id,
            self.refusal,
        )
        return Recorded(response, self.attempts, self.usage.usage(), self.cost_usd, self.unreported)
