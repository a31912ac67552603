import pytest

from extractor.documents.document import Document
from extractor.documents.structure.clauses import clauses_of
from tests.documents.readers.html.reading import read

_TABLE = """<TABLE>
<CAPTION>
  Year        Amount
<S>         <C>
  1998        $ 100<F1>
<FN>
<F1> Without tax.
</FN>
</TABLE>
"""
_AGREEMENT = f"""<DOCUMENT>
<TYPE>EX-10.3
<SEQUENCE>3
<TEXT>
<PAGE>
                    CREDIT AGREEMENT

SECTION 1.  DEFINITIONS.

     "Agreement" means this agreement, A &amp; B.

SECTION 2.  THE LOANS.

     The Lender shall lend.

{_TABLE}
<PAGE>
SECTION 3.  FEES.

     The fee is $5.
</TEXT>
</DOCUMENT>
"""
_AS_PRINTED = """                    CREDIT AGREEMENT

SECTION 1.  DEFINITIONS.

     "Agreement" means this agreement, A & B.

SECTION 2.  THE LOANS.

     The Lender shall lend.

  Year        Amount
  1998        $ 100[1]
[1] Without tax.

SECTION 3.  FEES.

     The fee is $5."""


def pages(document: Document) -> list[str]:
    return [document.text[page.span.start : page.span.end].strip() for page in document.pages]


def test_the_first_document_of_a_submission_is_read_and_the_others_attached() -> None:
    submission = (
        "<SEC-DOCUMENT>x.txt\n<DOCUMENT>\n<TYPE>EX-10.1\n<FILENAME>lease.htm\n<TEXT>\n<HTML><BODY>"
        "<P>Lease</P></BODY></HTML>\n</TEXT>\n</DOCUMENT>\n"
        "<DOCUMENT>\n<TYPE>EX-10.2\n<FILENAME>../rent.txt\n"
        "<TEXT>\nRENT\n<PAGE>\nA &amp; B\n</TEXT>\n</DOCUMENT>\n"
    )
    document = read(submission)
    assert document.text == "Lease"
    (other,) = document.attachments
    assert other.name == "rent.txt"
    assert other.document is not None
    assert pages(other.document) == ["RENT", "A & B"]


def test_an_old_filing_is_text_with_pages() -> None:
    document = read("<DOCUMENT>\n<TYPE>EX-10\n<TEXT>\nLEASE\n  1. Rent\n<PAGE>\n2. Term\n</TEXT>\n")
    assert pages(document) == ["LEASE\n  1. Rent", "2. Term"]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_an_old_filing_with_a_table_is_text_as_it_was_printed(ends: str) -> None:
    document = read(_AGREEMENT.replace("\n", ends))
    assert document.text == _AS_PRINTED
    assert [page.number for page in document.pages] == [1, 2]
    assert document.text[document.pages[1].span.start :].startswith("SECTION 3.")
    assert document.warnings == ()
    assert [clause.number for clause in clauses_of(document)] == [
        "SECTION 1",
        "SECTION 2",
        "SECTION 3",
    ]


def test_an_attached_text_of_a_submission_keeps_its_pages_and_lines_too() -> None:
    first = "<DOCUMENT>\n<TYPE>8-K\n<TEXT>\nREPORT\n</TEXT>\n</DOCUMENT>\n"
    document = read(first + _AGREEMENT)
    assert document.text == "REPORT"
    (other,) = document.attachments
    assert (other.name, other.problem) == ("EX-10.3", None)
    assert other.document is not None
    assert other.document.text == _AS_PRINTED
    assert len(other.document.pages) == 2


def test_a_printed_table_is_no_html_even_where_nothing_else_tells_of_a_filing() -> None:
    assert read(f"{_TABLE}See <p>. 5").text.startswith("  Year        Amount\n  1998")


def test_the_head_of_a_printed_table_may_stand_beside_its_tag() -> None:
    page = (
        "<DOCUMENT>\n<TEXT>\n<TABLE> <CAPTION> Year  Rent\n<S>   <C>\n1998  $5\n</TABLE>\n</TEXT>"
    )
    assert read(page).text == "  Year  Rent\n1998  $5"


def test_printed_tables_within_a_page_of_html_strike_nothing_through() -> None:
    document = read(f"<html><body><pre>\nLEASE\n{_TABLE}\n1. Rent\n</pre></body></html>")
    assert "LEASE\n  Year        Amount\n  1998        $ 100[1]\n" in document.text
    assert document.warnings == ()


def test_a_table_of_html_with_a_caption_is_html() -> None:
    table = "<table><caption>Fees</caption><tr><td>Rent<td>$5</table>"
    page = f"<DOCUMENT>\n<TYPE>EX-10\n<TEXT>\n{table}\n</TEXT>\n"
    assert read(page).text == "Fees\nRent | $5"


@pytest.mark.parametrize(
    "part",
    ["<DOCUMENT>\n", "<DOCUMENT>\n" + "\n" * 9, "<DOCUMENT>\n<TEXT>\n<p ", "<TABLE> <S <S>  <C>"],
)
def test_submissions_without_end_are_read_in_time(part: str) -> None:
    document = read(f"<DOCUMENT>\n<TEXT>\nFee\n</TEXT>{part * 100_000}")
    assert document.text == "Fee"
