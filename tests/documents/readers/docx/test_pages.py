from extractor.documents.document import Document
from tests.documents.readers.docx.building import paragraph, read, run, table

_NOTED = "<w:r><w:lastRenderedPageBreak/></w:r>"


def _pages(document: Document) -> list[str]:
    return [document.text[page.span.start : page.span.end] for page in document.pages]


def _cell(*words: str) -> str:
    """Return a cell whose words Word saw on pages that follow each other."""
    return f"<w:tc>{paragraph(_NOTED.join(run(word) for word in words))}</w:tc>"


def test_pages_end_where_word_noted_it_and_at_explicit_breaks() -> None:
    document = read(
        paragraph("one")
        + paragraph(_NOTED, "two")
        + paragraph('<w:r><w:br w:type="page"/></w:r>', _NOTED, "three")
        + paragraph("four", properties="<w:pageBreakBefore/>")
        + paragraph("five", properties="<w:sectPr/>")
        + paragraph("six")
        + "<w:sectPr/>"
    )
    assert _pages(document) == ["one\n", "two\n", "three\n", "four\nfive\n", "six"]


def test_a_row_that_runs_over_the_end_of_a_page_ends_it_once() -> None:
    row = (_cell("EN begins ", "goes on"), _cell("DE beginnt ", "geht weiter"))
    assert _pages(read(table(row, row, row))) == [
        "EN begins ",
        "goes on | DE beginnt geht weiter\nEN begins ",
        "goes on | DE beginnt geht weiter\nEN begins ",
        "goes on | DE beginnt geht weiter",
    ]


def test_a_cell_that_runs_further_than_those_before_it_ends_the_pages_that_they_do_not() -> None:
    row = (_cell("a ", "b"), _cell("c ", "d ", "e"), _cell("f"), _cell("g ", "h ", "i ", "j"))
    assert _pages(read(table(row))) == ["a ", "b | c d ", "e | f | g h i ", "j"]


def test_a_table_within_a_cell_ends_the_pages_of_the_row_around_it() -> None:
    inner = table((_cell("a ", "b"), _cell("c ", "d")), (_cell("e ", "f"), "g"))
    row = (f"<w:tc>{inner}{paragraph('')}</w:tc>", _cell("h ", "i ", "j ", "k"))
    assert _pages(read(table(row))) == ["a ", "b | c d\ne ", "f | g | h i j ", "k"]


def test_a_page_that_ended_in_a_row_ends_anew_below_it() -> None:
    document = read(table((_cell("a ", "b"), _cell("c ", "d"))) + paragraph(_NOTED, "below"))
    assert _pages(document) == ["a ", "b | c d\n", "below"]


def test_what_a_section_was_before_a_tracked_change_ends_no_page() -> None:
    former = "<w:sectPrChange><w:sectPr/></w:sectPrChange>"

    def section(kind: str) -> str:
        return f'<w:sectPr><w:type w:val="{kind}"/>{former}</w:sectPr>'

    document = read(
        paragraph("one", properties=section("nextPage"))
        + paragraph("two", properties=section("continuous"))
        + paragraph("three")
        + section("nextPage")
    )
    assert _pages(document) == ["one\ntwo\n", "three"]
