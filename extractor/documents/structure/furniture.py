"""The body of a paged text: running heads and feet once, no page numbers, words whole again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from extractor.documents.document import Document
from extractor.documents.line_ends import beside_line_ends
from extractor.documents.structure.hyphens import line_end_hyphens
from extractor.documents.structure.numbering import roman
from extractor.documents.view import View
from extractor.types import Span

_DEPTH = 4  # lines that are looked at from each edge of a page
_NEAR = 2  # pages to each side that count as neighbours
_ALIKE = 3  # pages among these that must have the same line, the page itself included
_LONGEST = 160  # characters of a running head
_APART = (500, 15_000)  # characters from one page number to the next within a text

_LINE = re.compile(r"[^\n\f]*[\n\f]?")
_EDGE = r"[\s\-\u2013\u2014\[\]|]*"
_FOLIO = re.compile(
    rf"{_EDGE}(?:(?:page|pg\.?)\W*)?(?:\d{{1,4}}|[ivxl]{{1,7}})(?:\W*(?:of|/)\W*\d+)?"
    rf"(?:{_EDGE}page)?{_EDGE}",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\bpage\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"\bpage\W{0,3}(\d{1,4})\b", re.IGNORECASE)
_FIRST_NUMBER = re.compile(r"\A\W*(\d{1,4}|[ivxl]{1,7})\b", re.IGNORECASE)
_LAST_NUMBER = re.compile(r"(?<![\w.,/])(\d{1,4})\W*\Z")
_TURNS = re.compile(
    r"\b(?:not|no|non|never|none|neither|nor|unless|except|without|cannot"
    r"|may|might|shall|must|will|would|should|can|could)\b",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"\s*(?:by|name|title|its|date)\s*:", re.IGNORECASE)
_SAYS = re.compile(
    r"[$\u00a3\u20ac\u00a5]|\b(?:USD|EUR|GBP|JPY|CHF|CAD|AUD|CNY|INR)\b|\S \| \S"
    r"|\d,\d{3}\b|^(?=.* [a-z]{2,} ?).*[a-z]{3}\.$"
)
_ADDRESS = re.compile(r"\w[.@/]\w")
_INNER = re.compile(
    r"^[ \t]*(?P<dash>[\-\u2013][ \t]*)?(?P<number>\d{1,3})[ \t\-\u2013]*(?:\n|\Z)", re.MULTILINE
)
_BROKEN_OFF = re.compile(r"[^\n]{40}[a-z,]\s*\Z")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line at the edge of a page.

    Attributes:
        span: its place, with its line break.
        text: its words, a space between them.
        key: what it has in common with the same line of other pages: its text, a page's number
            replaced by how far that is from the number of the page.
        is_folio: whether it is a page's number and nothing else.
    """

    span: Span
    text: str
    key: str
    is_folio: bool


def body_view(document: Document) -> View:
    r"""Return the text as it is read across pages: furniture read once, line-end hyphens joined.

    Where one page follows another a line break stays. Every line ends in `\n`, whatever else the
    raw text ends it with.
    """
    spans = [*furniture(document), *beside_line_ends(document.text)]
    body = View.without(document.text, spans)
    breaks = [body.to_raw(span) for span in line_end_hyphens(body.text)]
    return View.without(document.text, [*spans, *breaks]) if breaks else body


def furniture(document: Document) -> list[Span]:
    """Return the lines that belong to the pages and not to the contract, line breaks included.

    Lines are peeled off each page from its edges inwards: one goes if the pages around have it in
    the same place, word for word, figures too. Only a page's own number may count on, alone or in
    a line with the word "page". So "Year 1", "Year 2" and a table's rows stay, and so does a line
    with a negation or a modal verb, whose loss could turn the sense. Of what goes one stays: the
    contract's number may stand in its head alone.
    """
    view = View.without(document.text, beside_line_ends(document.text))
    text = view.text
    pages = [
        list(_lines(text, view.from_raw(page.span), n)) for n, page in enumerate(document.pages)
    ]
    pages = [page for page in pages if page]
    both = (pages, [page[::-1] for page in pages]) if len(pages) > 1 else ()
    spans = {span for edges in both for span in _peeled(edges)}
    spans -= _kept_once(pages, spans)
    for page in pages:
        if all(line.span in spans for line in page):
            spans.difference_update(line.span for line in page)  # it would say nothing
    found = sorted({*spans, *_inner_numbers(text)}, key=lambda span: span.start)
    return [view.to_raw(span) for span in found]


def _lines(text: str, page: Span, number: int) -> Iterator[_Line]:
    for found in _LINE.finditer(text, page.start, page.end):
        line = " ".join(found.group().split())
        if line:
            end = found.end()
            if end == page.end and text[end : end + 1] in ("\n", "\f"):
                end += 1  # the break between two pages, which belongs to neither
            is_alone = _FOLIO.fullmatch(line) is not None
            counts = is_alone or _PAGE.search(line)
            key = _without_page_number(line, number) if counts else line
            yield _Line(Span(found.start(), end), line, key, is_alone and key != line)


