"""A small services agreement, what may be answered about it, and how it is extracted in tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Self

import pytest
from pydantic import BaseModel, Field, model_validator

from extractor import (
    Extraction,
    ExtractorError,
    ModelProfile,
    ModelRequest,
    ModelResponse,
    ScriptedProvider,
    StopReason,
    extract,
)
from extractor.providers.profiles import profile_for
from extractor.providers.scripted import Reply
from extractor.types import JsonSchemaOutput

FILLER = "\n\n".join(
    f"{number}. The Parties shall meet once a quarter and keep minutes of what they have said."
    for number in range(20, 45)
)
NOTICE = "Either Party may terminate this Agreement by giving sixty (60) days' written notice."
LAW = "This Agreement is governed by the laws of Ireland."
START = "This Agreement takes effect on 1 April 2025."
CONTRACT = f"SERVICES AGREEMENT\n\n{START}\n\n{FILLER}\n\n{NOTICE}\n\n{FILLER}\n\n{LAW}"

SMALL = ModelProfile(100_000, 1_200, ("strict",), profile_for("scripted", "").rules)


class Terms(BaseModel):
    law: str
    start: date | None = None
    notice_days: int | None = Field(default=None, ge=1)


class Consistent(Terms):
    @model_validator(mode="after")
    def notice_needs_a_start(self) -> Self:
        if self.notice_days and not self.start:
            message = "there is a notice period, but no start"
            raise ValueError(message)
        return self


GOOD: dict[str, Any] = {
    "law": {"quote": "governed by the laws of Ireland", "value": "Ireland"},
    "start": {"quote": "takes effect on 1 April 2025", "value": "2025-04-01"},
    "notice_days": {"quote": "sixty (60) days' written notice", "value": 60},
}
BAD_NOTICE = GOOD | {"notice_days": {"quote": "sixty (60) days' written notice", "value": "soon"}}
UNQUOTED_NOTICE = GOOD | {"notice_days": {"quote": "whenever they like", "value": "soon"}}
NOTICE_AGAIN = {"notice_days": GOOD["notice_days"]}
NO_START = GOOD | {"start": None}
TERMS = Terms(law="Ireland", start=date(2025, 4, 1), notice_days=60)


def script(
    *replies: Reply | Mapping[str, Any], profile: ModelProfile | None = None
) -> ScriptedProvider:
    texts = [json.dumps(reply) if isinstance(reply, Mapping) else reply for reply in replies]
    return ScriptedProvider(texts, profile=profile)


def run(
    provider: ScriptedProvider, schema: type[BaseModel] = Terms, **options: Any
) -> Extraction[BaseModel]:
    return extract(CONTRACT, schema, provider=provider, **options)


def cut(reply: str, keep: str) -> ModelResponse:
    """A reply that ran out of room just before `keep`."""
    return ModelResponse(reply[: reply.index(keep)], stop_reason=StopReason.LENGTH)


def asked(request: ModelRequest) -> str:
    """The text that a request asks with, without the system's own."""
    return "\n".join(message.content for message in request.messages[1:])


def cited(value: Any, quote: str) -> dict[str, Any]:
    return {"quote": quote, "value": value}


def fields_of(request: ModelRequest) -> list[str]:
    """The fields that a request asks for, by its wire schema."""
    assert isinstance(request.output, JsonSchemaOutput)
    return [*request.output.schema["properties"]]


def failure(provider: ScriptedProvider, kind: type[ExtractorError], **options: Any) -> Any:
    with pytest.raises(kind) as caught:
        run(provider, **options)
    return caught.value
