"""Text reduced to what counts when a quote is compared with its source, and the way back.

A quote that a model copies and the text of a PDF differ in ways that mean nothing: line breaks,
hyphenation, typographic quotation marks and dashes, ligatures, capitals, zero-width characters.
Folding removes them all, and whitespace too, so that scripts without spaces need no other path.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache

from extractor.types import Span

QUOTES = "\"'`\u00ab\u00b4\u00bb\u2018-\u201f\u2032-\u2036\u2039\u203a\uff02\uff07"
DASHES = "\\-\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d"
# Soft hyphens (pdfium writes them as U+FFFE), zero-width and bidirectional marks, variation
# selectors, control characters.
_INVISIBLE = (
    "\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufffe\uffff"
)
_MARKS = (
    "\u0300-\u034e\u0350-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u3099\u309a\uff9e\uff9f\u1160-\u11ff"
)
# Sorting marks takes quadratic time: no more than Unicode's stream-safe format has in a row.
# Visible ASCII without quotation marks and the hyphen needs no thought, unless a mark follows.
_PIECE = re.compile(
    rf"(?P<plain>[!#-&(-,./-_a-~]+(?![{_MARKS}]))|(?P<dash>[{DASHES}])"
    rf"|(?P<other>[^\s{QUOTES}{DASHES}{_INVISIBLE}][{_MARKS}]{{0,30}}+)"
)
_STRETCH = re.compile(r"[\x00-\x7f]*+[^\x00-\x7f]{0,500}+")
_MARK = re.compile(f"[{_MARKS}]*")
_ACCENT = re.compile(f"[{_MARKS}]")
_DROPPED = re.compile(rf"[\s{QUOTES}{DASHES}{_INVISIBLE}]+")
_BEFORE_DIGIT = re.compile(rf"[\s{_INVISIBLE}]*\d")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded for comparison; `starts[i]` is the raw offset that character i comes from."""

    raw: str
    text: str
    starts: array[int]

    def span(self, start: int, end: int) -> Span:
        """Map a range of the folded text to the raw characters it stands for.

        A raw character that folds to several (a ligature) is covered whole if any of them is in
        the range, and so are the combining marks of the last one.
        """
        last = self.starts[end - 1] + 1
        tail = _MARK.match(self.raw, last)
        return Span(self.starts[start], tail.end() if tail else last)


def fold(text: str) -> Folded:
    r"""Fold a text: NFKC and case, without whitespace, quotation marks, dashes or invisible marks.

    A dash stays only between digits, where "30-60" is not "3060"; everywhere else a hyphen at a
    line's end can't be told from a word's own. Superscripts and circled digits stay what they are:
    10 squared is not 102.

    >>> fold("The \u201cnon-\ncon\ufb01dential\u201d  data").text
    'thenonconfidentialdata'
    """
    parts: list[str] = []
    starts = array("I")
    for piece in _PIECE.finditer(text):
        start, kind = piece.start(), piece.lastgroup
        if kind == "plain":
            parts.append(piece.group().lower())
            starts.extend(range(start, piece.end()))
        elif kind == "other":
            folded = _fold_character(piece.group())
            parts.append(folded)
            starts.extend([start] * len(folded))
        elif parts and parts[-1][-1:].isdecimal() and _BEFORE_DIGIT.match(text, piece.end()):
            parts.append("-")
            starts.append(start)
    return Folded(text, "".join(parts), starts)


def compatible(text: str) -> str:
    """Return the NFKC form, worked out in stretches: in one go, its time can grow quadratically."""
    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFKC", part) for part in _STRETCH.findall(text))


@lru_cache(maxsize=4096)
def _fold_character(cluster: str) -> str:
    if unicodedata.category(cluster[0]) == "No":
        return cluster
    folded = unicodedata.normalize("NFKC", cluster).casefold()
    folded = _DROPPED.sub("", unicodedata.normalize("NFKC", folded))
    # An accent standing alone would otherwise lose its space and join the letter before it.
    return cluster if folded != cluster and _ACCENT.match(folded) else folded
