import pytest

from extractor.documents.document import Document
from tests.documents.readers.docx.building import level, lists, numbered, paragraph, read, run

_CODE = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
_BEGIN, _SEPARATE, _END = (_CODE.format(kind) for kind in ("begin", "separate", "end"))
_HEADINGS = "".join(
    f'<w:style w:type="paragraph" w:styleId="H{at}"><w:name w:val="heading {at}"/></w:style>'
    for at in (1, 2, 3)
)


def _field(instruction: str, within: str = "") -> str:
    """Return a field without a result; `within` stands at the end of its instruction."""
    return f"{_BEGIN}<w:r><w:instrText> {instruction} </w:instrText></w:r>{within}{_END}"


def _lines(*paragraphs: str, styles: str = "") -> list[str]:
    return read("".join(paragraphs), styles=styles).text.split("\n")


def _heading(at: int, *content: str) -> str:
    return paragraph(*content, properties=f'<w:pStyle w:val="H{at}"/>')


def _numbers_left_out(document: Document) -> list[str]:
    return [warning for warning in document.warnings if "numbers of" in warning]


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        ("MACROBUTTON NoMacro [Name of Buyer]", "[Name of Buyer]"),
        (r"MACROBUTTON  NoMacro  the Buyer \* MERGEFORMAT", "the Buyer"),
        ('MACROBUTTON "No Macro" "the" Buyer', '"the" Buyer'),
        ("GOTOBUTTON Annex1 see Annex 1", "see Annex 1"),
        ("MACROBUTTON NoMacro", ""),
        (r'SYMBOL 168 \f "Wingdings"', "☐"),
        (r"symbol 0xF0FE \f Wingdings \s 12", "☑"),
        ("SYMBOL 147", "“"),
        (r"SYMBOL 167 \f “Arial”", "§"),
        (r"SYMBOL 8364 \u", "€"),
        ('XE "Buyer"', ""),
        ("", ""),
    ],
)
def test_what_buttons_and_symbols_show_is_text(instruction: str, shown: str) -> None:
    document = read(paragraph("Between ", _field(instruction), " and X"))
    assert document.text == f"Between {shown} and X"
    assert not [warning for warning in document.warnings if warning.startswith("Left out")]


def test_a_symbol_that_nobody_knows_is_told() -> None:
    document = read(paragraph("x", _field("SYMBOL no"), _field(r"SYMBOL 33 \f Wingdings")))
    assert document.text == "x\ufffd\ufffd"
    assert document.warnings == ("Left out: symbols that Unicode does not have (2)",)


def test_formulas_in_fields_are_told() -> None:
    document = read(paragraph("a half: ", _field(r"EQ \f(1,2)")))
    assert document.warnings == ("Left out: formulas in fields (1)",)


def test_a_symbol_may_be_what_a_button_shows() -> None:
    box = _field("SYMBOL 168 \\f Wingdings")
    assert read(paragraph(_field("MACROBUTTON Tick", box), " yes")).text == "☐ yes"


def test_fields_without_marks_show_the_same() -> None:
    simple = '<w:fldSimple w:instr="{}">{}</w:fldSimple>'
    stored = simple.format("SYMBOL 254 \\f Wingdings", run("stored"))
    unstored = simple.format("SYMBOL 254 \\f Wingdings", "")
    assert read(paragraph(stored, " ", unstored)).text == "stored ☑"


def test_a_result_that_is_stored_is_the_text_and_an_empty_one_is_none() -> None:
    field = f"{_BEGIN}<w:r><w:instrText>LISTNUM</w:instrText></w:r>{_SEPARATE}{{}}{_END}"
    assert read(paragraph(field.format(run("(x)")), " a")).text == "(x) a"
    assert read(paragraph(field.format(""), " a")).text == "1) a"


def test_what_a_hidden_field_shows_is_hidden() -> None:
    vanish = "<w:r><w:rPr><w:vanish/></w:rPr>"
    hidden = _field("MACROBUTTON NoMacro [Buyer]").replace("<w:r>", vanish)
    uncounted = _field("LISTNUM").replace("<w:r>", vanish)
    document = read(paragraph("x ", hidden, uncounted, _field("LISTNUM")))
    assert document.text == "x i)"
    assert [piece.text for piece in document.hidden] == ["[Buyer]"]


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("NumberDefault", ["1)", "a)", "i)", "(1)", "(a)", "(i)", "1.", "a.", "i."]),
        ("OutlineDefault", ["I.", "A.", "1.", "a)", "(1)", "(a)", "(i)", "(a)", "(i)"]),
        ("LegalDefault", ["1.", "1.1.", "1.1.1.", "1.1.1.1."]),
    ],
)
def test_lists_of_fields_have_the_numbers_of_their_levels(name: str, printed: list[str]) -> None:
    fields = (_field(f'LISTNUM "{name}" \\l {at + 1}') for at in range(len(printed)))
    assert _lines(*(paragraph(field) for field in fields)) == printed