def _without_page_number(line: str, page: int) -> str:
    """Replace the number of a page in print by its distance from that in the document."""
    patterns = (_PAGE_NUMBER, _FIRST_NUMBER, _LAST_NUMBER)
    for found in (pattern.search(line) for pattern in patterns):
        if found is None:
            continue
        written = found[1]
        number = int(written) if written.isdigit() else roman(written.lower())
        if number:
            return f"{line[: found.start(1)]}\0{number - page}{line[found.end(1) :]}"
    return line


def _peeled(pages: Sequence[Sequence[_Line]]) -> list[Span]:
    """Peel lines off one edge of all pages at once, one line of each a round."""
    at = [0] * len(pages)
    running = set[str]()
    peeled: list[Span] = []
    for _ in range(_DEPTH):
        edge = [page[n] if n < len(page) - 1 else None for page, n in zip(pages, at, strict=True)]
        goes = [
            i
            for i, line in enumerate(edge)
            if line and _is_running(edge, i, line, running) and not _comes_again(pages[i], line)
        ]
        if not goes:
            break
        for i in goes:
            peeled.append(pages[i][at[i]].span)
            running.add(pages[i][at[i]].key)
            at[i] += 1
    return peeled


def _comes_again(page: Sequence[_Line], line: _Line) -> bool:
    """Whether a page has a line more than once: "For and on behalf of" is no running head."""
    return not line.is_folio and sum(other.text == line.text for other in page) > 1


def _kept_once(pages: Sequence[Sequence[_Line]], spans: set[Span]) -> set[Span]:
    """Return one of each running line that is no line of the body before: it is to be read once.

    It is the first that breaks no sentence, as the foot of a page does that goes on over the page:
    who quotes such a sentence leaves the foot out. Where all of them break one it is the first.
    """
    first, apart = dict[str, Span](), dict[str, Span]()
    said = set[str]()
    between: list[_Line] = []
    before = ""

    def keep(*, is_apart: bool) -> None:
        for line in between:
            if not line.is_folio and line.text not in said:
                first.setdefault(line.key, line.span)
                if is_apart:
                    apart.setdefault(line.key, line.span)
        between.clear()

    for line in chain.from_iterable(pages):
        if line.span in spans:
            between.append(line)
        else:
            keep(is_apart=not before or not _goes_on(before, line.text))
            before = line.text
            said.add(before)
    keep(is_apart=True)
    return {*(first | apart).values()}


def _is_running(edge: Sequence[_Line | None], at: int, line: _Line, running: set[str]) -> bool:
    near = edge[max(0, at - _NEAR) : at + _NEAR + 1]
    alike = sum(other is not None and other.key == line.key for other in near)
    if line.is_folio:
        return alike > 1 or line.key in running
    if len(line.text) > _LONGEST or _TURNS.search(line.text) or _SIGNED.match(line.text):
        return False
    if _SAYS.search(line.text):
        return False  # an amount, a table's row or a sentence
    if line.text == line.text.lower() and not _ADDRESS.search(line.text):
        return False  # "and" ends many a page
    return alike >= _ALIKE or line.key in running


def _inner_numbers(text: str) -> Iterator[Span]:
    """Yield page numbers alone on a line within a page.

    A filing printed from the web keeps the numbers of its first print. Only a run of three that
    count on at the distance of pages is taken, and only if they have dashes, break off sentences or
    stand above one line again and again: a clause's number never does.
    """
    runs = list[list[re.Match[str]]]()
    last: dict[int, list[re.Match[str]]] = {}
    for found in _INNER.finditer(text):
        number = int(found["number"])
        run = last.pop(number - 1, None)
        if run is None or not _APART[0] <= found.start() - run[-1].start() <= _APART[1]:
            run = list[re.Match[str]]()
            runs.append(run)
        run.append(found)
        last[number] = run
    for run in runs:
        after = Counter(line for found in run if (line := _line_after(found)))
        sure = sum(_is_of_a_page(found) or after[_line_after(found)] > 1 for found in run)
        if len(run) >= _ALIKE and sure * 4 >= len(run):
            yield from (Span(found.start(), found.end()) for found in run)


def _line_after(number: re.Match[str]) -> str:
    """Return the line behind a lone number, which may be the rest of a running foot."""
    return number.string[number.end() : number.end() + _LONGEST].lstrip().partition("\n")[0]


def _is_of_a_page(number: re.Match[str]) -> bool:
    """Whether a lone number has a dash, or the sentence around it goes on."""
    after = number.string[number.end() : number.end() + 40].lstrip()
    before = number.string[max(0, number.start() - 80) : number.start()]
    return _goes_on(before, after) or number["dash"] is not None


def _goes_on(before: str, after: str) -> bool:
    """Whether a sentence goes on from the end of one text to the beginning of another."""
    return after[:1].islower() or _BROKEN_OFF.search(before) is not None
