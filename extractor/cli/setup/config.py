"""`extractor config show [--origin]`: every setting, as TOML, and where it comes from."""

from __future__ import annotations

import argparse
import json
from decimal import Decimal

from extractor.cli.exits import OK
from extractor.cli.settings import settings_for
from extractor.cli.streams import Output
from extractor.cli.terminal import safe
from extractor.config import Settings
from extractor.config.settings import Value
from extractor.providers.addresses import without_secrets


def run(options: argparse.Namespace, out: Output) -> int:
    """Print the settings; with --json {settings, origins} by dotted name."""
    settings = settings_for(options)
    values = {name: _shown(name, value) for name, value in settings.flat().items()}
    if options.json:
        origins = {name: settings.origin(name) for name in values}
        out.write_json({"settings": values, "origins": origins})
        return OK
    for name, value in values.items():
        out.write(_line(name, value, settings if options.origin else None))
    return OK


def _shown(name: str, value: Value) -> Value:
    """Return what may be shown of a value: base URLs without user, password and query."""
    is_url = name.rpartition(".")[2] == "base_url" and isinstance(value, str)
    return without_secrets(str(value)) if is_url else value


def _line(name: str, value: Value, told: Settings | None) -> str:
    line = f"# {name} is not set" if value is None else f"{name} = {_toml(value)}"
    if told is None or value is None:
        return safe(line)
    return safe(f"{line:60}  # {told.origin(name)}")


def _toml(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, int | float | Decimal):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False)
