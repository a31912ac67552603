"""Whether a quote stands in a sentence that speaks of its field, by the field's `Wording`."""

from __future__ import annotations

import re

from extractor.about import Wording
from extractor.grounding.verdict import Support, no
from extractor.types import Span

_REACH = 160
"""Characters to each side of a quote that are looked at, within its sentence."""

_STOP = re.compile(
    r"[.;:](?=\s|\Z)|\n[ \t]*\n|,\s+(?:and|but|provided|except|unless)\b", re.IGNORECASE
)
_ABBREVIATED = re.compile(r"\b(?:No|Nos|Sec|Art|Inc|Ltd|Co|Corp|[A-Z])\Z")


def off_topic(wording: Wording, text: str, span: Span) -> Support | None:
    """Say that the part of a sentence around a quote speaks of something else than the field.

    Args:
        wording: how the contract speaks of the field.
        text: the document's.
        span: where the quote stands in it.
    """
    sentence = part_of_sentence(text, span)
    found = re.search(wording.never, sentence, re.IGNORECASE) if wording.never else None
    if found:
        return no(f"its sentence speaks of something else: {' '.join(found.group().split())!r}")
    if wording.says and not re.search(wording.says, sentence, re.IGNORECASE):
        return no("its sentence does not speak of this field")
    return None


def part_of_sentence(text: str, span: Span) -> str:
    """Return a quote with what stands around it in its part of the sentence.

    >>> text = "It runs one year, and duties go on for two years after its end. It is governed."
    >>> part_of_sentence(text, Span(8, 16))
    'It runs one year'
    """
    wide = around(text, span)
    return text[wide.start : wide.end]


def around(text: str, span: Span) -> Span:
    """Return a range with what stands around it in its part of the sentence, in whole words."""
    before = text[max(0, span.start - _REACH) : span.start]
    starts = [stop.end() for stop in _STOP.finditer(before) if _is_end(before, stop.start())]
    after = text[span.end : span.end + _REACH]
    ends = [stop.start() for stop in _STOP.finditer(after) if _is_end(after, stop.start())]
    start = span.start - len(before) + (starts[-1] if starts else 0)
    end = span.end + (ends[0] if ends else len(after))
    while not starts and start < span.start and _is_in_word(text, start):
        start += 1
    while not ends and end > span.end and _is_in_word(text, end):
        end -= 1
    return Span(start, end)


def _is_in_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and not (text[at - 1].isspace() or text[at].isspace())


def _is_end(text: str, at: int) -> bool:
    """Whether a stop is one, and not that of "Inc." or an initial."""
    return text[at] != "." or not _ABBREVIATED.search(text, max(0, at - 6), at)
