"""A document made ready for searching: folded once, indexed when first needed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from extractor.grounding.align import Alignment, GramIndex, align
from extractor.grounding.folding import DASHES, QUOTES, Folded, fold
from extractor.grounding.guards import cuts_negation
from extractor.grounding.sense import NEVER
from extractor.grounding.signs import dropped_sign
from extractor.normalizers import contradictions, number_mentions
from extractor.normalizers.mentions import GOES_ON
from extractor.normalizers.words import NUMBER_WORDS
from extractor.types import Span

THRESHOLD = 0.80
"""Least similarity of an approximate match; measured to let noise in and other sentences not."""

LEAST = 12
"""Folded characters that a pattern must have to be matched approximately."""

MOST = 4000
"""The same upwards: a longer text is no quote, and the work grows with its square."""

_REACH = 40
_EDGE = re.compile(rf"[{QUOTES}{DASHES}]")
_DIGIT_BEFORE = re.compile(r"\d[.,'\u2019/:]?\Z")
_BETWEEN = r"^\w()\[\];"
"""Nothing else stands within a number."""
# Of a text turned round: an end is found at once only where a search begins.
_WORDS_BACK = "|".join(word[::-1] for word in sorted(NUMBER_WORDS))
_NUMBER_AT_END = re.compile(
    rf"(?:[{_BETWEEN}]+dna)?[{_BETWEEN}]*(?:\d|(?:{_WORDS_BACK})\b)", re.IGNORECASE
)
_NUMBER_OR_AND = NUMBER_WORDS | {"and"}
_WORD = re.compile(rf"[{_BETWEEN}]*(\w+)")
_DIGIT_AFTER = re.compile(r"[.,'\u2019/:]?\d")
_VERBS = "is|are|was|may|shall|will|does|do|can|could|must|might|should|would"
_AFTER_NOT = re.compile(
    r"\b(?P<word>no|not|never|cannot|neither|nor|without|\w{2,5}n['\u2019]t|nobody|no one"
    r"|nicht|kein(?:e[nmrs]?)?|pas|jamais|nunca|n\u00e3o|niet|geen"
    r"|nothing\s+(?:(?:contained\s+)?in(?:\s+th(?:e|is)\s+\w+)?|(?:contained\s+)?herein)"
    rf"|none\s+of(?:\s+the)?|{NEVER}|(?:nothing\s+herein|{NEVER})"
    rf"\s+(?:{_VERBS}))\s+\Z",
    re.IGNORECASE,
)
_NOT = (
    *(
        "no",
        "not",
        "never",
        "cannot",
        "neither",
        "nor",
        "without",
        "n't",
        "n\u2019t",
        "nobody",
        "one",
    ),
    *("in", "of", "the", "circumstance", "circumstances", "event", "events", "case", "time"),
    *("herein", "whatsoever", *_VERBS.split("|")),
    *("agreement", "contract", "section", "article", "clause", "paragraph", "lease", "document"),
    *("nicht", "kein", "keine", "keinen", "keinem", "keiner", "keines", "pas", "jamais", "nunca"),
    *("n\u00e3o", "niet", "geen"),
)
"""How a text ends that may deny what comes next: most don't, told quickly."""
_NOT_UNSPACED = "\u4e0d\u975e\u672a\u7121\u65e0\u6ca1\u6c92\u52ff"
"""What negates the next word in Chinese, which writes no spaces."""
_FIGURE = re.compile(r"\(?\d")
_PERCENT = re.compile(r"\s*(?:%|per\s?cent\b)", re.IGNORECASE)
_NUMBERED = re.compile(r"\S*\d")
_NAME = re.compile(
    r"[A-Z][\w.&'\u2019-]*(?:,?\s+(?:(?:of|the|and|&)\s+)?[A-Z][\w.&'\u2019-]*){0,7}"
)


