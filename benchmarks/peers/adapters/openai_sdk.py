"""OpenAI's SDK: as its documentation shows it, over aiohttp, and past its response models.

It tries twice more by itself after an HTTP failure, which is its default.
"""

from __future__ import annotations

from typing import Any

import pydantic_core
from openai import AsyncOpenAI, DefaultAioHttpClient

from benchmarks.peers.adapters.messages import messages, strict_format
from benchmarks.peers.schema import MODEL, Contract
from benchmarks.peers.system import OneByOne, Result, Setup


class OpenAISDK(OneByOne):
    """`chat.completions.parse` with the Pydantic model: what all others are compared with."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.client = self.make_client()

    def make_client(self) -> AsyncOpenAI:
        return AsyncOpenAI(base_url=f"{self.setup.url}/v1", api_key="k", timeout=self.setup.timeout)

    async def close(self) -> None:
        await self.client.close()

    async def one(self, document: str) -> Result:
        done = await self.client.chat.completions.parse(
            model=MODEL, response_format=Contract, messages=messages(document)
        )
        return done.choices[0].message.parsed


class OpenAIAioHttp(OpenAISDK):
    """The same over the SDK's own aiohttp client."""

    def make_client(self) -> AsyncOpenAI:
        return AsyncOpenAI(
            base_url=f"{self.setup.url}/v1",
            api_key="k",
            timeout=self.setup.timeout,
            http_client=DefaultAioHttpClient(),
        )


class OpenAIRaw(OpenAIAioHttp):
    """Over aiohttp, with a schema that is made once and the raw response read by Pydantic."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.format: Any = strict_format()  # the SDK's own type is a dictionary too

    async def one(self, document: str) -> Result:
        raw = await self.client.chat.completions.with_raw_response.create(
            model=MODEL,
            response_format=self.format,
            messages=messages(document),
        )
        body = pydantic_core.from_json(raw.content)
        return Contract.model_validate_json(body["choices"][0]["message"]["content"])
