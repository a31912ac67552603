"""A server in a process of its own, for as long as a trial or a test needs it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.fault_server.control import ask, started
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
        ask(self.control, "POST", "/plan", plan.model_dump_json().encode())

    def truth(self) -> Truth:
        """Return what it has seen since then."""
        return Truth.model_validate_json(ask(self.control, "GET", "/truth"))


@contextmanager
def running(plan: Plan | None = None) -> Generator[Running]:
    """Start a server, and end it with the block."""
    with started("benchmarks.fault_server") as addresses:
        server = Running(*addresses)
        if plan is not None:
            server.begin(plan)
        yield server
