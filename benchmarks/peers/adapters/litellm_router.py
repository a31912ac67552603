"""LiteLLM's Router with a response format, and the provider's limits where they are known."""

from __future__ import annotations

from typing import Any

import litellm

from benchmarks.peers.adapters.messages import messages
from benchmarks.peers.schema import MODEL, Contract
from benchmarks.peers.system import OneByOne, Result

litellm.suppress_debug_info = True


class LiteLLM(OneByOne):
    """One deployment, three retries; the reply is validated by hand."""

    async def open(self) -> None:
        setup = self.setup
        params: dict[str, Any] = {
            "model": f"openai/{MODEL}",
            "api_base": f"{setup.url}/v1",
            "api_key": "k",
            "timeout": setup.timeout,
        }
        if setup.rpm:
            params |= {"rpm": setup.rpm, "tpm": setup.tpm}
        self.router = litellm.Router(
            model_list=[{"model_name": "m", "litellm_params": params}],
            num_retries=3,
            disable_cooldowns=True,  # with one deployment a cooldown fails everything at once
        )

    async def one(self, document: str) -> Result:
        done = await self.router.acompletion(
            model="m", response_format=Contract, messages=messages(document)
        )
        return Contract.model_validate_json(done.choices[0].message.content)
