"""Where files of ours are, by the XDG base directory specification (version 0.8).

https://specifications.freedesktop.org/basedir-spec/0.8/: a variable that is empty, or holds a
relative path, counts as not set.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from extractor.errors import ConfigurationError

FILE_NAME = "extractor.toml"


def store_path(environ: Mapping[str, str] | None = None) -> Path:
    """Return the ledger's file: EXTRACTOR_STORE, or `extractor/calls.sqlite` among the state."""
    environ = os.environ if environ is None else environ
    if named := environ.get("EXTRACTOR_STORE"):
        return Path(named).expanduser()
    return _home(environ, "XDG_STATE_HOME", ".local/state") / "extractor" / "calls.sqlite"


def cache_path(environ: Mapping[str, str] | None = None) -> Path:
    """Return the reply cache's file, `extractor/replies.sqlite` among the caches."""
    environ = os.environ if environ is None else environ
    return _home(environ, "XDG_CACHE_HOME", ".cache") / "extractor" / "replies.sqlite"


def user_file(environ: Mapping[str, str]) -> Path:
    """Return the user's own `extractor.toml`, which need not be there."""
    return _home(environ, "XDG_CONFIG_HOME", ".config") / "extractor" / FILE_NAME


def _home(environ: Mapping[str, str], variable: str, otherwise: str) -> Path:
    named = environ.get(variable, "")
    if Path(named).is_absolute():
        return Path(named)
    try:
        home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    except RuntimeError as error:  # a user without an entry in the system's list
        raise ConfigurationError(
            "There is no home folder for files of extractor.", hint=f"Set HOME or {variable}."
        ) from error
    return home / otherwise
