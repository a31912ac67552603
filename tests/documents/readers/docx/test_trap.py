from dataclasses import replace

from extractor.documents.options import ReadOptions
from extractor.documents.readers.docx import read_docx
from tests.documents.readers.docx.trap import HIDDEN, PAGES, TRAP, WARNINGS


def test_the_trap_agreement_reads_exactly_as_word_shows_it() -> None:
    document = read_docx(TRAP, "trap.docx", ReadOptions())
    pages = tuple(document.text[page.span.start : page.span.end] for page in document.pages)
    assert pages == PAGES


def test_what_the_trap_hides_is_apart_with_its_page() -> None:
    document = read_docx(TRAP, "trap.docx", ReadOptions())
    assert tuple((h.text, h.reason, h.page) for h in document.hidden) == HIDDEN
    assert document.warnings == WARNINGS


def test_hidden_text_is_taken_on_request_and_still_told() -> None:
    document = read_docx(TRAP, "trap.docx", replace(ReadOptions(), hidden=True))
    assert "pays (twice) EURon the\u2011day.secrettiny print" in document.text
    assert tuple((h.text, h.reason, h.page) for h in document.hidden) == HIDDEN
    assert document.warnings[0].startswith("Hidden text was taken into the text")
