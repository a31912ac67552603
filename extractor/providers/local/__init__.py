"""The embedded model: Qwen2.5-Coder-1.5B-Instruct on this machine's processor.

`LocalProvider` answers requests with it; `LocalServer` is the HTTP server behind it, which speaks
OpenAI's and Anthropic's protocols to anybody on this machine.
"""

from extractor.config import cache_dir
from extractor.providers.local.provider import LocalProvider
from extractor.providers.local.server import LocalServer
from extractor.providers.local.weights import QWEN_CODER, LocalModel, find_weights

__all__ = [
    "QWEN_CODER",
    "LocalModel",
    "LocalProvider",
    "LocalServer",
    "cache_dir",
    "find_weights",
]
