"""Extractions through a reply cache, in a process of their own.

    python -m tests.replayed CACHE MODE

prints one line of JSON for each extraction: its record or its error's, and how many POSTs it made.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import cast

from extractor import Extractor, ExtractorError, OverloadedError, RetryPolicy
from extractor.calls.cache.replies import CacheMode, SqliteReplyCache
from extractor.calls.core import CallCore
from extractor.outputs.record import extraction_record
from extractor.providers.profiles import profile_for
from extractor.providers.scripted import Reply, ScriptedProvider
from extractor.types import JsonObject, ModelResponse, StopReason, Usage
from tests.services_agreement import BAD_NOTICE, CONTRACT, GOOD, NO_START, NOTICE_AGAIN, Consistent

XML = "".join(
    f"<{name}><quote>{field['quote']}</quote><value>{field['value']}</value></{name}>"
    for name, field in GOOD.items()
)
AT_ONCE = RetryPolicy(initial=0.0, outage=0.0)


class Script(ScriptedProvider):
    """Replies with a price."""

    name = "openai"


def told(
    reply: object, usage: Usage | None, stop_reason: StopReason = StopReason.END
) -> ModelResponse:
    text = reply if isinstance(reply, str) else json.dumps(reply)
    return ModelResponse(text, usage, stop_reason, "gpt-5.4-mini-2026", "resp_1", "req_1")


SCRIPTS: dict[str, tuple[str, tuple[Reply, ...]]] = {
    "at once": ("strict", (told(GOOD, Usage(1000, 50, 900)),)),
    "mended": ("json", (told(f"Here:\n```json\n{json.dumps(GOOD)[:-1]},}}\n```", Usage(9, 9)),)),
    "a field again": (
        "tools",
        (
            told(BAD_NOTICE, Usage(1000, 50), StopReason.TOOL_USE),
            told(NOTICE_AGAIN, Usage(200, 10), StopReason.TOOL_USE),
        ),
    ),
    "everything again": (
        "strict",
        (told(NO_START, Usage(1000, 50)), told(GOOD, Usage(1100, 50))),
    ),
    "nothing, nothing, asked in the same words, then an answer": (
        "json",
        (told("", Usage(1000, 1)), told("", Usage(1000, 1)), told(GOOD, Usage(9, 9))),
    ),
    "cut off": (
        "strict",
        (
            told(json.dumps(GOOD)[:100], Usage(1000, 512), StopReason.LENGTH),
            told(GOOD, Usage(1000, 600)),
        ),
    ),
    "after failures": (
        "strict",
        (OverloadedError("busy"), OverloadedError("busy"), told(GOOD, Usage(1000, 50))),
    ),
    "tags": (
        "xml",
        (
            told("<Terms>AT&T &foo; &nbsp; <law>x", Usage(1000, 20)),
            told(f"<Terms>{XML.replace('laws of', 'laws&nbsp;of & &#0;')}</Terms>", Usage(9, 60)),
        ),
    ),
    "refused": ("strict", (told("I can't.", Usage(1000, 5), StopReason.REFUSAL),)),
    "never valid": ("strict", (told(NO_START, Usage(1000, 50)),) * 4),
}
FAIL = ("refused", "never valid")


def lines(path: str, mode: str, *, on_loop: bool = False) -> Iterator[JsonObject]:
    """Do all of them, blocking or on an event loop; in a replay there is no reply to be had."""
    with closing(SqliteReplyCache(path, mode=cast("CacheMode", mode))) as replies:
        core = CallCore(cache=replies)
        for name, (backend, script) in SCRIPTS.items():
            provider = Script(
                () if mode == "replay" else script, profile=profile_for("scripted", "")
            )
            extractor = Extractor(
                Consistent,
                model="gpt-5.4-mini",
                provider=provider,
                backend=backend,
                retry=AT_ONCE,
                core=core,
            )
            document = f"{CONTRACT}\n\nSchedule: {name}."  # else they would share their replies
            try:
                if on_loop:
                    result = asyncio.run(extractor.aextract(document))
                else:
                    result = extractor.extract(document)
                record = extraction_record(result)
            except ExtractorError as error:
                record = error.facts()
            yield {"name": name, "posts": len(provider.requests), "record": record}


if __name__ == "__main__":
    for line in lines(*sys.argv[1:]):
        print(json.dumps(line, ensure_ascii=False))  # noqa: T201 - the result
