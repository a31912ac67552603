"""Limits as a user states them, and as providers publish them by tier."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources

from pydantic import TypeAdapter

from extractor.calls.limits.needs import WORDS
from extractor.errors import ConfigurationError, did_you_mean
from extractor.types import LimitKind

MINUTE, DAY = 60.0, 86_400.0


@dataclass(frozen=True, slots=True)
class Ceiling:
    """At most `limit` of `kind` in any `period` of seconds."""

    name: str
    kind: LimitKind
    period: float
    limit: int

    def __str__(self) -> str:
        return f"{self.limit:,} {WORDS[self.kind]} a {'minute' if self.period == MINUTE else 'day'}"


_CEILINGS: Mapping[str, tuple[LimitKind, float]] = {
    "requests_per_minute": ("requests", MINUTE),
    "tokens_per_minute": ("tokens", MINUTE),
    "input_tokens_per_minute": ("input_tokens", MINUTE),
    "output_tokens_per_minute": ("output_tokens", MINUTE),
    "tokens_per_day": ("tokens", DAY),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """Ceilings that are never passed; None where there is none.

    Raises:
        ConfigurationError: one of them is no whole number above zero.
    """

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    input_tokens_per_minute: int | None = None
    output_tokens_per_minute: int | None = None
    tokens_per_day: int | None = None

    def __post_init__(self) -> None:
        for ceiling in self.ceilings():
            if type(ceiling.limit) is not int:
                raise ConfigurationError(
                    f"{ceiling.name} is {ceiling.limit!r}; it is a whole number above zero."
                )
            if ceiling.limit <= 0:
                raise ConfigurationError(
                    f"{ceiling.name} is {ceiling.limit}: nothing could ever be sent.",
                    hint="State a number above zero, or leave the limit out.",
                )

    def ceilings(self) -> tuple[Ceiling, ...]:
        """Return those that are stated."""
        stated = ((field.name, getattr(self, field.name)) for field in fields(self))
        return tuple(
            Ceiling(name, *_CEILINGS[name], limit) for name, limit in stated if limit is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A provider's published limits for one model in one tier, a minute."""

    rpm: int | None = None
    tpm: int | None = None
    itpm: int | None = None
    otpm: int | None = None

    def per_minute(self) -> dict[LimitKind, int]:
        """Return those that are published, by kind."""
        figures: tuple[tuple[LimitKind, int | None], ...] = (
            ("requests", self.rpm),
            ("tokens", self.tpm),
            ("input_tokens", self.itpm),
            ("output_tokens", self.otpm),
        )
        return {kind: figure for kind, figure in figures if figure is not None}


_Tiers = dict[str, dict[str, dict[str, Published]]]


def published(tier: str, model: str) -> Published | None:
    """Look up a model in a tier such as `openai:tier-3`; None if the tier doesn't list it.

    Raises:
        ConfigurationError: there is no such tier.
    """
    provider, _, name = tier.partition(":")
    models = _tiers().get(provider, {}).get(name)
    if models is None:
        known = [f"{owner}:{known}" for owner, tiers in _tiers().items() for known in tiers]
        raise ConfigurationError(f"There is no tier {tier!r}.", hint=did_you_mean(tier, known))
    prefixes = [known for known in models if model == known or model.startswith(f"{known}-")]
    return models[max(prefixes, key=len)] if prefixes else None


@cache
def _tiers() -> _Tiers:
    text = (
        resources.files("extractor.calls.limits").joinpath("tiers.toml").read_text(encoding="utf-8")
    )
    return TypeAdapter(_Tiers).validate_python(tomllib.loads(text))
