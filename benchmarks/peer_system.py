"""This project as a system of the peers' benchmark, and that benchmark's worker with it.

    python -m benchmarks.peer_system --system ours --url http://127.0.0.1:PORT --n 600 ...

Run by `benchmarks.rate_limits`, with the benchmark's folder on the path. The options are those of
`peerbench.worker`; `--system` is `ours`, or `ours_untold`, which is not told the limits. A line
with the seconds, from the first POST, at which a 429 came is printed before the worker's own.
"""

from __future__ import annotations

import asyncio
import http
import importlib
import json
import logging
import math
import sys
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Protocol

from pydantic import BaseModel

from extractor import Extractor
from extractor.calls.core import CallCore
from extractor.calls.limits import RateLimiter, RateLimits

TOLD, UNTOLD = "ours", "ours_untold"
MARK = "LIMITED "


class Setup(Protocol):
    """What the benchmark tells a system."""

    url: str
    concurrency: int
    rpm: float
    tpm: float


class Refusals(logging.Handler):
    """Notes when 429s came, in seconds from the first POST."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._first = math.inf
        self._at: list[float] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno != logging.INFO:
            return
        line = json.loads(record.getMessage())
        self._first = min(self._first, line["started_at"])
        if line["status"] == http.HTTPStatus.TOO_MANY_REQUESTS:
            self._at.append(line["started_at"] + line["latency"])

    def seconds(self) -> list[float]:
        return [round(at - self._first, 2) for at in self._at]


class Ours:
    """One extractor for the whole batch, with everything as it is by default."""

    is_told = True

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._refusals = Refusals()

    async def open(self) -> None:
        importlib.import_module("openai")  # as its peers do before the clock runs
        log = logging.getLogger("extractor.calls")
        log.setLevel(logging.INFO)
        log.addHandler(self._refusals)
        schema: type[BaseModel] = importlib.import_module("peerbench.schema").Contract
        setup = self._setup
        told = RateLimits(
            requests_per_minute=int(setup.rpm) or None, tokens_per_minute=int(setup.tpm) or None
        )
        self._extractor = Extractor(
            schema,
            model="openai:gpt-4o",
            evidence="none",
            base_url=f"{setup.url}/v1",
            core=CallCore(limiter=RateLimiter(ceilings=told if self.is_told else None)),
        )

    async def close(self) -> None:
        self._extractor.close()
        print(MARK + json.dumps(self._refusals.seconds()))

    async def batch(self, docs: Iterable[str]) -> Sequence[BaseModel | Exception]:
        """Extract all of them, so many at a time as the benchmark asks for."""
        gate = asyncio.Semaphore(self._setup.concurrency)

        async def one(text: str) -> BaseModel | Exception:
            async with gate:
                try:
                    return (await self._extractor.aextract(text)).value
                except Exception as error:  # the benchmark counts them
                    return error

        return await asyncio.gather(*(one(text) for text in docs))


class OursUntold(Ours):
    """The same, without a word of the provider's limits."""

    is_told = False


def main() -> None:
    """Enter this system into the benchmark's list and run its worker."""
    systems = importlib.import_module("peerbench.systems").SYSTEMS
    own: ModuleType = sys.modules[__name__]
    sys.modules["peerbench.adapters.ours"] = own
    systems[TOLD] = ("ours", Ours.__name__, "base")
    systems[UNTOLD] = ("ours", OursUntold.__name__, "base")
    importlib.import_module("peerbench.worker").main()


if __name__ == "__main__":
    main()
