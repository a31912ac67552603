"""All that can be set, with its defaults: `docs/configuration.md` explains each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field

from extractor.choices import BackendName, CacheMode, CoverageMode, ReasoningEffort
from extractor.config.defaults import DEFAULT_MODEL
from extractor.config.kinds import (
    Count,
    File,
    Flag,
    ModelName,
    ProviderName,
    Seconds,
    Text,
    Texts,
    Usd,
    Variable,
    Wait,
    Zone,
)
from extractor.config.paths import cache_path, store_path
from extractor.types import EvidenceMode, Unverified

Value: TypeAlias = str | int | float | bool | Decimal | Path | tuple[str, ...] | None

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProviderSettings(_Table):
    """`[providers.NAME]`: where a provider is, and which variable holds its key."""

    base_url: Text | None = None
    api_key_variable: Variable | None = None
    allow_http: Flag = False


class RetrySettings(_Table):
    """`[retry]`: how patient a call is; the waits are seconds."""

    attempts: Count = 5
    initial: Wait = 1.0
    longest: Wait = 60.0
    outage: Wait = 600.0


class RateLimits(_Table):
    """`[limits."provider:model"]`: what a model is asked at most; None is no limit of ours."""

    requests_per_minute: Count | None = None
    tokens_per_minute: Count | None = None
    input_tokens_per_minute: Count | None = None
    output_tokens_per_minute: Count | None = None
    tokens_per_day: Count | None = None
    tier: Text | None = None


class LimitSettings(RateLimits):
    """`[limits]`: the limits of every model that has no table of its own for them."""

    model_config = ConfigDict(extra="allow")
    if not TYPE_CHECKING:  # Pydantic's way to type them is narrower than its base class declares
        __pydantic_extra__: dict[ModelName, RateLimits] = Field(init=False)

    shared: Flag = False

    def for_model(self, model: str) -> RateLimits:
        """Return the limits of `provider:model`: its own, and for the rest the general ones."""
        own: RateLimits = (self.__pydantic_extra__ or {}).get(model, RateLimits())
        general = {name: getattr(self, name) for name in RateLimits.model_fields}
        return RateLimits(**(general | own.model_dump(exclude_unset=True)))


class BudgetSettings(_Table):
    """`[budget]`: US dollars that may be spent, and in whose run, account and calendar."""

    max_usd_per_call: Usd | None = None
    max_usd_per_document: Usd | None = None
    max_usd_per_run: Usd | None = None
    max_usd_per_day: Usd | None = None
    run: Text | None = None
    user: Text | None = None
    timezone: Zone = "UTC"


class CacheSettings(_Table):
    """`[cache]`: whether replies are kept and used again, and where."""

    mode: CacheMode = "off"
    path: File = Field(default_factory=cache_path)


class StoreSettings(_Table):
    """`[store]`: the file of the ledger, of limits that processes share, and of records."""

    path: File = Field(default_factory=store_path)


class LogSettings(_Table):
    """`[log]`: whether records may hold previews of what was sent and answered."""

    content: Flag = False


class PriceSettings(_Table):
    """`[prices."provider:model"]`: US dollars for a million tokens, in place of the list's."""

    input: Usd
    output: Usd
    cache_read: Usd | None = None
    cache_write: Usd | None = None


class DatasetSettings(_Table):
    """`[datasets.NAME]`: labelled contracts by a name; `sha256` is that of the labels' file."""

    path: File
    version: Text | None = None
    licence: Text | None = None
    sha256: Text | None = None


class Settings(_Table):
    """Every setting, as `load_settings` finds it, or made by hand.

    Attributes:
        origins: where each value that is no default comes from, by its dotted name: `argument`,
            a variable's name, or a file and its profile.
    """

    profile: Text | None = None
    model: Text = DEFAULT_MODEL
    models: Texts = ()
    race: Flag = False
    backend: BackendName = "auto"
    evidence: EvidenceMode = "quotes"
    reasoning_effort: ReasoningEffort | None = None
    unverified: Unverified = "drop"
    second_look: Flag = True
    base_url: Text | None = None
    prompts: File | None = None
    max_attempts: Count = 4
    max_tokens: Count | None = None
    coverage: CoverageMode = "full"
    deadline: Seconds = 1_800.0
    providers: Mapping[ProviderName, ProviderSettings] = Field(
        default_factory=dict[str, ProviderSettings]
    )
    retry: RetrySettings = RetrySettings()
    limits: LimitSettings = LimitSettings()
    budget: BudgetSettings = BudgetSettings()
    cache: CacheSettings = Field(default_factory=CacheSettings)
    store: StoreSettings = Field(default_factory=StoreSettings)
    log: LogSettings = LogSettings()
    prices: Mapping[ModelName, PriceSettings] = Field(default_factory=dict[str, PriceSettings])
    datasets: Mapping[str, DatasetSettings] = Field(default_factory=dict[str, DatasetSettings])
    metadata: Mapping[str, Text] = Field(default_factory=dict[str, str])
    origins: Mapping[str, str] = Field(default_factory=dict[str, str], exclude=True, repr=False)

    @property
    def chain(self) -> tuple[str, ...]:
        """The models that may answer, in the order in which they are asked."""
        return self.models or (self.model,)

    def origin(self, name: str) -> str:
        """Return where a value comes from: `origin("limits.tokens_per_minute")`."""
        return self.origins.get(name, "default")

    def flat(self) -> dict[str, Value]:
        """Return every value by its dotted name, in the order of the documentation."""
        return dict(_flat(self.model_dump(), ()))


def dotted(path: Sequence[str]) -> str:
    """Write where a value stands as TOML does.

    >>> dotted(["limits", "openai:gpt-5.4-mini", "tier"])
    'limits."openai:gpt-5.4-mini".tier'
    """
    return ".".join(k if _BARE.fullmatch(k) else json.dumps(k, ensure_ascii=False) for k in path)


def _flat(values: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[tuple[str, Value]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(cast("Mapping[str, Any]", value), (*above, name))
        else:
            yield dotted((*above, name)), value
