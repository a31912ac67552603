"""Texts whose pages nobody has marked: the lines that come once a page, told by their distances.

Where pages are known, `documents.structure.furniture` tells them by their places.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import accumulate, pairwise
from statistics import median

from extractor.grounding.guards import critical_words

_LONGEST = 100  # characters of such a line
_LEAST = 3  # times that it comes
_APART = (800, 10_000)  # characters from one to the next
_SENSE = frozenset({"negation", "modal verb"})
_PAGE_LINE = re.compile(r"\W*(?:page\W*)?0(?:\s*of\s*0)?\W*", re.IGNORECASE)


def without_page_lines(text: str) -> str:
    """Blank out page numbers and the lines that come once a page, keeping every offset.

    Pages are known here only by what repeats itself: three times at least, and at the distance of
    a page or two. A line with a negation or a modal verb always stays.
    """
    lines = text.splitlines(keepends=True)
    ends = list(accumulate(map(len, lines)))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for line, end in zip(lines, ends, strict=True):
        places[_line_key(line)].append(end)
    of_pages = {key for key, found in places.items() if _is_of_pages(key, found)}
    return "".join(
        re.sub(r"[^\n]", " ", line) if _line_key(line) in of_pages else line for line in lines
    )


def _line_key(line: str) -> str:
    return re.sub(r"\d+", "0", line.strip())


def _is_of_pages(key: str, places: list[int]) -> bool:
    if _PAGE_LINE.fullmatch(key):
        return True
    if len(places) < _LEAST or not 0 < len(key) <= _LONGEST:
        return False
    distance = median(end - start for start, end in pairwise(places))
    return _APART[0] <= distance <= _APART[1] and not critical_words(key, _SENSE)
