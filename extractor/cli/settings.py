"""From options to settings: what commands share that ask a model, or look at what was asked."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extractor.config import Settings, load_settings
from extractor.config.settings import DatasetSettings

PLACEHOLDER = "(The document's text stands here.)"
"""The document where there is none and nothing is sent."""

_SETTINGS = {
    "profile": ("profile",),
    "model": ("model",),
    "models": ("models",),
    "race": ("race",),
    "backend": ("backend",),
    "evidence": ("evidence",),
    "reasoning_effort": ("reasoning_effort",),
    "unverified": ("unverified",),
    "second_look": ("second_look",),
    "base_url": ("base_url",),
    "prompts": ("prompts",),
    "max_attempts": ("max_attempts",),
    "max_tokens": ("max_tokens",),
    "coverage": ("coverage",),
    "deadline": ("deadline",),
    "max_usd": ("budget", "max_usd_per_document"),
    "max_usd_run": ("budget", "max_usd_per_run"),
    "user": ("budget", "user"),
    "cache": ("cache", "mode"),
    "cache_path": ("cache", "path"),
    "store": ("store", "path"),
}
"""Options that are settings too, and where; those that are absent leave the word to others."""


def settings_for(options: argparse.Namespace) -> Settings:
    """Find the settings under which a command runs.

    Raises:
        ConfigurationError: a file, a variable or an option is not what it should be.
    """
    arguments: dict[str, Any] = {}
    for option, (*tables, name) in _SETTINGS.items():
        value = getattr(options, option, None)
        if value is not None:
            table = arguments
            for key in tables:
                table = table.setdefault(key, {})
            table[name] = value
    return load_settings(arguments=arguments, config_file=options.config)


def store_for(options: argparse.Namespace) -> Path:
    """Find the ledger that a command looks into: `--store`, or else the configured one.

    Its other options choose among calls: a `--model` there is no setting.

    Raises:
        ConfigurationError: as `settings_for`.
    """
    where = {name: getattr(options, name) for name in ("profile", "config", "store")}
    return settings_for(argparse.Namespace(**where)).store.path


def datasets_for() -> Mapping[str, DatasetSettings]:
    """Return the data sets that the settings name, for commands that have no other use of them.

    Raises:
        ConfigurationError: as `settings_for`.
    """
    return load_settings().datasets
