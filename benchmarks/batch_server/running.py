"""The server in a process of its own, for as long as a trial or a test needs it."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks.batch_server.plan import BatchPlan, BatchTruth
from benchmarks.fault_server.asked import Api


@dataclass(frozen=True, slots=True)
class RunningBatches:
    """A server that runs; `url` is the Anthropic SDK's base URL."""

    url: str

    def url_for(self, api: Api) -> str:
        """Return the base URL for an API's SDK."""
        return f"{self.url}/v1" if api == "openai" else self.url

    def begin(self, plan: BatchPlan) -> None:
        """Have it forget what was and follow a plan from now on."""
        self._ask("POST", "/plan", plan.model_dump_json().encode())

    def truth(self) -> BatchTruth:
        """Return what it has seen since then."""
        return BatchTruth.model_validate_json(self._ask("GET", "/truth"))

    def add_foreign(self, api: Api, count: int) -> None:
        """Have it begin a batch of somebody else in the same account."""
        self._ask("POST", "/foreign", json.dumps({"api": api, "count": count}).encode())

    def _ask(self, method: str, path: str, content: bytes | None = None) -> bytes:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            connection.request(method, path, content)
            answer = connection.getresponse()
            read = answer.read()
        finally:
            connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"The batch server answered {answer.status}: {read[:500]!r}")
        return read


@contextmanager
def batch_server(plan: BatchPlan | None = None) -> Generator[RunningBatches]:
    """Start a server, and end it with the block."""
    command = [sys.executable, "-m", "benchmarks.batch_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or not (line := process.stdout.readline()):
                raise RuntimeError("The batch server did not start.")
            server = RunningBatches(line.strip())
            if plan is not None:
                server.begin(plan)
            yield server
        finally:
            process.terminate()
