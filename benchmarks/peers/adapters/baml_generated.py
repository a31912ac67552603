"""BAML: the client that it generates; its Rust runtime does HTTP, retries and the lenient reading.

Its schema language has no date, so that the date comes back as a string, which is checked like all
else. A client has no timeout. `contract.baml` is what the client is generated from.
"""

from __future__ import annotations

import os

from benchmarks.peers.system import OneByOne, Result, Setup


class Baml(OneByOne):
    """The asynchronous client over `openai-generic`, with three retries."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        os.environ["MOCK_URL"] = f"{setup.url}/v1"
        os.environ["BAML_LOG"] = "off"
        from baml_client import b  # it reads the variables

        self.client = b

    async def one(self, document: str) -> Result:
        found: Result = await self.client.ExtractContract(document)
        return found
