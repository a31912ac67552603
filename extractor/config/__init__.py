"""Settings from outside the call: arguments before environment before files before defaults."""

from extractor.config.defaults import (
    CACHE_VARIABLE,
    DEFAULT_MODEL,
    cache_dir,
    model_or_default,
)
from extractor.config.keys import known_keys
from extractor.config.loading import load_settings
from extractor.config.paths import cache_path, store_path
from extractor.config.settings import PriceSettings, ProviderSettings, RateLimits, Settings
from extractor.config.sources import ConfigFile, config_files

__all__ = [
    "CACHE_VARIABLE",
    "DEFAULT_MODEL",
    "ConfigFile",
    "PriceSettings",
    "ProviderSettings",
    "RateLimits",
    "Settings",
    "cache_dir",
    "cache_path",
    "config_files",
    "known_keys",
    "load_settings",
    "model_or_default",
    "store_path",
]
