"""The part of a sentence that a passage stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.types import Span

REACH = 160
"""Characters to each side of a passage that are looked at, within its sentence."""

_STOP = re.compile(
    r"[.;:](?=\s|\Z)|\n[ \t\r]*\n|,\s+(?:and|or|but|provided|except|unless)\b"
    r"|,\s+with\s+(?:automatic\s+)?renewal"
    r"|(?<!\s)\s+and\s+(?:shall|will|may|thereafter|then|it\s+shall)\b",
    re.IGNORECASE,
)
_FAR = 400
"""Characters to each side of a passage within which its sentence is looked for."""

_END = re.compile(r"[.](?=\s|\Z)|\n[ \t\r]*\n")
_ABBREVIATED = re.compile(r"\b(?:No|Nos|Sec|Art|Inc|Ltd|Co|Corp|[A-Z])\Z")


def part_of_sentence(text: str, span: Span) -> str:
    """Return a passage with what stands around it in its part of the sentence.

    >>> text = "It runs one year, and duties go on for two years after its end. It is governed."
    >>> part_of_sentence(text, Span(8, 16))
    'It runs one year'
    """
    wide = around(text, span)
    return text[wide.start : wide.end]


def around(text: str, span: Span) -> Span:
    """Return a range with what stands around it in its part of the sentence, in whole words."""
    before = text[max(0, span.start - REACH) : span.start]
    after = text[span.end : span.end + REACH]
    left, right = _last_stop(before), next(_stops(after), None)
    start = span.start - len(before) + (left.end if left else 0)
    end = span.end + (right.start if right else len(after))
    while not left and start < span.start and _is_in_word(text, start):
        start += 1
    while not right and end > span.end and _is_in_word(text, end):
        end -= 1
    return Span(start, end)


def whole_sentence(text: str, span: Span) -> str:
    """Return the whole sentence that a passage stands in, as far as it is within reach."""
    before = text[max(0, span.start - _FAR) : span.start]
    after = text[span.end : span.end + _FAR]
    left, right = _last_stop(before, _END), next(_stops(after, _END), None)
    words = text[span.start : span.end]
    return before[left.end if left else 0 :] + words + after[: right.start if right else _FAR]


def parts(text: str, span: Span) -> Iterator[Span]:
    """Yield the parts of sentences in a range."""
    at = span.start
    for stop in _stops(text[span.start : span.end]):
        yield Span(at, span.start + stop.start)
        at = span.start + stop.end
    yield Span(at, span.end)


def _stops(text: str, pattern: re.Pattern[str] = _STOP) -> Iterator[Span]:
    """Yield where parts end."""
    for stop in pattern.finditer(text):
        if _is_stop(text, stop.start()):
            yield Span(*stop.span())


def _last_stop(text: str, pattern: re.Pattern[str] = _STOP) -> Span | None:
    """Return where the last part but one ends."""
    ends = reversed([*pattern.finditer(text)])
    return next((Span(*stop.span()) for stop in ends if _is_stop(text, stop.start())), None)


def _is_stop(text: str, at: int) -> bool:
    """Say whether a part ends at a sign: a full stop of "Inc." or of initials is none."""
    return text[at] != "." or not _ABBREVIATED.search(text, max(0, at - 6), at)


def _is_in_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and not (text[at - 1].isspace() or text[at].isspace())
