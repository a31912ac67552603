"""A server in a process of its own, for as long as a trial or a test needs it."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks.fault_server.plan import Plan
from benchmarks.fault_server.truth import Truth


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs: `url` is the Anthropic SDK's base URL, and `openai_url` the other's."""

    url: str
    control: str

    @property
    def openai_url(self) -> str:
        return f"{self.url}/v1"

    def begin(self, plan: Plan) -> None:
        """Have it forget what was and follow a plan from now on."""
        self._ask("POST", "/plan", plan.model_dump_json().encode())

    def truth(self) -> Truth:
        """Return what it has seen since then."""
        return Truth.model_validate_json(self._ask("GET", "/truth"))

    def _ask(self, method: str, path: str, content: bytes | None = None) -> bytes:
        connection = http.client.HTTPConnection(urlsplit(self.control).netloc, timeout=30)
        try:
            connection.request(method, path, content)
            answer = connection.getresponse()
            read = answer.read()
        finally:
            connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"The fault server answered {answer.status}: {read[:500]!r}")
        return read


@contextmanager
def running(plan: Plan | None = None) -> Generator[Running]:
    """Start a server, and end it with the block."""
    command = [sys.executable, "-m", "benchmarks.fault_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or not (line := process.stdout.readline()):
                raise RuntimeError("The fault server did not start.")
            server = Running(*line.split())
            if plan is not None:
                server.begin(plan)
            yield server
        finally:
            process.terminate()
