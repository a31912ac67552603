"""The body of a paged text: without running heads, feet and page numbers, words whole again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractor.documents.document import Document
from extractor.documents.view import View
from extractor.types import Span

_DEPTH = 4  # lines that are looked at from each edge of a page
_NEAR = 2  # pages to each side that count as neighbours
_ALIKE = 3  # pages among these that must have the same line, the page itself included
_LONGEST = 160  # characters of a running head
_APART = (500, 15_000)  # characters from one page number to the next within a text

_LINE = re.compile(r"[^\n\f]*[\n\f]?")
_NUMBER = re.compile(r"\d+")
_PAGE_OF = re.compile(
    r"\W*(?:page|pg\.?)\W*\d+(?:\W*(?:of|/)\W*\d+)?\W*|\W*\d+ of \d+\W*", re.IGNORECASE
)
_BARE = re.compile(r"[\s\-\u2013\u2014\[\]|]*(\d{1,4})[\s\-\u2013\u2014\[\]|]*")
_TURNS = re.compile(
    r"\b(?:not|no|non|never|none|neither|nor|unless|except|without|cannot"
    r"|may|might|shall|must|will|would|should|can|could)\b",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"\s*(?:by|name|title|its|date)\s*:", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\W*(?:\d+(?:\.\d+)*[.)]\s|\d+\.\d|(?:section|article|clause|exhibit|schedule)\b)",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"[$\u00a3\u20ac\u00a5]|\b(?:USD|EUR|GBP|JPY|CHF|CAD|AUD|CNY|INR)\b|\S \| \S"
    r"|\d,\d{3}\b|^(?=.* [a-z]{2,} ?).*[a-z]{3}\.$"
)
_ADDRESS = re.compile(r"\w[.@/]\w")
_BREAK = re.compile(
    r"(?<=[^\W\d_])(?:[-\u2010][ \t]*\n[ \t]*|[\u00ad\ufffe][ \t]*\n?[ \t]*)(?=[^\W\d_])"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_HEAD = re.compile(r"[^\W\d_]+\Z")
_TAIL = re.compile(r"[^\W\d_]+")
_LONGEST_WORD = 40
_OPENS_COMPOUND = re.compile(
    "non|self|cross|quasi|ex|well|third|first|second|long|short|so|all|co|pre|post|sub|anti|multi"
    "|semi|then|year|half"
)


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    text: str
    key: str
    numbers: tuple[int, ...]


def body_view(document: Document) -> View:
    """Return the text as it is read across pages: without furniture, line-end hyphens joined.

    Where one page follows another a line break stays. A hyphen at a line's end goes where the word
    is one ("agree-", "ment"), and stays where it is a compound's own ("non-", "exclusive").
    """
    spans = furniture(document)
    body = View.without(document.text, spans)
    breaks = [body.to_raw(span) for span in _breaks(body.text)]
    return View.without(document.text, [*spans, *breaks]) if breaks else body


def furniture(document: Document) -> list[Span]:
    """Return the lines that belong to the pages and not to the contract, line breaks included.

    Lines are peeled off each page from its edges inwards: one goes if the pages around have it in
    the same place with the same figures, or with figures that count the pages. So a table's rows
    stay, and so does a line with a negation or a modal verb, whose loss could turn the sense.
    """
    pages = [list(_lines(document.text, page.span)) for page in document.pages]
    pages = [page for page in pages if page]
    both = (pages, [page[::-1] for page in pages]) if len(pages) > 1 else ()
    spans = {span for edges in both for span in _peeled(edges)}
    for page in pages:
        if all(line.span in spans for line in page):
            spans.difference_update(line.span for line in page)  # it would say nothing
    return sorted({*spans, *_inner_numbers(document.text)}, key=lambda span: span.start)


def _lines(text: str, page: Span) -> Iterator[_Line]:
    for found in _LINE.finditer(text, page.start, page.end):
        line = found.group().strip()
        if line:
            end = found.end()
            if end == page.end and text[end : end + 1] == "\n":
                end += 1  # the break between two pages, which belongs to neither
            key = _NUMBER.sub("0", " ".join(line.split()))
            numbers = tuple(int(number[-9:]) for number in _NUMBER.findall(line))
            yield _Line(Span(found.start(), end), line, key, numbers)


def _peeled(pages: Sequence[Sequence[_Line]]) -> list[Span]:
    """Peel lines off one edge of all pages at once, one line of each a round."""
    at = [0] * len(pages)
    running = set[str]()
    peeled: list[Span] = []
    for _ in range(_DEPTH):
        edge = [page[n] if n < len(page) - 1 else None for page, n in zip(pages, at, strict=True)]
        goes = [i for i, line in enumerate(edge) if line and _is_running(edge, i, line, running)]
        if not goes:
            break
        for i in goes:
            peeled.append(pages[i][at[i]].span)
            running.add(pages[i][at[i]].key)
            at[i] += 1
    return peeled


def _is_running(edge: Sequence[_Line | None], at: int, line: _Line, running: set[str]) -> bool:
    if len(line.text) > _LONGEST or _TURNS.search(line.text) or _SIGNED.match(line.text):
        return False
    if _PAGE_OF.fullmatch(line.text):
        return True
    if _SAYS.search(line.text):
        return False  # an amount, a table's row or a sentence
    bare = _BARE.fullmatch(line.text)
    if bare and int(bare[1]) == at + 1:
        return True
    if not bare and line.text == line.text.lower() and not _ADDRESS.search(line.text):
        return False  # "and" ends many a page
    near = range(max(0, at - _NEAR), min(len(edge), at + _NEAR + 1))
    alike = sum(_continues(line, edge[other], other - at) for other in near)
    least = 2 if bare else 1 if line.key in running else _ALIKE
    return alike >= least


def _continues(line: _Line, other: _Line | None, pages: int) -> bool:
    """Whether a line some pages on is the same one, its figures too or counting the pages.

    A line that begins like a clause counts clauses.
    """
    if other is None or other.key != line.key:
        return False
    steps = {0} if _CLAUSE.match(line.text) else {0, pages}
    return all(b - a in steps for a, b in zip(line.numbers, other.numbers, strict=True))


def _inner_numbers(text: str) -> list[Span]:
    """Return page numbers alone on a line within a page.

    A filing printed from the web keeps the numbers of its first print. Only a run of three that
    count on at the distance of pages is taken.
    """
    runs = list[list[Span]]()
    last: dict[int, list[Span]] = {}
    for found in re.finditer(
        r"^[ \t\-\u2013]*(\d{1,3})[ \t\-\u2013]*(?:\n|\Z)", text, re.MULTILINE
    ):
        number, span = int(found[1]), Span(found.start(), found.end())
        run = last.pop(number - 1, None)
        if run is None or not _APART[0] <= span.start - run[-1].start <= _APART[1]:
            run = list[Span]()
            runs.append(run)
        run.append(span)
        last[number] = run
    return [span for run in runs if len(run) >= _ALIKE for span in run]


def _breaks(text: str) -> Iterator[Span]:
    """Yield what to leave out at each line-end hyphen: all of it, or only the line break."""
    found = list(_BREAK.finditer(text))
    if not found:
        return
    words = Counter(word.casefold() for word in _WORD.findall(_BREAK.sub("\n", text)))
    words.subtract(half.casefold() for match in found for half in _halves(text, match))
    for match in found:
        is_soft = match.group()[0] != "-"
        joined = is_soft or _is_one_word(text, match, words)
        yield Span(match.start() + (0 if joined else 1), match.end())


def _is_one_word(text: str, match: re.Match[str], words: Mapping[str, int]) -> bool:
    """Tell a word that was broken at a line's end from a compound with a hyphen of its own."""
    head, tail = _halves(text, match)
    one, other = head.casefold(), tail.casefold()
    whole, compound = words.get(one + other, 0), words.get(f"{one}-{other}", 0)
    if whole or compound:
        return whole > compound
    if tail[:1].isupper() and not head.isupper():
        return False
    is_compound = bool(_OPENS_COMPOUND.fullmatch(one)) or (
        words.get(one, 0) > 0 and words.get(other, 0) > 0
    )
    return not is_compound


def _halves(text: str, match: re.Match[str]) -> tuple[str, str]:
    """Return the letters on both sides of a line-end hyphen."""
    head = _HEAD.search(text, max(0, match.start() - _LONGEST_WORD), match.start())
    tail = _TAIL.match(text, match.end(), match.end() + _LONGEST_WORD)
    return (head[0] if head else ""), (tail[0] if tail else "")
