"""From options to an `Extractor`: what `extract`, `prompt show` and `schema check` share."""

from __future__ import annotations

import argparse
from typing import Any

from pydantic import BaseModel

from extractor.config import model_or_default
from extractor.errors import ConfigurationError
from extractor.extracting import Extractor
from extractor.plugins import did_you_mean
from extractor.providers import PROVIDERS, Progress, Provider, provider_for, silent, split_model
from extractor.providers.profiles import PROFILES

PLACEHOLDER = "(The document's text stands here.)"
"""The document where there is none and nothing is sent."""


def provider_of(
    options: argparse.Namespace, *, progress: Progress = silent
) -> tuple[Provider, str]:
    """Return who is to be asked, and the model's name there.

    Raises:
        ConfigurationError: there is no such provider or script; near names are told.
    """
    spec = model_or_default(options.model)
    known = [
        name for name, table in PROFILES.items() if any(map(spec.startswith, filter(None, table)))
    ]
    if ":" not in spec and known:
        asked = " or ".join(f"{name}:{spec}" for name in known)
        raise ConfigurationError(f"{spec!r} names no provider.", hint=f"Did you mean {asked}?")
    name, model = split_model(spec)
    if name not in PROVIDERS:
        hint = did_you_mean(name, sorted(PROVIDERS))
        raise ConfigurationError(f"There is no provider {name!r}.", hint=hint)
    return provider_for(name, model, base_url=options.base_url, progress=progress), model


def extractor_for(
    options: argparse.Namespace,
    schema: type[BaseModel],
    *,
    backend: str | None = None,
    progress: Progress = silent,
) -> Extractor[Any]:
    """Return the extractor that the options describe; `backend` in place of theirs."""
    provider, model = provider_of(options, progress=progress)
    return Extractor(
        schema,
        model=model,
        provider=provider,
        backend=backend or options.backend,
        evidence=options.evidence,
        prompts=options.prompts,
        instructions=options.instructions,
        max_attempts=options.max_attempts,
        max_tokens=options.max_tokens,
        progress=progress,
    )
