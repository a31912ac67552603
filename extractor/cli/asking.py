"""From options to an `Extractor`: what `extract`, `prompt show` and `schema check` share."""

from __future__ import annotations

import argparse
from typing import Any

from pydantic import BaseModel

from extractor.extracting import Extractor
from extractor.providers import Progress, silent

PLACEHOLDER = "(The document's text stands here.)"
"""The document where there is none and nothing is sent."""


def extractor_for(
    options: argparse.Namespace,
    schema: type[BaseModel],
    *,
    backend: str | None = None,
    progress: Progress = silent,
) -> Extractor[Any]:
    """Return the extractor that the options describe; `backend` in place of theirs."""
    return Extractor(
        schema,
        model=options.model,
        base_url=options.base_url,
        backend=backend or options.backend,
        evidence=options.evidence,
        prompts=options.prompts,
        instructions=options.instructions,
        max_attempts=options.max_attempts,
        max_tokens=options.max_tokens,
        progress=progress,
    )
