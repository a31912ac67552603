"""The systems by name, and where each of them runs."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.peers.system import Setup, System

PLAIN = "openai"
"""The system that all others are compared with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A system.

    Attributes:
        module: its module in `benchmarks.peers.adapters`.
        name: its class there.
        environment: the one that it runs in, by its name in `environments`.
        package: whose version tells which system was measured.
    """

    module: str
    name: str
    environment: str
    package: str

    def made(self, setup: Setup) -> System:
        """Import the adapter, which only its own environment can, and make the system."""
        module = importlib.import_module(f"benchmarks.peers.adapters.{self.module}")
        made: System = getattr(module, self.name)(setup)
        return made


SYSTEMS: Mapping[str, Entry] = {
    "openai": Entry("openai_sdk", "OpenAISDK", "plain", "openai"),
    "openai_aiohttp": Entry("openai_sdk", "OpenAIAioHttp", "plain", "openai"),
    "openai_raw": Entry("openai_sdk", "OpenAIRaw", "plain", "openai"),
    "aiohttp_floor": Entry("aiohttp_floor", "AioHttpFloor", "plain", "aiohttp"),
    "cookbook": Entry("cookbook", "Cookbook", "plain", "aiohttp"),
    "instructor": Entry("instructor_client", "Instructor", "instructor", "instructor"),
    "pydanticai": Entry("pydanticai", "PydanticAI", "pydanticai", "pydantic-ai-slim"),
    "litellm": Entry("litellm_router", "LiteLLM", "litellm", "litellm"),
    "langextract": Entry("langextract_spans", "LangExtract", "langextract", "langextract"),
    "langextract_batch": Entry(
        "langextract_spans", "LangExtractBatch", "langextract", "langextract"
    ),
    "curator": Entry("curator_batch", "Curator", "curator", "bespokelabs-curator"),
    "baml": Entry("baml_generated", "Baml", "baml", "baml-py"),
    "ours": Entry("ours", "Ours", "ours", "contract-extractor"),
    "ours_no_evidence": Entry("ours", "OursNoEvidence", "ours", "contract-extractor"),
    "ours_untold": Entry("ours", "OursUntold", "ours", "contract-extractor"),
}
