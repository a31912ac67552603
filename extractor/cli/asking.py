"""From options to settings, and from settings to an `Extractor`: what asking commands share."""

from __future__ import annotations

import argparse
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypedDict

from pydantic import BaseModel

from extractor.calls.base import Clock
from extractor.calls.pricing import Price, Pricing
from extractor.config import Settings, load_settings
from extractor.extracting import Extractor
from extractor.planning import EvidenceMode
from extractor.providers import Progress, provider_from, silent, split_model

PLACEHOLDER = "(The document's text stands here.)"
"""The document where there is none and nothing is sent."""

_SETTINGS = (
    *("profile", "model", "backend", "evidence", "base_url", "prompts"),
    *("max_attempts", "max_tokens"),
)
"""Options that are settings too: those that are absent leave the word to files and environment."""


class ExtractorArguments(TypedDict):
    """What an `Extractor` takes from the settings, beside its provider."""

    backend: str
    evidence: EvidenceMode
    prompts: Path | None
    max_attempts: int
    max_tokens: int | None


def settings_for(options: argparse.Namespace) -> Settings:
    """Find the settings under which a command runs.

    Raises:
        ConfigurationError: a file, a variable or an option is not what it should be.
    """
    return load_settings(
        arguments={name: getattr(options, name, None) for name in _SETTINGS},
        config_file=options.config,
    )


def extractor_arguments(settings: Settings) -> ExtractorArguments:
    """Translate settings into the arguments of an `Extractor`."""
    return {
        "backend": settings.backend,
        "evidence": settings.evidence,
        "prompts": settings.prompts,
        "max_attempts": settings.max_attempts,
        "max_tokens": settings.max_tokens,
    }


def pricing_for(settings: Settings, clock: Clock) -> Pricing:
    """Return the list's prices with those of the settings over them."""
    own = {model: Price(**stated.model_dump()) for model, stated in settings.prices.items()}
    return Pricing(own, clock)


@contextmanager
def extractor_for(
    settings: Settings,
    schema: type[BaseModel],
    *,
    instructions: str | None = None,
    progress: Progress = silent,
) -> Generator[Extractor[Any]]:
    """Open the extractor that the settings describe, and close what it held."""
    spec = settings.chain[0]
    with closing(provider_from(settings, spec, progress=progress)) as provider:
        yield Extractor(
            schema,
            provider=provider,
            model=split_model(spec)[1],
            instructions=instructions,
            progress=progress,
            **extractor_arguments(settings),
        )
