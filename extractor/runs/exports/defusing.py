"""Text that a spreadsheet would take for a formula, made text for it."""

from __future__ import annotations

import re
import unicodedata

_BEGINS = frozenset("=+-@\t\r\n")
"""What begins a formula (OWASP, CSV injection); others are the same in a wider or smaller form."""

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def defused(text: str) -> str:
    """Put an apostrophe before a text that could be a formula; others are returned as they are.

    A plain number is none, whatever its sign. Taking the first apostrophe off gives the text back.

    >>> defused("=1+1"), defused("-1.50"), defused("- 1"), defused("ACME Corp.")
    ("'=1+1", '-1.50', "'- 1", 'ACME Corp.')
    """
    return f"'{text}" if _could_be_formula(text) else text


def _could_be_formula(text: str) -> bool:
    if _NUMBER.fullmatch(text):
        return False
    for char in text:
        if unicodedata.normalize("NFKC", char) in _BEGINS:
            return True
        if not _is_passed_over(char):
            return False
    return False


def _is_passed_over(char: str) -> bool:
    """Say whether a spreadsheet, or what cleans text for one, may drop a character at the start."""
    kind = unicodedata.category(char)
    is_quote = char in "\"'`" or kind in {"Pi", "Pf"}
    # Of kind C are control characters, the byte order mark, zero-width and bidi marks.
    return is_quote or kind[0] in "CZ" or char == "\N{REPLACEMENT CHARACTER}"
