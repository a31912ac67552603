"""What a run was begun with, kept for `retry`: what the words meant then, not what they say."""

from __future__ import annotations

import argparse
from pathlib import Path

from extractor.config import Settings
from extractor.plugins import absolute_name
from extractor.types import JsonObject

_OPTIONS = (
    *("profile", "instructions", "ocr", "hidden", "concurrency", "user", "cache"),
    *("mode", "batch_size", "live_repairs"),
)
_SETTINGS = (
    *("backend", "evidence", "reasoning_effort", "unverified", "second_look"),
    *("max_attempts", "max_tokens", "coverage", "deadline", "race", "base_url"),
)


def kept_command(options: argparse.Namespace, settings: Settings) -> JsonObject:
    """Return what a later command needs to ask the same as this one; a password is not in it.

    What the settings decided is in it by its value, so that another `extractor.toml`, or another
    working folder, asks no other questions.
    """
    limit = settings.budget.max_usd_per_run
    several = len(settings.chain) > 1
    return {
        **{name: getattr(options, name, None) for name in _OPTIONS},
        **{name: getattr(settings, name) for name in _SETTINGS},
        "folder": str(Path(options.folder).resolve()),
        "schema": absolute_name(options.schema),
        "config": None if options.config is None else str(Path(options.config).resolve()),
        "prompts": None if settings.prompts is None else str(settings.prompts.resolve()),
        "model": None if several else settings.chain[0],
        "models": list(settings.chain) if several else None,
        "max_usd_run": None if limit is None else str(limit),
    }