class Source:
    """The text that quotes are looked for in."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def folded(self) -> Folded:
        return fold(self.text)

    @cached_property
    def index(self) -> GramIndex:
        return GramIndex(self.folded.text)

    @cached_property
    def frequency(self) -> Counter[str]:
        """How often each word occurs."""
        return Counter(re.findall(r"[^\W\d_]+", self.text.casefold()))

    def find(self, folded: str, start: int = 0, end: int | None = None) -> Iterator[Alignment]:
        """Yield every place at which a folded text stands as it is, none overlapping another."""
        at = self.folded.text.find(folded, start, end)
        while at >= 0:
            yield Alignment(at, at + len(folded), 1.0)
            at = self.folded.text.find(folded, at + len(folded), end)

    def near(self, folded: str, start: int, end: int) -> list[Alignment]:
        """Return the places in a range at which a folded text stands, exactly or else nearly."""
        found = list(self.find(folded, max(0, start), end))
        if not found and LEAST <= len(folded) <= MOST and end > start:
            best = align(folded, self.folded.text, max(0, start), end)
            return [best] if best.score >= THRESHOLD else []
        return found

    def raw(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def span(self, place: Alignment, quote: str = "") -> Span:
        """Map a place to raw offsets, with the quotation mark or dash at the quote's own ends."""
        start = self.folded.verbatim(quote, place.start)
        if start is not None:
            return Span(start, start + len(quote))
        span = self.folded.span(place.start, place.end)
        start, end = span.start, span.end
        if start and _EDGE.match(quote) and _EDGE.match(self.text, start - 1):
            start -= 1
        if _EDGE.match(quote, max(0, len(quote) - 1)) and _EDGE.match(self.text, end):
            end += 1
        return Span(start, end)

    def snapped(self, place: Alignment) -> Span:
        """Map an approximate place to raw offsets, completed to whole words."""
        span = self.folded.span(place.start, place.end)
        start, end = span.start, span.end
        floor, ceiling = max(0, start - _REACH), min(len(self.text), end + _REACH)
        while start > floor and _joined(self.text, start):
            start -= 1
        while end < ceiling and _joined(self.text, end):
            end += 1
        return Span(start, end)

    def is_in_word(self, span: Span) -> bool:
        """Whether the range begins or ends within a word."""
        return _joined(self.text, span.start) or _joined(self.text, span.end)

    def cut(self, span: Span) -> str | None:
        """Say what a range cuts in two: a number, or a word from the prefix that negates it."""
        before = self.text[max(0, span.start - _REACH) : span.start]
        after = self.text[span.end : span.end + _REACH]
        head = self.text[span.start : min(span.end, span.start + _REACH)]
        tail = self.text[max(span.start, span.end - _REACH) : span.end]
        if head[:1].isalpha() and cuts_negation(before):
            return "negation: the quote leaves out the prefix of its first word"
        if (head[:1].isdecimal() and _DIGIT_BEFORE.search(before)) or (
            tail[-1:].isdecimal() and _DIGIT_AFTER.match(after)
        ):
            return "number: the quote has only some of its digits"
        if (
            _FIGURE.match(head)
            and contradictions(before + head)
            and not contradictions(before) + contradictions(head)
        ):
            return "number: the quote leaves out the words before its figure, which differ"
        for left, right in ((before, head), (tail, after)):
            if (
                _ends_in_number(left)
                and _may_go_on(right)
                and any(
                    mention.start < len(left) < mention.end
                    and not (mention.percent and _PERCENT.match(right))
                    for mention in number_mentions(left + right)
                )
            ):
                return "number: the quote has only some of its words"
        return None

    def denied(self, span: Span) -> str | None:
        """Say that the word right before a range negates it, where it does."""
        word = word_that_denies(self.text[max(0, span.start - _REACH) : span.start])
        if word is None or (word.lower() == "no" and _NUMBERED.match(self.text, span.start)):
            return None  # "No 5" is a number's own sign
        if word.lower() in ("neither", "nor") and _NAME.fullmatch(self.raw(span)):
            return None  # "Neither Acme nor Beta shall ..." names both
        return f"negation: the quote begins after {word!r}"

    def unsigned(self, span: Span) -> str | None:
        """Say that a range leaves out what makes a figure of it negative, where it does."""
        return dropped_sign(self.text, span)


def word_that_denies(before: str) -> str | None:
    """Return the word or words at the end of a text that deny what comes next."""
    if before and before[-1] in _NOT_UNSPACED:
        return before[-1]
    if not before.rstrip().lower().endswith(_NOT):
        return None
    match = _AFTER_NOT.search(before)
    return match["word"] if match else None


def _ends_in_number(text: str) -> bool:
    """Whether the last word of a text is a number, or an "and" behind one."""
    last = text.rsplit(None, 1)[-1:]
    if last and last[0].isascii() and last[0].isalpha() and last[0].lower() not in _NUMBER_OR_AND:
        return False  # the usual case, told quickly
    return _NUMBER_AT_END.match(text[::-1]) is not None


def _may_go_on(text: str) -> bool:
    """Whether a number that ends before a text can go on in it: mostly it can't, told quickly."""
    if text[:1].isalnum():  # within a word, which may be one with the text before
        return True
    word = _WORD.match(text)
    if word is None or not word[1].isalpha() or not word[1].isascii():
        return word is not None
    return word[1].lower() in GOES_ON


def _joined(text: str, at: int) -> bool:
    """Whether the characters on both sides of an offset belong to one word or number."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    # Scripts from U+2E80 on (Chinese, Japanese, Korean) write no spaces between words.
    return before.isalnum() and after.isalnum() and max(before, after) < "\u2e80"
