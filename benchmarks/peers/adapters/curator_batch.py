"""bespokelabs-curator: a class over a list of rows; loop, files and limits are its own.

It is set up by environment variables, before it is imported: no cache of replies, no telemetry, no
display. tiktoken, with which it estimates tokens, fetches its tables from the network; LiteLLM,
which curator needs anyway, has them in its wheel under the names of tiktoken's cache.
"""

# ruff: noqa: E402 - the variables come before the import

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import files
from pathlib import Path
from typing import Any

_TABLES = next(
    Path(str(file.locate())).parent
    for file in files("litellm") or ()
    if file.parent.name == "tokenizers" and not file.suffix
)
os.environ |= {
    "CURATOR_CACHE_DIR": tempfile.mkdtemp(prefix="curator"),
    "CURATOR_DISABLE_CACHE": "1",
    "CURATOR_DISABLE_RICH_DISPLAY": "1",
    "HF_HUB_OFFLINE": "1",
    "TELEMETRY_ENABLED": "false",
    "TIKTOKEN_CACHE_DIR": str(_TABLES),
}

from bespokelabs import curator

from benchmarks.peers.adapters.messages import messages
from benchmarks.peers.schema import MODEL, Contract
from benchmarks.peers.system import Result, System


class Extraction(curator.LLM):  # type: ignore[misc] # its types are not known here
    """What it asks of each row, and what it makes of the answer."""

    response_format = Contract

    def prompt(self, row: Mapping[str, Any]) -> list[Any]:
        return messages(row["text"])

    def parse(self, row: Mapping[str, Any], response: Contract) -> dict[str, Any]:
        return {"place": row["place"], "found": response.model_dump_json()}


class Curator(System):
    """The backend `openai` with its own limits and ten retries."""

    async def batch(self, documents: Sequence[str]) -> Sequence[Result]:
        rows = [{"place": place, "text": text} for place, text in enumerate(documents)]
        found: list[Result] = [None] * len(rows)
        # It runs an event loop of its own, which needs a thread of its own.
        for row in await asyncio.to_thread(self._extracted, rows):
            found[row["place"]] = Contract.model_validate_json(row["found"])
        return found

    def _extracted(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        setup = self.setup
        llm = Extraction(
            model_name=MODEL,
            backend="openai",
            backend_params={
                "base_url": f"{setup.url}/v1",
                "max_concurrent_requests": setup.concurrency,
                "max_requests_per_minute": setup.rpm or 10_000_000,
                "max_tokens_per_minute": setup.tpm or 2_000_000_000,
                "request_timeout": int(setup.timeout),
                "require_all_responses": False,
            },
        )
        done = llm(rows)
        return list(getattr(done, "dataset", done))
