import pytest

from extractor.documents.document import Document
from extractor.documents.options import ReadOptions
from extractor.documents.readers.html import read_html
from extractor.errors import EmptyDocumentError, HostileDocumentError
from tests.documents.readers.html.reading import read


def _pages(document: Document) -> list[str]:
    return [document.text[page.span.start : page.span.end].strip() for page in document.pages]


def test_blocks_and_breaks_are_lines_and_white_space_is_one_space() -> None:
    document = read("<div>One\n  <b>two</b>&nbsp; three<br>four<p>five</p>six</div>seven &amp; 8")
    assert document.text == "One two three\nfour\nfive\nsix\nseven & 8"
    assert document.media_type == "text/html"


def test_preformatted_text_keeps_its_lines_and_spaces() -> None:
    assert read("<pre>a   b\n    c</pre>").text == "a   b\n    c"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<span style='display:block'>May 1</span><span style='display:block'>Fee</span>",
            "May 1\nFee",
        ),
        ("<style>.b{display:flex}</style><i class=b>May 1</i><i class=b>Fee</i>", "May 1\nFee"),
        ("<b style='display:table-row'>May 1</b>Fee", "May 1\nFee"),
        ("<b style='display:inline-block'>May</b> 1", "May 1"),
    ],
)
def test_what_styles_make_a_block_is_a_line(html: str, text: str) -> None:
    assert read(f"<div>{html}</div>").text == text


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("pre", "1.  Term\n   Two years."),
        ("pre-wrap", "1.  Term\n   Two years."),
        ("pre-line", "1. Term\nTwo years."),
        ("nowrap", "1. Term Two years."),
        ("unknown", "1. Term Two years."),
    ],
)
def test_styles_tell_whether_lines_are_kept(style: str, text: str) -> None:
    page = f"<div style='white-space:{style}'>1.  Term\n<b>   Two</b> years.</div>"
    assert read(page).text == text


def test_a_part_of_a_line_that_keeps_its_spaces_leaves_the_line_as_it_is() -> None:
    page = (
        "<p>The\n fee<span style='white-space:pre'>   </span><i style='white-space:pre'> is </i>due"
    )
    assert read(page).text == "The fee is due"


def test_what_is_within_preformatted_text_may_be_none() -> None:
    assert read("<pre>a  b<p style='white-space:normal'>c  d\ne</p></pre>").text == "a  b\nc d e"


def test_scripts_styles_comments_and_titles_are_no_text() -> None:
    page = "<title>T</title><style>p{}</style><p>Fee<!-- no --><script>x()</script></p>"
    assert read(page).text == "Fee"


def test_the_brackets_of_a_figure_are_put_together_again() -> None:
    row = "<tr><td>Net loss</td><td>$</td><td>(1,250</td><td>)</td><td>12.5</td><td>%</td></tr>"
    assert read(f"<table>{row}</table>").text == "Net loss | $ (1,250) | 12.5%"


def test_a_raised_fraction_belongs_to_the_number_before_it() -> None:
    assert read("<p>at 5<sup>1/2</sup>% a year</p>").text == "at 5 1/2% a year"


def test_rows_are_lines_and_spacer_cells_are_left_out() -> None:
    rows = (
        "<tr><td>Rent</td><td> </td><td>$</td><td>500</td></tr><tr><th>Term<td><td><td>1 year</tr>"
    )
    assert read(f"<table>{rows}</table>").text == "Rent | $ 500\nTerm | 1 year"


@pytest.mark.parametrize("label", ["(a)", "1.", "2.1", "(iv)", "•"])
def test_a_table_that_only_indents_a_clause_is_a_line(label: str) -> None:
    page = f"<table><tr><td>{label}</td><td></td><td><p>The Tenant</p></td></tr></table>"
    assert read(page).text == f"{label} The Tenant"


def test_hidden_text_is_taken_on_request() -> None:
    page = b"<p>Fee<span hidden> EUR 9</span></p>"
    document = read_html(page, "x.htm", ReadOptions(hidden=True))
    assert document.text == "Fee EUR 9"
    assert len(document.hidden) == 1


def test_pages_end_where_styles_say_so_once() -> None:
    page = (
        "<p>one<hr>still one</p><div style='page-break-after:always'></div>"
        "<p style='page-break-before: always'>two</p><style>.n{break-before:page}</style>"
        "<p class=n>three</p>"
    )
    assert _pages(read(page)) == ["one\nstill one", "two", "three"]


def test_without_such_styles_pages_end_at_rules() -> None:
    assert _pages(read("<hr><p>one</p><hr><hr><p>two</p>")) == ["one", "two"]


@pytest.mark.parametrize(
    ("data", "warned"),
    [
        ("<p>“Fee” €5</p>".encode(), False),
        ("<p>“Fee” €5</p>".encode("utf-8-sig"), False),
        ("\ufeff<p>“Fee” €5</p>".encode("utf-16-le"), False),
        ("<meta charset=iso-8859-1><p>“Fee” €5</p>".encode("cp1252"), False),
        ("<meta charset=utf-8><p>“Fee” €5</p>".encode("cp1252"), True),
        ("<p>“Fee” €5</p>".encode("cp1252"), True),
        (b"<p>&#147;Fee&#148; &#128;5</p>", False),
    ],
)
def test_every_usual_encoding_isread(data: bytes, *, warned: bool) -> None:
    document = read(data)
    assert document.text == "“Fee” €5"
    assert bool(document.warnings) == warned


def test_deep_pages_are_read_and_too_deep_ones_given_up() -> None:
    assert read("<font>" * 1_500 + "deep").text == "deep"
    with pytest.raises(HostileDocumentError):
        read("<font>" * 5_000 + "deep")


def test_a_page_without_text_is_empty() -> None:
    with pytest.raises(EmptyDocumentError):
        read("<html><body><img src=x></body></html>")


def test_what_follows_the_end_of_the_page_is_kept() -> None:
    html = "<html><body><p>a</p></body></html><p>after end</p></body></html>"
    assert read(html).text == "a\nafter end"
