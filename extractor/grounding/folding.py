"""Text reduced to what counts when a quote is compared with its source, and the way back.

A quote that a model copies and the text of a PDF differ in ways that mean nothing: line breaks,
hyphenation, typographic quotation marks and dashes, ligatures, capitals, zero-width characters.
Folding removes them all, and whitespace too, so that scripts without spaces need no other path.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress, count, islice

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
_RUN = 4096
"""Characters of a piece at most."""
_OFTEN = 12
"""Characters below which words may stand many times in a piece."""
_FEW = 64
"""Characters that are counted one by one."""
_BEFORE_DIGIT = rf"(?=[\s{_INVISIBLE}]*\d)"
# ASCII needs no thought, unless a mark follows or it is a hyphen that may stay.
_PIECE = re.compile(
    rf"(?P<plain>[\x00-,.-\x7f]{{1,{_RUN}}}(?![{_MARKS}]))|(?P<dash>[{DASHES}])(?P<binds>{_BEFORE_DIGIT})?"
    rf"|(?P<other>[^\s{QUOTES}{DASHES}{_INVISIBLE}][{_MARKS}]{{0,30}}+)"
)
_HYPHEN = re.compile(rf"-(?<=[\d\s{QUOTES}{DASHES}{_INVISIBLE}]-){_BEFORE_DIGIT}")
_STRETCH = re.compile(r"[\x00-\x7f]*+[^\x00-\x7f]{0,500}+")
_MARK = re.compile(f"[{_MARKS}]*")
_ACCENT = re.compile(f"[{_MARKS}]")
# A soft hyphen between figures may be the mark of a range.
_UNSEEN = re.compile(rf"(?!(?<=\d)[\u00ad\ufffe]\s*\d)[{_INVISIBLE}]")
_DROPPED = re.compile(rf"[\s{QUOTES}{DASHES}{_INVISIBLE}]+")

_LOWER = bytes(range(128)).lower() + bytes(128)
_OUT = bytes(code for code in range(128) if not 33 <= code < 127 or chr(code) in "\"'`-")
_IS_KEPT = bytes(code not in _OUT for code in range(256))


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded for comparison.

    `pieces` has where each stretch of it begins, in the folded text and in the raw one: of plain
    ASCII, of which some characters are left out, or of what one raw character became.
    """

    raw: str
    text: str
    pieces: tuple[Sequence[int], Sequence[int]]

    def span(self, start: int, end: int) -> Span:
        """Map a range of the folded text to the raw characters it stands for.

        A raw character that folds to several (a ligature) is covered whole if any of them is in
        the range, and so are the combining marks of the last one.
        """
        last = self._raw_offset(end - 1) + 1
        tail = _MARK.match(self.raw, last)
        return Span(self._raw_offset(start), tail.end() if tail else last)

    def verbatim(self, words: str, at: int) -> int | None:
        """Return where raw words stand that fold to what is at an offset; None if not told quickly.

        They are told where they begin and end with ASCII that counts, within a piece of it; short
        ones stand in it too often.
        """
        if len(words) < _OFTEN or not (stays(words[:1]) and stays(words[-1:])):
            return None
        begins, raw_begins = self.pieces
        number = bisect_right(begins, at) - 1
        begin = raw_begins[number]
        start = self.raw.find(words, begin, begin + _RUN + len(words))
        if start < 0 or is_marked(self.raw, start + len(words)):
            return None
        before = self.raw[begin:start].encode("ascii", "replace").translate(None, _OUT)
        return start if len(before) == at - begins[number] else None

    def _raw_offset(self, at: int) -> int:
        """Return the offset of the raw character that a folded one comes from."""
        begins, raw_begins = self.pieces
        number = bisect_right(begins, at) - 1
        begin = raw_begins[number]
        is_plain = self.raw[begin].isascii() and self.text[begins[number]] != "-"
        if not is_plain or is_marked(self.raw, begin + 1):
            return begin
        codes = self.raw[begin : begin + _RUN].encode("ascii", "replace")
        return begin + _place_of(at - begins[number], codes)


def _place_of(number: int, codes: bytes) -> int:
    """Return where the character with a number stands among those that are kept."""
    start = 0
    while len(codes) > _FEW:
        half = codes[: len(codes) // 2]
        kept = len(half.translate(None, _OUT))
        if number < kept:
            codes = half
        else:
            number, start, codes = number - kept, start + len(half), codes[len(half) :]
    return next(islice(compress(count(start), codes.translate(_IS_KEPT)), number, None))


def visible(text: str) -> str:
    """Leave out what can't be seen: a zero-width mark within "June" is no part of it."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def is_marked(text: str, at: int) -> bool:
    """Whether a mark stands at an offset that belongs to the character before."""
    return _ACCENT.match(text, at) is not None


def stays(character: str) -> bool:
    """Whether folding leaves a character what it is, but for its case."""
    return "!" <= character <= "~" and character not in "\"'`-"


def fold(text: str) -> Folded:
    r"""Fold a text: NFKC and case, without whitespace, quotation marks, dashes or invisible marks.

    A dash stays only between digits, where "30-60" is not "3060"; everywhere else a hyphen at a
    line's end can't be told from a word's own. Superscripts and circled digits stay what they are:
    10 squared is not 102.

    >>> fold("The \u201cnon-\ncon\ufb01dential\u201d  data").text
    'thenonconfidentialdata'
    """
    if len(text) <= _RUN and text.isascii() and "-" not in text:  # most quotes: of one piece
        folded = text.encode().translate(_LOWER, _OUT).decode()
        return Folded(text, folded, ((0,), (0,)) if folded else ((), ()))
    parts: list[str] = []
    starts = array("I")
    for start, folded in _in_ascii(text) if text.isascii() else _in_any(text):
        if folded and (folded != "-" or (parts and parts[-1][-1:].isdecimal())):
            parts.append(folded)
            starts.append(start)
    begins = array("I", accumulate(map(len, parts[:-1]), initial=0))
    return Folded(text, "".join(parts), (begins, starts))


def _in_ascii(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each piece of a text begins, and what it folds to; "-" for one that may stay."""
    at = 0
    for hyphen in _HYPHEN.finditer(text):
        yield from _plain(text, at, hyphen.start())
        yield hyphen.start(), "-"
        at = hyphen.end()
    yield from _plain(text, at, len(text))


def _plain(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for at in range(start, end, _RUN):
        codes = text[at : min(at + _RUN, end)].encode()
        yield at, codes.translate(_LOWER, _OUT).decode()


def _in_any(text: str) -> Iterator[tuple[int, str]]:
    """The same of a text that is not all ASCII."""
    for piece in _PIECE.finditer(text):
        match piece.lastgroup:
            case "plain":
                yield from _plain(text, *piece.span())
            case "other":
                yield piece.start(), _fold_character(piece.group())
            case "binds":
                yield piece.start(), "-"
            case _:
                continue


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
