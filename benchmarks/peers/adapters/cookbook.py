"""The approach of the OpenAI cookbook's script for parallel requests, written afresh.

One loop counts requests and tokens against the limits; what failed is put into a queue for another
attempt; after an error of a rate limit everything pauses. The script starts from a full minute of
the limits. Here it is told the burst that the mock really allows, and how many calls may be under
way at once, so it does better than the script would.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Sequence

import aiohttp

from benchmarks.peers.adapters.messages import messages
from benchmarks.peers.schema import FIELDS, MODEL, SYSTEM, Contract
from benchmarks.peers.system import Result, Setup, System

_BURST = 5.0
"""Seconds of the limits that may be used at once."""
_PAUSE = 15.0
"""Seconds after an error of a rate limit."""
_ATTEMPTS = 5
_ANSWER = 300
"""Tokens that an answer is expected to take."""


class Capacity:
    """What is left of one limit."""

    def __init__(self, per_minute: float) -> None:
        self.rate = per_minute / 60
        self.most = self.left = self.rate * _BURST

    def refill(self, seconds: float) -> None:
        self.left = min(self.most, self.left + self.rate * seconds)


class Run:
    """One batch under way."""

    def __init__(
        self, setup: Setup, session: aiohttp.ClientSession, documents: Sequence[str]
    ) -> None:
        self.setup = setup
        self.session = session
        self.results: list[Result] = [None] * len(documents)
        self.waiting = deque((place, text, _ATTEMPTS) for place, text in enumerate(documents))
        self.requests = Capacity(setup.rpm or math.inf)
        self.tokens = Capacity(setup.tpm or math.inf)
        self.in_flight = 0
        self.limited_at = -math.inf

    async def finish(self) -> None:
        """Start calls as the limits allow, until none is left."""
        tasks: set[asyncio.Task[None]] = set()
        at = time.monotonic()
        while self.waiting or self.in_flight:
            now = time.monotonic()
            self.requests.refill(now - at)
            self.tokens.refill(now - at)
            at = now
            if self.waiting and self._may_start(self.waiting[0][1]):
                task = asyncio.create_task(self._call(*self.waiting.popleft()))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            await asyncio.sleep(0.001)
            if (passed := time.monotonic() - self.limited_at) < _PAUSE:
                await asyncio.sleep(_PAUSE - passed)

    def _may_start(self, text: str) -> bool:
        need = len(text) // 4 + _ANSWER
        if self.in_flight >= self.setup.concurrency:
            return False
        if self.requests.left < 1 or self.tokens.left < need:
            return False
        self.requests.left -= 1
        self.tokens.left -= need
        self.in_flight += 1
        return True

    async def _call(self, place: int, text: str, attempts: int) -> None:
        try:
            self.results[place] = await self._asked(text)
        except Exception as error:
            if attempts > 1:
                self.waiting.append((place, text, attempts - 1))
            else:
                self.results[place] = error
        finally:
            self.in_flight -= 1

    async def _asked(self, text: str) -> Contract:
        body = {
            "model": MODEL,
            "response_format": {"type": "json_object"},
            "messages": messages(text, f"{SYSTEM} {FIELDS}"),
        }
        url = f"{self.setup.url}/v1/chat/completions"
        async with self.session.post(url, json=body) as response:
            done = await response.json()
        if "error" in done:
            said = done["error"]["message"]
            if "rate limit" in said.lower():
                self.limited_at = time.monotonic()
            raise RuntimeError(said)
        return Contract.model_validate_json(done["choices"][0]["message"]["content"])


class Cookbook(System):
    """Five attempts in JSON mode; the reply is validated by hand."""

    async def batch(self, documents: Sequence[str]) -> Sequence[Result]:
        async with aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self.setup.timeout),
            connector=aiohttp.TCPConnector(limit=self.setup.concurrency),
        ) as session:
            run = Run(self.setup, session, documents)
            await run.finish()
        return run.results
