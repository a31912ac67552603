"""The Batch APIs of OpenAI and Anthropic: many requests handed in at once, for half the price."""

from extractor.errors import ConfigurationError
from extractor.providers.base import Provider
from extractor.providers.batches.base import (
    BatchFailure,
    BatchItem,
    BatchLimits,
    BatchProvider,
    BatchResult,
    BatchStatus,
    Rejection,
)

__all__ = [
    "BatchFailure",
    "BatchItem",
    "BatchLimits",
    "BatchProvider",
    "BatchResult",
    "BatchStatus",
    "Rejection",
    "batches_of",
]


def batches_of(provider: Provider) -> BatchProvider:
    """Return a provider's Batch API.

    Raises:
        ConfigurationError: it has none.
    """
    from extractor.providers.anthropic import AnthropicProvider
    from extractor.providers.batches.anthropic import AnthropicBatches
    from extractor.providers.batches.openai import OpenAIBatches
    from extractor.providers.compatible import CompatibleProvider
    from extractor.providers.openai import OpenAIProvider

    if isinstance(provider, AnthropicProvider):
        return AnthropicBatches(provider)
    if isinstance(provider, OpenAIProvider) and not isinstance(provider, CompatibleProvider):
        return OpenAIBatches(provider)
    raise ConfigurationError(
        f"{provider.name} has no Batch API that is known here; openai and anthropic have one.",
        hint="Leave --mode batch out. A server of your own with OpenAI's Batch API is openai:MODEL "
        "with its --base-url.",
    )
