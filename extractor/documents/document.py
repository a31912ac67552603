"""A document as text whose every character knows its page."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import Literal

from extractor.types import Span


@dataclass(frozen=True, slots=True)
class Page:
    """One page's range in the text; `number` counts from 1.

    `kind` is `empty` for a page without a text layer.
    """

    number: int
    span: Span
    kind: Literal["text", "empty"] = "text"


@dataclass(frozen=True, slots=True)
class Document:
    """Immutable raw text with pages. All offsets anywhere are code points of `text`.

    `sha256` is that of the source's bytes, `source` the name it came under (never used to read it
    again), `media_type` what its first bytes say it is. A text without pages is one page.
    """

    text: str
    sha256: str
    source: str
    media_type: str
    pages: tuple[Page, ...]
    warnings: tuple[str, ...] = ()

    def page_at(self, offset: int) -> int:
        """Return the number of the page on which the character at `offset` stands."""
        starts = [page.span.start for page in self.pages]
        return self.pages[max(0, bisect.bisect_right(starts, offset) - 1)].number
