"""A provider without a network, for runs in virtual time: encodes and decodes as OpenAI's does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.fault_server import Terms, contract
from benchmarks.fault_server.asked import read
from benchmarks.fault_server.replies import body, right
from extractor.asking.candidates import Candidate
from extractor.asking.document import Asking, Conditions, Job
from extractor.calls.core import CallCore
from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import Send, Steps
from extractor.documents import read_document
from extractor.errors import ExtractorError, RateLimitError
from extractor.extracting.extractor import DEADLINE
from extractor.planning.plan import plan
from extractor.prompting.prompts import Prompts
from extractor.providers.openai import OpenAIProvider
from extractor.types import Extraction
from tests.virtual_time import Answer, World

MODEL = "gpt-5.4-mini"
LATENCY = 1.0
REFUSED_IN = 0.1
"""Seconds until a 429 comes."""


@dataclass(slots=True)
class VirtualProvider:
    """Answers each POST from the contract in it, but while it is down.

    `posts` counts them by document, and `answered` those that got a reply.
    """

    is_down: Callable[[float], bool]
    posts: Counter[int] = field(default_factory=Counter[int])
    answered: Counter[int] = field(default_factory=Counter[int])
    api: OpenAIProvider = field(default_factory=lambda: OpenAIProvider(api_key="sk-never-sent"))

    def __call__(self, send: Send, now: float) -> tuple[float, Answer]:
        asked = read("openai", json.dumps(self.api.encode(send.request)).encode())
        self.posts[asked.number] += 1
        if self.is_down(now):
            return REFUSED_IN, RateLimitError("429", provider="openai", status=429)
        self.answered[asked.number] += 1
        return LATENCY, self.api.decode(body(asked, right(asked)))


@dataclass(slots=True)
class Run:
    """One document's end, in virtual time."""

    number: int
    extraction: Extraction[Terms] | None = None
    error: ExtractorError | None = None
    ended_at: float = 0.0


def run_all(
    provider: VirtualProvider,
    numbers: Sequence[int],
    *,
    concurrency: int,
    policy: RetryPolicy,
    core: Callable[[World], CallCore],
) -> tuple[list[Run], World]:
    """Extract so many documents at a time, until all have ended."""
    world = World(provider)
    shared, runs, left = core(world), list[Run](), iter(numbers)
    conditions = Conditions(prompts=Prompts(None), retry=policy, deadline=DEADLINE)
    planned = plan(
        Terms,
        model=MODEL,
        profile=provider.api.profile(MODEL),
        backend="strict",
        evidence="quotes",
    )
    asked = (Candidate(provider.api, planned, is_ours=False),)

    def worker() -> Steps[None]:
        for number in left:
            run = Run(number)
            document = read_document(contract(number))
            job = Job.begun(DEADLINE, world.clock)
            asking = Asking(
                asked, document, core=shared, conditions=conditions, metadata={}, job=job
            )
            try:
                run.extraction = yield from asking.in_turn()
            except ExtractorError as error:
                run.error = error
            run.ended_at = world.now
            runs.append(run)

    for _ in range(concurrency):
        world.start(worker())
    world.until_idle()
    return runs, world
