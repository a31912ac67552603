"""Raised figures and marks (notes, exponents), which must not run into what they follow."""

from __future__ import annotations

import re

_MARKS = re.compile(r"\s*[\d*†‡§¶][\d*†‡§¶, ]{0,9}\s*")


_FRACTION = re.compile(r"\s*\d{1,2}[/\u2044]\d{1,2}\s*")


def is_fraction(raised: str, before: str) -> bool:
    """Say whether a raised text is the fraction of the number before it.

    >>> is_fraction("1/2", "5"), is_fraction("1/2", "page "), is_fraction("1", "5")
    (True, False, False)
    """
    return before[-1:].isdigit() and _FRACTION.fullmatch(raised) is not None


def stands_apart(raised: str, before: str) -> bool:
    """Say whether a raised text must be kept apart from the text before it.

    >>> stands_apart("1", "$1,000"), stands_apart("th", "the 4"), stands_apart("1", "See ")
    (True, False, False)
    """
    joined = bool(before) and not before[-1].isspace() and before[-1] != "["
    return joined and _MARKS.fullmatch(raised) is not None
