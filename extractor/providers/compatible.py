"""Any server that speaks OpenAI's Chat Completions: vLLM, llama.cpp, Ollama, Azure's v1 API."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from extractor.providers.openai import OpenAIProvider
from extractor.types import JsonObject, ModelRequest

if TYPE_CHECKING:
    import openai

    from extractor.providers.openai import Options


class CompatibleProvider(OpenAIProvider):
    """An OpenAI-compatible server; nothing meant for OpenAI itself is ever sent to it.

    The base URL is the argument or `EXTRACTOR_COMPATIBLE_BASE_URL`, the key (optional) the argument
    or `EXTRACTOR_COMPATIBLE_API_KEY`.

    Raises:
        ConfigurationError: there is no base URL.
    """

    default_name = "compatible"
    default_base_url = None
    base_url_variable = "EXTRACTOR_COMPATIBLE_BASE_URL"
    api_key_variable = "EXTRACTOR_COMPATIBLE_API_KEY"

    def encode(self, request: ModelRequest, /) -> JsonObject:
        body = super().encode(request)
        # The older name is the one that every server knows; `store` is OpenAI's own.
        body["max_tokens"] = body.pop("max_completion_tokens")
        del body["store"]
        return body

    def _options(self) -> Options:
        key = self._key() or "none"  # the SDK insists on one
        return {
            "api_key": key,
            "base_url": self._endpoint,
            "timeout": self._timeout(),
            "max_retries": 0,
            "default_headers": {"Authorization": f"Bearer {key}"},
        }

    def _extra_headers(self) -> Mapping[str, str | openai.Omit]:
        """Take back the headers that the SDK reads from `OPENAI_*` variables for OpenAI."""
        import openai

        custom = os.environ.get("OPENAI_CUSTOM_HEADERS", "").splitlines()
        names = {line.partition(":")[0].strip() for line in custom if ":" in line}
        meant_for_openai = {"OpenAI-Organization", "OpenAI-Project"} | names
        return {name: openai.Omit() for name in meant_for_openai if name.lower() != "authorization"}
