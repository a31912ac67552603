"""A mock in a process of its own, for as long as a measure or a test needs it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.fault_server.control import ask, started
from benchmarks.peers.mock.counts import Counts
from benchmarks.peers.mock.knobs import Knobs


@dataclass(frozen=True, slots=True)
class Running:
    """A mock that runs at `url`."""

    url: str

    def begin(self, knobs: Knobs) -> None:
        """Have it forget what was and do as it is told from now on."""
        ask(self.url, "POST", "/config", knobs.model_dump_json().encode())

    def counts(self) -> Counts:
        """Return what it has seen since then."""
        return Counts.model_validate_json(ask(self.url, "GET", "/stats"))


@contextmanager
def running(knobs: Knobs) -> Generator[Running]:
    """Start a mock, and end it with the block."""
    with started("benchmarks.peers.mock") as addresses:
        mock = Running(addresses[0])
        mock.begin(knobs)
        yield mock
