import pytest

from extractor.documents.structure.clauses import clauses_of
from tests.documents.readers.html.reading import read


def _table(*rows: str) -> str:
    """Return a table of rows whose cells are divided by bars; `3*x` is a cell of three columns."""
    return f"<table>{''.join(map(_row, rows))}</table>"


def _row(text: str) -> str:
    cells = [cell.strip() for cell in text.split("|")]
    parts = [cell.split("*", 1) if "*" in cell else ["1", cell] for cell in cells]
    return "<tr>" + "".join(f"<td colspan={span}>{said or '&nbsp;'}</td>" for span, said in parts)


def _lines(*rows: str) -> list[str]:
    return read(_table(*rows)).text.split("\n")


def test_a_blank_cell_keeps_its_place() -> None:
    assert _lines("Service|2023|2024|2025", "Support||$100|$110", "Hosting|$50||$55") == [
        "Service | 2023 | 2024 | 2025",
        "Support |  | $100 | $110",
        "Hosting | $50 |  | $55",
    ]


def test_a_head_without_a_word_for_its_rows_stands_above_its_figures() -> None:
    assert _lines("|2023|2024", "Rent|5|6") == ["| 2023 | 2024", "Rent | 5 | 6"]


def test_rows_below_a_cell_that_spans_them_keep_their_columns() -> None:
    rows = "<tr><td rowspan=2>Rent<td>2020<td>$ 100<tr><td>2021<td>$ 200<tr><td>Fee<td>2021<td>$ 7"
    assert read(f"<table>{rows}</table>").text.split("\n") == [
        "Rent | 2020 | $ 100",
        "| 2021 | $ 200",
        "Fee | 2021 | $ 7",
    ]


def test_columns_that_are_blank_in_all_rows_are_left_out() -> None:
    assert _lines("|Rent||5|", "||||", "|Term||6|") == ["Rent | 5", "Term | 6"]


def test_figures_and_signs_in_cells_of_their_own_stand_below_their_head() -> None:
    rows = (
        "3*|3*|3*2023|3*|3*2022",
        "3*Revenue|3*|$|1,000||3*|$|900|",
        "3*Cost|3*|2*(600|)|3*|3*",
        "3*Tax|3*|3*|3*|2*(5|)",
        "3*Net loss|3*|$|(1,250|)|3*|$|(3|)",
        "3*Margin|3*|2*12.5|%|3*|2*11|%",
    )
    assert _lines(*rows) == [
        "| 2023 | 2022",
        "Revenue | $ 1,000 | $ 900",
        "Cost | (600)",
        "Tax |  | (5)",
        "Net loss | $ (1,250) | $ (3)",
        "Margin | 12.5% | 11%",
    ]


def test_figures_without_signs_stand_below_a_wider_head() -> None:
    rows = "|2*2009||2*2008|", "Shares||1,000|||900|", "Price|$|5||$|6|"
    assert _lines(*rows) == ["| 2009 | 2008", "Shares | 1,000 | 900", "Price | $ 5 | $ 6"]


def test_a_head_above_several_columns_takes_their_places() -> None:
    rows = "|2*Year ended|Change", "|2023|2022|", "Rent|5|6|7"
    assert _lines(*rows) == ["| Year ended |  | Change", "| 2023 | 2022", "Rent | 5 | 6 | 7"]


def test_a_sign_whose_figure_is_left_blank_takes_no_other_words() -> None:
    assert _lines("Rent|$||per month", "Fee|$|$|5") == ["Rent | $ | per month", "Fee | $ | $ 5"]


def test_clauses_in_tables_of_different_indents_are_lines_of_their_own() -> None:
    rows = (
        "1.|2*Definitions",
        '|1.1|"Fee" means the fee that is due.',
        "||It is due each year on the first of May, unless that day is a Sunday.",
        "2.|2*Payment",
        "||(a) in Euro;",
        "|(b)|in time.",
        "3*ARTICLE III",
    )
    document = read(_table(*rows))
    assert document.text.split("\n") == [
        "1. Definitions",
        '1.1 "Fee" means the fee that is due.',
        "It is due each year on the first of May, unless that day is a Sunday.",
        "2. Payment",
        "(a) in Euro;",
        "(b) in time.",
        "ARTICLE III",
    ]
    numbers = [clause.number for clause in clauses_of(document)]
    assert numbers == ["1.", "1.1", "2.", "(a)", "(b)", "ARTICLE III"]


def test_places_to_sign_begin_their_line() -> None:
    assert _lines("May 1|2*ACME INC.", "|By:|/s/ Ada", "||Name: Ada") == [
        "May 1 | ACME INC.",
        "By: | /s/ Ada",
        "Name: Ada",
    ]


def test_numbers_that_are_figures_are_no_labels() -> None:
    assert _lines("Rate|2022|2023", "|1.5|2.5", "Base|1.1|") == [
        "Rate | 2022 | 2023",
        "| 1.5 | 2.5",
        "Base | 1.1",
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<table><caption>Fees<tr><td>Rent<td>5</table>", "Fees\nRent | 5"),
        ("<table><tr><td>a<td>b</tr>stray<tr><td>c<td>d</table>", "a | b\nstray\nc | d"),
        ("<table><td>a<td>b</table>", "a | b"),
        ("<tr><td>a</td><td>b</td></tr>", "a | b"),
        ("<table><tr><td><table><tr><td>a<td>b</table><td>c</table>", "a | b | c"),
        ("<table><tr><td rowspan=x colspan=-1>a<td rowspan=0>b</table>", "a | b"),
        ("<ol><li><table><tr><td>a<td>b</table></ol>", "1. a | b"),
        ("<table><tr><td>a<td hidden>b<td>c</table>", "a | c"),
    ],
)
def test_tables_of_every_make_are_read(html: str, text: str) -> None:
    assert read(html).text == text


@pytest.mark.parametrize(
    "second",
    [
        "<table style='page-break-before:always'><tr><td>two</table>",
        "<table><tr style='page-break-before:always'><td>two</table>",
        "<table><tr><td><p style='page-break-before:always'>two</table>",
        "<table><tr><td><p style='page-break-after:always'></p><tr><td>two</table>",
    ],
)
def test_a_page_that_begins_with_a_table_begins_there(second: str) -> None:
    document = read(f"<p>one</p>{second}<p>still two</p>")
    pages = [document.text[page.span.start : page.span.end].strip() for page in document.pages]
    assert pages == ["one", "two\nstill two"]


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr>" + "<td rowspan=65000>a" * 5_000 + "<tr><td>b" * 5_000,
        "<table><tr>" + "<td>a" * 5_000 + "<tr><td colspan=99999>b<td>c" * 5_000,
        "<table>" + "<tr><td>a<td colspan=1000>b" * 5_000,
        "<table><tr><td>a" * 300,
        "<table><tr>stray" * 300,
    ],
)
def test_tables_without_end_are_read_in_time(page: str) -> None:
    assert "a" in read(page).text
