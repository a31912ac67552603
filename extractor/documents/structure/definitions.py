"""Terms that a contract defines, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from extractor.documents.document import Document
from extractor.documents.structure.furniture import body_view
from extractor.types import Span

_OPEN, _CLOSE = '["\u201c\u201f\u00ab]', '["\u201d\u00bb]'
_WITHIN = '[^"\u201c\u201d\u00ab\u00bb\n]'
_TERM = rf"{_OPEN}(?P<term>{_WITHIN}{{1,80}}(?:\n{_WITHIN}{{1,60}})?)[,.]?{_CLOSE}"
_MEANS = re.compile(
    rf"{_TERM}[^.;\n\"\u201c\u201d]{{0,80}}?\s*:?\s*"
    r"(?:(?:shall|will)\s+)?(?:means?|refers?\s+to|includes?|(?:is|be)\s+defined"
    r"|(?:has|have)\s+the\s+"
    r"(?:respective\s+)?meanings?)\b",
)
_LEAD = (
    r"(?:(?:each|all|both|any|together|collectively|individually|jointly|such|as|an?|the|its|and"
    r"|or|being|referred|hereinafter|hereafter|also|called|defined|known|termed|designated|to|in"
    r"|this|with|of|sometimes|singly|respectively|separately|herein)[\s,]++){0,10}"
)
_OTHER = _TERM.replace("term", "other")
_LABEL = re.compile(
    rf"\((?:(?:together|collectively|jointly)[\s,]+with{_WITHIN}{{1,100}},\s)?{_LEAD}"
    rf"(?P<terms>{_TERM}(?:[^()]{{0,60}}{_OTHER})?)[^()]{{0,80}}\)",
    re.IGNORECASE,
)
_CALLED = re.compile(
    rf"\bhere(?:in)?after\s++{_LEAD}(?P<terms>{_TERM}(?:[\s,]++(?:and|or)\s++{_LEAD}{_OTHER})?)",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    r"(?<![\w\"\u201c])['\u2018](?=[A-Z])"
    r"((?:[^'\u2018\u2019\"\u201c\u201d\n]|['\u2019](?=\w)|\n(?!\s)){1,120})['\u2019](?!\w)"
)
_INSIDE = re.compile(rf"{_OPEN}(?P<term>[^\"\u201c\u201d\u00ab\u00bb]{{1,120}}?)[,.]?{_CLOSE}")
_NUMBER = r"(?:\(?[a-z0-9]{1,3}[.)]|\d)"
_STOP = re.compile(
    rf"\n[ \t]*\n|[.;][ \t]*(?=\n[ \t]*(?:{_NUMBER}[\d.]*[ \t]+)?{_OPEN})"
    rf"|\.[ \t]*(?=\n[ \t]*{_NUMBER})"
)
_SHORT = 0.8  # of the longest line so far
_LONGEST = 3000  # characters of a definition
_SENTENCE = 600  # of the sentence that a bracket ends


@dataclass(frozen=True, slots=True)
class Definition:
    """A defined term and the passage that defines it."""

    term: str
    span: Span


def definitions_of(document: Document) -> tuple[Definition, ...]:
    """Find the terms that a contract defines in quotation marks, in the order of the text.

    Of `"Term" means ...` the passage runs to the end of the paragraph, of `(the "Landlord")` and
    `hereinafter "Landlord"` it is the sentence so far. Single marks count as well, an apostrophe
    does not end a term. Terms in bold only can't be told from other words.
    """
    view = body_view(document)
    text = _SINGLE.sub("\u201c\\1\u201d", view.text)  # every offset stays
    found: dict[int, tuple[str, Span]] = {}
    for match in _MEANS.finditer(text):
        stop = _STOP.search(text, match.end(), match.end() + _LONGEST)
        end = stop.start() + (text[stop.start()] in ".;") if stop else match.end() + _LONGEST
        end = _end_of_paragraph(text, match.start(), min(end, len(text)))
        found[match.start("term")] = (match["term"], Span(match.start(), min(end, len(text))))
    for match in chain(_LABEL.finditer(text), _CALLED.finditer(text)):
        start = _sentence_start(text, match.start())
        for inside in _INSIDE.finditer(text, match.start("terms"), match.end()):
            found.setdefault(inside.start("term"), (inside["term"], Span(start, match.end())))
    return tuple(
        Definition(" ".join(term.split()).rstrip(",."), view.to_raw(span))
        for _, (term, span) in sorted(found.items())
    )


def _end_of_paragraph(text: str, start: int, end: int) -> int:
    """Return where a paragraph ends whose end is no blank line: at a full stop in a short line."""
    longest = 0
    at = text.rfind("\n", 0, start) + 1
    while (stop := text.find("\n", at, end)) >= 0:
        line = text[at:stop].rstrip()
        if stop > start and line.endswith(".") and len(line) < _SHORT * longest:
            return at + len(line)
        longest, at = max(longest, len(line)), stop + 1
    return end


def _sentence_start(text: str, at: int) -> int:
    before = text[max(0, at - _SENTENCE) : at]
    ends = [match.end() for match in re.finditer(r"[.;]\s+(?=[A-Z(])|\n[ \t]*\n", before)]
    return at - len(before) + (ends[-1] if ends else 0)
