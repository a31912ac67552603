"""What holds where nothing else is said, and needs no file to be read."""

from __future__ import annotations

import os
from pathlib import Path

DEFAULT_MODEL = "local:qwen2.5-coder-1.5b"
"""The embedded model: nothing is sent anywhere, and nothing spent, unless a model is named."""

CACHE_VARIABLE = "EXTRACTOR_CACHE_DIR"


def model_or_default(model: str | None) -> str:
    """Return the model to use: the argument, then EXTRACTOR_MODEL, then the embedded one."""
    return model or os.environ.get("EXTRACTOR_MODEL") or DEFAULT_MODEL


def cache_dir() -> Path:
    """Return the cache folder: `EXTRACTOR_CACHE_DIR`, or `extractor` in the user's cache folder."""
    if own := os.environ.get(CACHE_VARIABLE):
        return Path(own).expanduser()
    if users := os.environ.get("XDG_CACHE_HOME"):
        return Path(users) / "extractor"
    return Path.home() / ".cache" / "extractor"
