r"""The ends of lines as text files write them: `\r\n` and `\r`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.types import Span

_LONE_RETURNS = re.compile(r"(?<!\r)\r++(?!\n)")
_NO_LINE_END = re.compile(r"(?<!\r)\r++(?=\n)")


def without_lone_returns(text: str) -> str:
    r"""Let a `\r` without `\n`, by which old Macs ended lines, be a `\n`; offsets stay.

    >>> without_lone_returns("one\rtwo\r\n")
    'one\ntwo\r\n'
    """
    if "\r" not in text:
        return text
    return _LONE_RETURNS.sub(lambda found: "\n" * len(found[0]), text)


def beside_line_ends(text: str) -> Iterator[Span]:
    r"""Yield what to leave out so that lines end in `\n` and nothing else."""
    if "\r" in text:
        for found in _NO_LINE_END.finditer(text):
            yield Span(found.start(), found.end())
