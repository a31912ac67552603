"""pydantic-ai: an agent with an output type, and the SDK's own retries below it."""

from __future__ import annotations

from openai import AsyncOpenAI
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from benchmarks.peers.schema import MODEL, SYSTEM, Contract
from benchmarks.peers.system import OneByOne, Result


class PydanticAI(OneByOne):
    """`Agent(output_type=Contract, retries=3)`."""

    async def open(self) -> None:
        setup = self.setup
        plain = AsyncOpenAI(base_url=f"{setup.url}/v1", api_key="k", timeout=setup.timeout)
        model = OpenAIChatModel(MODEL, provider=OpenAIProvider(openai_client=plain))
        self.agent = Agent(model, output_type=Contract, system_prompt=SYSTEM, retries=3)

    async def one(self, document: str) -> Result:
        found: Contract = (await self.agent.run(document)).output
        return found
