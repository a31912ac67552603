"""Words that callers may choose from, on the command line, in settings and in code alike."""

from __future__ import annotations

from typing import Literal, TypeAlias

BackendName: TypeAlias = Literal["auto", "strict", "json", "xml", "native", "tools"]
"""How a model is asked; `auto` takes the best that it offers."""

CoverageMode: TypeAlias = Literal["full", "passages"]
"""How much of a document is shown: all of it, or those passages that likely state the answers."""

CacheMode: TypeAlias = Literal["off", "record", "replay", "refresh"]
"""What becomes of replies: used again and kept, used and nothing sent, or asked for anew."""

ReasoningEffort: TypeAlias = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
"""How much a model is to think before it answers; which of these it takes is the model's own."""

OcrMode: TypeAlias = Literal["auto", "off"]
"""Whether scanned pages are read."""
