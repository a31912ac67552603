"""The models that may answer for one schema, in the order in which they are asked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Generic

from extractor.calls.steps import Target
from extractor.choices import ReasoningEffort
from extractor.config import model_or_default
from extractor.errors import ConfigurationError, did_you_mean
from extractor.planning.plan import Plan, plan, shares_prefix
from extractor.providers import Progress, Provider, provider_for, split_model
from extractor.types import EvidenceMode, JsonSchemaOutput, T, ToolOutput


@dataclass(frozen=True)
class Candidate(Generic[T]):
    """One model, and how it is asked.

    `is_ours` says whether the provider was made here, and so is closed here; `is_auto` whether its
    technique is ours to choose. `refused` has the techniques under which the provider has refused
    the schema: what was learned with one document holds for all.
    """

    provider: Provider
    plan: Plan[T]
    is_ours: bool
    is_auto: bool = False
    refused: set[str] = field(default_factory=set[str], compare=False)

    @property
    def model(self) -> str:
        """Who is asked, as `provider:name`."""
        return f"{self.provider.name}:{self.plan.model}"

    @property
    def accepted(self) -> Candidate[T]:
        """It as it is, unless the provider has refused the schema so: then without enforcing it."""
        is_refused = self.plan.backend.name in self.refused
        return (self.unenforced or self) if is_refused else self

    @cached_property
    def unenforced(self) -> Candidate[T] | None:
        """It with the first technique that enforces no schema, where that is ours to choose."""
        for other in self._others() if self.is_auto else ():
            if not isinstance(other.output, JsonSchemaOutput | ToolOutput):
                named, taken = self.plan.backend.name, other.backend.name
                told = f"The provider refused to enforce the schema ({named}): asked by {taken}"
                return replace(self, plan=replace(other, warnings=(*other.warnings, told)))
        return None

    def sharing(self) -> Iterator[Candidate[T]]:
        """Yield it with each technique under which groups of fields share the document's cache."""
        for other in self._others():
            if shares_prefix(other):
                yield replace(self, plan=other)

    def _others(self) -> Iterator[Plan[T]]:
        """Yield how the same is asked by each technique that can carry the schema."""
        for name in self.plan.profile.techniques:
            with suppress(ConfigurationError):
                yield plan(
                    self.plan.schema,
                    model=self.plan.model,
                    profile=self.plan.profile,
                    backend=name,
                    evidence=self.plan.evidence,
                    reasoning_effort=self.plan.reasoning_effort,
                )

    @property
    def target(self) -> Target:
        account = getattr(self.provider, "account", "")  # a provider of the caller's may have none
        url = None if self.provider.name == "local" else self.provider.base_url  # its port changes
        return Target(self.provider.name, self.plan.model, account, _hashed(url or ""))


@lru_cache(maxsize=64)
def _hashed(url: str) -> str:
    return hashlib.blake2b(url.encode(), digest_size=8).hexdigest() if url else ""


def candidates(
    schema: type[T],
    *,
    model: str | None,
    models: Sequence[str],
    backend: str,
    evidence: EvidenceMode,
    reasoning_effort: ReasoningEffort | None,
    base_url: str | None,
    provider: Provider | None,
    providers: Mapping[str, Provider],
    progress: Progress,
) -> tuple[Candidate[T], ...]:
    """Make the providers, and plan for each model how it is asked.

    Raises:
        ConfigurationError: unknown names, a schema that the technique can't carry, or options that
            exclude each other.
    """
    if models and (model is not None or provider is not None or base_url is not None):
        raise ConfigurationError(
            "models names all that may answer: model, provider and base_url don't go with it."
        )
    for spec in providers:
        if spec not in models:
            raise ConfigurationError(
                f"providers has one for {spec}, which is none of the models.",
                hint=did_you_mean(spec, models),
            )

    def candidate(spec: str | None) -> Candidate[T]:
        given = provider or providers.get(spec or "")
        if provider is not None:
            made, name = provider, spec or provider.name
        else:
            kind, name = split_model(model_or_default(spec))
            made = given or provider_for(kind, name, base_url=base_url, progress=progress)
        settled = plan(
            schema,
            model=name,
            profile=made.profile(name),
            backend=backend,
            evidence=evidence,
            reasoning_effort=reasoning_effort,
        )
        return Candidate(made, settled, is_ours=given is None, is_auto=backend == "auto")

    specs: Sequence[str | None] = models or [model]
    if len(set(specs)) < len(specs):
        raise ConfigurationError(f"models names one twice: {', '.join(map(str, specs))}.")
    return tuple(candidate(spec) for spec in specs)
