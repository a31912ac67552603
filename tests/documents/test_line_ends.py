r"""Lines end in `\n`, `\r\n` or `\r`, pages with form feeds or tags: the contract is the same."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.sections import STYLES, compose
from extractor.documents import (
    Document,
    body_view,
    chunks,
    coverage,
    definitions_of,
    read_document,
)
from extractor.documents.passages import passages
from extractor.documents.structure.furniture import furniture
from extractor.documents.structure.sentences import whole_sentence
from extractor.grounding import Locator
from extractor.types import Span

ARTICLES = (
    "TABLE OF CONTENTS\n\nARTICLE I Definitions\nARTICLE II Term\nARTICLE III Fees\n\n"
    'ARTICLE I Definitions\n\n"Fee" means the fee of $100.\n\n'
    "ARTICLE II Term\n\nIt runs two years.\n\nARTICLE III Fees\n\nFees are due.\n"
)
HEADINGS = (
    "MASTER SERVICES AGREEMENT\n\nThis Agreement is made between Acme Inc. and Beta LLC as fol-\n"
    "lows in this docu-\nment about many things.\n\nCONFIDENTIALITY\n\nEach party keeps secret all"
    " that the other one tells it of its business.\n\nGOVERNING LAW\n\nThis Agreement is governed"
    " by the laws of the State of New York alone.\n"
)
PRINTED = (
    "LEASE\n\n1. Term. Two years.\n\n2. Rent. $10.\n\n   1\n\f"
    "3. Law. New York law governs.\n\n4. Notices. They are given in writing.\n   2\n\f"
    "5. General. This is all.\n"
)
ENDS = pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])


def titles(document: Document) -> list[tuple[str, str]]:
    return [(clause.number, clause.title) for clause in document.clauses]


def in_pages(text: str) -> str:
    """Print a contract: words broken, pages with a head and a number, form feeds between them."""
    lines = text.replace(" Agreement", " Agree-\nment").replace("Supplier", "Sup-\nplier")
    cut = lines.split("\n")
    pages = ["\n".join(cut[at : at + 30]) for at in range(0, len(cut), 30)]
    heads = [f"ACME LEASE\n{page}\n   {number}\n" for number, page in enumerate(pages, 1)]
    return "\f".join(heads)


def findings(document: Document) -> list[Any]:
    r"""Return all that is found in a document, its offsets as if there were no `\r`."""

    def at(span: Span) -> tuple[int, int]:
        start, end = (o - document.text.count("\r", 0, o) for o in (span.start, span.end))
        return start, end

    windows = chunks(document, budget=900, count=len)
    found = passages(document, ["governing law", "term and fees"], budget=1500, count=len)
    told = coverage(windows, document)
    return [
        body_view(document).text,
        [(page.number, page.kind, at(page.span)) for page in document.pages],
        [(c.number, c.title, c.level, c.parent, at(c.span)) for c in document.clauses],
        [(one.term, at(one.span)) for one in definitions_of(document)],
        [at(span) for span in furniture(document)],
        [(at(w.span), w.breadcrumb, w.pages, w.tokens) for w in windows],
        [[at(d.span) for d in w.definitions] for w in windows],
        [at(w.overlap) for w in windows if w.overlap],
        found and ([at(span) for span in found.spans], found.tokens),
        (told.shown, told.missing, told.hyphens, told.pages),
    ]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.sampled_from(STYLES), st.booleans())
def test_the_same_is_found_in_a_contract_whatever_its_lines_end_with(
    seed: int, style: Any, printed: bool
) -> None:
    text = compose(random.Random(seed), style).text  # noqa: S311 - no secret
    text = in_pages(text) if printed else text
    wanted = findings(read_document(text))
    assert findings(read_document(text.replace("\n", "\r\n"))) == wanted
    assert findings(read_document(text.replace("\n", "\r"))) == wanted


@ENDS
def test_the_lines_of_a_table_of_contents_are_no_clauses(end: str) -> None:
    document = read_document(ARTICLES.replace("\n", end).encode())
    spans = [clause.span for clause in document.clauses]
    texts = [document.text[span.start : span.end].replace("\r", "") for span in spans]
    assert [len(text) for text in texts] == [51, 35, 31]
    assert texts[1] == "ARTICLE II Term\n\nIt runs two years."


@ENDS
def test_headings_are_found_and_broken_words_are_joined(end: str) -> None:
    document = read_document(HEADINGS.replace("\n", end).encode())
    assert titles(document) == [("", "CONFIDENTIALITY"), ("", "GOVERNING LAW")]
    assert "as follows in this document about" in body_view(document).text


def test_the_raw_text_keeps_its_line_ends_and_views_lead_back_to_them() -> None:
    text = HEADINGS.replace("\n", "\r\n")
    document = read_document(text.encode())
    view = body_view(document)
    at = view.text.index("tells it of its business.\n\nGOVERNING")
    raw = view.to_raw(Span(at, at + len("tells it of its business.\n\nGOVERNING")))
    assert document.text == text
    assert text[raw.start : raw.end] == "tells it of its business.\r\n\r\nGOVERNING"


@ENDS
@pytest.mark.parametrize(
    "quote",
    [
        "as follows in this document about many things.",
        "as fol-\nlows in this docu-\nment",
        "of its business.\n\nGOVERNING LAW",
    ],
)
def test_a_quote_is_found_across_line_ends(end: str, quote: str) -> None:
    document = read_document(HEADINGS.replace("\n", end))
    (match,) = Locator.of(document).locate(quote).matches
    said = document.text[match.start : match.end].replace("\r", "")
    assert said.replace("-\n", "").split() == quote.replace("-\n", "").split()


def test_line_ends_are_not_missing_from_what_is_shown() -> None:
    document = read_document(HEADINGS.replace("\n", "\r\n"))
    told = coverage(chunks(document, budget=200, count=len), document)
    assert told.missing == 0
    assert (told.line_ends, told.hyphens) == (HEADINGS.count("\n"), 2 * len("-\n"))


def test_a_sentence_ends_at_an_empty_line_of_windows_too() -> None:
    text = "HEADING\r\n\r\nThe rest follows\r\n\r\nEND"
    at = text.index("rest")
    assert whole_sentence(text, Span(at, at + 4)).strip() == "The rest follows"


@ENDS
def test_form_feeds_divide_pages_and_lines_begin_behind_them(end: str) -> None:
    document = read_document(PRINTED.replace("\n", end).encode())
    pages = [document.text[page.span.start : page.span.end] for page in document.pages]
    assert [page.split() for page in pages] == [page.split() for page in PRINTED.split("\f")]
    assert [number for number, _ in titles(document)] == ["1.", "2.", "3.", "4.", "5."]
    assert [document.page_at(clause.span.start) for clause in document.clauses] == [1, 1, 2, 2, 3]
    assert "\n   1\n" not in body_view(document).text


@pytest.mark.parametrize("tag", ["<PAGE>\n", "  <PAGE>   12\n", "<PAGE> F-3\r\n"])
def test_lines_with_the_tag_of_old_filings_divide_pages_too(tag: str) -> None:
    text = f"{tag}LEASE\n\n1. Term. Ten years.\n{tag}2. Rent. Much.\n"
    document = read_document(text.encode())
    assert document.text == text
    assert [page.number for page in document.pages] == [1, 2]
    assert titles(document) == [("1.", "Term"), ("2.", "Rent")]
    assert body_view(document).text == "LEASE\n\n1. Term. Ten years.\n2. Rent. Much.\n"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("one\ftwo\f", ["text", "text"]),
        ("one\n\ftwo\n\f\n", ["text", "text"]),
        ("\fone\ftwo", ["text", "text"]),
        ("\n\f<PAGE>\none", ["text"]),
        ("one\f \n\ftwo", ["text", "empty", "text"]),
        ("the tag <PAGE> within a line\nand another one", ["text"]),
        ("<PAGE>\n<PAGE>\n", ["empty"]),
        ("one" + "\f2" * 10_000, ["text"]),
    ],
)
def test_only_what_divides_text_divides_pages(text: str, kinds: list[str]) -> None:
    pages = read_document(f"{text}\n").pages
    assert [page.kind for page in pages] == kinds
    assert (pages[0].span.start, pages[-1].span.end) == (0, len(text) + 1)


def test_a_form_feed_between_two_words_is_a_line_end() -> None:
    document = read_document("1. Term. Two years, as agree-\fment says.\f2. Rent. Much.\n")
    assert titles(document) == [("1.", "Term"), ("2.", "Rent")]
    assert "as agreement says.\f2." in body_view(document).text


def test_a_page_number_goes_with_the_form_feed_behind_it() -> None:
    document = read_document("It goes on\n1\fand on\n2\fand on\n3\fto the end.\n")
    assert body_view(document).text == "It goes on\nand on\nand on\nto the end.\n"


def test_hidden_text_is_on_its_page() -> None:
    document = read_document("one\f \ftwo\u202e\f\u202ethree\n".encode())
    assert [piece.page for piece in document.hidden] == [3, 4]


@pytest.mark.parametrize("piece", ["\r", "\r\r\n", "\f", "\n\f\r", "<PAGE>", "<PAGE>\n", "<PAGE> "])
def test_a_megabyte_of_marks_is_read_in_seconds(piece: str) -> None:
    text = f"one\n{piece * (1_000_000 // len(piece))}\ntwo" + "\r" * 1_000
    began = time.process_time()
    document = read_document(text)
    view = body_view(document)
    assert time.process_time() - began < 10
    assert view.text.split()[-1] == "two"