def test_lists_of_fields_count_on_and_begin_anew_below_a_higher_level() -> None:
    first = paragraph(
        "The Borrower shall ", _field('LISTNUM "NumberDefault" \\l 5'), " pay, and ",
        _field("LISTNUM"), " keep books.",
    )  # fmt: skip
    assert _lines(
        first,
        paragraph(_field("LISTNUM"), " go on."),
        paragraph(_field("LISTNUM NumberDefault \\l4"), " above"),
        paragraph(_field("LISTNUM NumberDefault \\l 5"), " below"),
        paragraph(_field("LISTNUM NumberDefault \\l 5 \\s 7"), " seven"),
    ) == [
        "The Borrower shall (a) pay, and (b) keep books.",
        *("(c) go on.", "(1) above", "(a) below", "(g) seven"),
    ]


def test_a_field_without_a_level_numbers_a_paragraph_or_items_within_it() -> None:
    assert _lines(paragraph(_field("LISTNUM"), " Term"))[0] == "1) Term"
    assert _lines(paragraph("shall ", _field("LISTNUM"), " pay"))[0] == "shall i) pay"


@pytest.mark.parametrize(
    "instruction",
    [
        *("LISTNUM MyList", "LISTNUM NumberDefault \\l 10", "LISTNUM NumberDefault \\s x"),
        *("AUTONUM \\* Hex", "AUTONUMOUT"),
    ],
)
def test_numbers_that_are_not_certain_are_left_out_and_told(instruction: str) -> None:
    document = read(paragraph(_field(instruction), "Term"))
    assert document.text == "Term"
    assert document.warnings == ("Left out: numbers of 1 field",)


def test_fields_that_go_on_with_a_list_of_paragraphs_are_told_unless_they_name_one() -> None:
    document = read(
        numbered("one")
        + paragraph("shall ", _field("LISTNUM"), "pay")
        + paragraph("shall ", _field("LISTNUM NumberDefault \\l 6"), " pay, ", _field("LISTNUM")),
        numbering=lists(level(0, "%1.")),
    )
    assert document.text == "1.\tone\nshall pay\nshall (i) pay, (ii)"
    assert _numbers_left_out(document) == ["Left out: numbers of 1 field"]
    own = paragraph(_field("LISTNUM"), properties='<w:numPr><w:numId w:val="1"/></w:numPr>')
    document = read(own + numbered("two"), numbering=lists(level(0, "%1.")))
    assert _numbers_left_out(document) == ["Left out: numbers of 1 field"]


def test_paragraphs_with_fields_of_their_own_are_numbered_in_a_row() -> None:
    assert _lines(
        paragraph(_field("AUTONUM"), "\tTerm", _field("AUTONUM")),
        paragraph("no number"),
        paragraph(_field("AUTONUM \\* Arabic \\s :")),
        paragraph(_field("AUTONUM \\* alphabetic")),
        paragraph(_field("AUTONUM \\* ROMAN \\* MERGEFORMAT")),
    ) == ["1.\tTerm1.", "no number", "2:", "c.", "IV."]


def test_legal_fields_take_the_numbers_of_headings_along() -> None:
    legal = _field("AUTONUMLGL")
    assert _lines(
        _heading(1, legal),
        _heading(2, legal),
        paragraph(legal),
        paragraph(_field("AUTONUMLGL \\e")),
        _heading(2, legal),
        paragraph(legal),
        _heading(1, legal),
        _heading(3, legal, "x"),
        styles=_HEADINGS,
    ) == ["1.", "1.1.", "1.1.1.", "1.1.2", "1.2.", "1.2.1.", "2.", "x"]


def test_outline_fields_number_headings() -> None:
    outline = _field("AUTONUMOUT")
    levels = (1, 2, 3, 2, 1)
    printed = ["I.", "A.", "1.", "B.", "II."]
    assert _lines(*(_heading(at, outline) for at in levels), styles=_HEADINGS) == printed


def test_numbers_in_text_boxes_and_instructions_are_not_counted() -> None:
    box = f"<w:txbxContent>{paragraph(_field('LISTNUM'), 'box')}</w:txbxContent>"
    document = read(
        paragraph("a ", f"<w:r><w:pict>{box}</w:pict></w:r>", _field("QUOTE", _field("LISTNUM")))
        + paragraph(_field("LISTNUM"), " b")
    )
    assert document.text == "a \nbox\n1) b"
    assert _numbers_left_out(document) == ["Left out: numbers of 1 field"]
