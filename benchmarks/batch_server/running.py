"""The server in a process of its own, for as long as a trial or a test needs it."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.batch_server.plan import BatchPlan, BatchTruth
from benchmarks.fault_server.asked import Api
from benchmarks.fault_server.control import ask, started


@dataclass(frozen=True, slots=True)
class RunningBatches:
    """A server that runs; `url` is the Anthropic SDK's base URL."""

    url: str

    def url_for(self, api: Api) -> str:
        """Return the base URL for an API's SDK."""
        return f"{self.url}/v1" if api == "openai" else self.url

    def begin(self, plan: BatchPlan) -> None:
        """Have it forget what was and follow a plan from now on."""
        ask(self.url, "POST", "/plan", plan.model_dump_json().encode())

    def truth(self) -> BatchTruth:
        """Return what it has seen since then."""
        return BatchTruth.model_validate_json(ask(self.url, "GET", "/truth"))

    def add_foreign(self, api: Api, count: int) -> None:
        """Have it begin a batch of somebody else in the same account."""
        ask(self.url, "POST", "/foreign", json.dumps({"api": api, "count": count}).encode())


@contextmanager
def batch_server(plan: BatchPlan | None = None) -> Generator[RunningBatches]:
    """Start a server, and end it with the block."""
    with started("benchmarks.batch_server") as addresses:
        server = RunningBatches(*addresses)
        if plan is not None:
            server.begin(plan)
        yield server
