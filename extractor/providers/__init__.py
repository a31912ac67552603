"""Who answers: OpenAI, Claude, compatible servers, the embedded model, or a script.

Importing this package imports no SDK; a provider's module is imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypedDict

from extractor.config import ProviderSettings, Settings
from extractor.errors import ConfigurationError, did_you_mean
from extractor.providers.base import Progress, Provider, silent, unfailing
from extractor.providers.profiles import PROFILES, profile_for

__all__ = [
    "PROVIDERS",
    "Progress",
    "Provider",
    "profile_for",
    "provider_for",
    "provider_from",
    "silent",
    "split_model",
    "unfailing",
]


class Endpoint(TypedDict):
    """Where a provider is, as `HttpProvider` takes it."""

    base_url: str | None
    base_url_origin: str
    allow_http: bool
    api_key_variable: str | None


Factory: TypeAlias = Callable[[str, Endpoint, Progress], Provider]


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
    name: str,
    argument: str,
    *,
    base_url: str | None = None,
    base_url_origin: str = "base_url",
    allow_http: bool = False,
    api_key_variable: str | None = None,
    progress: Progress = silent,
) -> Provider:
    """Make a provider by its name.

    Args:
        name: one of `PROVIDERS`.
        argument: what stands after the colon: the model, or the script's file for `scripted`.
        base_url: where requests go, for the providers that speak HTTP to a server of your choice.
        base_url_origin: where `base_url` comes from, for messages and `doctor`.
        allow_http: let requests go over http to other machines than this, unencrypted.
        api_key_variable: the environment variable that holds the key, if not the usual one.
        progress: is told what a start is doing that takes long (the embedded model's).

    Raises:
        ConfigurationError: no such provider, it takes no base URL, or requests can't go there.
    """
    if name not in PROVIDERS:
        raise ConfigurationError(
            f"There is no provider {name!r}.", hint=did_you_mean(name, sorted(PROVIDERS))
        )
    endpoint = Endpoint(
        base_url=base_url,
        base_url_origin=base_url_origin,
        allow_http=allow_http,
        api_key_variable=api_key_variable,
    )
    return PROVIDERS[name](argument, endpoint, progress)


def provider_from(settings: Settings, model: str, *, progress: Progress = silent) -> Provider:
    """Make the provider of a model, `provider:name`, as the settings want it.

    Raises:
        ConfigurationError: as `provider_for`; or there is one base URL for several models.
    """
    if settings.base_url is not None and settings.models:
        raise ConfigurationError(
            "base_url is one address, and models are several.",
            hint="State it for each provider: [providers.NAME] base_url in extractor.toml.",
        )
    name, argument = split_model(model)
    own = settings.providers.get(name, ProviderSettings())
    key = "base_url" if settings.base_url else f"providers.{name}.base_url"
    return provider_for(
        name,
        argument,
        base_url=settings.base_url or own.base_url,
        base_url_origin=f"{key} from {settings.origin(key)}",
        allow_http=own.allow_http,
        api_key_variable=own.api_key_variable,
        progress=progress,
    )


def _openai(_argument: str, endpoint: Endpoint, _progress: Progress) -> Provider:
    from extractor.providers.openai import OpenAIProvider

    return OpenAIProvider(**endpoint)


def _anthropic(_argument: str, endpoint: Endpoint, _progress: Progress) -> Provider:
    from extractor.providers.anthropic import AnthropicProvider

    return AnthropicProvider(**endpoint)


def _compatible(_argument: str, endpoint: Endpoint, _progress: Progress) -> Provider:
    from extractor.providers.compatible import CompatibleProvider

    return CompatibleProvider(**endpoint)


def _local(_argument: str, endpoint: Endpoint, progress: Progress) -> Provider:
    _refuse("local", endpoint)
    from extractor.providers.local import LocalProvider

    return LocalProvider(progress=progress)


def _scripted(argument: str, endpoint: Endpoint, _progress: Progress) -> Provider:
    _refuse("scripted", endpoint)
    from extractor.providers.scripted import ScriptedProvider

    return ScriptedProvider.from_file(argument)


def _refuse(name: str, endpoint: Endpoint) -> None:
    if endpoint["base_url"] or endpoint["allow_http"] or endpoint["api_key_variable"]:
        raise ConfigurationError(
            f"The provider {name} takes no base URL and no key.",
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
