"""What is compared: models by techniques by prompts, each combination a cell with a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from extractor.choices import BackendName
from extractor.config import Settings
from extractor.errors import ConfigurationError

OWN_PROMPTS = "default"
"""How the package's own templates are named among folders of others."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination; `prompts` is the folder of its templates, None for the package's own."""

    name: str
    model: str
    technique: BackendName
    prompts: Path | None = None

    def settings(self, common: Settings) -> Settings:
        """Return the settings under which its documents are asked."""
        own = {"model": self.model, "models": (), "backend": self.technique}
        return common.model_copy(update={**own, "prompts": self.prompts})


def matrix(
    models: Sequence[str], techniques: Sequence[BackendName], prompts: Sequence[Path | None]
) -> tuple[Cell, ...]:
    """Return a cell for each combination, in the order given; what varies is in its name.

    Raises:
        ConfigurationError: two of them are the same.
    """
    cells = tuple(
        Cell(_name(model, technique, own), model, technique, own)
        for model, technique, own in product(models, techniques, prompts)
    )
    names = [cell.name for cell in cells]
    for name in names:
        if names.count(name) > 1:
            raise ConfigurationError(f"Two cells of the matrix are called {name!r}.")
    return cells


def _name(model: str, technique: str, prompts: Path | None) -> str:
    """Return a name that may stand in a file's.

    >>> _name("openai:gpt-5.4-mini", "strict", Path("my prompts"))
    'openai-gpt-5.4-mini.strict.my-prompts'
    """
    words = [model, technique, *([] if prompts is None else [prompts.name])]
    return ".".join(_safe(words))


def _safe(words: Iterable[str]) -> list[str]:
    return [re.sub(r"[^A-Za-z0-9._-]+", "-", word).strip("-.") or "x" for word in words]
