"""A page's text as pdfium gives it, made readable, with the way back to each of its characters.

pdfium ends a line by CRLF, but for one that ends in a hyphen: there it puts U+FFFE for the hyphen
and no line break. Here a line ends in a line feed, and such a hyphen is printed with its line break
after it, as on the page: whether the word has a hyphen of its own nobody can tell from one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from extractor.documents.document import Hidden
from extractor.documents.invisible import INVISIBLE
from extractor.types import Span

_CHANGED = re.compile(
    r"(?P<line>\r\n?)|(?P<hyphen>\ufffe)|(?P<half>[\ud800-\udfff])|(?P<nul>\x00+)"
    rf"|{INVISIBLE}"
)
_SPECIAL = re.compile(
    r"\r(?!\n)|[\x00\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\ud800-\udfff]"
    r"|[\U000e0000-\U000e007f]"
)
"""Every character that begins a change, but for the CR of a plain line break."""

_PLAIN = {"line": "\n", "hyphen": "-\n", "half": "\ufffd", "nul": ""}


@dataclass(frozen=True, slots=True)
class Edit:
    """A range of the raw text, and what stands for it; `reason` says why it is hidden."""

    start: int
    end: int
    text: str
    reason: str | None = None


@dataclass(frozen=True)
class PageText:
    """A page's raw text without what is `left_out`: ranges in order, with their reasons.

    `raised` are the changes of raised marks; one that is left out, even in part, goes with that.
    With `keep_marks`, invisible characters stay, whatever they are.
    """

    raw: str
    left_out: tuple[tuple[Span, str], ...] = ()
    raised: tuple[Edit, ...] = ()
    keep_marks: bool = False

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """What is changed, in order, none overlapping."""
        edits: list[Edit] = []
        at = 0
        left_out = [Edit(span.start, span.end, "", reason) for span, reason in self.left_out]
        raised = [
            mark
            for mark in self.raised
            if not any(part.start < mark.end and mark.start < part.end for part in left_out)
        ]
        for edit in sorted((*left_out, *raised), key=lambda edit: edit.start):
            edits += self._edits(at, edit.start)
            edits.append(edit)
            at = edit.end
        edits += self._edits(at, len(self.raw))
        return tuple(edits)

    @cached_property
    def _is_plain(self) -> bool:
        return not (self.left_out or self.raised or _SPECIAL.search(self.raw))

    @cached_property
    def text(self) -> str:
        """What can be read."""
        if self._is_plain:
            return self.raw.replace("\r\n", "\n")  # nearly every page, at a tenth of the time
        parts: list[str] = []
        at = 0
        for edit in self.edits:
            parts += self.raw[at : edit.start], edit.text
            at = edit.end
        parts.append(self.raw[at:])
        return "".join(parts)

    def hidden(self, page: int) -> list[Hidden]:
        """Return the parts that are kept out of the text."""
        if self._is_plain:
            return []
        return [
            Hidden(readable(self.raw[edit.start : edit.end]), edit.reason, page)
            for edit in self.edits
            if edit.reason
        ]

    def _edits(self, start: int, end: int) -> Iterator[Edit]:
        for found in _CHANGED.finditer(self.raw, start, end):
            kind = found.lastgroup or ""
            if kind in _PLAIN:
                yield Edit(found.start(), found.end(), _PLAIN[kind])
            elif not self.keep_marks:
                yield Edit(found.start(), found.end(), "", kind)

    def to_raw(self, span: Span) -> Span:
        """Return the raw characters that a range of the text stands for."""
        if span.start >= span.end:
            at = self._raw(span.start)
            return Span(at, at)
        return Span(self._raw(span.start), self._raw(span.end - 1, after=True))

    def _raw(self, offset: int, *, after: bool = False) -> int:
        """Return where the raw character of an offset begins, or ends."""
        shift = 0
        for edit in self.edits:
            start = edit.start + shift
            if offset < start:
                break
            if offset < start + len(edit.text):
                return edit.end if after else edit.start
            shift += len(edit.text) - (edit.end - edit.start)
        return min(offset - shift + after, len(self.raw))


def readable(raw: str) -> str:
    """Return a raw text with its line breaks and half characters mended."""
    return PageText(raw, keep_marks=True).text


def with_semicolons(raw: str) -> str:
    """Return a raw text with a semicolon wherever its page shows one.

    Fonts draw the Greek question mark by the same glyph, and some printers tell that name of it.
    Unicode has the two for one character (UAX #15); offsets stay.
    """
    return raw.replace("\u037e", ";")


def units_before(raw: str, offset: int) -> int:
    """Return how many UTF-16 units stand before an offset: pdfium counts in them."""
    return len(raw[:offset].encode("utf-16-le", "surrogatepass")) // 2
