"""Figures and marks set smaller and higher than what they follow: a note's, an exponent, or others.

pdfium joins them to the text before them: a note's mark 1 behind "$1,000" makes it "$1,0001". They
are put in brackets, as in a Word file, or behind a space where a fraction begins ("8 1/2").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from extractor.documents.readers.pdf.engine import PdfPage
from extractor.documents.readers.pdf.text import Edit, units_before

_MARKS = re.compile(r"[0-9*†‡]+")
_SLASHES = ("/", "\N{FRACTION SLASH}")
_SMALLER = 0.85
_SHIFTED = 0.06
"""The shares of the size of what they follow: at most this size, at least so far from its line."""


def raised_in(page: PdfPage, raw: str) -> tuple[Edit, ...]:
    """Return what stands for the raised marks of a page's raw text.

    Lowered figures count where they follow a figure, which they would change; not in "CO2".
    """
    return tuple(_edits(page, raw))


def _edits(page: PdfPage, raw: str) -> Iterator[Edit]:
    spans = [found.span() for found in _MARKS.finditer(raw)]
    bases = [start - (start > 0 and not raw[start - 1].isspace()) for start, _ in spans]
    places = [
        place for base, (_, end) in zip(bases, spans, strict=True) for place in (base, end - 1)
    ]
    if units_before(raw, len(raw)) > len(raw):
        units = list(accumulate((1 + (character > "\uffff") for character in raw), initial=0))
        places = [units[place] for place in places]
    indexes = list(map(page.char_index, places))
    lines = page.baselines(indexes)
    if lines[::2] == lines[1::2]:
        return  # nearly every page
    for at, (base, (_, end)) in enumerate(zip(bases, spans, strict=True)):
        one, last = indexes[2 * at : 2 * at + 2]
        rise = _rise(page, one, last)
        begin = end - 1
        while begin - 1 > base and _rise(page, one, last - (end - begin)) == rise:
            begin -= 1
        if rise == 0 or (rise < 0 and not raw[begin - 1].isdigit()):
            continue
        mark = raw[begin:end]
        is_fraction = raw[end : end + 3].lstrip().startswith(_SLASHES)
        yield Edit(begin, end, f" {mark}" if is_fraction else f"[{mark}]")


def _rise(page: PdfPage, base: int, mark: int) -> int:
    """Say whether a smaller character stands higher (1) than one before it, lower (-1), or not."""
    line, other = page.baselines((base, mark))
    if line == other:
        return 0
    size, smaller = page.char_size(base), page.char_size(mark)
    if not (size and smaller) or smaller > _SMALLER * size or abs(other - line) < _SHIFTED * size:
        return 0
    return 1 if other > line else -1
