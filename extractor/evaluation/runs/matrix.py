"""What is compared: models by techniques, efforts and prompts, each combination a cell by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from extractor.choices import BackendName, ReasoningEffort
from extractor.config import Settings
from extractor.errors import ConfigurationError

OWN_PROMPTS = "default"
"""How the package's own templates are named among folders of others."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination; `prompts` is the folder of its templates, None for the package's own.

    `effort` is None where the provider's default holds.
    """

    name: str
    model: str
    technique: BackendName
    prompts: Path | None = None
    effort: ReasoningEffort | None = None

    def settings(self, common: Settings) -> Settings:
        """Return the settings under which its documents are asked."""
        own = {"model": self.model, "models": (), "backend": self.technique}
        asked = {"prompts": self.prompts, "reasoning_effort": self.effort}
        return common.model_copy(update=own | asked)


def matrix(
    models: Sequence[str],
    techniques: Sequence[BackendName],
    prompts: Sequence[Path | None],
    efforts: Sequence[ReasoningEffort | None] = (None,),
) -> tuple[Cell, ...]:
    """Return a cell for each combination, in the order given; what varies is in its name.

    Raises:
        ConfigurationError: two of them are the same.
    """
    cells = tuple(
        Cell(_name(model, technique, effort, own), model, technique, own, effort)
        for model, technique, effort, own in product(models, techniques, efforts, prompts)
    )
    names = [cell.name for cell in cells]
    for name in names:
        if names.count(name) > 1:
            raise ConfigurationError(f"Two cells of the matrix are called {name!r}.")
    return cells


def _name(model: str, technique: str, effort: str | None, prompts: Path | None) -> str:
    """Return a name that may stand in a file's.

    >>> _name("openai:gpt-5.4-mini", "strict", "low", Path("my prompts"))
    'openai-gpt-5.4-mini.strict.low-effort.my-prompts'
    """
    words = [model, technique]
    words += [] if effort is None else [f"{effort}-effort"]
    words += [] if prompts is None else [prompts.name]
    return ".".join(_safe(words))


def _safe(words: Iterable[str]) -> list[str]:
    return [re.sub(r"[^A-Za-z0-9._-]+", "-", word).strip("-.") or "x" for word in words]
