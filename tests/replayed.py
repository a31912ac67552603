"""Extractions whose requests go through a reply cache, in a process of their own.

    python -m tests.replayed CACHE MODE

prints one line of JSON for each extraction: its record, and how many POSTs it made.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any, cast

from pydantic import BaseModel

from extractor import Extraction, Extractor, RateLimitError, ScriptedProvider
from extractor.calls.base import Recorded
from extractor.calls.cache import CacheMode, SqliteReplyCache
from extractor.calls.pricing import cost_usd
from extractor.calls.steps import Target
from extractor.documents import read_document
from extractor.flow import Answer, Flow, extraction
from extractor.outputs.record import extraction_record
from extractor.prompting import Prompts
from extractor.providers.scripted import Reply
from extractor.types import JsonObject, ModelRequest, ModelResponse, StopReason, Usage
from tests.services_agreement import BAD_NOTICE, CONTRACT, GOOD, NO_START, NOTICE_AGAIN, Consistent

TARGET = Target("openai", "gpt-5.4-mini")
XML = "".join(
    f"<{name}><quote>{field['quote']}</quote><value>{field['value']}</value></{name}>"
    for name, field in GOOD.items()
)


def told(reply: str, usage: Usage, stop_reason: StopReason = StopReason.END) -> ModelResponse:
    return ModelResponse(reply, usage, stop_reason, "gpt-5.4-mini-2026", "resp_1", "req_1")


SCRIPTS: dict[str, tuple[str, tuple[Reply, ...]]] = {
    "at once": ("strict", (told(json.dumps(GOOD), Usage(1000, 50, 900)),)),
    "mended": ("json", (told(f"Here:\n```json\n{json.dumps(GOOD)[:-1]},}}\n```", Usage(9, 9)),)),
    "a field again": (
        "tools",
        (
            told(json.dumps(BAD_NOTICE), Usage(1000, 50), StopReason.TOOL_USE),
            told(json.dumps(NOTICE_AGAIN), Usage(200, 10), StopReason.TOOL_USE),
        ),
    ),
    "everything again": (
        "strict",
        (told(json.dumps(NO_START), Usage(1000, 50)), told(json.dumps(GOOD), Usage(1100, 50))),
    ),
    "nothing, nothing, in the same words, then an answer": (
        "json",
        (told("", Usage(1000, 1)), told("", Usage(1000, 1)), told(json.dumps(GOOD), Usage(9, 9))),
    ),
    "cut off": (
        "strict",
        (
            told(json.dumps(GOOD)[:100], Usage(1000, 512), StopReason.LENGTH),
            told(json.dumps(GOOD), Usage(1000, 600)),
        ),
    ),
    "after 429s": (
        "strict",
        (
            RateLimitError("slow down"),
            RateLimitError("slow down"),
            told(json.dumps(GOOD), Usage(1000, 50)),
        ),
    ),
    "tags": (
        "xml",
        (
            told("<Terms>AT&T &foo; &nbsp; <law>x", Usage(1000, 20)),
            told(
                f"<Terms>{XML.replace('laws of', 'laws&nbsp;of & &#0;')}</Terms>", Usage(1000, 60)
            ),
        ),
    ),
}


def extracted(
    document: str, replies: SqliteReplyCache, provider: ScriptedProvider, backend: str
) -> Extraction[BaseModel]:
    """Extract a document, asking the provider only for what the cache does not have."""
    read = read_document(document)
    plan = Extractor(Consistent, provider=provider, backend=backend).plan
    flow = extraction(plan, read, Prompts(), nonce_key=replies.nonce_key)
    taken: list[Recorded] = []
    answer = _driven(flow, replies, provider, taken)
    return Extraction(
        value=answer.value,
        fields=answer.fields,
        model=str(TARGET),
        backend=plan.backend.name,
        attempts=sum(one.attempts for one in taken),
        repairs=answer.repairs,
        usage=sum((one.usage for one in taken), Usage()),
        cost_usd=sum((one.cost_usd or Decimal(0) for one in taken), Decimal(0)),
        warnings=(),
        coverage=1.0,
    )


def _driven(
    flow: Flow[Consistent],
    replies: SqliteReplyCache,
    provider: ScriptedProvider,
    taken: list[Recorded],
) -> Answer[Consistent]:
    request = next(flow)
    try:
        while True:
            taken.append(_reply(replies, provider, request))
            request = flow.send(taken[-1].response)
    except StopIteration as done:
        answer: Answer[Consistent] = done.value
        return answer


def _reply(
    replies: SqliteReplyCache, provider: ScriptedProvider, request: ModelRequest
) -> Recorded:
    known = replies.get(request, TARGET)
    if known is None:
        before = len(provider.requests)
        response = _persistent(provider, request)
        attempts = len(provider.requests) - before
        usage = response.usage or Usage()
        cost = cost_usd(TARGET.provider, TARGET.model, usage)
        known = Recorded(response, attempts, usage, cost)
        replies.put(request, TARGET, known)
    return known


def _persistent(provider: ScriptedProvider, request: ModelRequest) -> ModelResponse:
    while True:
        try:
            return provider.send(request)
        except RateLimitError:
            continue


def lines(path: str, mode: str) -> Iterator[JsonObject]:
    with closing(SqliteReplyCache(path, mode=cast("CacheMode", mode))) as replies:
        for name, (backend, script) in SCRIPTS.items():
            provider = ScriptedProvider([] if mode == "replay" else script)
            document = f"{CONTRACT}\n\nSchedule: {name}."  # else they would share their replies
            record: Any = extraction_record(extracted(document, replies, provider, backend))
            yield {"name": name, "posts": len(provider.requests), "record": record}


if __name__ == "__main__":
    for line in lines(*sys.argv[1:]):
        print(json.dumps(line, ensure_ascii=False))  # noqa: T201 - the result
