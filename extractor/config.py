"""Settings that come from outside the call: arguments before environment before defaults."""

from __future__ import annotations

import os
from pathlib import Path

DEFAULT_MODEL = "local:qwen2.5-coder-1.5b"
"""The embedded model: nothing is sent anywhere, and nothing spent, unless a model is named."""


def model_or_default(model: str | None) -> str:
    """Return the model to use: the argument, then EXTRACTOR_MODEL, then the embedded one."""
    return model or os.environ.get("EXTRACTOR_MODEL") or DEFAULT_MODEL


def store_path() -> Path:
    """Return the ledger's file: EXTRACTOR_STORE, else one in the user's folder for state.

    The folder is $XDG_STATE_HOME/extractor, by default ~/.local/state/extractor (XDG Base Directory
    Specification).
    """
    if named := os.environ.get("EXTRACTOR_STORE"):
        return Path(named)
    home = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(home).expanduser() / "extractor" / "calls.sqlite"
