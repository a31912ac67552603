"""What holds where nothing else is said, and needs no file to be read."""

from __future__ import annotations

import os

DEFAULT_MODEL = "local:qwen2.5-coder-1.5b"
"""The embedded model: nothing is sent anywhere, and nothing spent, unless a model is named."""


def model_or_default(model: str | None) -> str:
    """Return the model to use: the argument, then EXTRACTOR_MODEL, then the embedded one."""
    return model or os.environ.get("EXTRACTOR_MODEL") or DEFAULT_MODEL
