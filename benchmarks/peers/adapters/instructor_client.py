"""instructor: the asynchronous client in its default mode, and tenacity as it documents it."""

from __future__ import annotations

import instructor
from openai import AsyncOpenAI
from tenacity import AsyncRetrying, stop_after_attempt, wait_exponential_jitter

from benchmarks.peers.adapters.messages import messages
from benchmarks.peers.schema import MODEL, Contract
from benchmarks.peers.system import OneByOne, Result


class Instructor(OneByOne):
    """Tool calls, in up to four attempts with jitter between them."""

    async def open(self) -> None:
        setup = self.setup
        plain = AsyncOpenAI(base_url=f"{setup.url}/v1", api_key="k", timeout=setup.timeout)
        self.client = instructor.from_openai(plain)

    async def one(self, document: str) -> Result:
        found: Contract = await self.client.chat.completions.create(
            model=MODEL,
            response_model=Contract,
            messages=messages(document),
            max_retries=AsyncRetrying(
                stop=stop_after_attempt(4), wait=wait_exponential_jitter(1, 20), reraise=True
            ),
        )
        return found
