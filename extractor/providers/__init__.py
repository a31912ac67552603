"""Who answers: OpenAI, Claude, compatible servers, the embedded model, or a script.

Importing this package imports no SDK; a provider's module is imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from extractor.errors import ConfigurationError, did_you_mean
from extractor.providers.base import Progress, Provider, silent
from extractor.providers.profiles import PROFILES, profile_for

__all__ = [
    "PROVIDERS",
    "Progress",
    "Provider",
    "profile_for",
    "provider_for",
    "silent",
    "split_model",
]

Factory: TypeAlias = Callable[[str, str | None, Progress], Provider]


def split_model(spec: str) -> tuple[str, str]:
    """Split a model's full name into provider and model.

    Raises:
        ConfigurationError: one of the two is missing.

    >>> split_model("openai:gpt-5.4-mini")
    ('openai', 'gpt-5.4-mini')
    """
    provider, _, model = spec.strip().partition(":")
    if not provider or not model:
        known = [f"{name}:{spec}" for name, table in PROFILES.items() if _has(table, spec)]
        example = "Write provider:model, such as openai:gpt-5.4-mini or scripted:replies.jsonl."
        hint = f"Did you mean {' or '.join(known)}? {example}" if known else example
        raise ConfigurationError(f"{spec!r} is no model name.", hint=hint)
    return provider, model


def _has(table: Mapping[str, object], model: str) -> bool:
    return any(model.startswith(prefix) for prefix in table if prefix)


def provider_for(
    name: str, argument: str, *, base_url: str | None = None, progress: Progress = silent
) -> Provider:
    """Make a provider by its name.

    Args:
        name: one of `PROVIDERS`.
        argument: what stands after the colon: the model, or the script's file for `scripted`.
        base_url: where requests go, for the providers that speak HTTP to a server of your choice.
        progress: is told what a start is doing that takes long (the embedded model's).

    Raises:
        ConfigurationError: no such provider, or it takes no base URL.
    """
    if name not in PROVIDERS:
        raise ConfigurationError(
            f"There is no provider {name!r}.", hint=did_you_mean(name, sorted(PROVIDERS))
        )
    return PROVIDERS[name](argument, base_url, progress)


def _openai(_argument: str, base_url: str | None, _progress: Progress) -> Provider:
    from extractor.providers.openai import OpenAIProvider

    return OpenAIProvider(base_url=base_url)


def _anthropic(_argument: str, base_url: str | None, _progress: Progress) -> Provider:
    from extractor.providers.anthropic import AnthropicProvider

    return AnthropicProvider(base_url=base_url)


def _compatible(_argument: str, base_url: str | None, _progress: Progress) -> Provider:
    from extractor.providers.compatible import CompatibleProvider

    return CompatibleProvider(base_url=base_url)


def _local(_argument: str, base_url: str | None, progress: Progress) -> Provider:
    _refuse("local", base_url)
    from extractor.providers.local import LocalProvider

    return LocalProvider(progress=progress)


def _scripted(argument: str, base_url: str | None, _progress: Progress) -> Provider:
    _refuse("scripted", base_url)
    from extractor.providers.scripted import ScriptedProvider

    return ScriptedProvider.from_file(argument)


def _refuse(name: str, base_url: str | None) -> None:
    if base_url is not None:
        raise ConfigurationError(
            f"The provider {name} takes no base URL.",
            hint="Use compatible:MODEL for a server of your own.",
        )


PROVIDERS: Mapping[str, Factory] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "compatible": _compatible,
    "local": _local,
    "scripted": _scripted,
}
"""The built-in providers, by name."""
