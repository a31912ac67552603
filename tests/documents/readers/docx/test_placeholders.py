import pytest

from tests.documents.readers.docx.building import paragraph, read, run, table

_UNFILLED = "Not filled in, and yet part of the text: {}"


def _control(content: str, properties: str = "<w:showingPlcHdr/>") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def test_a_placeholder_is_text_and_told() -> None:
    fee = _control(run("[insert fee]", '<w:rStyle w:val="PlaceholderText"/>'))
    document = read(paragraph("The Fee is ", fee, " per year."))
    assert document.text == "The Fee is [insert fee] per year."
    assert document.warnings == (_UNFILLED.format("1 placeholder"),)


def test_a_cell_that_nobody_filled_in_keeps_its_column() -> None:
    date = _control(f"<w:tc>{paragraph('Click to enter a date')}</w:tc>")
    empty = _control(f"<w:tc>{paragraph('')}</w:tc>")
    document = read(table(("Name", "Date", "Fee"), ("Bob", date, "$5"), ("Eve", empty, "$6")))
    assert document.text == "Name | Date | Fee\nBob | Click to enter a date | $5\nEve |  | $6"
    assert document.warnings == (_UNFILLED.format("1 placeholder"),)


def test_a_block_and_what_is_nested_in_it_are_placeholders_of_their_own() -> None:
    block = _control(paragraph("Choose ", _control(run("an item"))))
    document = read(paragraph("Law:") + block)
    assert document.text == "Law:\nChoose an item"
    assert document.warnings == (_UNFILLED.format("2 placeholders"),)


@pytest.mark.parametrize("properties", ["", '<w:showingPlcHdr w:val="0"/>', "<w:text/>"])
def test_a_control_that_is_filled_in_is_no_placeholder(properties: str) -> None:
    document = read(paragraph("Fee: ", _control(run("$5"), properties)))
    assert document.text == "Fee: $5"
    assert document.warnings == ()


def test_a_button_with_words_to_be_filled_in_is_a_placeholder_too() -> None:
    def button(shown: str) -> str:
        mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
        code = f"<w:r><w:instrText>MACROBUTTON NoMacro {shown}</w:instrText></w:r>"
        return f"{mark.format('begin')}{code}{mark.format('end')}"

    document = read(paragraph("Between ", button("[Name of Buyer]"), button("☐"), " and X"))
    assert document.text == "Between [Name of Buyer]☐ and X"
    assert document.warnings == (_UNFILLED.format("1 placeholder"),)
