import pytest

from extractor.documents.document import Document
from tests.documents.readers.docx.building import paragraph, read, run, table


def _hidden(document: Document) -> list[tuple[str, str]]:
    return [(piece.text, piece.reason) for piece in document.hidden]


def test_cells_are_joined_by_bars_and_rows_are_lines() -> None:
    assert read(table(("Service", "Fee"), ("Hosting", "EUR 5"))).text == (
        "Service | Fee\nHosting | EUR 5"
    )


def test_merged_cells_are_told_once_and_covered_text_is_hidden() -> None:
    def cell(text: str, merge: str) -> str:
        return f"<w:tc><w:tcPr>{merge}</w:tcPr>{paragraph(text)}</w:tc>"

    document = read(
        table(
            (cell("Fees", '<w:vMerge w:val="restart"/>'), "one"),
            (cell("covered", "<w:vMerge/>"), "two"),
            (cell("wide", '<w:gridSpan w:val="2"/>'),),
        )
    )
    assert document.text == "Fees | one\n| two\nwide"
    assert _hidden(document) == [("covered", "invisible")]


def test_a_table_within_a_cell_keeps_its_rows() -> None:
    inner = f"<w:tc>{table(('a', 'b'), ('c', 'd'))}{paragraph('')}</w:tc>"
    assert read(table((inner, "e"))).text == "a | b\nc | d | e"


def test_deleted_rows_and_cells_are_left_out() -> None:
    gone = f"<w:tc><w:tcPr><w:cellDel/></w:tcPr>{paragraph('gone')}</w:tc>"
    rows = table((gone, "kept")).removesuffix("</w:tbl>")
    rows += f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('row')}</w:tc></w:tr></w:tbl>"
    document = read(rows)
    assert document.text == "kept"
    assert document.warnings == ("It has tracked changes: 2 deletions left out",)


def test_signs_within_runs_are_characters() -> None:
    signs = (
        "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t>"
        '<w:softHyphen/><w:t>e</w:t><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>'
    )
    assert read(paragraph(signs)).text == "a\tb\nc\u2011de☐"


def test_a_check_box_shows_whether_it_is_checked() -> None:
    box = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>{}</w:checkBox></w:ffData>'
        '</w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    boxes = box.format("<w:checked/>"), box.format('<w:checked w:val="0"/>')
    assert read(paragraph(*boxes, " yes")).text == "☒☐ yes"


def test_content_controls_around_blocks_rows_and_cells_are_read() -> None:
    def control(content: str) -> str:
        return f"<w:sdt><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    cell = control(f"<w:tc>{paragraph('cell')}</w:tc>")
    row = control(f"<w:tr>{cell}<w:tc>{paragraph('b')}</w:tc></w:tr>")
    body = control(paragraph("block")) + f"<w:tbl>{row}</w:tbl>"
    assert read(body).text == "block\ncell | b"


def test_notes_follow_the_paragraph_that_cites_them() -> None:
    def cite(kind: str) -> str:
        return f'<w:r><w:{kind}Reference w:id="1"/></w:r>'

    document = read(
        paragraph("One", cite("footnote"), " two", cite("endnote"), ".") + paragraph("Next."),
        footnotes=f'<w:footnote w:id="1">{paragraph("Foot.")}</w:footnote>',
        endnotes=f'<w:endnote w:id="1">{paragraph("End.")}</w:endnote>',
    )
    assert document.text == "One[1] two[i].\n[1] Foot.\n[i] End.\nNext."


def test_notes_that_cite_each_other_end() -> None:
    cite = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    document = read(
        paragraph("One", cite),
        footnotes=f'<w:footnote w:id="1">{paragraph("Foot.", cite)}</w:footnote>',
    )
    assert document.text == "One[1]\n[1] Foot."


def test_formulas_keep_their_meaning_in_one_line() -> None:
    def part(name: str, text: str) -> str:
        return f"<m:{name}><m:r><m:t>{text}</m:t></m:r></m:{name}>"

    formula = f"<m:oMath><m:f>{part('num', '1')}{part('den', '2')}</m:f></m:oMath>"
    power = f"<m:oMath><m:sSup>{part('e', 'x')}{part('sup', '2')}</m:sSup></m:oMath>"
    assert read(paragraph("Rate ", formula, " of ", power)).text == "Rate (1)/(2) of x^(2)"


@pytest.mark.parametrize(
    ("look", "reason"),
    [
        ("<w:vanish/>", "invisible"),
        ('<w:color w:val="FFFFFF"/>', "white"),
        ('<w:color w:val="FDFDFD"/>', "white"),
        ('<w:sz w:val="3"/>', "tiny"),
        ("<w:webHidden/>", "invisible"),
        ('<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>', "white"),
    ],
)
def test_text_that_nobody_sees_is_kept_apart(look: str, reason: str) -> None:
    document = read(paragraph("Fee", run(" EUR 9", look)))
    assert document.text == "Fee"
    assert _hidden(document) == [("EUR 9", reason)]


@pytest.mark.parametrize(
    "look",
    [
        '<w:vanish w:val="0"/>',
        '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000080"/>',
        '<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>',
        '<w:sz w:val="4"/>',
    ],
)
def test_text_that_can_be_seen_is_text(look: str) -> None:
    assert read(paragraph("Fee", run(" EUR 9", look))).text == "Fee EUR 9"


def test_white_text_in_a_table_whose_style_is_coloured_is_text() -> None:
    styles = (
        '<w:style w:type="table" w:styleId="Grid"><w:tblStylePr w:type="firstRow"><w:tcPr>'
        '<w:shd w:val="clear" w:fill="4472C4"/></w:tcPr></w:tblStylePr></w:style>'
    )
    white = run("Fee", '<w:color w:val="FFFFFF"/>')
    cell = f"<w:tc>{paragraph(white)}</w:tc>"
    body = table((cell, "x")).replace(
        "<w:tbl>", '<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/></w:tblPr>'
    )
    assert read(body, styles=styles).text == "Fee | x"


def test_vanish_set_by_paragraph_and_character_style_is_off() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="P"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="C"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    shown = run("shown", '<w:rStyle w:val="C"/>')
    body = paragraph(shown, "hidden", properties='<w:pStyle w:val="P"/>') + paragraph("!")
    document = read(body, styles=styles)
    assert document.text == "shown!"
    assert _hidden(document) == [("hidden", "invisible")]


def test_a_letterhead_is_the_beginning_of_the_text() -> None:
    section = '<w:sectPr><w:headerReference w:type="first" r:id="header1"/><w:titlePg/></w:sectPr>'
    document = read(paragraph("Dear Sirs") + section, header1=paragraph("Alpha Ltd, London"))
    assert document.text == "Alpha Ltd, London\nDear Sirs"
    assert document.warnings == ()
