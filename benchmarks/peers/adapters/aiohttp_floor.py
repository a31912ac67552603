"""The floor: aiohttp and one validation, without an SDK. Retries can only add to it."""

from __future__ import annotations

import aiohttp
import orjson

from benchmarks.peers.adapters.messages import messages, strict_format
from benchmarks.peers.schema import MODEL, Contract
from benchmarks.peers.system import OneByOne, Result


class AioHttpFloor(OneByOne):
    """A POST, orjson and `model_validate_json`; nothing is tried again."""

    async def open(self) -> None:
        self.format = strict_format()
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self.setup.concurrency),
            timeout=aiohttp.ClientTimeout(total=self.setup.timeout),
            headers={"authorization": "Bearer k", "content-type": "application/json"},
        )

    async def close(self) -> None:
        await self.session.close()

    async def one(self, document: str) -> Result:
        body = orjson.dumps(
            {"model": MODEL, "response_format": self.format, "messages": messages(document)}
        )
        async with self.session.post(
            f"{self.setup.url}/v1/chat/completions", data=body
        ) as response:
            response.raise_for_status()
            done = orjson.loads(await response.read())
        return Contract.model_validate_json(done["choices"][0]["message"]["content"])
